"""App files for a worker elsewhere: the hub gives one to whoever knows the installation's secret key.

A worker of our own has that key already, with the database and the broker; so no token has to be made, kept or renewed
(docs/decisions/0014). The other end is `fleet.bench.fetching`.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from pathlib import Path

from fleet.bench.service.apps import path_of
from fleet.errors import NotAllowed, NotFound
from fleet.settings import Settings

SIGNATURE = "doorstep-signature"
"""The header in which a worker signs its request."""

_GOOD_FOR = timedelta(minutes=15)
"""How long a signature is good; as far may the clocks of the two computers differ."""


def sign(digest: str, *, settings: Settings, now: datetime) -> str:
    """The signature that lets its bearer have this one file for a quarter of an hour."""
    until = int((now + _GOOD_FOR).timestamp())
    return f"{until}.{_code(digest, until, settings)}"


def give_out(digest: str, signature: str, *, settings: Settings, now: datetime) -> Path:
    """Where the file with this SHA-256 lies, for whoever signed for it.

    Raises `NotAllowed` for a signature of nobody's or of another time, `NotFound` where there is no such file.
    """
    until, _, code = signature.partition(".")
    if not (until.isdecimal() and until.isascii() and len(until) < 16):
        raise _unsigned()
    if not hmac.compare_digest(code.encode(), _code(digest, int(until), settings).encode()):
        raise _unsigned()
    if now.timestamp() > int(until):
        raise NotAllowed(
            "The hub gave no app file: the request was signed for an earlier time.",
            next_step="Set the clocks of the hub's and the bench's computer.",
        )
    path = path_of(digest, settings)
    if not path.is_file():
        raise NotFound(
            "The hub has no such app file in its data folder.", next_step="Import the app again, under Apps."
        )
    return path


def _unsigned() -> NotAllowed:
    return NotAllowed(
        "The hub gave no app file: the request is not signed with its secret key.",
        next_step="Give both computers the same DOORSTEP_SECRET_KEY.",
    )


def _code(digest: str, until: int, settings: Settings) -> str:
    return settings.keyed(f"app file {digest} until {until}")
