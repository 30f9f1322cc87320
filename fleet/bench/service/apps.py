"""The app library: app files come in once they are read, verified and signed by whom they were signed by before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

import provisioning.apps
from fleet.bench import queries
from fleet.bench.licences import ANSWERS, Licence, note_problem
from fleet.bench.models import AppFile, SignerPin
from fleet.errors import BadInput, NotFound, NotReady, there
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.whole_files import whole_file
from provisioning.apps.bundle_reading import read_release
from provisioning.apps.release import AppRelease, variants_to_json
from provisioning.apps.trust import check_signer
from provisioning.errors import AppFileError, SignedByStranger
from provisioning.facts.plain import to_plain

LARGEST_APP_BYTES = 600_000_000
"""The largest app file that is taken in; meeting apps are about a hundred megabytes."""

SHIPPED = Path(provisioning.apps.__file__).parent / "shipped"
SHIPPED_NOTE = "Comes with Doorstep, under Doorstep's own licence"

NOTHING_IMPORTED = "Nothing was imported, and the library is as it was."


def library_folder(settings: Settings) -> Path:
    return settings.data_dir / "apps"


def path_of(digest: str, settings: Settings) -> Path:
    """Where the bytes of the APK with this SHA-256 lie."""
    return library_folder(settings) / f"{digest}.apk"


def get_app(session: Session, app_id: int) -> AppFile:
    """Raises `NotFound`."""
    return there(
        queries.app(session, app_id), f"There is no app number {app_id}.", next_step="Look for it in the list of apps."
    )


def import_app(
    session: Session,
    path: Path,
    *,
    licence: Licence,
    note: str,
    actor: Actor,
    settings: Settings,
    now: datetime,
    signer_change: str = "",
) -> AppFile:
    """Take an app file into the library; the same file twice is one. The file at `path` is left where it is.

    `licence` and `note` say who may pass it on. `signer_change` is the reason why another signer than before is
    accepted, which takes `Permission.BENCH_TRUST`. Raises `BadInput` with the reason when it is no app, its signature
    does not hold, or a stranger signed it. Reads and copies before its first look at the database, so that no
    transaction waits for that.
    """
    _check_licence(licence, note)
    try:
        with _workplace(settings) as folder:
            read = read_release(path, folder)
            _keep(read, settings)
        known = queries.app_by_digest(session, read.sha256)
        if known is not None:
            return known
        _check_or_pin(session, read, actor=actor, now=now, signer_change=signer_change.strip())
    except AppFileError as error:
        field = "signer_change" if signer_change.strip() and isinstance(error, SignedByStranger) else "file"
        raise BadInput(NOTHING_IMPORTED, fields={field: str(error)}) from error
    made = _row(read, licence, note, actor, now)
    session.add(made)
    session.flush()
    return made


def record_licence(session: Session, app_id: int, *, licence: Licence, note: str, actor: Actor) -> AppFile:
    """Write down who may pass an app on. Raises `NotFound`, `BadInput`."""
    app = get_app(session, app_id)
    _check_licence(licence, note)
    app.licence, app.licence_note, app.licence_by = licence, note.strip(), actor.name
    session.flush()
    return app


def _check_licence(licence: Licence, note: str) -> None:
    problems = {}
    if licence not in ANSWERS:
        problems["licence"] = "Choose who may pass this app on."
    elif problem := note_problem(licence, note):
        problems["licence_note"] = problem
    if problems:
        raise BadInput(NOTHING_IMPORTED, fields=problems)


def _row(read: AppRelease, licence: Licence, note: str, actor: Actor, now: datetime) -> AppFile:
    parts = [part for variant in read.variants for part in variant.parts]
    return AppFile(
        package=read.package,
        version_code=read.base.version_code,
        version_name=read.base.version_name[:120],
        label=read.label[:200],
        sha256=read.sha256,
        signers=list(read.signers),
        min_sdk=read.min_sdk,
        target_sdk=read.base.target_sdk,
        abis=sorted({abi for part in parts for abi in part.abis}),
        size_bytes=read.size_bytes,
        container=read.container,
        variants=variants_to_json(read.variants),
        expansions=[to_plain(expansion) for expansion in read.expansions],
        licence=licence,
        licence_note=note.strip(),
        licence_by=actor.name,
        imported_by=actor.name,
        imported_at=now,
    )


def _check_or_pin(session: Session, read: AppRelease, *, actor: Actor, now: datetime, signer_change: str) -> None:
    pin = queries.signer_pin(session, read.package)
    if pin is None:
        session.add(SignerPin(package=read.package, signers=list(read.signers), pinned_at=now))
        session.flush()
        return
    try:
        check_signer(read, pin.signers)
    except SignedByStranger:
        if not signer_change:
            raise
        trusting = actor.acting(Permission.BENCH_TRUST)
        before = {"signers": pin.signers, "until": now.isoformat(), "by": trusting.name, "reason": signer_change}
        pin.history = [*pin.history, before]
        pin.signers, pin.pinned_at = list(read.signers), now
        session.flush()


@contextmanager
def _workplace(settings: Settings) -> Iterator[Path]:
    """An empty folder on the library's own disk. Raises `NotReady` where there is no room for one."""
    folder = library_folder(settings)
    with _told_of_the_disk():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".coming-") as place:
            yield Path(place)


@contextmanager
def _told_of_the_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotReady(
            f"Nothing was imported. The file could not be kept ({error.strerror}).",
            next_step="Make room in the data folder, then import it again.",
        ) from error


def _keep(read: AppRelease, settings: Settings) -> None:
    """Copy each APK to its place by content: it appears there whole or not at all."""
    for digest, source in read.apks.items():
        target = path_of(digest, settings)
        if target.exists() and target.stat().st_size == source.stat().st_size:
            continue
        with source.open("rb") as data, whole_file(target) as out:
            shutil.copyfileobj(data, out, 1024 * 1024)


def shipped_apps() -> Sequence[Path]:
    """The app files that come with Doorstep."""
    return sorted(SHIPPED.glob("*.apk"))


def import_shipped(session: Session, *, actor: Actor, settings: Settings, now: datetime) -> Sequence[AppFile]:
    """Take in every app that comes with Doorstep. Raises `NotFound` where this copy came without them."""
    files = shipped_apps()
    if not files:
        raise NotFound("This copy of Doorstep came without its own apps.", next_step="Import them from a file.")
    return [
        import_app(session, path, licence=Licence.OURS, note=SHIPPED_NOTE, actor=actor, settings=settings, now=now)
        for path in files
    ]
