"""The last step of all: taken only once everything holds, and never called done, because nothing can tell."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from provisioning.engine.apply import apply
from provisioning.engine.closing import Closed, close
from provisioning.engine.observe import observe_for
from provisioning.engine.plan import plan, plan_from_json
from provisioning.engine.verify import verify
from provisioning.errors import CannotConnect, NotAuthorised, PlanError
from provisioning.profiles.loader import built_in_profile
from provisioning.virtual import person
from provisioning.virtual.faults import Fault
from tests.provisioning.benchtop import Slot, Tap, without_waiting
from tests.provisioning.conftest import MakeSlot

SEALED = replace(built_in_profile("standard"), debugging_off=True)


def made_ready(slot: Slot) -> None:
    transport = slot.connect()
    apply(transport, plan(SEALED, observe_for(transport, SEALED)), SEALED, apps={}, pause=without_waiting)
    assert verify(transport, SEALED).passed


def a_moment(_seconds: float) -> None:
    threading.Event().wait(0.03)


def test_the_tablet_stops_answering_and_that_is_said_to_be_no_proof(make_slot: MakeSlot) -> None:
    slot = make_slot()
    made_ready(slot)
    transport = slot.connect()
    steps = plan_from_json(plan(SEALED, observe_for(transport, SEALED)).to_json()).closing
    ended = close(transport, steps, verified=True, pause=a_moment)
    assert ended.closed is Closed.GONE
    assert "known for certain only when it is on a bench again" in ended.why
    assert not slot.tablet.debugging_on
    assert slot.tablet.setting("global", "development_settings_enabled") == "0"
    with pytest.raises((CannotConnect, NotAuthorised)):
        slot._connect(allow=False)
    person.switch_on_debugging(slot.tablet)
    assert verify(slot.connect(), SEALED).passed


def test_nothing_is_switched_off_on_a_tablet_that_was_not_verified(make_slot: MakeSlot) -> None:
    slot = make_slot()
    tap = Tap(slot.connect())
    with pytest.raises(PlanError, match="debugging was left on"):
        close(tap, plan(SEALED, observe_for(slot.connect(), SEALED)).closing, verified=False)
    assert tap.calls == []


def test_a_tablet_that_goes_on_answering_is_said_to_be_open(make_slot: MakeSlot) -> None:
    slot = make_slot()
    made_ready(slot)
    slot.tablet.faults.arm(Fault.SETTINGS_LIE)
    transport = slot.connect()
    closing = plan(SEALED, observe_for(transport, SEALED)).closing
    ended = close(transport, closing, verified=True, pause=without_waiting)
    assert ended.closed is Closed.OPEN
    assert "still answers" in ended.why


def test_a_profile_that_does_not_ask_for_it_has_no_last_step(make_slot: MakeSlot) -> None:
    profile = built_in_profile("standard")
    made = plan(profile, observe_for(make_slot().connect(), profile))
    assert made.closing == ()
    assert close(Tap(make_slot(serial="VIRTSAMPLE2").connect()), (), verified=False).closed is Closed.NOT_ASKED


def test_the_last_step_does_not_keep_a_plan_from_being_empty(make_slot: MakeSlot) -> None:
    slot = make_slot()
    made_ready(slot)
    made = plan(SEALED, observe_for(slot.connect(), SEALED))
    assert made.satisfied
    assert [step.resource for step in made.closing] == ["debugging"]
