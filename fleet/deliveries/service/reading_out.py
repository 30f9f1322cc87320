"""The words of an agreement on the courier's phone, to be read out where they are accepted. They name nobody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.deliveries.rules import JobKind
from fleet.deliveries.service.runs.own import own_job
from fleet.loans import service as loans
from fleet.loans.models import LoanAgreement
from fleet.people.words import language_words
from fleet.users.actor import Actor
from labels.paper.texts import paper_texts


@dataclass(frozen=True)
class ReadOut:
    """The words, the language they are in, and which way that is written."""

    words: LoanAgreement
    language: str
    direction: str


def agreement_to_read(session: Session, job_id: int, *, actor: Actor) -> ReadOut | None:
    """For a delivery of the courier's own; None for other stops and where no words were made. Raises `NotFound`."""
    job = own_job(session, job_id, actor=actor)
    words = loans.agreement(session, job.of_loan) if job.kind is JobKind.DELIVER else None
    if words is None:
        return None
    direction = "rtl" if paper_texts(words.language).rtl else "ltr"
    return ReadOut(words, language_words(words.language), direction)
