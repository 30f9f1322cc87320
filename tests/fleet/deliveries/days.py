"""Days of two couriers: what their phones say happened, how the news of it arrives, and what has to be true after it.

Any fact may follow any other, at any stop, of any courier's run, in any batch, twice or late: nobody's day is too
strange. For the property test and for the benchmark of ten thousand days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import bindparam, select
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session, UOWTransaction, aliased

from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.rules import SimState
from fleet.database.session import Database
from fleet.deliveries import service
from fleet.deliveries.facts import Details, Fact, Told, details_of
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.outcomes import outcome
from fleet.deliveries.rules import Action, Answer, Face, FailReason, JobKind, JobState, KitPart
from fleet.deliveries.service import Answered, Window
from fleet.happening import Happening
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.loans.rules import HandedTo, LoanState
from fleet.loans.service import DROP_PLACES
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.tablets.models import Hold, Tablet, TabletEvent
from fleet.tablets.rules import BY_MOVE, Custody, DataState, HoldKind, Move, Stage
from fleet.tablets.service import place_hold
from fleet.users.actor import Actor
from tests.delivering import Delivering

DOOR = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, agreement_accepted=True)
TICKED: dict[Action, tuple[Details, ...]] = {
    Action.LOAD: (Details(),),
    Action.BACK_AT_HUB: (Details(),),
    Action.FAILED: (
        Details(reason=FailReason.NO_ANSWER),
        Details(reason=FailReason.NOT_WELL),
        Details(),
    ),
    Action.HAND_OVER: (
        DOOR,
        replace(DOOR, handed_to=HandedTo.CARER, face=Face.GOOD),
        replace(DOOR, face=Face.BAD),
        replace(DOOR, phrase_heard=False),
    ),
    Action.COLLECT: (
        Details(condition="good", sim_in_tray=True),
        Details(condition="damaged", kit_missing=frozenset({KitPart.CABLE}), face=Face.MIDDLING),
        Details(),
    ),
    Action.HAND_IN: (Details(), Details(condition="worn", sim_in_tray=False)),
    Action.DROP: (Details(place=1), Details(place=2), Details()),
    Action.SWAP: (
        Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, second_code="other", sim_in_tray=False),
        Details(handed_to=HandedTo.CARER, phrase_heard=True, second_code="other", condition="damaged", face=Face.GOOD),
        Details(handed_to=HandedTo.CARER, phrase_heard=True, second_code="own"),
        Details(handed_to=HandedTo.CARER, phrase_heard=True),
    ),
}
"""What may be ticked with each action: enough, in different words, and too little."""

CLOCKS = (timedelta(), timedelta(hours=7), timedelta(days=-56 * 365), timedelta(seconds=-40))
"""By how much a phone's clock is off, which it knows and says."""
LONGEST_DAY, LONGEST_DELAY = 30 * 60, 40 * 60
"""Minutes: over a midnight, and all of it told within the three days in which a phone is believed."""


@dataclass(frozen=True)
class Said:
    """A scan: of the tablet of a stop, on a phone of one of the two couriers. `at` is in minutes."""

    courier: int
    stop: int
    action: Action
    at: int
    ticked: int = 0
    opened: int | None = None
    """The stop that is open on the phone, if that is said."""
    names_run: bool = True
    other: bool = False
    """Whether the label is that of the tablet that goes out to a swap."""


@dataclass(frozen=True)
class Batch:
    """What one phone sends at once, as places in the day; and how many minutes pass before it does."""

    courier: int
    places: tuple[int, ...]
    delay: int = 0


@dataclass(frozen=True)
class Day:
    said: tuple[Said, ...]
    clocks: tuple[timedelta, timedelta]
    arrivals: tuple[Batch, ...]

    @property
    def told_at_once(self) -> tuple[Batch, ...]:
        """The same day with everything told in one go, in the evening, in the order it was scanned."""
        of = {courier: [place for place, said in enumerate(self.said) if said.courier == courier] for courier in (0, 1)}
        return tuple(Batch(courier, tuple(places)) for courier, places in of.items() if places)


COURIER_OF = (0, 0, 0, 1, 1, 1, 0, 1)
"""Whose run each stop is on that `prepare` makes."""
STOPS = len(COURIER_OF)


@st.composite
def days(draw: st.DrawFn, most: int = 9) -> Day:
    said = tuple(draw(st.lists(_scans(), min_size=1, max_size=most)))
    again = draw(st.lists(st.integers(0, len(said) - 1), max_size=3))
    order = draw(st.permutations([*range(len(said)), *again]))
    cuts = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    clocks = draw(st.tuples(st.sampled_from(CLOCKS), st.sampled_from(CLOCKS)))
    chunks = list[list[int]]()
    for place, cut in zip(order, cuts, strict=True):
        if cut or not chunks or said[chunks[-1][0]].courier != said[place].courier:
            chunks.append([])
        chunks[-1].append(place)
    longest = LONGEST_DELAY // len(chunks)
    delays = draw(st.lists(st.integers(0, longest), min_size=len(chunks), max_size=len(chunks)))
    arrivals = [
        Batch(said[places[0]].courier, tuple(places), delay) for places, delay in zip(chunks, delays, strict=True)
    ]
    return Day(said, clocks, tuple(arrivals))


@st.composite
def _scans(draw: st.DrawFn) -> Said:
    """Mostly at a few stops and of what is done there, so that facts meet; now and then of anything by anybody."""
    stop = draw(st.sampled_from((0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 4, 5, 6, 6, 6, 6, 7)))
    likely = LIKELY[stop]
    action = draw(st.sampled_from((*likely, *likely, *likely, *CARRIED)))
    return Said(
        courier=COURIER_OF[stop] ^ draw(st.sampled_from((0,) * 11 + (1,))),
        stop=stop,
        action=action,
        at=draw(st.sampled_from((0, 10, 10, 20, 45, 60, 90, 240)) | st.integers(0, LONGEST_DAY)),
        ticked=draw(st.integers(0, len(TICKED[action]) - 1)),
        opened=draw(st.sampled_from((None, None, None, stop, stop, (stop + 1) % STOPS))),
        names_run=draw(st.sampled_from((True,) * 7 + (False,))),
        other=draw(st.sampled_from(OF_THE_OTHER.get(action, (True, False)))),
    )


CARRIED = tuple(action for action in Action if action is not Action.HAZARD)
"""What moves a tablet. A hazard moves nothing: it stops the tablet from the moment the hub hears of it."""
BRING = (Action.LOAD, Action.FAILED, Action.BACK_AT_HUB, Action.HAND_OVER)
FETCH = (Action.COLLECT, Action.FAILED, Action.BACK_AT_HUB, Action.HAND_IN, Action.DROP)
SWAP = (Action.LOAD, Action.FAILED, Action.BACK_AT_HUB, Action.SWAP, Action.SWAP)
LIKELY = (BRING, BRING, FETCH, BRING, FETCH, BRING, SWAP, SWAP)
OF_THE_OTHER = {Action.LOAD: (True,) * 7 + (False,), Action.SWAP: (False,) * 7 + (True,)}
"""Which label of a swap is scanned, mostly; for the rest it is either."""


@dataclass(frozen=True)
class Books:
    """Two couriers with a run each, before anything happened; every day is told in a transaction and undone."""

    database: Database
    settings: Settings
    began: datetime
    couriers: tuple[Actor, Actor]
    runs: tuple[int, int]
    jobs: tuple[int, ...]
    codes: tuple[str, ...]
    others: tuple[str, ...]
    """The labels of the tablets that go out to swaps; of any other stop its own."""
    places: tuple[int, int]
    """Partners at whose place tablets are left."""

    def facts(self, day: Day) -> list[Fact]:
        """What the phones send. A phone whose clock is off by a known amount tells both."""
        return [
            Fact(
                id=str(UUID(int=place + 1)),
                code=(self.others if said.other else self.codes)[said.stop],
                action=said.action,
                occurred_at=self.began + timedelta(minutes=said.at) + day.clocks[said.courier],
                sequence=place,
                clock_offset_ms=day.clocks[said.courier] // timedelta(milliseconds=1),
                run=self.runs[said.courier] if said.names_run else None,
                details=self._ticked(said),
            )
            for place, said in enumerate(day.said)
        ]

    def _ticked(self, said: Said) -> Details:
        details = TICKED[said.action][said.ticked]
        return replace(
            details,
            job=None if said.opened is None else self.jobs[said.opened],
            place=None if details.place is None else self.places[details.place - 1],
            second_code={"other": self.others, "own": self.codes}[details.second_code][said.stop]
            if details.second_code
            else "",
        )

    def received(self, day: Day, arrivals: Sequence[Batch]) -> Iterator[tuple[Batch, datetime]]:
        """When each batch arrives: after the last thing it tells of, and after those before it."""
        at = self.began
        for batch in arrivals:
            told = max(timedelta(minutes=day.said[place].at) for place in batch.places)
            at = max(at, self.began + told) + timedelta(minutes=batch.delay)
            yield batch, at


def prepare(delivering: Delivering) -> Books:
    """The two runs: what is brought, fetched and swapped on each; a tablet is held, and a stop changed its run."""
    first, second = delivering.another_courier(), delivering.another_courier()
    runs = delivering.run(first), delivering.run(second)
    moved = delivering.delivery(runs[0])
    jobs = [
        delivering.delivery(runs[0]),
        delivering.delivery(runs[0]),
        delivering.collection(runs[0]),
        delivering.delivery(runs[1]),
        delivering.collection(runs[1]),
        delivering.do(
            service.move_to_run,
            moved.id,
            runs[1].id,
            window=Window(moved.window_from.time(), moved.window_to.time()),
            settings=delivering.lending.settings,
        ),
        delivering.swap(runs[0]),
        delivering.swap(runs[1]),
    ]
    hot = Happening(now=delivering.lending.clock(), reason="It is hot.")
    with delivering.lending.database.write() as session:
        place_hold(session, jobs[3].tablet_id, HoldKind.SAFETY, actor=delivering.planner, happening=hot)
    with delivering.lending.database.write() as session:
        places = [
            add_organisation(session, kind=kind, name="Sample Library", now=delivering.lending.clock()).id
            for kind in DROP_PLACES
        ]
    return Books(
        database=delivering.lending.database,
        settings=delivering.lending.settings,
        began=delivering.lending.clock(),
        couriers=(first, second),
        runs=(runs[0].id, runs[1].id),
        jobs=tuple(job.id for job in jobs),
        places=(places[0], places[1]),
        codes=tuple(delivering.code(job.tablet_id) for job in jobs),
        others=tuple(delivering.code(job.brings_id or job.tablet_id) for job in jobs),
    )


EndState = dict[str, Any]


def end_of(books: Books, day: Day, arrivals: Sequence[Batch]) -> EndState:
    """Tell a day as it arrives, check what has to be true of every day, and undo it all; how it ended."""
    facts = books.facts(day)
    with books.database.new_write_session() as session:
        answers = dict[str, Answered]()
        for batch, at in books.received(day, arrivals):
            told = _tell(session, books, batch.courier, [facts[place] for place in batch.places], at)
            _answered_alike(answers, told)
        left = read(session, books)
        nothing_is_lost(left, facts)
        as_the_facts_amount_to(left)
        invariants_hold(left)
        end = end_state(left)
        if arrivals is day.arrivals:
            with _nothing_written(session):
                for batch in day.told_at_once:
                    _tell(session, books, batch.courier, [facts[place] for place in batch.places], at)
        session.rollback()
    return end


@contextmanager
def _nothing_written(session: Session) -> Iterator[None]:
    """Telling it all once more changes no row."""
    written = list[object]()

    def write_down(_session: Session, context: UOWTransaction) -> None:
        written.extend(context.states)

    listen(session, "after_flush", write_down)
    yield
    remove(session, "after_flush", write_down)
    assert not written, "telling it all once more changed something"


def _tell(session: Session, books: Books, courier: int, facts: Sequence[Fact], at: datetime) -> list[Answered]:
    told = service.tell(session, facts, actor=books.couriers[courier], settings=books.settings, now=at)
    session.flush()
    session.expire_all()
    return told


def _answered_alike(before: dict[str, Answered], told: Sequence[Answered]) -> None:
    """The same id gets the same answer. What waited for another fact may have become fitting since."""
    for answered in told:
        known = before.get(answered.id)
        assert answered.replayed is (known is not None)
        assert answered.answer in Answer
        if known is not None and (known.answer, answered.answer) != (Answer.CONFLICT, Answer.APPLIED):
            assert replace(answered, replayed=False) == replace(known, replayed=False)
        before[answered.id] = answered


@dataclass(frozen=True)
class Stop:
    """A job with everything it concerns."""

    job: DeliveryJob
    loan: Loan
    tablet: Tablet
    sim: Sim
    bundle: DataBundle
    brings: Tablet | None

    @property
    def swapped(self) -> bool:
        return self.brings is not None and self.loan.swap_tablet_id is None

    @property
    def own(self) -> Tablet:
        """The tablet the loan has."""
        return self.brings if self.brings is not None and self.swapped else self.tablet

    @property
    def other(self) -> Tablet | None:
        """The other one of a swap: kept for it, or come back from it."""
        return self.tablet if self.swapped else self.brings


@dataclass(frozen=True)
class Left:
    """What a day leaves in the database."""

    stops: tuple[Stop, ...]
    scans: tuple[Scan, ...]
    holds: frozenset[tuple[int, HoldKind]]
    open_loans: tuple[tuple[int, int], ...]
    had: tuple[tuple[int, int, datetime, datetime | None], ...]
    """Which loan had which tablet, from when to when."""
    events: tuple[TabletEvent, ...]


_BRINGS = aliased(Tablet)
_STOPS = (
    select(DeliveryJob, Loan, Tablet, Sim, DataBundle, _BRINGS)
    .join(Loan, Loan.id == DeliveryJob.loan_id)
    .join(Tablet, Tablet.id == DeliveryJob.tablet_id)
    .join(LoanSim, LoanSim.loan_id == Loan.id)
    .join(Sim, Sim.id == LoanSim.sim_id)
    .join(DataBundle, DataBundle.sim_id == Sim.id)
    .outerjoin(_BRINGS, _BRINGS.id == DeliveryJob.brings_id)
    .where(DeliveryJob.id.in_(bindparam("jobs", expanding=True)))
    .order_by(DeliveryJob.id)
)
_LINKS = select(LoanTablet.loan_id, LoanTablet.tablet_id, LoanTablet.from_at, LoanTablet.to_at)
_HOLDS = select(Hold.tablet_id, Hold.kind).where(Hold.lifted_at.is_(None))
_SCANS = select(Scan).order_by(Scan.client_id)
_EVENTS = select(TabletEvent).order_by(TabletEvent.tablet_id, TabletEvent.id)


def read(session: Session, books: Books) -> Left:
    had = [(loan_id, tablet_id, since, until) for loan_id, tablet_id, since, until in session.execute(_LINKS)]
    return Left(
        stops=tuple(Stop(*row) for row in session.execute(_STOPS, {"jobs": books.jobs})),
        scans=tuple(session.scalars(_SCANS)),
        holds=frozenset((tablet_id, kind) for tablet_id, kind in session.execute(_HOLDS)),
        open_loans=tuple((tablet_id, loan_id) for loan_id, tablet_id, _, until in had if until is None),
        had=tuple(sorted(had, key=lambda each: each[:2])),
        events=tuple(session.scalars(_EVENTS)),
    )


def end_state(left: Left) -> EndState:
    """All that a person would notice the day after, of the stops, their loans, tablets and SIMs, and what is left
    for somebody to look at. Not in it: the logs and the times of writing, which tell when the news came; and the
    refusals, which were for the courier who was standing there."""
    end: EndState = {"holds": left.holds, "had": left.had}
    for place, stop in enumerate(left.stops):
        end |= {f"stop {place}: {name}": value for name, value in _of_a_stop(stop).items()}
    end["counted"] = [scan.client_id for scan in left.scans if scan.counts]
    end["to be looked at"] = [
        scan.client_id for scan in left.scans if scan.needs_review and scan.answer is not Answer.REFUSED
    ]
    return end


def differences(one: EndState, other: EndState) -> dict[str, tuple[Any, Any]]:
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def _of_a_stop(stop: Stop) -> EndState:
    return {
        **_fields(stop.job, "state", "ended", "attempts", "fail_reason", "face", "done_at", "closed_at"),
        **_fields(stop.loan, "state", "attempts", "handed_to", "agreement_accepted_at", "started_on"),
        **_fields(stop.loan, "original_due_on", "due_on", "returned_on", "condition", "sim_in_tray", "kit_missing"),
        **_fields(stop.loan, "return_arranged_at", "closed_at"),
        **_of_a_tablet(stop.tablet),
        **_fields(stop.loan, "swap_tablet_id"),
        **({f"brings: {name}": value for name, value in _of_a_tablet(stop.brings).items()} if stop.brings else {}),
        **_fields(stop.sim, "state"),
        **_fields(stop.bundle, "activated_on", "ends_on", "suspended_on"),
    }


def _of_a_tablet(tablet: Tablet) -> dict[str, Any]:
    return _fields(tablet, "stage", "data", "custody", "holder")


def _fields(row: object, *names: str) -> dict[str, Any]:
    return {f"{type(row).__name__}.{name}": getattr(row, name) for name in names}


def nothing_is_lost(left: Left, facts: Sequence[Fact]) -> None:
    """Every fact is kept as it was told, with an answer in words."""
    kept = {scan.client_id: scan for scan in left.scans}
    assert kept.keys() == {fact.id for fact in facts}
    for fact in facts:
        scan = kept[fact.id]
        assert (scan.action, scan.code, scan.occurred_at) == (fact.action, fact.code, fact.occurred_at)
        assert details_of(scan.details) == fact.details
        assert (scan.sentence != "", scan.reason != "not_judged", scan.clock_flagged) == (True, True, False)


def as_the_facts_amount_to(left: Left) -> None:
    """Each job stands where the fold over its facts says, and what contradicts it waits for a person."""
    for stop in left.stops:
        scans = [scan for scan in left.scans if scan.job_id == stop.job.id and scan.counts]
        after = outcome(stop.job.kind, [_told(stop.job, each) for each in scans])
        assert (stop.job.state, stop.job.attempts) == (after.state, after.attempts)
        assert {scan.client_id for scan in scans if scan.needs_review} == after.contested
        assert stop.loan.attempts == (after.attempts if stop.job.kind is JobKind.DELIVER else 0)


def _told(job: DeliveryJob, scan: Scan) -> Told:
    brought = job.kind is JobKind.SWAP and scan.tablet_id == job.brings_id
    return Told(scan.client_id, scan.action, scan.effective_at, scan.sequence, brought=brought)


FITS = {
    LoanState.ALLOCATED: {Stage.ALLOCATED, Stage.IN_TRANSIT_OUT},
    LoanState.OUT_FOR_DELIVERY: {Stage.IN_TRANSIT_OUT},
    LoanState.ACTIVE: {Stage.ON_LOAN},
    LoanState.RETURN_ARRANGED: {Stage.ON_LOAN},
    LoanState.COLLECTED: {Stage.IN_TRANSIT_BACK, Stage.RETURNED},
}
HELD_BY = {
    Stage.ALLOCATED: Custody.HUB,
    Stage.IN_TRANSIT_OUT: Custody.COURIER,
    Stage.ON_LOAN: Custody.PARTICIPANT,
    Stage.IN_TRANSIT_BACK: Custody.COURIER,
    Stage.RETURNED: Custody.HUB,
}


def invariants_hold(left: Left) -> None:
    """Of the domain notes: one open loan a tablet, one holder at a time and no gap, whole events, holds that hold."""
    assert len({tablet_id for tablet_id, _ in left.open_loans}) == len(left.open_loans)
    for stop in left.stops:
        assert (stop.own.id, stop.loan.id) in left.open_loans
        assert stop.own.stage in FITS[stop.loan.state]
        dropped = stop.job.state is JobState.DROPPED
        assert stop.own.custody is (Custody.VENUE if dropped else HELD_BY[stop.own.stage])
        _no_gaps([event for event in left.events if event.tablet_id == stop.own.id], stop.own)
        if stop.other is not None:
            _other_is_whole(left, stop, stop.other)


def _other_is_whole(left: Left, stop: Stop, other: Tablet) -> None:
    """One loan and two custodies: the tablet that came back is nobody's and dirty, the one to come is kept clean."""
    assert other.id not in {tablet_id for tablet_id, _ in left.open_loans}
    assert other.custody is HELD_BY[other.stage]
    if stop.swapped:
        assert (other.stage in FITS[LoanState.COLLECTED], other.data) == (True, DataState.DIRTY)
    else:
        assert (other.stage in FITS[LoanState.ALLOCATED], other.data) == (True, DataState.CLEAN)
    assert (stop.loan.state, stop.loan.due_version, stop.sim.state) == (LoanState.ACTIVE, 1, SimState.ACTIVATED)
    _no_gaps([event for event in left.events if event.tablet_id == other.id], other)


def _no_gaps(events: Sequence[TabletEvent], tablet: Tablet) -> None:
    for before, event in pairwise(events):
        assert all((event.actor_name, event.role, event.at, event.source))
        if event.kind not in list(Move):
            assert (event.stage, event.custody) == (before.stage, before.custody)
            continue
        row = BY_MOVE[Move(event.kind)]
        assert before.stage in row.sources
        assert (event.stage, event.custody) == (row.target, row.custody or before.custody)
        assert event.source != "phone" or event.client_at is not None
    assert (events[-1].stage, events[-1].custody, events[-1].holder) == (tablet.stage, tablet.custody, tablet.holder)
    kinds = [event.kind for event in events]
    if "hold_safety" in kinds:
        assert not set(kinds[kinds.index("hold_safety") :]) & set(Move)
