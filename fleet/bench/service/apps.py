"""The app library: app files come in once they are read, verified and signed by whom they were signed by before."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

import provisioning.apps
from fleet.bench import queries
from fleet.bench.models import AppFile, SignerPin
from fleet.errors import BadInput, NotFound, NotReady
from fleet.settings import Settings
from fleet.users.actor import Actor
from provisioning.apps.app_file import AppFile as ReadApp
from provisioning.apps.reading import read_app
from provisioning.apps.trust import check_signer
from provisioning.errors import AppFileError

LARGEST_APP_BYTES = 600_000_000
"""The largest app file that is taken in; meeting apps are about a hundred megabytes."""

SHIPPED = Path(provisioning.apps.__file__).parent / "shipped"


def library_folder(settings: Settings) -> Path:
    return settings.data_dir / "apps"


def path_of(app: AppFile, settings: Settings) -> Path:
    """Where its bytes lie."""
    return library_folder(settings) / f"{app.sha256}.apk"


def import_app(session: Session, path: Path, *, actor: Actor, settings: Settings, now: datetime) -> AppFile:
    """Take an app file into the library; the same file twice is one. The file at `path` is left where it is.

    Raises `BadInput` with the reason when it is no app, its signature does not hold, or a stranger signed it.
    Reads and copies before its first look at the database, so that no transaction waits for that.
    """
    try:
        read = read_app(path)
        _keep(path, read, settings)
        known = queries.app_by_digest(session, read.sha256)
        if known is not None:
            return known
        _check_or_pin(session, read, now)
    except AppFileError as error:
        raise BadInput("Nothing was imported, and the library is as it was.", fields={"file": str(error)}) from error
    made = AppFile(
        package=read.package,
        version_code=read.version_code,
        version_name=read.version_name[:120],
        label=read.label[:200],
        sha256=read.sha256,
        signers=list(read.signers),
        min_sdk=read.min_sdk,
        abis=list(read.abis),
        size_bytes=read.size_bytes,
        imported_by=actor.name,
        imported_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _check_or_pin(session: Session, read: ReadApp, now: datetime) -> None:
    pin = queries.signer_pin(session, read.package)
    if pin is not None:
        check_signer(read, pin.signers)
        return
    session.add(SignerPin(package=read.package, signers=list(read.signers), pinned_at=now))
    session.flush()


def _keep(path: Path, read: ReadApp, settings: Settings) -> None:
    """Copy the file to its place by content: it appears there whole or not at all."""
    folder = library_folder(settings)
    target = folder / f"{read.sha256}.apk"
    if target.exists() and target.stat().st_size == read.size_bytes:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".coming-", delete=False) as out, path.open("rb") as source:
            draft = Path(out.name)
            try:
                shutil.copyfileobj(source, out, 1024 * 1024)
                out.flush()
                os.fsync(out.fileno())
                draft.replace(target)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise NotReady(
            f"Nothing was imported. The file could not be kept ({error.strerror}).",
            next_step="Make room in the data folder, then import it again.",
        ) from error


def shipped_apps() -> Sequence[Path]:
    """The app files that come with Doorstep."""
    return sorted(SHIPPED.glob("*.apk"))


def import_shipped(session: Session, *, actor: Actor, settings: Settings, now: datetime) -> Sequence[AppFile]:
    """Take in every app that comes with Doorstep. Raises `NotFound` where this copy came without them."""
    files = shipped_apps()
    if not files:
        raise NotFound("This copy of Doorstep came without its own apps.", next_step="Import them from a file.")
    return [import_app(session, path, actor=actor, settings=settings, now=now) for path in files]


def apps_for(
    session: Session, packages: Sequence[str], *, sdk: int, abis: Sequence[str], settings: Settings
) -> Mapping[str, Sequence[Path]]:
    """For each package the newest file that runs on this Android and processor and whose bytes are there."""
    chosen: dict[str, tuple[Path, ...]] = {}
    for app in queries.apps_of_packages(session, packages):
        fits = app.min_sdk <= sdk and (not app.abis or not abis or bool(set(app.abis) & set(abis)))
        if fits and app.package not in chosen and path_of(app, settings).is_file():
            chosen[app.package] = (path_of(app, settings),)
    return chosen
