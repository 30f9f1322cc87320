"""Which file of the library, and which of its APKs, one tablet gets for each app that its profile asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import AppFile
from fleet.bench.service.apps import path_of
from fleet.settings import Settings
from provisioning.apps.choosing import Choice, TabletTraits, choose
from provisioning.apps.release import variants_from_json
from provisioning.errors import AppUnsuited


@dataclass(frozen=True)
class ChosenApp:
    """`parts` are the APKs by their SHA-256, the base first; `doubts` are sentences about what may yet go wrong."""

    app_id: int
    parts: tuple[str, ...]
    size_bytes: int
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class AppChoice:
    """What was chosen for each package, and for each of the others a sentence why nothing was."""

    chosen: Mapping[str, ChosenApp]
    why_not: Mapping[str, str]


def choose_apps(session: Session, packages: Sequence[str], tablet: TabletTraits, *, settings: Settings) -> AppChoice:
    """For each package the newest version that this tablet can run, has room for, and whose bytes are to be had.

    They are here, or the hub has them: a worker that is told where that is fetches them before it needs them.
    """
    chosen: dict[str, ChosenApp] = {}
    why_not: dict[str, str] = {}
    for app in queries.apps_of_packages(session, packages):
        if app.package in chosen:
            continue
        try:
            choice = _choice(app, tablet)
        except AppUnsuited as error:
            why_not.setdefault(app.package, str(error))
            continue
        digests = tuple(part.sha256 for part in choice.parts)
        if not settings.hub_url and not all(path_of(digest, settings).is_file() for digest in digests):
            why_not.setdefault(
                app.package, f"The files of {app.label or app.package} are gone from the data folder. Import it again."
            )
            continue
        chosen[app.package] = ChosenApp(app.id, digests, choice.size_bytes, choice.doubts)
        if tablet.free_bytes is not None:
            tablet = replace(tablet, free_bytes=tablet.free_bytes - choice.size_bytes)
    for package in packages:
        if package not in chosen:
            why_not.setdefault(package, f"The app library has no file of {package}. Import it under Apps.")
    return AppChoice(chosen, {package: why for package, why in why_not.items() if package not in chosen})


def chosen_before(session: Session, run_id: int, *, settings: Settings) -> Mapping[str, Sequence[Path]]:
    """What a run's steps are to install, as it was chosen when the run was planned: package to files, base first."""
    return {
        package: tuple(path_of(digest, settings) for digest in parts)
        for package, parts in queries.parts_of_run(session, run_id)
    }


def _choice(app: AppFile, tablet: TabletTraits) -> Choice:
    name = f"{app.label or app.package} {app.version_name}".strip()
    return choose(name, variants_from_json(app.variants), tablet, target_sdk=app.target_sdk)
