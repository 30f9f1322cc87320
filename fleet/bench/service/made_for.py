"""What a tablet is made for: the needs, language and gatherings of the loan it waits for, asked of whoever knows loans.

The bench is told what to do and never for whom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from fleet.bench.service.profiles import library
from fleet.gatherings import service as gatherings
from fleet.gatherings.models import Gathering as Entry
from fleet.gatherings.rules import PICTURES, USUAL_PICTURE
from fleet.gatherings.words import time_words
from fleet.settings import Settings
from provisioning.profiles.profile import Profile
from provisioning.profiles.resolve import resolve
from provisioning.profiles.tiles import Gathering, fitting, with_gatherings


@dataclass(frozen=True)
class MadeFor:
    """`needs` are names of access layers, `language` a code of theirs; gatherings stand in the order of their tiles."""

    needs: tuple[str, ...] = ()
    language: str = ""
    gathering_ids: tuple[int, ...] = ()


Asks = Callable[[Session, int], MadeFor]
"""For whom a tablet, by its number, is to be made."""


def nobody_asks(_session: Session, _tablet_id: int) -> MadeFor:
    return MadeFor()


def written_down(session: Session, made_for: MadeFor, profile: str, settings: Settings) -> dict[str, Any]:
    """What a run keeps: a gathering that is edited while it runs changes nothing under its hands.

    Only the gatherings that get a tile are kept. Raises `ProfileInvalid`.
    """
    entries = gatherings.in_order(session, made_for.gathering_ids)
    kept: dict[str, Any] = {"needs": list(made_for.needs), "language": made_for.language, "gatherings": []}
    count = fitting(profile_for(profile, kept, settings), [_of(entry) for entry in entries])
    kept["gatherings"] = [{"id": each.id, "revision": each.revision, **asdict(_of(each))} for each in entries[:count]]
    return kept


def profile_for(name: str, kept: Mapping[str, Any] | None, settings: Settings) -> Profile:
    """The profile with what a run wrote down about whom it is for. Raises `ProfileInvalid`."""
    shelf, kept = library(settings), kept or {}
    needed: Sequence[str] = kept.get("needs", ())
    profile = resolve(shelf.profile(name), needed, language=kept.get("language", ""), library=shelf)
    tiles = [Gathering(**{key: value for key, value in each.items() if key not in _OURS}) for each in _kept(kept)]
    return with_gatherings(profile, tiles)


def carried(kept: Mapping[str, Any] | None) -> tuple[tuple[int, int], ...]:
    """The gatherings that a run put on its tablet, as (number, revision)."""
    return tuple((each["id"], each["revision"]) for each in _kept(kept or {}))


_OURS = frozenset({"id", "revision"})


def _kept(kept: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = kept.get("gatherings", ())
    return found


def _of(entry: Entry) -> Gathering:
    return Gathering(
        title=entry.title,
        picture=PICTURES.get(entry.theme, USUAL_PICTURE),
        weekday=entry.weekday + 1,
        at=time_words(entry.starts_at),
        platform=entry.platform.value,
        link=entry.link,
    )
