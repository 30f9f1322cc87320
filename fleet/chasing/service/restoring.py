"""A backup that came back: what left after it was made is found out, as far as anybody can say, before messages leave
again; and of what may have left, nothing leaves a second time unless somebody says so (rules R7, R9 and R10).

The journal of departures is asked first, then each way out by its references. Where that journal is not this
installation's own, or not as old as the backup, nobody can say of any step that is due whether it left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Channel, ChannelFailed, ChannelUnsure
from fleet.chasing.departures import Departure, Taken, departures
from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseMove, ChaseState
from fleet.chasing.service import ledger
from fleet.chasing.service.claiming import locked, locked_entries
from fleet.chasing.service.copying import count_again, is_told_of_all, sending_state
from fleet.chasing.service.naming import step_names
from fleet.chasing.service.planning import plan_at
from fleet.clock import LONDON, Clock, local_date
from fleet.database.session import Database
from fleet.errors import BadInput, Conflict
from fleet.loans import service as loans
from fleet.people.rules import Channel as ContactBy
from fleet.settings import Settings
from fleet.users.actor import Actor

LOOK_AGAIN = "Ask for /api/v1/chasing/restored again, and say what it tells you of as `seen`."
IT_LEFT = "It left before the backup came back."
IT_WAS_PRINTED = "It was printed before the backup came back. Was it posted?"
MAY_BE_PRINTED = "It may have been printed before the backup came back. Was it posted?"
MAY_HAVE_LEFT = "Passed over: may have been sent before the restore."
_GONE = (ChaseState.SENT, ChaseState.PRINTED)
_BEGUN = (ChaseState.PREPARING, ChaseState.SENDING, ChaseState.FAILED)


@dataclass(frozen=True)
class Doubt:
    """A step that would leave once this database counts again, and that may have left already."""

    loan_id: int
    person_id: int
    due_on: date
    step: str
    channel: ContactBy
    entry_id: int | None = None
    """The entry of the ledger that was begun; None for a step that has none yet."""


@dataclass(frozen=True)
class LookedBack:
    """What became of the messages between the backup and today."""

    since: date
    """The day from which on nothing that happened is in this database, as far as somebody knows better."""
    is_whole: bool
    """Whether everything that left since then is known, so that there is doubt only where a way out cannot say."""
    left: tuple[Departure, ...]
    begun_and_left: tuple[int, ...]
    """Entries that the backup has as begun, and that left."""
    doubtful: tuple[Doubt, ...]
    certain: int
    """Steps that are due and did not leave: they go their usual way."""


@dataclass
class _Asked:
    """What the ways out answer. One that cannot be asked is not asked again: each try may take seconds."""

    channel: Channel
    shut: set[str] = field(default_factory=set)

    def has_left(self, reference: str, by: str) -> bool | None:
        if by in self.shut or not reference:
            return None
        try:
            return self.channel.has_left(reference, by)
        except (ChannelUnsure, ChannelFailed):
            self.shut.add(by)
            return None


Step = tuple[int, int, str]
"""Loan, version of its due date, rung."""


def look_back(
    database: Database, settings: Settings, *, channel: Channel, now: datetime, since: date | None = None
) -> LookedBack:
    """Find out what left since the backup was made, and what may have. Changes nothing; no transaction is open while a
    way out is asked. Raises `BadInput` for a day that is still to come."""
    with database.read() as session:
        moment = _moment(session, since, now)
        is_whole = is_told_of_all(session, settings, moment)
        told = _unknown(session, departures(settings.data_dir, local_date(moment)))
        begun = [chase for chase in queries.begun(session, _BEGUN) if not _is_among(chase, told)]
    asked = _Asked(channel)
    went = {each.reference: asked.has_left(each.reference, each.channel) for each in told if each.left is None}
    left = tuple(each for each in told if went.get(each.reference, each.left))
    unsure = {_key(step) for each in told if each.left is None and went[each.reference] is None for step in each.steps}
    begun_went = {chase.id: asked.has_left(chase.reference, chase.channel) for chase in begun}
    with database.read() as session:
        doubts = _begun_doubts(session, [each for each in begun if not begun_went[each.id]], begun_went, is_whole)
        due, certain = _due(session, now, {_key(step) for each in left for step in each.steps}, unsure, is_whole)
    return LookedBack(
        since=local_date(moment),
        is_whole=is_whole,
        left=left,
        begun_and_left=tuple(chase_id for chase_id, went_out in begun_went.items() if went_out),
        doubtful=(*doubts, *due),
        certain=certain,
    )


def accept(
    database: Database,
    settings: Settings,
    *,
    channel: Channel,
    clock: Clock,
    actor: Actor,
    since: date | None = None,
    send: Collection[int] = (),
    send_all: bool = False,
    seen: str | None = None,
) -> LookedBack | None:
    """Somebody says that this database counts from here on, and no other: messages leave again with the next tick.

    What is known to have left is put back into the ledger. What may have left is passed over, unless its loan is among
    `send`, or all of it is to be sent. Begun again after a crash, it goes on. Where it counts already nothing is
    changed, so that said twice it is said once: None. `seen` is what `sending_state` told whoever says so, where it
    told them: of another database than that nobody said anything. Raises `BadInput`, `Conflict`.
    """
    with database.read() as session:
        state = sending_state(session, settings)
    if state.why_off is None:
        return None
    if seen is not None and seen != state.seen:
        raise Conflict("Nothing was decided. This is not the database that you looked at.", next_step=LOOK_AGAIN)
    found = look_back(database, settings, channel=channel, now=clock(), since=since)
    for departure in found.left:
        with database.write() as session:
            _put_back(session, departure, now=clock())
    for chase_id in found.begun_and_left:
        with database.write() as session:
            for entry in locked_entries(session, chase_id):
                ledger.found_to_have_left(session, entry, now=clock(), note=IT_LEFT)
    for doubt in found.doubtful:
        if not send_all and doubt.loan_id not in send:
            with database.write() as session:
                _pass_over(session, doubt, now=clock(), settings=settings)
    with database.write() as session:
        if not found.is_whole:
            _letters_in_doubt(session, now=clock())
        count_again(session, settings, actor=actor, now=clock())
    return found


def _letters_in_doubt(session: Session, *, now: datetime) -> None:
    """Of the letters that waited to be printed nobody knows whether they did so to the end: somebody looks at each."""
    for lead in queries.begun(session, (ChaseState.TO_PRINT,)):
        for entry in locked_entries(session, lead.id):
            if entry.state is ChaseState.TO_PRINT:
                ledger.move(session, entry, ChaseMove.PRINT, now=now, note=MAY_BE_PRINTED)


def _moment(session: Session, since: date | None, now: datetime) -> datetime:
    """When the last message left that this database knows of, unless somebody knows of another day."""
    last = queries.last_message_at(session) or now
    if since is None or since == local_date(last):
        return last
    if since > local_date(now):
        raise BadInput("Nothing was decided.", fields={"since": "Enter today or a day that has passed."})
    return datetime.combine(since, time(), LONDON)


def _key(step: Taken) -> Step:
    return step.loan_id, step.due_version, step.rung


def _is_among(chase: Chase, told: Sequence[Departure]) -> bool:
    return (chase.loan_id, chase.due_version, chase.rung) in {_key(step) for each in told for step in each.steps}


def _unknown(session: Session, told: Sequence[Departure]) -> list[Departure]:
    """The departures that were not refused, and that the ledger does not have as sent, in their order."""
    perhaps = [each for each in told if each.left is not False]
    numbers = sorted({step.loan_id for each in perhaps for step in each.steps})
    known = {each.reference for each in queries.chases_of_loans(session, numbers) if each.state in _GONE}
    return [each for each in perhaps if each.reference not in known]


def _begun_doubts(
    session: Session, chases: Sequence[Chase], went: dict[int, bool | None], is_whole: bool
) -> Iterator[Doubt]:
    """What the backup has as begun, and nobody can say whether it left."""
    names = step_names(session, chases)
    for chase in chases:
        if went[chase.id] is None or not is_whole:
            by = ContactBy(chase.channel) if chase.channel else ContactBy.TEXT
            yield Doubt(chase.loan_id, chase.person_id, chase.due_on, names[chase.id], by, chase.id)


def _due(
    session: Session, now: datetime, left: Collection[Step], unsure: Collection[Step], is_whole: bool
) -> tuple[tuple[Doubt, ...], int]:
    """The steps that are due, would be written, and may have left; and how many others are due."""
    found, certain = [], 0
    for each in plan_at(session, now, is_copy=True):
        key = (each.loan_id, each.due_version, each.rung.key)
        if not each.is_written or key in left:
            continue
        if is_whole and key not in unsure:
            certain += 1
            continue
        found.append(Doubt(each.loan_id, each.person_id, each.due_on, each.rung.words, each.channel))
    return tuple(found), certain


def _put_back(session: Session, departure: Departure, *, now: datetime) -> None:
    """Let the ledger know of a message that left; what it spoke of and is not in this database is left out."""
    numbers = sorted({step.loan_id for step in departure.steps})
    held = {number: loan for number in numbers if (loan := loans.loan_locked(session, number)) is not None}
    days = queries.due_days(session, numbers)
    entries = {(each.loan_id, each.due_version, each.rung): each for each in queries.chases_of_loans(session, numbers)}
    lead: Chase | None = None
    note = IT_WAS_PRINTED if departure.printed else IT_LEFT
    for step in departure.steps:
        loan = held.get(step.loan_id)
        if loan is None or loan.person_id != step.person_id or days.get(_key(step)[:2]) != step.due_on:
            continue
        entry = entries.get(_key(step))
        if entry is None:
            entry = ledger.put_back(session, departure, step, now=now, note=note)
        else:
            ledger.found_to_have_left(session, entry, now=now, note=note, on_paper=departure.printed)
        if entry.state in _GONE:
            ledger.left_with(session, entry, departure, lead)
            lead = lead or entry


def _pass_over(session: Session, doubt: Doubt, *, now: datetime, settings: Settings) -> None:
    if doubt.entry_id is not None:
        for entry in locked_entries(session, doubt.entry_id):
            if entry.state in _BEGUN:
                if entry.state is not ChaseState.FAILED:
                    ledger.move(session, entry, ChaseMove.FAIL, now=now)
                    ledger.stand_alone(session, entry)
                ledger.move(session, entry, ChaseMove.WITHDRAW, now=now, note=MAY_HAVE_LEFT)
        return
    found = locked(session, doubt.loan_id, now=now, settings=settings)
    rung = found[0].standing.rung if found else None
    if rung is not None:
        for each in (*found[0].standing.skipped, rung):
            ledger.begin(session, found[0], each, ChaseState.SKIPPED, now=now, note=MAY_HAVE_LEFT)
