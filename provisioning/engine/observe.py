"""Observes a tablet for a profile: the facts every observation holds and those the profile's resources ask for."""

from __future__ import annotations

from provisioning.facts.catalogue import ALL
from provisioning.facts.observation import Observation
from provisioning.facts.reading import Clock, read_facts, utc_now
from provisioning.profiles.profile import Profile
from provisioning.transports.base import Transport


def observe(transport: Transport, profile: Profile | None = None, *, now: Clock = utc_now) -> Observation:
    """Everything there is to know, in one round trip. Raises `TransportError` and changes nothing."""
    wanted = ALL if profile is None else (*ALL, *profile.facts)
    return read_facts(transport, wanted, now=now)


def observe_for(transport: Transport, profile: Profile, *, now: Clock = utc_now) -> Observation:
    """Only what the profile needs: quicker, for the readings before and after a change."""
    return read_facts(transport, profile.facts, now=now)
