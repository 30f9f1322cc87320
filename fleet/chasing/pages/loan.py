"""Why was, or wasn't, somebody written to: the sentence, the holds, and every entry about one loan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.chasing import queries, service
from fleet.chasing.api import Day, LoanId
from fleet.chasing.models import Chase, ChaseCall, ChaseHold, ChaseReply
from fleet.chasing.rules import (
    HoldReason,
    LanguageChoice,
    Reading,
    TextState,
    short_day,
    week_day,
)
from fleet.chasing.words import (
    ANSWER_WORDS,
    BY_WORDS,
    HOLD_WORDS,
    LANGUAGE_CHOICES,
    OUTCOME_WORDS,
    state_tag,
)
from fleet.clock import local_date
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.partners import service as partners
from fleet.partners.words import with_contacts
from fleet.people.service import get_person, viewed
from fleet.people.sight import seen
from fleet.settings import Settings
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/chasing")


@dataclass(frozen=True)
class Entry:
    """One line of what happened."""

    when: datetime
    what: str
    who: str
    note: str = ""
    shape: Shape = Shape.PLAIN


@dataclass(frozen=True)
class Held:
    """A hold that is in force."""

    id: int
    title: str
    words: str
    since: datetime
    search: str = ""
    """Where the search for a tablet that is said to be back is looked at, and ended."""


@dataclass(frozen=True)
class Answer:
    """What they answered, and nobody has read."""

    id: int
    words: str
    by: str
    received_at: datetime


@dataclass(frozen=True)
class LoanPage:
    title: str
    loan_id: int
    name: str
    on: date
    sentence: str
    holds: tuple[Held, ...]
    answers: tuple[Answer, ...]
    entries: tuple[Entry, ...]
    may_do: bool
    may_hold: bool = True
    """Whether somebody may be written to or rung about it, and so be left in peace for a while."""
    first_step: str = ""
    """What comes first, while nothing was done."""
    refused: str = ""
    """Why what was just asked for was not done."""
    referrer: str = ""
    """Who referred them, and how to reach them."""
    asks_letter: bool = False
    """Whether a person is asked for a letter that can be made here."""
    reads: str = ""
    """What is to know about the language they read; empty where our words in it were read by somebody."""
    reads_open: bool = False
    reads_decided: str = ""
    reads_choices: tuple[tuple[str, str], ...] = ()
    ways_of_answers: tuple[tuple[str, str], ...] = tuple(ANSWER_WORDS.items())


@router.get("/loans/{loan_id}")
def loan_page(
    request: Request,
    loan_id: LoanId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    on: Day = None,
) -> Response:
    loan = loans.get_loan(session, loan_id)
    viewed(database, loan.person_id, actor=actor, now=clock())
    return render(request, "chasing/loan.html", loan_page_of(session, loan, actor, settings, now=clock(), on=on))


def loan_page_of(
    session: Session,
    loan: Loan,
    actor: Actor,
    settings: Settings,
    *,
    now: datetime,
    on: date | None = None,
    refused: str = "",
) -> LoanPage:
    """Everything the page shows; `refused` says why what was just asked for was not done."""
    today = local_date(now)
    day = service.day_asked(on, today=today)
    name = name_of(session, loan, actor)
    holds, undecided = queries.holds_about(session, loan), queries.asked_for_longer(session)
    claim = loans.open_claim(session, loan.id)
    entries = _entries(session, loan, holds)
    return LoanPage(
        title=f"Why was {name} messaged, or not?",
        loan_id=loan.id,
        name=name,
        on=day,
        sentence=service.why(session, loan.id, now=now, on=day, is_copy=service.is_copy(session, settings)),
        refused=refused,
        holds=tuple(
            _held(hold, looked_for=claim is not None)
            for hold in holds
            if hold.lifted_at is None and _counts(hold, today) and (hold.reason is not _LONGER or loan.id in undecided)
        ),
        answers=tuple(
            Answer(each.id, each.words, ANSWER_WORDS[each.channel], each.received_at)
            for each in service.replies_of_person(session, loan.person_id)
            if each.read_at is None
        ),
        entries=entries,
        first_step="" if entries else service.first_step(session, loan, now=now),
        may_do=actor.may(Permission.CHASING_DO),
        may_hold=loan.stopped_at is None,
        referrer=_referrer(session, loan.id),
        asks_letter=service.may_make_letter(session, loan),
        **_language(service.reading_of(session, get_person(session, loan.person_id))),
    )


def _referrer(session: Session, loan_id: int) -> str:
    referrer_id = queries.referrer_ids(session, [loan_id]).get(loan_id, 0)
    found = partners.referrers(session, [referrer_id]).get(referrer_id)
    return f"Referred by {with_contacts(found)}." if found is not None else "Nobody referred them."


def _language(reading: Reading) -> dict[str, Any]:
    """What the page says of a language that has only a draft of our messages, or none."""
    if reading.state is TextState.READY:
        return {}
    draft = reading.state is TextState.DRAFT
    what = "nobody whose language it is has read our words in it yet" if draft else "we have no words in it"
    not_asked = {reading.choice, *(() if draft else (LanguageChoice.DRAFT,))}
    choices = [each for each in LANGUAGE_CHOICES if each not in not_asked]
    return {
        "reads": f"They read {reading.name}, and {what}.",
        "reads_open": reading.choice is None,
        "reads_decided": f"Decided: {LANGUAGE_CHOICES[reading.choice].lower()}." if reading.choice else "",
        "reads_choices": tuple((each.value, LANGUAGE_CHOICES[each]) for each in choices),
    }


def name_of(session: Session, loan: Loan, actor: Actor) -> str:
    """Whose loan it is, as this viewer may see it."""
    return seen(get_person(session, loan.person_id), (), actor).name


_LONGER = HoldReason.ASKED_LONGER


def _counts(hold: ChaseHold, today: date) -> bool:
    return hold.until >= today or hold.reason is HoldReason.SAYS_GIVEN_BACK


def _held(hold: ChaseHold, *, looked_for: bool) -> Held:
    words = HOLD_WORDS[hold.reason]
    claim = hold.reason is HoldReason.SAYS_GIVEN_BACK and looked_for
    until = f"Nobody is written to or rung until {week_day(hold.until)} is over. Set by {hold.placed_by}."
    search = f"/chasing/loans/{hold.loan_id}/search" if claim else ""
    return Held(hold.id, words[:1].upper() + words[1:], until, hold.placed_at, search)


def _entries(session: Session, loan: Loan, holds: Sequence[ChaseHold]) -> tuple[Entry, ...]:
    """Everything that was done or left undone, newest first."""
    chases = queries.chases_of_loan(session, loan.id)
    names = service.step_names(session, chases)
    entries = [_of_chase(chase, names[chase.id]) for chase in chases]
    entries += [_of_call(call) for call in queries.calls_of_loans(session, [loan.id])]
    entries += [_of_reply(reply) for reply in service.replies_of_person(session, loan.person_id)]
    for hold in holds:
        entries += _of_hold(hold)
    return tuple(sorted(entries, key=lambda entry: entry.when, reverse=True))


def _of_chase(chase: Chase, step: str) -> Entry:
    tag = state_tag(chase.state, chase.channel)
    by = f", by {BY_WORDS[chase.channel]}" if chase.channel else ""
    return Entry(
        chase.changed_at, f"{tag.word}: {step}{by}", f"due on {short_day(chase.due_on)}", chase.note, tag.shape
    )


def _of_call(call: ChaseCall) -> Entry:
    return Entry(call.at, f"Call: {OUTCOME_WORDS[call.outcome].lower()}", call.actor_name)


def _of_reply(reply: ChaseReply) -> Entry:
    read = f"read by {reply.read_by}" if reply.read_by else "not read yet"
    return Entry(reply.received_at, f"Their answer {ANSWER_WORDS[reply.channel]}", reply.noted_by, read)


def _of_hold(hold: ChaseHold) -> list[Entry]:
    words = HOLD_WORDS[hold.reason]
    placed = Entry(hold.placed_at, f"Left in peace until {short_day(hold.until)}: {words}", hold.placed_by)
    if hold.lifted_at is None:
        return [placed]
    return [placed, Entry(hold.lifted_at, f"Hold lifted: {words}", hold.lifted_by or "")]
