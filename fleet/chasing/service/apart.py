"""Keeping what goes wrong with one loan away from all others: it is logged by its number, counted, and passed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from fleet.jobs.rules import place_of
from fleet.logs import get_logger

log = get_logger(__name__)


@contextmanager
def apart(troubled: list[int], number: int, what: str = "loan") -> Iterator[None]:
    """Add `number` to `troubled` when the block raises, and go on behind it.

    A database that is gone is nobody's own trouble, and raises.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        log.warning("chasing_failed_for_one", **{what: number}, error=type(error).__name__, at=place_of(error))
        troubled.append(number)
