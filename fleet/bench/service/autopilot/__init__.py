"""The autopilot: a technician's standing decision for one bench, and one step further for a tablet in a slot of it.

Nothing irreversible happens without that decision: who switched it on has promised that SIM and memory card are out of
every tablet that is plugged in, and every act is done as that person and refused where they may not do it.
"""

from __future__ import annotations

from fleet.bench.service.autopilot.coming import Wanted, acting_for, next_in_slot, nothing_asks, wanted_profile
from fleet.bench.service.autopilot.going_on import go_on, write_refusal
from fleet.bench.service.autopilot.switch import WAKE_JOB, WATCH_JOB, keep_watching, switch_off, switch_on, wake

__all__ = [
    "WAKE_JOB",
    "WATCH_JOB",
    "Wanted",
    "acting_for",
    "go_on",
    "keep_watching",
    "next_in_slot",
    "nothing_asks",
    "switch_off",
    "switch_on",
    "wake",
    "wanted_profile",
    "write_refusal",
]
