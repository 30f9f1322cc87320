"""What is about to be done about a loan, written down under lock; and the locks that a message is looked at under.

Claiming writes an entry in the ledger and asks the guard; what else is due at the same home goes along in the same
message (rule R11). How it leaves is in sending.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase
from fleet.chasing.rules import MOVED, Action, ChaseState, Moved, Rung, language_for
from fleet.chasing.service import ledger
from fleet.chasing.service.copying import is_copy
from fleet.chasing.service.situation import Situation, situations
from fleet.loans import service as loans
from fleet.people import service as people
from fleet.people.rules import PrintFormat
from fleet.settings import Settings


def claim(session: Session, loan_id: int, *, now: datetime, settings: Settings) -> Chase | None:
    """Write down what is about to be done about a loan, asking the guard; None when nothing is due or may be done.

    Rungs below are recorded as passed over; what an earlier rung still asked for is withdrawn.
    """
    found = locked(session, loan_id, now=now, settings=settings)
    situation = found[0] if found else None
    rung = situation.standing.rung if situation is not None else None
    decision = situation.decision if situation is not None else None
    if situation is None or rung is None or decision is None or decision.action in (Action.WAIT, Action.NEVER):
        return None
    if rung.key in situation.taken:
        return None  # by a clock that ran ahead: the ledger has it with a day that is still to come
    if rung != MOVED and decision.action is Action.MESSAGE and any(_goes_first(each) for each in found[1:]):
        return None
    if decision.action is Action.TASK:
        chase = _take(session, situation, rung, ChaseState.TO_DO, now=now, note=ledger.task_words(situation, rung))
        chase.language = situation.facts.reading.language if decision.asks_language else ""
        return chase
    day = situation.facts.local.date()
    chase = _take(session, situation, rung, ChaseState.PREPARING, now=now)
    chase.channel = situation.person.channel.value
    chase.reference = ledger.new_reference(chase, day)
    ledger.take_day(session, chase, day)
    for other in found[1:]:
        _take_along(session, chase, situation, other, now=now)
    return chase


def _goes_first(other: Situation) -> bool:
    """Whether the message of the day at this home is to tell of a day that the hub moved."""
    rung, decision = other.standing.rung, other.decision
    leaves = decision is not None and decision.action is Action.MESSAGE
    return rung == MOVED and leaves and MOVED.key not in other.taken


def _take(
    session: Session, situation: Situation, rung: Rung, state: ChaseState, *, now: datetime, note: str = ""
) -> Chase:
    kept = MOVED.key if state is ChaseState.PREPARING and ledger.still_tells_of_move(situation) else ""
    ledger.withdraw_open(session, situation.loan.id, now=now, why="A later step took its place.", but=kept)
    for lower in situation.standing.skipped:
        if lower.key not in situation.taken:
            ledger.begin(session, situation, lower, ChaseState.SKIPPED, now=now, note="A later step was due already.")
    return ledger.begin(session, situation, rung, state, now=now, note=note)


def _take_along(session: Session, lead: Chase, first: Situation, other: Situation, *, now: datetime) -> None:
    """Put what else is due at this home into the same message, where one text can say both."""
    rung, decision = other.standing.rung, other.decision
    if rung is None or decision is None or decision.action is not Action.MESSAGE or rung.key in other.taken:
        return
    leads = first.ladder.rung(lead.rung) or rung
    if read_as(other, rung) != read_as(first, leads) or tells_of(other, rung) != tells_of(first, leads):
        return
    chase = _take(session, other, rung, ChaseState.PREPARING, now=now)
    chase.channel, chase.along_with = lead.channel, lead.id
    ledger.take_day(session, chase, other.facts.local.date())


def read_as(situation: Situation, rung: Rung) -> tuple[str | None, PrintFormat]:
    """In which language and in which format a rung is read."""
    return language_for(rung, situation.facts.reading), situation.person.print_format


def tells_of(situation: Situation, rung: Rung) -> Moved | None:
    """Which move of a day a rung tells of: one text tells of one move."""
    return situation.dates.moved if rung == MOVED and situation.dates is not None else None


def locked(
    session: Session, loan_id: int, *, now: datetime, settings: Settings, besides: int | None = None
) -> list[Situation]:
    """The loan, and the other loans of its home after it: all of them locked in the order of their numbers, then their
    people, and all that the guard looks at read under those locks. Empty when there is no such loan."""
    beside = queries.loans_at_home(session, loan_id)
    held = [loan for each in sorted({loan_id, *beside}) if (loan := loans.loan_locked(session, each)) is not None]
    held.sort(key=lambda loan: (loan.id != loan_id, loan.id))
    if not held or held[0].id != loan_id:
        return []
    for person_id in sorted({loan.person_id for loan in held}):
        people.lock_person(session, person_id)
    copied = is_copy(session, settings)
    return list(situations(session, held, at=now, besides=besides, is_copy=copied))


@dataclass(frozen=True)
class Held:
    """A message under lock: its first entry, those that go along, and the situation of each."""

    chase: Chase
    situation: Situation
    along: tuple[tuple[Chase, Situation], ...]

    @property
    def entries(self) -> tuple[Chase, ...]:
        return (self.chase, *(each for each, _ in self.along))


def locked_message(
    session: Session, chase_id: int, state: ChaseState, *, now: datetime, settings: Settings
) -> Held | None:
    """The message of an entry, with its loans locked; None when it does not stand in that state any more."""
    seen = queries.chase(session, chase_id)
    if seen is None:
        return None
    found = locked(session, seen.loan_id, now=now, settings=settings, besides=chase_id)
    session.refresh(seen)
    if not found or seen.state is not state or seen.along_with is not None:
        return None
    by_loan = {situation.loan.id: situation for situation in found}
    along = [(each, by_loan[each.loan_id]) for each in queries.riders(session, seen.id) if each.loan_id in by_loan]
    return Held(seen, found[0], tuple(along))


def locked_entries(session: Session, chase_id: int) -> Sequence[Chase]:
    """The message's first entry and those that go along, with their loans locked in the order of their numbers.

    Nothing else is read: what became of a message is written down whatever happened to the world meanwhile.
    """
    seen = queries.chase(session, chase_id)
    entries = [] if seen is None else [seen, *queries.riders(session, chase_id)]
    for loan_id in sorted({each.loan_id for each in entries}):
        loans.loan_locked(session, loan_id)
    for each in entries:
        session.refresh(each)
    return entries
