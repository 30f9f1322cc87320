"""Reading off a tablet what decides which APKs it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provisioning.apps.choosing import TabletTraits
from provisioning.facts.display import DISPLAY
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.languages import SYSTEM_LANGUAGE
from provisioning.facts.observation import Observation
from provisioning.facts.storage import STORAGE

TRAITS: tuple[Fact[Any], ...] = (IDENTITY, DISPLAY, STORAGE, SYSTEM_LANGUAGE)


def traits_of(observed: Observation, *, languages: Sequence[str] = ()) -> TabletTraits:
    """The traits in an observation of `TRAITS`, with the tags of the `languages` of the person it is for.

    Only the identity must be there (else `FactUnreadable`): what else could not be read is left for the tablet to
    decide, but for the processor where there is a choice to make.
    """
    identity = observed.value(IDENTITY)
    display, storage = observed.readable(DISPLAY), observed.readable(STORAGE)
    own = observed.readable(SYSTEM_LANGUAGE)
    return TabletTraits(
        sdk=identity.sdk,
        abis=identity.abis,
        # Text made larger by a denser screen wants the sharper pictures, text made smaller not the coarser ones.
        density=max(display.density, display.density_in_use) if display else None,
        languages=tuple(dict.fromkeys((*(own.tags if own else ()), *languages))),
        free_bytes=storage.free_bytes if storage else None,
    )
