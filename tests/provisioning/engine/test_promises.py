"""The four promises, for every built-in profile on several Androids, over a real socket.

Planning only reads; apply then verify passes; the second plan is empty; a fault at any step can be resumed from.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest

from provisioning.engine.apply import apply
from provisioning.engine.observe import observe, observe_for
from provisioning.engine.plan import Plan, plan, plan_from_json
from provisioning.engine.report import Ended, StepReport
from provisioning.engine.verify import verify
from provisioning.errors import LinkLost
from provisioning.profiles.loader import BUILT_IN, built_in_profile
from provisioning.profiles.profile import Profile
from provisioning.resources.step import Outcome
from provisioning.virtual.personality import personality_names
from tests.provisioning.benchtop import Slot, Tap, apps_for, without_waiting
from tests.provisioning.conftest import MakeSlot

GUARDED = "xiaomi-redmi-pad-13"
ANDROIDS = tuple(name for name in personality_names() if name != GUARDED)
# Every profile on three Androids far apart, and the two that most tablets get on all of them.
PAIRS = [
    (personality, name)
    for personality in ANDROIDS
    for name in BUILT_IN
    if name in {"standard", "large-clear"} or personality.endswith(("-9", "-12", "-15"))
]
# Between them they ask for every kind of resource that ships.
VARIED = ("large-clear", "blind", "calm")


def state_of(slot: Slot) -> str:
    """Everything the tablet remembers, as text."""
    content = asdict(slot.tablet.content)
    content.pop("trusted_keys")
    files = sorted(str(path) for path in slot.tablet.directory.glob("data-*/**/*"))
    return json.dumps([content, files], sort_keys=True)


def plan_for(slot: Slot, profile: Profile) -> Plan:
    """A plan as a run keeps it: stored and read again."""
    return plan_from_json(plan(profile, observe_for(slot.connect(), profile)).to_json())


@pytest.mark.parametrize(("personality", "name"), PAIRS)
def test_planning_only_reads(make_slot: MakeSlot, personality: str, name: str) -> None:
    slot, profile = make_slot(personality), built_in_profile(name)
    before = state_of(slot)
    tap = Tap(slot.connect())
    made = plan(profile, observe(tap, profile))
    assert all(step.reason and step.origins for step in made.steps)
    assert all(check.reason and check.origins for check in made.checks)
    assert state_of(slot) == before
    assert len(tap.calls) == 1, "one round trip, and no push, install or reboot"


@pytest.mark.parametrize(("personality", "name"), PAIRS)
def test_apply_then_verify_passes_and_the_second_plan_is_empty(
    make_slot: MakeSlot, personality: str, name: str
) -> None:
    slot, profile = make_slot(personality), built_in_profile(name)
    seen: list[StepReport] = []
    made = plan_for(slot, profile)
    report = apply(slot.connect(), made, profile, apps=apps_for(profile), on_step=seen.append, pause=without_waiting)
    assert [(step.step.sentence, step.outcome, step.said) for step in seen if step.outcome is not Outcome.OK] == []
    assert report.all_ok
    assert tuple(seen) == report.steps
    checked = verify(slot.connect(), profile)
    assert checked.passed, [check for check in checked.plan.checks if check.outcome is not Outcome.OK]
    assert plan_for(slot, profile).steps == ()


Break = Callable[[str, Callable[[], object]], object]


def breaking_at(number: int, *, after_acting: bool) -> Break:
    """The link goes at the given call: either just before the tablet hears of it, or just before we hear back."""
    counted = iter(range(10_000))

    def on_call(name: str, act: Callable[[], object]) -> object:
        if next(counted) < number:
            return act()
        if after_acting:
            act()
        raise LinkLost("The cable was pulled.")

    return on_call


@pytest.mark.parametrize("after_acting", [False, True])
@pytest.mark.parametrize("name", VARIED)
def test_a_link_lost_at_any_call_leaves_a_run_that_can_be_resumed(
    make_slot: MakeSlot, name: str, after_acting: bool
) -> None:
    slot, profile = make_slot(), built_in_profile(name)
    apps = apps_for(profile)
    for number in range(1, 200):
        made = plan_for(slot, profile)
        if not made.steps:
            break
        tap = Tap(slot.connect(), breaking_at(number, after_acting=after_acting))
        report = apply(tap, made, profile, apps=apps, pause=without_waiting)
        if report.ended is Ended.LINK_LOST:
            assert report.steps[-1].outcome is Outcome.UNKNOWN
            assert "cable" in report.why
    assert verify(slot.connect(), profile).passed
    assert plan_for(slot, profile).steps == ()


def test_a_maker_that_guards_its_settings_is_a_persons_work_and_not_a_broken_tablet(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(GUARDED), built_in_profile("large-clear")
    made = plan_for(slot, profile)
    report = apply(slot.connect(), made, profile, apps=apps_for(profile), pause=without_waiting)
    settings = [step for step in report.steps if step.step.resource.startswith(("setting/", "app/"))]
    assert {step.outcome for step in settings} == {Outcome.NEEDS_HUMAN}
    assert all("Developer options" in step.said for step in settings)
    assert not verify(slot.connect(), profile).passed
