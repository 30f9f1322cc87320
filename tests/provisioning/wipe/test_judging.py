"""The verdict: only what was truly wiped is called wiped, whatever goes wrong on the way to knowing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.facts.identity import Unit
from provisioning.facts.security import Encryption
from provisioning.wipe.evidence import (
    AfterWipe,
    BeforeWipe,
    CanaryState,
    after_wipe_from_json,
    before_wipe_from_json,
)
from provisioning.wipe.judging import Method, Result, judge, verdict_from_json
from provisioning.wipe.proofs import ProofOutcome
from provisioning.wipe.traces import Traces
from tests.provisioning.observations import NOON
from tests.provisioning.wipe.samples import BEFORE, CANARIES, OTHER, UNIT, UNTOUCHED, WIPED


def test_a_wiped_tablet_is_wiped_and_the_proofs_say_what_changed() -> None:
    verdict = judge(BEFORE, WIPED)
    assert verdict.wiped
    assert verdict.reasons == ()
    held = {proof.name: (proof.before, proof.after) for proof in verdict.proofs if proof.outcome is ProofOutcome.HOLDS}
    assert held["android_id"] == ("aaaa", "bbbb")
    assert held["canary"] == ("present", "gone")
    assert held["asked_again"] == ("trusted", "asked")
    assert held["boot_count"] == ("40", "2")


def test_a_reset_that_said_success_and_changed_nothing_is_unverified_and_says_so() -> None:
    verdict = judge(BEFORE, UNTOUCHED)
    assert verdict.result is Result.UNVERIFIED
    assert any("Not so: The mark left at /sdcard/a.txt is gone" in reason for reason in verdict.reasons)


def test_a_proof_from_another_tablet_counts_for_nothing() -> None:
    verdict = judge(BEFORE, replace(WIPED, unit=OTHER))
    assert not verdict.wiped
    assert verdict.same_unit is ProofOutcome.CONTRADICTED
    assert "SAMPLE0002" in verdict.reasons[0]


@pytest.mark.parametrize("serial", [None, "0123456789ABCDEF", "unknown"])
def test_a_serial_that_many_units_share_never_shows_that_it_is_the_same_one(serial: str | None) -> None:
    shared = replace(UNIT, serial=serial)
    assert not judge(replace(BEFORE, unit=shared), replace(WIPED, unit=shared)).wiped


def test_one_contradiction_outweighs_every_proof() -> None:
    half = {CANARIES[0]: CanaryState.GONE, CANARIES[1]: CanaryState.PRESENT}
    assert not judge(BEFORE, replace(WIPED, canaries=half)).wiped


def test_an_account_found_afterwards_is_a_contradiction() -> None:
    someone = replace(WIPED.traces, accounts={"com.google": 1})
    assert not judge(BEFORE, replace(WIPED, traces=someone)).wiped


def test_two_canaries_count_as_one_proof() -> None:
    nothing_else = replace(WIPED, traces=Traces(None, None, None, None, None), asked_again=None)
    (reason, _) = judge(BEFORE, nothing_else).reasons
    assert reason.startswith("1 of the 3")


def test_what_was_empty_before_proves_nothing_by_being_empty_after() -> None:
    bare = replace(BEFORE, traces=Traces("aaaa", {}, (), setup_finished=False, boot_count=1))
    verdict = judge(bare, replace(WIPED, traces=Traces("bbbb", {}, (), False, 1), asked_again=None))
    silent = {proof.name for proof in verdict.proofs if proof.outcome is ProofOutcome.SILENT}
    assert silent == {"accounts", "apps", "setup", "boot_count"}
    assert not verdict.wiped


def test_medium_proofs_alone_do_not_make_a_wipe() -> None:
    """Somebody may remove accounts and apps by hand; only a reset changes the id, the files and the keys."""
    by_hand = replace(
        UNTOUCHED,
        traces=Traces(None, {}, (), setup_finished=False, boot_count=1),
        canaries=dict.fromkeys(CANARIES, CanaryState.UNREADABLE),
        asked_again=None,
    )
    assert not judge(BEFORE, by_hand).wiped


def test_a_daemon_that_lets_anyone_in_proves_nothing_by_asking_or_not() -> None:
    verdict = judge(replace(BEFORE, asks_for_keys=False), replace(WIPED, asked_again=False))
    assert verdict.wiped
    assert next(p for p in verdict.proofs if p.name == "asked_again").outcome is ProofOutcome.SILENT


@pytest.mark.parametrize(
    ("encryption", "method"),
    [
        (Encryption(True, "file"), Method.CRYPTOGRAPHIC_ERASE),
        (Encryption(False, None), Method.CLEAR),
        (None, Method.CLEAR),
    ],
)
def test_cryptographic_erase_is_claimed_only_where_encryption_was_read_before(
    encryption: Encryption | None, method: Method
) -> None:
    assert judge(replace(BEFORE, encryption=encryption), WIPED).method is method


def test_evidence_and_verdict_survive_being_stored() -> None:
    verdict = judge(BEFORE, WIPED)
    assert before_wipe_from_json(BEFORE.to_json()) == BEFORE
    assert after_wipe_from_json(WIPED.to_json()) == WIPED
    assert verdict_from_json(verdict.to_json()) == verdict


def traces_seen_through_faults(truth: Traces) -> st.SearchStrategy[Traces]:
    """Each trace as it truly is, or unreadable; accounts and apps may also have been removed by hand."""
    return st.builds(
        Traces,
        st.sampled_from([truth.android_id, None]),
        st.sampled_from([truth.accounts, None, {}]),
        st.sampled_from([truth.apps, None, ()]),
        st.sampled_from([truth.setup_finished, None, False]),
        st.sampled_from([truth.boot_count, None, 41, 1]),
    )


def canaries_seen_through_faults() -> st.SearchStrategy[Mapping[str, CanaryState]]:
    """On a tablet that was not wiped a canary is there, or its folder cannot be read; a lost answer has none at all."""
    states = st.sampled_from([CanaryState.PRESENT, CanaryState.UNREADABLE])
    return st.dictionaries(st.sampled_from(CANARIES), states)


@given(
    traces=traces_seen_through_faults(BEFORE.traces),
    canaries=canaries_seen_through_faults(),
    asked=st.sampled_from([True, False, None]),
    unit=st.sampled_from([UNIT, OTHER, None, replace(UNIT, serial=None)]),
    before=st.sampled_from([BEFORE, replace(BEFORE, asks_for_keys=False), replace(BEFORE, canaries=CANARIES[:1])]),
)
def test_no_combination_of_faults_makes_an_untouched_tablet_wiped(
    traces: Traces,
    canaries: Mapping[str, CanaryState],
    asked: bool | None,
    unit: Unit | None,
    before: BeforeWipe,
) -> None:
    after = AfterWipe(NOON, unit, traces, canaries, asked)
    assert judge(before, after).result is Result.UNVERIFIED


@given(
    unit=st.sampled_from([OTHER, None, replace(UNIT, model="Another"), replace(UNIT, serial="0")]),
    asked=st.sampled_from([True, None]),
)
def test_another_tablet_however_clean_never_stands_for_ours(unit: Unit | None, asked: bool | None) -> None:
    assert judge(BEFORE, replace(WIPED, unit=unit, asked_again=asked)).result is Result.UNVERIFIED


def outcome_of(name: str, after: AfterWipe, before: BeforeWipe = BEFORE) -> ProofOutcome | None:
    return next((proof.outcome for proof in judge(before, after).proofs if proof.name == name), None)


def test_a_tablet_left_in_test_harness_mode_is_not_wiped_whatever_else_holds() -> None:
    left = replace(WIPED, test_harness=True)
    assert outcome_of("test_harness", left) is ProofOutcome.CONTRADICTED
    assert not judge(BEFORE, left).wiped
    assert outcome_of("test_harness", replace(WIPED, test_harness=False)) is None


@pytest.mark.parametrize("locked", [replace(WIPED, reset_protection=True), replace(WIPED, trade_in=False)])
def test_a_tablet_that_asks_for_an_earlier_account_is_not_wiped(locked: AfterWipe) -> None:
    assert not judge(BEFORE, locked).wiped


def test_android_s_own_report_counts_where_nobody_could_see_it_ask_for_keys() -> None:
    quiet = replace(WIPED, asked_again=None, traces=replace(WIPED.traces, boot_count=None, accounts=None, apps=None))
    assert not judge(BEFORE, quiet).wiped, "files and settings alone are two kinds of proof"
    assert judge(BEFORE, replace(quiet, trade_in=True)).wiped


def test_the_same_unit_in_another_place_is_doubted() -> None:
    before, after = replace(BEFORE, place="usb:1-1.2"), replace(WIPED, place="usb:1-1.3")
    assert judge(before, after).same_unit is ProofOutcome.CONTRADICTED
    assert judge(before, replace(after, place="usb:1-1.2")).wiped


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ({"a": "2021"}, {"a": "2026"}, ProofOutcome.HOLDS),
        ({"a": "2009"}, {"a": "2009"}, ProofOutcome.SILENT),
        ({"a": "2021"}, {}, ProofOutcome.SILENT),
        ({"a": "2021"}, None, ProofOutcome.UNREADABLE),
    ],
)
def test_apps_that_came_back_are_told_from_apps_that_never_went(
    before: dict[str, str], after: dict[str, str] | None, outcome: ProofOutcome
) -> None:
    earlier = replace(BEFORE, traces=replace(BEFORE.traces, installed=before))
    later = replace(WIPED, traces=replace(WIPED.traces, installed=after))
    assert outcome_of("install_times", later, earlier) is outcome
