"""The database session of a request. A commit that fails is a 500, never a 200 that lies.

`scope="function"` makes FastAPI run the part after `yield` before the answer leaves (docs/decisions/0004).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from fleet.clock import Clock
from fleet.database.session import Database
from fleet.settings import Settings


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def get_clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


def get_database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def read_session(request: Request) -> Iterator[Session]:
    with get_database(request).read() as session:
        yield session


def write_session(request: Request) -> Iterator[Session]:
    """`begin_writing` is what somebody wants done first in the transaction (fleet/http/routes.py)."""
    begin = getattr(request.state, "begin_writing", None)
    with get_database(request).write() as session:
        session.info["nudge"] = request.app.state.nudge
        if begin is not None:
            begin(session)
        yield session


async def _settings(request: Request) -> Settings:
    return get_settings(request)


async def _clock(request: Request) -> Clock:
    return get_clock(request)


async def _database(request: Request) -> Database:
    return get_database(request)


ReadSession = Annotated[Session, Depends(read_session, scope="function")]
WriteSession = Annotated[Session, Depends(write_session, scope="function")]
# `async`, because FastAPI would ask a thread of its pool for what is at hand.
SettingsDep = Annotated[Settings, Depends(_settings)]
ClockDep = Annotated[Clock, Depends(_clock)]
DatabaseDep = Annotated[Database, Depends(_database)]
