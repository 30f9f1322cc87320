"""A whole wipe on virtual tablets over a real socket: evidence, hands, crashes, lies and the wrong tablet."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.engine.observe import observe
from provisioning.errors import LinkLost, TransportError, WipeError, WrongTablet
from provisioning.facts.observation import Observation
from provisioning.virtual import person
from provisioning.virtual.faults import Fault
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import Screen
from provisioning.wipe.blockers import BlockerCode, find_blockers
from provisioning.wipe.evidence import (
    AfterWipe,
    BeforeWipe,
    CanaryState,
    before_wipe_from_json,
    canary_path,
    collect_after,
    prepare_wipe,
)
from provisioning.wipe.hands import open_reset
from provisioning.wipe.judging import Method, Verdict, judge
from provisioning.wipe.proofs import ProofOutcome
from tests.provisioning.benchtop import Slot, Tap
from tests.provisioning.conftest import MakeSlot

TOKEN = "0123456789abcdef"
ANDROIDS = (
    "lenovo-tab-m10-9",
    "huawei-mediapad-t5-10",
    "samsung-tab-a7-11",
    "nokia-t20-12",
    "lenovo-tab-m8-13",
    "samsung-tab-a9-14",
    "google-pixel-tablet-15",
    "google-pixel-tablet-16",
)


def prepared(slot: Slot) -> BeforeWipe:
    """The evidence before, as a run keeps it: stored and read again."""
    transport = slot.connect()
    before = prepare_wipe(transport, observe(transport), TOKEN, key_fingerprint=slot.key.fingerprint)
    return before_wipe_from_json(before.to_json())


def reset_by_hand(slot: Slot) -> None:
    """The person taps what `open_reset` asked for, then sets the tablet up as its guide says."""
    person.tap_erase_everything(slot.tablet)
    slot.set_up_again()


def verdict(slot: Slot, before: BeforeWipe) -> Verdict:
    asked = slot.asked()
    return judge(before, collect_after(slot.connect(), before, asked_again=asked))


@pytest.mark.parametrize("personality", ANDROIDS)
def test_a_reset_that_a_person_tapped_is_proven(make_slot: MakeSlot, personality: str) -> None:
    slot = make_slot(personality)
    transport = slot.connect()
    seen = observe(transport)
    before = prepare_wipe(transport, seen, TOKEN, key_fingerprint=slot.key.fingerprint)
    hands = open_reset(transport, seen)
    assert slot.tablet.screen is Screen.RESET
    assert hands.opened
    assert "reset" in hands.sentence
    reset_by_hand(slot)
    found = verdict(slot, before)
    assert found.wiped, found.reasons
    assert found.method is Method.CRYPTOGRAPHIC_ERASE
    groups = {proof.group for proof in found.proofs if proof.outcome is ProofOutcome.HOLDS}
    assert groups >= {"files", "settings", "keys"}


def test_a_tablet_found_freshly_wiped_when_the_process_starts_again_is_judged_from_what_was_stored(
    make_slot: MakeSlot,
) -> None:
    slot = make_slot()
    stored = prepared(slot).to_json()
    person.open_reset_screen(slot.tablet)
    reset_by_hand(slot)
    assert verdict(slot, before_wipe_from_json(stored)).wiped


def test_opening_the_reset_page_twice_is_harmless(make_slot: MakeSlot) -> None:
    slot = make_slot()
    transport = slot.connect()
    seen = observe(transport)
    assert open_reset(transport, seen) == open_reset(transport, seen)
    assert slot.tablet.content.generation == 1


def test_preparing_twice_with_one_token_gives_the_same_evidence(make_slot: MakeSlot) -> None:
    slot = make_slot()
    first, second = prepared(slot).to_json(), prepared(slot).to_json()
    first.pop("prepared_at")
    second.pop("prepared_at")
    assert first == second


def test_the_reset_page_is_never_opened_on_another_tablet(make_slot: MakeSlot) -> None:
    ours, other = make_slot(serial="VIRTOURS"), make_slot(serial="VIRTOTHER")
    seen = observe(ours.connect())
    for act in (open_reset, lambda link, saw: prepare_wipe(link, saw, TOKEN)):
        with pytest.raises(WrongTablet, match="VIRTOTHER is on the wire"):
            act(other.connect(), seen)
    assert other.tablet.screen is Screen.HOME
    assert not other.tablet.files.real(canary_path("/data/local/tmp", TOKEN)).exists()


def test_a_reset_that_only_restarted_the_tablet_is_caught(make_slot: MakeSlot) -> None:
    slot = make_slot()
    before = prepared(slot)
    slot.tablet.faults.arm(Fault.WIPE_LIES, times=1)
    person.open_reset_screen(slot.tablet)
    person.tap_erase_everything(slot.tablet)
    found = verdict(slot, before)
    assert not found.wiped
    contradicted = {proof.name for proof in found.proofs if proof.outcome is ProofOutcome.CONTRADICTED}
    assert contradicted == {"canary", "android_id", "asked_again"}


def test_another_tablet_that_was_wiped_does_not_stand_for_ours_and_is_left_as_it_was(make_slot: MakeSlot) -> None:
    ours, other = make_slot(serial="VIRTOURS"), make_slot(serial="VIRTOTHER")
    before = prepared(ours)
    transport = other.connect()
    tap = Tap(transport)
    after = collect_after(tap, before, asked_again=True)
    assert not judge(before, after).wiped
    assert not any(call.startswith(("push", "rm")) for call in tap.calls)


def test_a_tablet_with_no_room_for_the_mark_is_not_wiped_without_one(make_slot: MakeSlot) -> None:
    slot = make_slot()
    seen = observe(slot.connect())
    slot.tablet.faults.arm(Fault.DISK_FULL, 0)
    with pytest.raises(WipeError, match="Nothing was wiped"):
        prepare_wipe(slot.connect(), seen, TOKEN)


def test_a_mark_that_did_not_arrive_whole_is_not_counted_on(make_slot: MakeSlot) -> None:
    slot = make_slot()
    slot.tablet.faults.arm(Fault.PUSH_CORRUPTS, times=1)
    assert prepared(slot).canaries == (canary_path("/data/local/tmp", TOKEN),)


def test_a_folder_that_cannot_be_written_any_more_makes_its_mark_unreadable_not_gone(make_slot: MakeSlot) -> None:
    slot = make_slot()
    before = prepared(slot)
    person.open_reset_screen(slot.tablet)
    reset_by_hand(slot)
    slot.tablet.faults.arm(Fault.DISK_FULL, 0)
    after = collect_after(slot.connect(), before)
    assert set(after.canaries.values()) == {CanaryState.UNREADABLE}
    assert not judge(before, after).wiped


def test_nothing_of_ours_stays_on_the_wiped_tablet(make_slot: MakeSlot) -> None:
    slot = make_slot()
    before = prepared(slot)
    person.open_reset_screen(slot.tablet)
    reset_by_hand(slot)
    verdict(slot, before)
    assert list(slot.tablet.directory.glob("data-*/**/doorstep-*")) == []


def test_the_three_blocked_tablets_of_the_demo_are_explained(make_slot: MakeSlot) -> None:
    google, managed, low = (make_slot("lenovo-tab-m8-13", serial=f"VIRT{n}") for n in "ABC")
    person.add_account(google.tablet, "sample.one@example.org", "com.google")
    person.enrol(managed.tablet, Owner("com.example.mdm/.Admin", "Example Org"))
    person.unplug(low.tablet)
    person.charge_to(low.tablet, 11)
    found = [find_blockers(observe(slot.connect())) for slot in (google, managed, low)]
    assert [[blocker.code for blocker in blockers] for blockers in found] == [
        [BlockerCode.GOOGLE_ACCOUNT],
        [BlockerCode.MANAGED],
        [BlockerCode.BATTERY_LOW],
    ]
    assert "11 %" in found[2][0].what


def test_no_name_of_an_account_is_kept_anywhere(make_slot: MakeSlot) -> None:
    slot = make_slot("lenovo-tab-m8-13")
    person.add_account(slot.tablet, "sample.one@example.org", "com.google")
    seen = observe(slot.connect())
    before = prepare_wipe(slot.connect(), seen, TOKEN)
    assert "sample.one" not in str(seen.to_json()) + str(before.to_json())


def losing_the_link_at(number: int) -> Callable[[str, Callable[[], object]], object]:
    calls = count()

    def on_call(name: str, act: Callable[[], object]) -> object:
        if next(calls) == number:
            raise LinkLost("The cable was pulled.")
        return act()

    return on_call


@given(
    wiped=st.booleans(),
    lies=st.booleans(),
    lost_before=st.none() | st.integers(0, 5),
    lost_after=st.none() | st.integers(0, 6),
    full=st.booleans(),
    by_hand=st.booleans(),
    other_unit=st.booleans(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_a_tablet_that_was_truly_wiped_is_ever_called_wiped(
    make_slot: MakeSlot,
    wiped: bool,
    lies: bool,
    lost_before: int | None,
    lost_after: int | None,
    full: bool,
    by_hand: bool,
    other_unit: bool,
) -> None:
    """Whatever faults come together; `by_hand` is somebody who clears the tablet's apps, accounts and keys instead."""
    number = next(_serials)
    slot = make_slot("lenovo-tab-m8-13", serial=f"VIRT{number:05}")
    found = _go_through(slot, make_slot, wiped, lies, lost_before, lost_after, full, by_hand, other_unit, number)
    if found is not None and found.wiped:
        assert slot.tablet.content.generation == 2, "the storage itself was replaced"
        assert not other_unit


_serials = count()


def _go_through(
    slot: Slot,
    make_slot: MakeSlot,
    wiped: bool,
    lies: bool,
    lost_before: int | None,
    lost_after: int | None,
    full: bool,
    by_hand: bool,
    other_unit: bool,
    number: int,
) -> Verdict | None:
    """One run with its faults; None where it ended in an error that the bench would have shown."""
    try:
        before = _prepare(slot, lost_before)
        if lies:
            slot.tablet.faults.arm(Fault.WIPE_LIES, times=1)
        if by_hand:
            person.remove_account(slot.tablet, "com.google")
            person.revoke_keys(slot.tablet)
        if wiped:
            person.open_reset_screen(slot.tablet)
            person.tap_erase_everything(slot.tablet)
            if slot.tablet.content.generation == 2:
                slot.set_up_again()
        there = make_slot("lenovo-tab-m8-13", serial=f"OTHER{number:05}") if other_unit else slot
        if full:
            there.tablet.faults.arm(Fault.DISK_FULL, 0)
        return judge(before, _collect(there, before, lost_after))
    except TransportError:
        return None


def _prepare(slot: Slot, lost: int | None) -> BeforeWipe:
    seen: Observation = observe(slot.connect())
    link = Tap(slot.connect())
    if lost is not None:
        link.on_call = losing_the_link_at(lost)
    return prepare_wipe(link, seen, TOKEN)


def _collect(slot: Slot, before: BeforeWipe, lost: int | None) -> AfterWipe:
    asked = slot.asked()
    link = Tap(slot.connect())
    if lost is not None:
        link.on_call = losing_the_link_at(lost)
    return collect_after(link, before, asked_again=asked)
