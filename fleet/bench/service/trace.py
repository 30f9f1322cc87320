"""What a tablet was set up with, and who asked for each setting: read from the plan of its last provision."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.rules import RunKind
from fleet.bench.service.profiles import library
from fleet.settings import Settings
from provisioning.engine.plan import plan_from_json
from provisioning.errors import ProfileInvalid
from provisioning.profiles.library import Library, load_library

_FIRST = ("need", "language", "wish", "gathering")
"""A person's own wants stand before what everybody gets."""


@dataclass(frozen=True)
class Asked:
    """What one profile, need, language or several of them together asked for: (what was set, why)."""

    by: str
    settings: tuple[tuple[str, str], ...]


def trace(session: Session, tablet_id: int, settings: Settings) -> tuple[Asked, ...]:
    """The settings of a tablet by who asked for them, a person's own first; empty for one that was never made ready."""
    run = queries.latest_passed_run(session, tablet_id, RunKind.PROVISION)
    if run is None or run.plan is None:
        return ()
    asked: defaultdict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for check in plan_from_json(run.plan).checks:
        asked[check.origins].append((check.sentence, check.reason))
    shelf = _shelf(settings)
    return tuple(
        Asked(", ".join(shelf.title(origin) for origin in origins), tuple(asked[origins]))
        for origins in sorted(asked, key=_place)
    )


def _shelf(settings: Settings) -> Library:
    """Where titles are looked up. A file that cannot be used is said where profiles are chosen, and shuts no loan."""
    try:
        return library(settings)
    except ProfileInvalid:
        return load_library()


def _place(origins: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    return not any(origin.partition(":")[0] in _FIRST for origin in origins), origins
