"""Counting what went wrong at signing in, and refusing for a while what went wrong too often.

Counts are kept under keyed hashes of what was typed, in a table of their own: an email address that belongs to nobody
is counted exactly as one that does. The numbers stand in rules.py, the reasons in docs/decisions/0011.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.errors import TooManyTries
from fleet.settings import Settings
from fleet.users import queries
from fleet.users.models import SignInFailure
from fleet.users.rules import FAILURES_COUNT_FOR, WRONG_CODES, account_pause_seconds, pause_seconds

_EVERYWHERE = ""


@dataclass(frozen=True)
class Counted:
    """The counts that one try of a password belongs to."""

    here: SignInFailure
    """Of this account from this address."""
    everywhere: SignInFailure
    """Of this account from all addresses together."""


def account_key(email: str, settings: Settings) -> str:
    """Under what an account's failures are counted, whether or not there is such an account."""
    return settings.keyed(f"account:{email.strip().lower()}")


def refuse_early(session: Session, email: str, address: str, *, now: datetime, settings: Settings) -> None:
    """Raises `TooManyTries` while signing in to this account waits. Looks without locking: to spare the slow hash."""
    account = account_key(email, settings)
    here = queries.failure(session, account, settings.keyed(address))
    everywhere = queries.failure(session, account, _EVERYWHERE)
    _refuse(here, everywhere, now, settings)


def counted(session: Session, email: str, address: str, *, now: datetime, settings: Settings) -> Counted:
    """The counts of this account, locked. Raises `TooManyTries` while signing in to it waits.

    Asked after the password was checked as well: of many tries at the same moment, no more get an answer than would
    one after the other.
    """
    queries.forget_failures(session, before=now - FAILURES_COUNT_FOR)
    account = account_key(email, settings)
    here = queries.failure_locked(session, account, settings.keyed(address), now)
    everywhere = queries.failure_locked(session, account, _EVERYWHERE, now)
    _refuse(here, everywhere, now, settings)
    return Counted(here, everywhere)


def count(counts: Counted, now: datetime) -> None:
    """One more try that went wrong."""
    for each in (counts.here, counts.everywhere):
        each.failures, each.last_at = each.failures + 1, now


def forgive(counts: Counted) -> None:
    """The right password ends the slow-down at this address; what strangers did elsewhere stays counted."""
    counts.here.failures = 0


def forget(session: Session, email: str, settings: Settings) -> None:
    """End every slow-down of an account: a hub admin has vouched for the person."""
    queries.forget_account(session, account_key(email, settings))


def wrong_codes(session: Session, *, now: datetime, settings: Settings) -> SignInFailure:
    """The count of wrong six-digit codes from all addresses together, locked. Raises `TooManyTries` at the cap."""
    lasts = timedelta(minutes=settings.courier_link_minutes)
    row = queries.failure_locked(session, settings.keyed("codes"), _EVERYWHERE, now)
    if now - row.since >= lasts:
        row.failures, row.since = 0, now
    if row.failures >= WRONG_CODES:
        left = math.ceil((row.since + lasts - now).total_seconds())
        raise TooManyTries(
            "Too many wrong codes were tried, from all phones and networks together. No code is taken for the next "
            f"{math.ceil(left / 60)} minutes.",
            retry_after_seconds=left,
            next_step="Open the link or scan the QR code instead: both still work. Your coordinator has them.",
        )
    return row


def count_code(codes: SignInFailure, now: datetime) -> None:
    """One more wrong code."""
    codes.failures, codes.last_at = codes.failures + 1, now


def _refuse(here: SignInFailure | None, everywhere: SignInFailure | None, now: datetime, settings: Settings) -> None:
    tries, first_pause = settings.sign_in_tries, settings.sign_in_pause_seconds
    left = max(
        _left(here, pause_seconds(_so_far(here, now), tries=tries, first_pause=first_pause), now),
        _left(everywhere, account_pause_seconds(_so_far(everywhere, now)), now),
    )
    if left > 0:
        raise TooManyTries(
            f"Too many tries for this address. Wait {left} seconds.",
            retry_after_seconds=left,
            next_step="If you have forgotten the password, ask a hub admin to set another.",
        )


def _so_far(row: SignInFailure | None, now: datetime) -> int:
    return row.failures if row is not None and now - row.since < FAILURES_COUNT_FOR else 0


def _left(row: SignInFailure | None, pause: int, now: datetime) -> int:
    """Whole seconds until a pause is over; 0 when it is."""
    since = (now - row.last_at).total_seconds() if row is not None else pause
    return max(0, math.ceil(pause - since))
