"""A letter that a person asks for: where the ladder asks somebody to write one, this puts it into the queue.

The same guards stand before it as before every message, and people hear from us once a day.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel as WayOut
from fleet.chasing.models import Chase
from fleet.chasing.rules import Action, Acts, ChaseMove, ChaseState, Ladder, Rung
from fleet.chasing.service import ledger
from fleet.chasing.service.claiming import locked, read_as
from fleet.chasing.service.deciding import decision_about_letter
from fleet.chasing.service.ladders import ladders_of
from fleet.chasing.service.sending import send
from fleet.chasing.service.situation import Situation
from fleet.chasing.wording import has_text
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.errors import Conflict
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.people.rules import Channel
from fleet.settings import Settings


def asks_for_letter(rung: Rung | None) -> bool:
    """Whether a person writes a letter at this step, of which there are words."""
    return rung is not None and rung.by is not Acts.SYSTEM and rung.channel is Channel.LETTER and has_text(rung)


def may_make_letter(session: Session, loan: Loan) -> bool:
    """Whether somebody is asked to send a letter about this loan, and `make_letter` could make it."""
    return bool(_asked(session, loan.id, ladders_of(session, [loan.programme_id]).of(loan.programme_id)))


def _asked(session: Session, loan_id: int, ladder: Ladder) -> list[Chase]:
    """The tasks of a loan that are letters."""
    entries = queries.open_entries(session, loan_id)
    return [each for each in entries if each.state is ChaseState.TO_DO and asks_for_letter(ladder.rung(each.rung))]


def make_letter(database: Database, loan_id: int, *, channel: WayOut, clock: Clock, settings: Settings) -> None:
    """Put the letter that the ladder asks somebody for into the queue; the task is closed by it.

    Raises `NotFound`, and `Conflict` where nobody is asked for one, or it must not be written today.
    """
    with database.write() as session:
        chase_id = _begin(session, loan_id, clock=clock, settings=settings)
    if send(database, chase_id, channel=channel, clock=clock, settings=settings) == "to_print":
        return
    with database.read() as session:
        entry = queries.chase(session, chase_id)
        why = entry.note if entry is not None else ""
    raise Conflict(f"No letter was made. {why}".strip(), next_step="It is tried again by itself; look at the ledger.")


def _begin(session: Session, loan_id: int, *, clock: Clock, settings: Settings) -> int:
    loans.get_loan(session, loan_id)
    situation, *others = locked(session, loan_id, now=clock(), settings=settings)
    asked = _asked(session, loan_id, situation.ladder)
    if not asked:
        raise Conflict(
            f"Nothing was changed. Nobody is asked to send a letter about loan {loan_id}.",
            next_step="See in its ledger what was done about it.",
        )
    entry, day = asked[-1], situation.facts.local.date()
    entry.channel = Channel.LETTER.value
    decision = decision_about_letter(situation, entry)
    why = decision.why if decision.action is not Action.MESSAGE else _not_today(situation)
    if why:
        raise Conflict(f"No letter was made: {why}.", next_step="The task stays as it is; ring instead, or wait.")
    ledger.move(session, entry, ChaseMove.BY_LETTER, now=clock(), note="Somebody asked for this letter.")
    entry.reference = ledger.new_reference(entry, day)
    ledger.take_day(session, entry, day)
    for other in others:
        _take_along(session, entry, situation, other, now=clock())
    return entry.id


def _take_along(session: Session, lead: Chase, first: Situation, other: Situation, *, now: datetime) -> None:
    """Put a letter that is asked for about another tablet of this home into the same one, where one text says both."""
    asked, leads = _asked(session, other.loan.id, other.ladder), first.ladder.rung(lead.rung)
    rung = other.ladder.rung(asked[-1].rung) if asked else None
    if rung is None or leads is None or read_as(other, rung) != read_as(first, leads):
        return
    entry = asked[-1]
    entry.channel = Channel.LETTER.value
    if decision_about_letter(other, entry).action is not Action.MESSAGE:
        return
    ledger.move(session, entry, ChaseMove.BY_LETTER, now=now, note="It goes along in the letter that was asked for.")
    entry.along_with = lead.id
    ledger.take_day(session, entry, other.facts.local.date())


def _not_today(situation: Situation) -> str:
    if situation.facts.is_copy:
        return "this is a copy restored from a backup, and nothing leaves from a copy"
    if situation.facts.message_today:
        return "they, or somebody at their home, had a message from us on this day"
    return ""
