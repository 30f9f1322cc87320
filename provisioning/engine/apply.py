"""Applies exactly one stored plan: reads again, refuses a tablet that changed, and reads back after every step."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from provisioning.engine.observe import observe_for
from provisioning.engine.plan import Plan, digest_used, examine
from provisioning.engine.refusals import hands_needed
from provisioning.engine.report import ApplyReport, Ended, StepReport
from provisioning.errors import (
    CommandTimedOut,
    InstallRefused,
    PlanError,
    ServiceRefused,
    StalePlan,
    TransferFailed,
    TransportError,
    WrongTablet,
)
from provisioning.facts.identity import IDENTITY, Identity
from provisioning.facts.observation import Observation
from provisioning.facts.reading import Clock, read_facts, utc_now
from provisioning.profiles.profile import Profile
from provisioning.profiles.quirk import Hands
from provisioning.resources.resource import Resource
from provisioning.resources.step import Action, InstallApp, Outcome, PushText, RunCommand, Step
from provisioning.transports.base import Transport

# Some changes take effect a moment after the command that asks for them has ended.
_SECONDS_TO_SETTLE = (0.0, 0.5, 1.0)
_SAID_LETTERS = 64_000


@dataclass(frozen=True)
class _Bench:
    """What applying needs besides the plan."""

    transport: Transport
    apps: Mapping[str, Sequence[Path]]
    secrets: Mapping[str, str]
    now: Clock
    pause: Callable[[float], None]
    hands: tuple[Hands, ...] = ()


@dataclass
class _Told:
    """What the tablet has said while a step was carried out, and whether it refused."""

    words: list[str] = field(default_factory=list)
    refused: bool = False


def apply(
    transport: Transport,
    plan: Plan,
    profile: Profile,
    *,
    apps: Mapping[str, Sequence[Path]],
    secrets: Mapping[str, str] | None = None,
    on_step: Callable[[StepReport], None] = lambda report: None,
    should_stop: Callable[[], bool] = lambda: False,
    now: Clock = utc_now,
    pause: Callable[[float], None] = time.sleep,
) -> ApplyReport:
    """Carry out the plan's steps in order, calling `on_step` as each one ends.

    Before anything is sent: `PlanError` for an app file or secret that is missing or a profile that is not the
    plan's, `WrongTablet` for another unit, `StalePlan` for a tablet that changed since planning.
    A link that is lost on the way ends the apply with outcome UNKNOWN for its step; it is not raised.
    """
    bench = _Bench(transport, apps, secrets or {}, now, pause)
    _refuse_unprepared(plan, profile, bench)
    tablet = refuse_stale(plan, profile, observe_for(transport, profile, now=now))
    resources = {resource.id: resource for resource in profile.on(tablet).resources}
    bench = replace(bench, hands=profile.hands_on(tablet))
    reports: list[StepReport] = []
    for number, step in enumerate(plan.steps):
        if should_stop():
            return ApplyReport(Ended.STOPPED, tuple(reports), "Stopped on request between two steps.")
        later = sum(other.resource == step.resource for other in plan.steps[number + 1 :])
        report, lost = _carry_out(number, step, resources[step.resource], later, bench)
        reports.append(report)
        on_step(report)
        if lost is not None:
            return ApplyReport(Ended.LINK_LOST, tuple(reports), str(lost))
    return ApplyReport(Ended.FINISHED, tuple(reports))


def refuse_stale(plan: Plan, profile: Profile, seen: Observation) -> Identity:
    """Which tablet was seen. Raises `StalePlan` for another profile or a tablet that changed, `WrongTablet`."""
    _refuse_other_profile(plan, profile)
    tablet = seen.value(IDENTITY)
    if tablet.unit != plan.unit:
        raise WrongTablet(
            f"Nothing was changed. The plan is for {plan.unit}, but {tablet.unit} is on the wire. Check the slot."
        )
    if digest_used(profile, seen) != plan.digest:
        raise StalePlan("Nothing was changed. The tablet has changed since the plan was made. Plan again.")
    return tablet


def _refuse_other_profile(plan: Plan, profile: Profile) -> None:
    made_for = (plan.profile, plan.profile_version, plan.needs, plan.wishes, plan.language)
    if made_for != (profile.name, profile.version, profile.needs, profile.wishes, profile.language):
        raise StalePlan(
            f"Nothing was changed. The plan is for {plan.profile} version {plan.profile_version}, "
            f"but the profile is {profile.name} version {profile.version}, or its needs are others. Plan again."
        )


def _refuse_unprepared(plan: Plan, profile: Profile, bench: _Bench) -> None:
    _refuse_other_profile(plan, profile)
    missing = [name for name in plan.apps if not _at_hand(bench.apps.get(name, ()))]
    if missing:
        raise PlanError(
            f"Nothing was changed. The app library has no file for {', '.join(missing)}. Add it, then retry."
        )
    unknown = [name for name in plan.secrets if name not in bench.secrets]
    if unknown:
        raise PlanError(f"Nothing was changed. Not given: {', '.join(unknown)}. Enter it, then apply again.")


def _at_hand(apks: Sequence[Path]) -> bool:
    return bool(apks) and all(apk.is_file() for apk in apks)


def _carry_out(
    number: int, step: Step, resource: Resource[Any], later: int, bench: _Bench
) -> tuple[StepReport, TransportError | None]:
    """One step with its read-back. The error is the one that cost us the link, if it did."""
    started = bench.now()
    told = _Told()
    lost: TransportError | None = None
    try:
        for action in step.actions:
            _perform(action, told, bench)
        outcome, why = _read_back(resource, later, told, bench)
        hands = hands_needed("\n".join(told.words), bench.hands) if outcome is Outcome.REFUSED else ""
        outcome = Outcome.NEEDS_HUMAN if hands else outcome
        told.words += [why, hands]
    except TransportError as error:
        outcome, lost = Outcome.UNKNOWN, error
        told.words.append(str(error))
    return StepReport(number, step, outcome, _said(told, bench.secrets), started, bench.now()), lost


def _perform(action: Action, told: _Told, bench: _Bench) -> None:
    """Do one action. The tablet's own refusals are noted; an answer that never came is left to the read-back."""
    try:
        match action:
            case RunCommand():
                answer = bench.transport.run(action.command(bench.secrets), timeout_seconds=action.timeout_seconds)
                told.words += [answer.stdout, answer.stderr]
                told.refused |= not answer.ok
            case InstallApp():
                bench.transport.install(bench.apps[action.package])
            case PushText():
                bench.transport.push(BytesIO(action.text.encode()), action.path)
    except (InstallRefused, TransferFailed, ServiceRefused, CommandTimedOut) as error:
        told.words += [str(error), error.code if isinstance(error, InstallRefused) else ""]
        told.refused = not isinstance(error, CommandTimedOut)


def _read_back(resource: Resource[Any], later: int, told: _Told, bench: _Bench) -> tuple[Outcome, str]:
    """What the tablet says of the resource afterwards; exit code 0 and silence count for nothing."""
    outcome, why = Outcome.UNKNOWN, ""
    for seconds in _SECONDS_TO_SETTLE if not told.refused else _SECONDS_TO_SETTLE[:1]:
        if seconds:
            bench.pause(seconds)
        steps, check = examine(resource, read_facts(bench.transport, resource.facts(), now=bench.now))
        outcome, why = check.outcome or (Outcome.OK if len(steps) <= later else Outcome.REFUSED), check.why
        if outcome is not Outcome.REFUSED:
            break
    return outcome, why


def _said(told: _Told, secrets: Mapping[str, str]) -> str:
    said = "\n".join(words.strip() for words in told.words if words.strip())
    for value in secrets.values():
        said = said.replace(value, "***") if value else said
    return said[:_SAID_LETTERS]
