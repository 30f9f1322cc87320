"""The evidence of one made-up wipe: before it, after it, and after one that changed nothing."""

from __future__ import annotations

from dataclasses import replace

from provisioning.facts.identity import Unit
from provisioning.facts.security import Encryption
from provisioning.wipe.evidence import AfterWipe, BeforeWipe, CanaryState
from provisioning.wipe.traces import Traces
from tests.provisioning.observations import NOON

UNIT = Unit("SAMPLE0001", "Example", "Sample Tab 10", "sample10")
OTHER = Unit("SAMPLE0002", "Example", "Sample Tab 10", "sample10")
CANARIES = ("/sdcard/a.txt", "/data/local/tmp/a.txt")

BEFORE = BeforeWipe(
    token="0123456789abcdef",
    prepared_at=NOON,
    unit=UNIT,
    release="13",
    sdk=33,
    security_patch="2026-05-05",
    traces=Traces("aaaa", {"com.whatsapp": 1}, ("com.whatsapp",), setup_finished=True, boot_count=40),
    canaries=CANARIES,
    encryption=Encryption(encrypted=True, kind="file"),
    key_fingerprint="AA:BB",
    asks_for_keys=True,
)
WIPED = AfterWipe(
    collected_at=NOON,
    unit=UNIT,
    traces=Traces("bbbb", {}, (), setup_finished=True, boot_count=2),
    canaries=dict.fromkeys(CANARIES, CanaryState.GONE),
    asked_again=True,
)
# A tablet on which nothing was erased: as it was before, however it is looked at.
UNTOUCHED = replace(
    WIPED, traces=BEFORE.traces, canaries=dict.fromkeys(CANARIES, CanaryState.PRESENT), asked_again=False
)
