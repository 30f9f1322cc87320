"""How a tablet stands while its reset is waited for, from a few cheap readings beside the evidence kept before it."""

from __future__ import annotations

from enum import StrEnum

from fleet.bench.models import Run
from provisioning.facts.files import file_on_tablet
from provisioning.facts.identity import ANDROID_ID
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.reading import read_facts
from provisioning.facts.settings import SETTINGS_GLOBAL
from provisioning.transports.base import Transport
from provisioning.wipe.evidence import BeforeWipe, before_wipe_from_json, is_test_harness


class Standing(StrEnum):
    """ERASED_FOR_A_TEST is test harness mode's doing: nobody may be given the tablet like that."""

    UNTOUCHED = "untouched"
    RESTARTED = "restarted"
    ERASED_FOR_A_TEST = "erased_for_a_test"
    CHANGED = "changed"


def stands(transport: Transport, before: BeforeWipe) -> Standing:
    """Raises `FactUnreadable` while Android is still starting."""
    files = tuple(file_on_tablet(path) for path in before.canaries)
    seen = read_facts(transport, (ANDROID_ID, SETTINGS_GLOBAL, PROPERTIES, *files))
    other_id = seen.value(ANDROID_ID).value != before.traces.android_id
    if other_id or any(seen.value(file).sha256 is None for file in files):
        return Standing.ERASED_FOR_A_TEST if is_test_harness(seen) else Standing.CHANGED
    earlier = before.traces.boot_count
    boots = seen.value(SETTINGS_GLOBAL).get("boot_count")
    return Standing.UNTOUCHED if boots == (None if earlier is None else str(earlier)) else Standing.RESTARTED


def kept_evidence(run: Run) -> BeforeWipe:
    assert run.before is not None, "a run is in this state only with its evidence"
    return before_wipe_from_json(run.before)
