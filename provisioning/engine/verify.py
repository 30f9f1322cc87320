"""Verifies a tablet by planning again: it passes only when nothing is left to do and nothing is in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioning.engine.observe import observe_for
from provisioning.engine.plan import Plan, plan
from provisioning.facts.plain import Plain, from_plain, to_plain
from provisioning.facts.reading import Clock, utc_now
from provisioning.profiles.profile import Profile
from provisioning.transports.base import Transport


@dataclass(frozen=True)
class Verification:
    """`plan` is the plan that would still be needed; its checks are the list of what was looked at."""

    passed: bool
    plan: Plan

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def verify(transport: Transport, profile: Profile, *, now: Clock = utc_now) -> Verification:
    """Read the tablet and compare. Sends reads only; raises `TransportError` and `FactUnreadable` as `plan` does."""
    left = plan(profile, observe_for(transport, profile, now=now))
    return Verification(left.satisfied, left)


def verification_from_json(data: Mapping[str, Any]) -> Verification:
    return from_plain(Verification, data)
