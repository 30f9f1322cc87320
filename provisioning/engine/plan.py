"""Plans: what is still to be done to one tablet, as data. Making one reads an observation and sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisioning.errors import FactUnreadable, NeedsPerson, Unsupported
from provisioning.facts.identity import IDENTITY, Unit
from provisioning.facts.observation import Observation
from provisioning.facts.plain import Plain, digest, from_plain, to_plain
from provisioning.profiles.profile import Profile
from provisioning.resources.resource import Resource
from provisioning.resources.step import Outcome, Step


@dataclass(frozen=True)
class Check:
    """How one resource stands: OK is true already; None has steps in the plan; the rest cannot be planned, and why."""

    resource: str
    sentence: str
    outcome: Outcome | None
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """`digest` is over what the resources looked at, so that anything else on the tablet may change meanwhile."""

    profile: str
    profile_version: int
    unit: Unit
    made_at: datetime
    digest: str
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]

    @property
    def reversible(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.irreversible)

    @property
    def irreversible(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.irreversible)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the secrets that must be given when the plan is applied."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.secrets))

    @property
    def apps(self) -> tuple[str, ...]:
        """Packages whose app files must be given when the plan is applied."""
        return tuple(dict.fromkeys(package for step in self.steps for package in step.apps))

    @property
    def satisfied(self) -> bool:
        """Nothing is left to do and nothing is in doubt. What this Android cannot do does not count against it."""
        return not self.steps and all(check.outcome in {Outcome.OK, Outcome.UNSUPPORTED} for check in self.checks)

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """The plan that `Plan.to_json` wrote; raises `pydantic.ValidationError` where it is none."""
    return from_plain(Plan, data)


def plan(profile: Profile, observation: Observation) -> Plan:
    """What is still to be done. Raises `FactUnreadable` only where the tablet does not say who it is."""
    unit = observation.value(IDENTITY).unit
    steps: list[Step] = []
    checks: list[Check] = []
    for resource in profile.resources:
        needed, check = examine(resource, observation)
        steps += needed
        checks.append(check)
    return Plan(
        profile=profile.name,
        profile_version=profile.version,
        unit=unit,
        made_at=observation.taken_at,
        digest=digest_used(profile, observation),
        steps=tuple(steps),
        checks=tuple(checks),
    )


def examine(resource: Resource[Any], observation: Observation) -> tuple[tuple[Step, ...], Check]:
    """The steps a resource still needs, and how it stands."""
    try:
        steps = resource.steps(observation)
    except FactUnreadable as error:
        return (), Check(resource.id, resource.sentence, Outcome.UNKNOWN, str(error))
    except Unsupported as error:
        return (), Check(resource.id, resource.sentence, Outcome.UNSUPPORTED, str(error))
    except NeedsPerson as error:
        return (), Check(resource.id, resource.sentence, Outcome.NEEDS_HUMAN, str(error))
    return steps, Check(resource.id, resource.sentence, None if steps else Outcome.OK)


def digest_used(profile: Profile, observation: Observation) -> str:
    """Digest of what the profile's resources looked at, and of nothing else."""
    states = {resource.id: _state(resource, observation) for resource in profile.resources}
    return digest({"profile": profile.name, "version": profile.version, "states": states})


def _state(resource: Resource[Any], observation: Observation) -> Any:
    try:
        return to_plain(resource.read(observation))
    except FactUnreadable as error:
        return {"unreadable": error.fact}
