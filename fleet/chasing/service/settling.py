"""Finding out what became of messages whose sender died or never got an answer, and taking back what is overtaken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure
from fleet.chasing.channels.ways import take_back
from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseMove, ChaseState, never
from fleet.chasing.service import ledger
from fleet.chasing.service.apart import apart
from fleet.chasing.service.claiming import Held, locked, locked_message
from fleet.chasing.service.leaving import alone_with
from fleet.chasing.service.sending import to_a_person
from fleet.chasing.service.situation import Situation, is_from_before_a_stop
from fleet.clock import Clock
from fleet.database.session import Database
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_THE_PERSON
from fleet.settings import Settings

GIVEN_UP_AFTER = timedelta(minutes=10)
"""How long an attempt without an outcome is left alone, so that the way out knows of it when it is asked."""

PASSED_ON_AFTER = timedelta(days=14)
"""A letter has been posted by then."""


def settle_abandoned(
    database: Database, channel: Channel, clock: Clock, settings: Settings, troubled: list[int]
) -> None:
    """Look up what became of messages by their references; none is sent again blindly."""
    with database.read() as session:
        abandoned = queries.abandoned(session, clock() - GIVEN_UP_AFTER)
    for chase_id in abandoned:
        with apart(troubled, chase_id, "entry"):
            _settle_one(database, chase_id, channel, clock, settings)


def _settle_one(database: Database, chase_id: int, channel: Channel, clock: Clock, settings: Settings) -> None:
    with alone_with(settings, chase_id) as ours:
        if not ours:
            return  # its sender is alive
        with database.read() as session:
            seen = queries.chase(session, chase_id)
        if seen is None or seen.state not in (ChaseState.PREPARING, ChaseState.SENDING):
            return
        try:
            tried = seen.state is ChaseState.SENDING or seen.failures > 0
            left = channel.has_left(seen.reference, seen.channel) if tried else False
        except (ChannelUnsure, ChannelFailed):
            return  # asked again with the next tick
        with database.write() as session:
            held = locked_message(session, chase_id, seen.state, now=clock(), settings=settings)
            if held is not None:
                _settle(session, held, left, now=clock())


def _settle(session: Session, held: Held, left: bool | None, *, now: datetime) -> None:
    """A message that ends its sender each time becomes a person's task, as one that cannot leave does; so does one of
    which nobody can say whether it left (rule R9: in doubt, do not send)."""
    why = "The sender stopped before it left." if left is False else "Nobody can say whether it left."
    for entry, situation in ((held.chase, held.situation), *held.along):
        if left:
            if entry.state is ChaseState.PREPARING:
                ledger.move(session, entry, ChaseMove.SEND, now=now)
            ledger.move(session, entry, ChaseMove.ARRIVE, now=now)
            continue
        entry.failures += 1
        ledger.move(session, entry, ChaseMove.FAIL, now=now, note=why)
        ledger.stand_alone(session, entry)
        if left is None:
            to_a_person(session, situation, entry, now)


def withdraw_overtaken(database: Database, clock: Clock, settings: Settings, troubled: list[int]) -> int:
    """Take back what is asked for about loans that are over, stopped or due on another day; how much that was."""
    with database.read() as session:
        loan_ids = queries.overtaken(session)
    withdrawn = 0
    for loan_id in loan_ids:
        with apart(troubled, loan_id), database.write() as session:
            found = locked(session, loan_id, now=clock(), settings=settings)
            if found:
                withdrawn += len(_no_longer_needed(session, found[0], now=clock()))
    return withdrawn


def withdraw_for(session: Session, loan_ids: Sequence[int], *, now: datetime) -> None:
    """Take back what is asked for about the loans of somebody who is forgotten: their loans are locked already."""
    for loan_id in loan_ids:
        ledger.withdraw_open(session, loan_id, now=now, why="The record was erased.")


def empty_outbox_of_the_dead(database: Database, clock: Clock, settings: Settings, troubled: list[int]) -> None:
    """What lies in the outbox to be passed on, and speaks to somebody who has died, is taken out (rule R12)."""
    with database.read() as session:
        told = [(each.id, each.reference) for each in queries.sent_to_the_dead(session, clock() - PASSED_ON_AFTER)]
    for chase_id, reference in told:
        with apart(troubled, chase_id, "entry"):
            if take_back(settings, reference):
                _note_taken_out(database, chase_id)


def _note_taken_out(database: Database, chase_id: int) -> None:
    with database.write() as session:
        entry = queries.chase(session, chase_id)
        if entry is not None:
            entry.note = "Taken out of the outbox: somebody it speaks to has died."


def _no_longer_needed(session: Session, situation: Situation, *, now: datetime) -> list[Chase]:
    loan = situation.loan
    over = loan.state not in WITH_THE_PERSON or loan.stopped_at is not None or not situation.facts.alive
    entries = [each for each in queries.open_entries(session, loan.id) if over or _is_overtaken(each, loan)]
    for entry in entries:
        moved = entry.due_version != loan.due_version
        why = "The loan is over or stopped." if over else "It is due on another day." if moved else _STOPPED_SINCE
        if entry.state is ChaseState.TO_PRINT:
            reason = never(situation.facts) or why[:1].lower() + why[1:].rstrip(".")
            why = f"Not posted: {reason}."
        ledger.withdraw(session, entry, now=now, why=why)
    return entries


_STOPPED_SINCE = "Everything was stopped for a while, and this is not asked for again."


def _is_overtaken(entry: Chase, loan: Loan) -> bool:
    return entry.due_version != loan.due_version or is_from_before_a_stop(entry, loan)
