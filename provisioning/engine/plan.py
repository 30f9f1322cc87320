"""Plans: what is still to be done to one tablet, as data. Making one reads an observation and sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from provisioning.engine.closing import closing_steps
from provisioning.errors import FactUnreadable, NeedsPerson, Unsupported
from provisioning.facts.identity import IDENTITY, Unit
from provisioning.facts.observation import Observation
from provisioning.facts.plain import Plain, digest, from_plain, to_plain
from provisioning.profiles.profile import Profile
from provisioning.resources.resource import Resource
from provisioning.resources.step import Outcome, Step


@dataclass(frozen=True)
class Check:
    """How one resource stands: OK is true already; None has steps in the plan; the rest cannot be planned, and why.

    Where a person is needed, `why` is what they have to do and `screen` the action of the settings screen for it.
    """

    resource: str
    sentence: str
    outcome: Outcome | None
    why: str = ""
    reason: str = ""
    origins: tuple[str, ...] = ()
    screen: str = ""


@dataclass(frozen=True)
class Plan:
    """`digest` is over what the resources looked at, so that anything else on the tablet may change meanwhile.

    `closing` are steps taken once everything was verified: the tablet cannot be read any more after them.
    """

    profile: str
    profile_version: int
    unit: Unit
    made_at: datetime
    digest: str
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    needs: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    language: str = ""
    decisions: tuple[str, ...] = ()
    closing: tuple[Step, ...] = ()

    @property
    def for_hands(self) -> tuple[Check, ...]:
        """What only a person at the tablet can do."""
        return tuple(check for check in self.checks if check.outcome is Outcome.NEEDS_HUMAN)

    @property
    def in_doubt(self) -> tuple[Check, ...]:
        """What could not be read, so that nobody knows whether it holds."""
        return tuple(check for check in self.checks if check.outcome is Outcome.UNKNOWN)

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
    identity = observation.value(IDENTITY)
    steps: list[Step] = []
    checks: list[Check] = []
    for resource in profile.on(identity).resources:
        needed, check = examine(resource, observation)
        steps += needed
        checks.append(check)
    return Plan(
        profile=profile.name,
        profile_version=profile.version,
        unit=identity.unit,
        made_at=observation.taken_at,
        digest=digest_used(profile, observation),
        steps=tuple(steps),
        checks=tuple(checks),
        needs=profile.needs,
        wishes=profile.wishes,
        language=profile.language,
        decisions=profile.decisions,
        closing=closing_steps(profile),
    )


def examine(resource: Resource[Any], observation: Observation) -> tuple[tuple[Step, ...], Check]:
    """The steps a resource still needs, and how it stands."""
    try:
        steps = resource.steps(observation)
    except FactUnreadable as error:
        return (), _check(resource, Outcome.UNKNOWN, str(error))
    except Unsupported as error:
        return (), _check(resource, Outcome.UNSUPPORTED, str(error))
    except NeedsPerson as error:
        return (), _check(resource, Outcome.NEEDS_HUMAN, str(error), error.screen)
    return steps, _check(resource, None if steps else Outcome.OK)


def _check(resource: Resource[Any], outcome: Outcome | None, why: str = "", screen: str = "") -> Check:
    return Check(resource.id, resource.sentence, outcome, why, resource.reason, resource.origins, screen)


def digest_used(profile: Profile, observation: Observation) -> str:
    """Digest of what the profile's resources ask for and looked at, and of nothing else."""
    resources = profile.on(observation.value(IDENTITY)).resources
    states = {resource.id: _state(resource, observation) for resource in resources}
    return digest({"profile": profile.name, "version": profile.version, "recipe": profile.recipe, "states": states})


def _state(resource: Resource[Any], observation: Observation) -> Any:
    try:
        return to_plain(resource.read(observation))
    except FactUnreadable as error:
        return {"unreadable": error.fact}
