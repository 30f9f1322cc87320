"""What a provision leaves for a person at the tablet: said once with its screen open, and looked for again after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from fleet.bench import queries
from fleet.bench.rules import StepOutcome
from fleet.bench.work.keys import step_keys
from fleet.bench.work.record import Record
from fleet.jobs.service import TryAgain
from provisioning.engine.apply import apply
from provisioning.engine.screens import open_screen
from provisioning.engine.verify import Verification, verify
from provisioning.errors import StalePlan
from provisioning.profiles.profile import Profile
from provisioning.transports.base import Transport

_WAITING = "The tablet needs somebody's hands"


def for_hands(record: Record, verification: Verification) -> tuple[str, ...]:
    """What a person has to do, in order, where that is all that is left; empty where anything else is left as well."""
    left = verification.plan
    if left.in_doubt:
        return ()
    with record.context.database.read() as session:
        rows = {row.key: row for row in queries.steps(session, record.run_id)}
    words = [check.why for check in left.for_hands]
    for key in step_keys(left):
        row = rows.get(key)
        if row is None or row.outcome is not StepOutcome.NEEDS_HUMAN:
            return ()
        words.append(row.said.strip().splitlines()[-1] if row.said.strip() else row.sentence)
    return tuple(dict.fromkeys(words))


def wait_for_hands(record: Record, transport: Transport, verification: Verification, words: Sequence[str]) -> TryAgain:
    """Say what to do, and open the first screen for it, once: opened again it would be under somebody's finger."""
    if not record.read().hands:
        screens = [check.screen for check in verification.plan.for_hands if check.screen]
        open_screen(transport, next(iter(screens), ""))
    return record.wait(_WAITING, hands=words[0], guide=words[1:])


def again_after_hands(
    record: Record,
    transport: Transport,
    profile: Profile,
    verification: Verification,
    apps: Mapping[str, Sequence[Path]],
) -> Verification:
    """Take the steps that were refused until somebody saw to it, and read again."""
    keys = step_keys(verification.plan)
    # A tablet that somebody is still working on may change in between; the next look plans afresh.
    with suppress(StalePlan):
        apply(
            transport,
            verification.plan,
            profile,
            apps=apps,
            on_step=lambda ended: record.end_step(keys[ended.number], StepOutcome(ended.outcome.value), ended.said),
            should_stop=lambda: record.context.lease_lost.is_set() or record.read().cancelled_by is not None,
            now=record.now,
        )
    return verify(transport, profile, now=record.now)
