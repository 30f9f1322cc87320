"""What has to be true after every day: no fact is lost, each job stands where its facts say, no custody has a gap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from fleet.bundles.rules import SimState
from fleet.deliveries.facts import Fact, Told, details_of
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.outcomes import outcome
from fleet.deliveries.rules import JobKind, JobState
from fleet.loans.rules import LoanState
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.rules import BY_MOVE, Custody, DataState, Move, Stage
from tests.fleet.deliveries.days.left import Left, Stop


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
