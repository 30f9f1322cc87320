"""Every fault a virtual tablet has, at every step of a wipe and of a provision: taken up again, or ended by a sentence.

`python -m tests.bench.faults` does the same with many more random faults.
"""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fleet.bench.rules import RunKind, RunState, may_become
from fleet.tablets.rules import Stage
from provisioning.virtual.faults import Fault
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bench.test_provisioning import with_home_app
from tests.fleet.bench.troubles import (
    AMOUNTS,
    Trouble,
    assert_nothing_false,
    leave_belongings,
    live_through,
    ordinary,
)
from tests.fleet.bench.workbench import Workbench

STEPS = {
    RunKind.WIPE: (
        RunState.IDENTITY_CHECK,
        RunState.PRE_FACTS,
        RunState.RESET_SENT,
        RunState.WAITING_HANDS,
        RunState.VERIFYING,
    ),
    RunKind.PROVISION: (RunState.IDENTITY_CHECK, RunState.PLANNED, RunState.RUNNING, RunState.VERIFYING),
}
MENDED_BY_TIME = frozenset({Fault.DROP_AFTER, Fault.SLOW, Fault.UNAUTHORISED, Fault.REBOOT_IN_COMMAND, Fault.VANISH})
"""Of these a run never dies: they pass, or somebody sees to them while it waits."""


def one_run(
    workbench: Workbench,
    kind: RunKind,
    troubles: tuple[Trouble, ...],
    *,
    kills: frozenset[int] = frozenset(),
    personality: str = "samsung-tab-a9-14",
    route: str = "",
) -> RunState:
    workbench.auth_wait_seconds = 0.4
    place = workbench.place(personality, stage=Stage.AWAITING_WIPE if kind is RunKind.WIPE else Stage.WIPED)
    earlier = leave_belongings(place.device)
    run = workbench.start_wipe(place, route) if kind is RunKind.WIPE else workbench.start_provision(place)
    ended = live_through(workbench, place, run, troubles, kills)
    assert_nothing_false(workbench, place, run, earlier)
    workbench.put_away(place)
    return ended.state


def worth_trying(kind: RunKind, at: RunState) -> list[tuple[Fault, ...]]:
    """The faults that can make a difference here. Those that a kind of run never meets strike all together, at its
    first step; the benchmark tries every single pair."""
    here: list[tuple[Fault, ...]] = [(fault,) for fault in (*MENDED_BY_TIME - {Fault.SLOW}, Fault.COMMANDS_MISSING)]
    here += [(fault,) for fault, steps in FELT_ONLY_IN[kind].items() if at in steps]
    if at is STEPS[kind][0]:
        here.append(tuple(fault for fault in Fault if (fault,) not in here and fault not in FELT_ONLY_IN[kind]))
    return here


FELT_ONLY_IN = {
    RunKind.WIPE: {
        Fault.DISK_FULL: {RunState.PRE_FACTS, RunState.VERIFYING},
        Fault.PUSH_CORRUPTS: {RunState.PRE_FACTS, RunState.VERIFYING},
        Fault.WIPE_LIES: {RunState.RESET_SENT, RunState.WAITING_HANDS},
    },
    RunKind.PROVISION: {
        fault: {RunState.RUNNING}
        for fault in (
            Fault.DISK_FULL,
            Fault.PUSH_CORRUPTS,
            Fault.INSTALL_LIES,
            Fault.SETTINGS_LIE,
            Fault.GRANT_LIES,
        )
    },
}


@ON_SQLITE
@pytest.mark.parametrize(("kind", "at"), [(kind, at) for kind, steps in STEPS.items() for at in steps])
def test_every_fault_at_this_step_is_survived_or_ends_by_a_sentence(
    workbench: Workbench, kind: RunKind, at: RunState
) -> None:
    with_home_app(workbench)
    died: set[Fault] = set()
    for faults in worth_trying(kind, at):
        troubles = tuple(ordinary(fault, at) for fault in faults)
        if one_run(workbench, kind, troubles) is not RunState.PASSED:
            died |= set(faults)
    assert not died & MENDED_BY_TIME


def test_the_steps_tried_are_those_in_which_a_run_talks_to_its_tablet() -> None:
    silent = {RunState.QUEUED, RunState.PAUSED}
    for kind, steps in STEPS.items():
        known = {state for state in RunState if may_become(kind, state, RunState.FAILED)}
        reached = {state for state in known if any(may_become(kind, other, state) for other in RunState)}
        assert reached - silent == set(steps)


def trouble_in(kind: RunKind) -> st.SearchStrategy[Trouble]:
    return st.builds(
        lambda fault, at, amount, times, turns: Trouble(fault, at, amount or AMOUNTS.get(fault, 0), times, turns),
        st.sampled_from(list(Fault)),
        st.sampled_from(STEPS[kind]),
        st.sampled_from([0, 1, 900, 20_000]),
        st.sampled_from([1, 2, -1]),
        st.integers(1, 4),
    ).filter(lambda trouble: trouble.fault is not Fault.SLOW or trouble.amount < 10)


def happenings() -> st.SearchStrategy[tuple[RunKind, list[Trouble], frozenset[int], str, str]]:
    """Which kind of run, what goes wrong, when its worker is killed, on which tablet and by which way."""

    def of(kind: RunKind) -> st.SearchStrategy[tuple[RunKind, list[Trouble], frozenset[int], str, str]]:
        wipe = kind is RunKind.WIPE
        return st.tuples(
            st.just(kind),
            st.lists(trouble_in(kind), min_size=1, max_size=4),
            st.frozensets(st.integers(2, 40), max_size=3),
            st.sampled_from(["samsung-tab-a9-14", "google-pixel-tablet-16"] if wipe else ["samsung-tab-a9-14"]),
            st.sampled_from(["", "test_harness"] if wipe else [""]),
        )

    return st.sampled_from(list(RunKind)).flatmap(of)


_examples = count(1)


@ON_SQLITE
@given(happenings())
@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a run takes a second: a failing one is not made smaller
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_mixture_of_faults_and_kills_ever_marks_a_tablet_what_it_is_not(
    workbench: Workbench, happening: tuple[RunKind, list[Trouble], frozenset[int], str, str]
) -> None:
    kind, troubles, kills, personality, route = happening
    if next(_examples) == 1:
        with_home_app(workbench)
    one_run(workbench, kind, tuple(troubles), kills=kills, personality=personality, route=route)
