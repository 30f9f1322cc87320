"""The one migration history, for SQLite and PostgreSQL alike: up, down, and what the models lack of it."""

from __future__ import annotations

import warnings
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, MetaData, inspect

from fleet.database.apart import keep_apart
from fleet.errors import BadInput

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; safe to call on one that is there already."""
    command.upgrade(_config(engine), revision)
    keep_apart(engine)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to `revision` ("base" for nothing at all). Loses what the later tables held.

    Raises `BadInput` for a revision there never was.
    """
    try:
        command.downgrade(_config(engine), revision)
    except CommandError as error:
        raise BadInput(f"Nothing was changed. There is no revision '{revision}' to go back to.") from error


def new_revision(engine: Engine, metadata: MetaData, message: str) -> None:
    """Write a migration for what `metadata` has and the database has not (for developers)."""
    command.revision(_config(engine, metadata), message=message, autogenerate=True)


def current_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """What would have to change in the database for it to be `metadata`; empty when they agree."""
    with engine.connect() as connection, warnings.catch_warnings():
        # SQLite cannot tell what an index on an expression is on, so those are not compared.
        for said in ("Skipped unsupported reflection of", "autogenerate skipping metadata-specified"):
            warnings.filterwarnings("ignore", f"{said} expression-based index")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _config(engine: Engine, metadata: MetaData | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    config.attributes["engine"] = engine
    config.attributes["metadata"] = metadata
    return config
