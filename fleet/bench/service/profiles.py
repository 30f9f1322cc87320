"""The profiles a tablet can be made into here: those that ship and those in this installation's own folder."""

from __future__ import annotations

from fleet.errors import NotReady
from fleet.settings import Settings
from provisioning.errors import ProfileInvalid
from provisioning.profiles.library import Library, load_library
from provisioning.profiles.loader import ready_profiles
from provisioning.profiles.profile import Profile
from provisioning.profiles.resolve import resolve


def library(settings: Settings) -> Library:
    """Raises `ProfileInvalid`, naming the file and the place in it that cannot be used."""
    return load_library(settings.own_profiles)


def all_profiles(settings: Settings) -> tuple[Profile, ...]:
    """All of them, for a list. Raises `NotReady` where one of the installation's own files cannot be used."""
    try:
        return ready_profiles(library(settings))
    except ProfileInvalid as error:
        raise NotReady(
            f"The profiles cannot be listed: {error}", next_step=f"Mend the file in {settings.own_profiles}."
        ) from error


def profile_named(name: str, settings: Settings) -> Profile:
    """Raises `ProfileInvalid` for a name that none has, and for a file that cannot be used."""
    shelf = library(settings)
    return resolve(shelf.profile(name), library=shelf)
