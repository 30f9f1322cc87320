"""What a worker is given to do. The worker itself knows no room: it starts before any of them is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.jobs.service import Handler
from fleet.settings import Settings


def _nothing(*_given: object) -> None:
    """What a worker does by the clock, and before any job, unless it is told."""


@dataclass(frozen=True)
class Given:
    """Who does which kind of job; what is asked for by the clock; and what comes before any job is done."""

    handlers: Mapping[str, Handler]
    by_the_clock: Callable[[Session, datetime], None] = _nothing
    before_all: Callable[[Database, Settings], None] = _nothing


Giver = Callable[[Settings], Given]
