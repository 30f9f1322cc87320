"""How a copy of a town's database is made, and put back in its place: of a file, or of a database of PostgreSQL's."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, Engine, text

from fleet.database.session import Database


def copy_of(database: Database, name: str) -> str:
    """The URL of a whole copy beside it, in place of any that has this name."""
    if not database.is_sqlite:
        return _created(database.engine, name, of=str(database.engine.url.database)).render_as_string(False)
    kept = _file(database).with_name(f"{name}.sqlite3")
    kept.unlink(missing_ok=True)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.execute(text("VACUUM INTO :kept"), {"kept": str(kept)})
        connection.exec_driver_sql("BEGIN")
    return f"sqlite:///{kept}"


def put_back(database: Database, name: str) -> None:
    """That copy takes the place of the database, whatever was in it."""
    if not database.is_sqlite:
        _created(database.engine, str(database.engine.url.database), of=name)
        return
    live = _file(database)
    database.engine.dispose()
    for part in live.parent.glob(f"{live.name}*"):
        part.unlink()
    shutil.copy(live.with_name(f"{name}.sqlite3"), live)


def _file(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _created(engine: Engine, name: str, *, of: str) -> URL:
    """PostgreSQL copies a database that nobody is connected to."""
    engine.dispose()
    server = engine.url.set(drivername="postgresql", database="postgres")
    with psycopg.connect(server.render_as_string(False), autocommit=True) as connection:
        for order in ("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE {of}"):
            connection.execute(sql.SQL(order).format(name=sql.Identifier(name), of=sql.Identifier(of)))
    return engine.url.set(database=name)
