"""The profiles that ship, each with the needs its file names already brought in."""

from __future__ import annotations

from functools import cache

from provisioning.profiles.library import Library, built_in_library
from provisioning.profiles.profile import Profile
from provisioning.profiles.resolve import resolve

BUILT_IN = tuple(built_in_library().profiles)


@cache
def built_in_profiles() -> tuple[Profile, ...]:
    return ready_profiles(built_in_library())


def built_in_profile(name: str) -> Profile:
    """A profile that ships with the product. Raises `ProfileInvalid` for a name that none has."""
    return resolve(built_in_library().profile(name))


def ready_profiles(library: Library) -> tuple[Profile, ...]:
    """All of a library's profiles, ready to be planned, in the order in which people are shown them."""
    return tuple(resolve(profile, library=library) for profile in library.profiles.values())
