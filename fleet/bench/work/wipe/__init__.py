"""A wipe, state by state: right tablet, no blockers, evidence kept, reset begun, somebody's hands, the proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fleet.bench.rules import RunState
from fleet.bench.work.record import Record
from fleet.bench.work.tablet_link import TabletLink
from fleet.bench.work.wipe.before import identity_check, pre_facts
from fleet.bench.work.wipe.proving import verifying
from fleet.bench.work.wipe.resetting import reset_sent
from fleet.bench.work.wipe.waiting import waiting_hands

ACTS: Mapping[RunState, Callable[[Record, TabletLink], None]] = {
    RunState.QUEUED: lambda record, _: record.become(RunState.IDENTITY_CHECK, "Looking at the tablet"),
    RunState.IDENTITY_CHECK: identity_check,
    RunState.PRE_FACTS: pre_facts,
    RunState.RESET_SENT: reset_sent,
    RunState.WAITING_HANDS: waiting_hands,
    RunState.VERIFYING: verifying,
}

__all__ = ["ACTS"]
