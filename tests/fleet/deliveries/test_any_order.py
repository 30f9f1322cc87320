"""However the facts of a day that can have happened arrive (late, twice, in any order and batches), it ends the same.

Days that cannot have happened, such as being back at the hub before anything was loaded, are not drawn: for some of
those the number of attempts and the time of the end still depend on the order in which the facts came.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fleet.deliveries.facts import Fact
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import Action, Answer, JobKind
from tests.delivering import Delivering, fact_id

DELIVERING = (
    (Action.LOAD, Action.HAND_OVER),
    (Action.LOAD, Action.FAILED, Action.BACK_AT_HUB),
    (Action.LOAD, Action.FAILED, Action.HAND_OVER),
    (Action.HAND_OVER,),
)
COLLECTING = (
    (Action.COLLECT, Action.BACK_AT_HUB),
    (Action.FAILED, Action.COLLECT, Action.BACK_AT_HUB),
    (Action.FAILED,),
)


@dataclass(frozen=True)
class Day:
    """What happens at two stops, an action every few minutes; and how the news of it arrives."""

    kinds: tuple[JobKind, ...]
    happened: tuple[tuple[int, Action], ...]
    arrival: tuple[int, ...]
    batches: tuple[int, ...]


@st.composite
def days(draw: st.DrawFn) -> Day:
    kinds = tuple(draw(st.lists(st.sampled_from(JobKind), min_size=1, max_size=2)))
    ways = {JobKind.DELIVER: st.sampled_from(DELIVERING), JobKind.COLLECT: st.sampled_from(COLLECTING)}
    left = [list(draw(ways[kind])) for kind in kinds]
    turns = draw(st.permutations([stop for stop, way in enumerate(left) for _ in way]))
    happened = tuple((stop, left[stop].pop(0)) for stop in turns)
    places = list(range(len(happened)))
    again = draw(st.lists(st.sampled_from(places), max_size=3))
    arrival = tuple(draw(st.permutations([*places, *again])))
    batches = tuple(draw(st.lists(st.integers(1, 3), min_size=len(arrival), max_size=len(arrival))))
    return Day(kinds, happened, arrival, batches)


def stops(delivering: Delivering, run: CourierRun, day: Day) -> list[DeliveryJob]:
    add = {JobKind.DELIVER: delivering.delivery, JobKind.COLLECT: delivering.collection}
    return [add[kind](run) for kind in day.kinds]


def facts_of(delivering: Delivering, jobs: list[DeliveryJob], day: Day) -> list[Fact]:
    return [
        delivering.fact(action, jobs[stop], id=fact_id(), minutes=10 * place - 120, sequence=place)
        for place, (stop, action) in enumerate(day.happened)
    ]


def end_of_day(delivering: Delivering, jobs: list[DeliveryJob]) -> list[tuple[object, ...]]:
    """All that a person would notice the day after."""
    noticed: list[tuple[object, ...]] = []
    for each in jobs:
        job, loan, tablet = delivering.again(each), delivering.loan_of(each), delivering.tablet_of(each)
        told = (job.state, job.ended, job.attempts, job.done_at)
        lent = (loan.state, loan.attempts, loan.handed_to, loan.started_on, loan.due_on, loan.returned_on)
        came_back = (loan.condition, loan.sim_in_tray, loan.return_arranged_at is None)
        noticed.append((*told, *lent, *came_back, tablet.stage, tablet.data, tablet.custody))
    return noticed


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],  # each day is some twenty transactions: too slow to shrink
)
@given(day=days())
def test_a_day_that_can_have_happened_ends_the_same_however_its_facts_arrive(delivering: Delivering, day: Day) -> None:
    run = delivering.run()
    in_order, mixed = stops(delivering, run, day), stops(delivering, run, day)
    delivering.tell(*facts_of(delivering, in_order, day))
    told = facts_of(delivering, mixed, day)
    arriving = list(day.arrival)
    for size in day.batches:
        batch, arriving = arriving[:size], arriving[size:]
        if batch:
            delivering.tell(*(told[place] for place in batch))
    assert end_of_day(delivering, mixed) == end_of_day(delivering, in_order)
    kept = {scan.client_id: scan for scan in delivering.scans()}
    assert set(kept) >= {fact.id for fact in told}
    for fact in told:
        answer = delivering.tell_one(fact)
        assert (answer.replayed, answer.answer) == (True, kept[fact.id].answer)
        assert answer.answer is not Answer.REFUSED
    assert end_of_day(delivering, mixed) == end_of_day(delivering, in_order)
