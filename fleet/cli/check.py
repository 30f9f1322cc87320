"""`doorstep check`: what is wrong with this installation, in plain words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy.exc import SQLAlchemyError

from fleet.chasing.service import half_set, sending_state
from fleet.chasing.words import WHY_OFF_WORDS
from fleet.cli.console import JsonOption, out, print_json, speaks_plainly
from fleet.database.apart import EQUALITY, LENDING, is_kept_apart
from fleet.database.engine import is_unmade
from fleet.database.migrate import current_revision, head_revision
from fleet.database.session import Database, open_database
from fleet.jobs import queries as job_queries
from fleet.jobs.broker import broker_trouble
from fleet.partners.models import OrganisationKind
from fleet.partners.service import organisations_of_kind
from fleet.settings import DEFAULT_SECRET, Settings
from fleet.tags.words import finder_words
from fleet.users import queries as user_queries
from fleet.users.rules import Role
from labels.errors import LabelError
from labels.qr import check_public_base


@dataclass(frozen=True)
class Finding:
    """Something wrong, and what to do about it. Serious findings keep `serve` from starting."""

    what: str
    next_step: str
    serious: bool = True


@speaks_plainly
def check(as_json: JsonOption = False) -> None:
    """Say what is wrong with this installation and what to do; exit code 1 when something is.

    Example: `doorstep check`
    """
    found = findings(Settings())
    if as_json:
        print_json([{"what": each.what, "next_step": each.next_step, "serious": each.serious} for each in found])
    else:
        for each in found:
            out.print(f"[bold]{'!' if each.serious else '-'}[/] {each.what}\n  {each.next_step}", soft_wrap=True)
        out.print(
            "Nothing is wrong." if not found else f"{len(found)} {'thing' if len(found) == 1 else 'things'} to look at."
        )
    if found:
        raise typer.Exit(1)


def findings(settings: Settings) -> list[Finding]:
    """Everything that can be seen to be wrong from here."""
    return [*settings_findings(settings), *_folder(settings), *_broker(settings), *_database(settings)]


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the settings alone."""
    secret = settings.secret_key.get_secret_value()
    if not settings.demo and (secret == DEFAULT_SECRET or len(secret) < 32):
        yield Finding(
            "The secret key is the default one or shorter than 32 characters.",
            "Set DOORSTEP_SECRET_KEY to a long random text, for example from `openssl rand -hex 32`.",
        )
    try:
        check_public_base(settings.public_url)
    except LabelError as error:
        yield Finding(str(error), "Set DOORSTEP_PUBLIC_URL to a shorter address before any label is printed.")
    if not settings.demo and not settings.public_url.startswith("https://"):
        yield Finding(
            "The public address is not https: phones will give neither camera nor offline pages.",
            "Put a proxy with a certificate in front, and set DOORSTEP_PUBLIC_URL to its address.",
        )
    yield from _ways_out(settings)
    known = {words.language for words in finder_words()}
    for language in settings.finder_languages_wanted:
        if language not in known:
            yield Finding(
                f"The page behind a label has no words in {language}.",
                f"In DOORSTEP_FINDER_LANGUAGES write only: {', '.join(sorted(known))}.",
                serious=False,
            )


def _ways_out(settings: Settings) -> Iterator[Finding]:
    for each in half_set(settings):
        silent = " and ".join(f"{channel}s" for channel in each.channels)
        yield Finding(f"{each.what} No {silent} leave by it.", each.next_step, serious=False)


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not _can_be_written(folder):
        yield Finding(f"The data folder {folder} cannot be written.", "Set DOORSTEP_DATA_DIR, or change its owner.")
    if not settings.demo and not _can_be_written(settings.witness):
        yield Finding(
            f"{settings.witness} cannot be written: nobody would notice if an old copy of the whole data folder came "
            "back.",
            "Set DOORSTEP_WITNESS_DIR to a folder that can be written and that no backup of the data folder reaches.",
            serious=False,
        )


def _can_be_written(folder: Path) -> bool:
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _broker(settings: Settings) -> Iterator[Finding]:
    if not settings.broker_url:
        return
    if trouble := broker_trouble(settings):
        yield Finding(trouble, "Start it or mend DOORSTEP_BROKER_URL. No work is lost meanwhile; it waits.")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        if is_unmade(settings.database):
            yield Finding("The database is not up to date.", "Run `doorstep db upgrade`.")
            return
        database = open_database(settings.database)
        try:
            yield from _revision(settings, database)
        finally:
            database.close()
    except SQLAlchemyError as error:
        yield Finding(f"The database does not answer ({type(error).__name__}).", "Mend DOORSTEP_DATABASE_URL.")


def _revision(settings: Settings, database: Database) -> Iterator[Finding]:
    if current_revision(database.engine) != head_revision():
        yield Finding("The database is not up to date.", "Run `doorstep db upgrade`.")
    else:
        yield from _apart(database)
        yield from _sending(settings, database)
        yield from _contents(settings, database)


def _apart(database: Database) -> Iterator[Finding]:
    if not database.is_sqlite and not is_kept_apart(database.engine):
        yield Finding(
            "The database lets every query read the answers about equality.",
            f"Let its user make roles, or make {LENDING} and {EQUALITY} and grant them to it; then run "
            "`doorstep db upgrade`.",
            serious=False,
        )


def _sending(settings: Settings, database: Database) -> Iterator[Finding]:
    with database.read() as session:
        why_off = sending_state(session, settings).why_off
    if why_off is not None:
        yield Finding(
            f"Nothing leaves from this database. {WHY_OFF_WORDS[why_off]}",
            "A coordinator answers at /chasing/restored whether it is the one that counts.",
            serious=False,
        )


def _contents(settings: Settings, database: Database) -> Iterator[Finding]:
    with database.read() as session:
        if not user_queries.users(session, role=Role.HUB_ADMIN, active_only=True):
            yield Finding("Nobody is hub admin yet.", "Run `doorstep user add --role hub_admin`.")
        for hub in organisations_of_kind(session, OrganisationKind.HUB):
            if hub.help_phone:
                continue
            yield Finding(
                f"{hub.name} has no phone number, and labels and finder pages need one.",
                "A hub admin can enter it on the hub's page.",
                serious=False,
            )
        for job in job_queries.failed_jobs(session, limit=5):
            yield Finding(
                f"Job {job.id} ({job.kind}) was given up after {job.attempts} tries.",
                "Look at the log of that time; the work it stood for can be started again from its page.",
                serious=False,
            )
