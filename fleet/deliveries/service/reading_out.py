"""The words of an agreement on the courier's phone, to be read out where they are accepted. They name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fleet.deliveries.rules import JobKind
from fleet.deliveries.service.runs.own import own_job
from fleet.deliveries.service.writer import get_run
from fleet.loans import service as loans
from fleet.loans.models import LoanAgreement
from fleet.people.words import language_words
from fleet.users.actor import Actor
from labels.paper.texts import paper_texts


@dataclass(frozen=True)
class ReadOut:
    """The words, the language they are in, which way that is written, and the day to give it back they speak of."""

    words: LoanAgreement
    language: str
    direction: str
    give_back_on: date | None
    """If they get it on the day of the run."""
    give_back_words: str
    """The same in the language of the words."""


def agreement_to_read(session: Session, job_id: int, *, actor: Actor) -> ReadOut | None:
    """For a delivery of the courier's own; None for other stops and where no words were made. Raises `NotFound`."""
    job = own_job(session, job_id, actor=actor)
    words = loans.agreement(session, job.of_loan) if job.kind is JobKind.DELIVER else None
    if words is None:
        return None
    say = paper_texts(words.language)
    day = loans.due_if_given(session, job.of_loan, get_run(session, job.run_id).day)
    told = f"{say.say('back_by')} {say.day(day)}" if day else ""
    return ReadOut(words, language_words(words.language), "rtl" if say.rtl else "ltr", day, told)
