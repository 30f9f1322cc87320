"""Getting in: with a password, or with a courier's link or six digits.

These take the database and not a session: a password is checked between two transactions, because the check is slow
and SQLite has one writer; and a try that fails is written down although it is refused.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.errors import NotSignedIn
from fleet.settings import Settings
from fleet.users import passwords, queries, tries
from fleet.users.models import SignInLink
from fleet.users.service import NewSignIn, begin_sign_in, code_hash, counts_here, hash_token


def sign_in_with_password(
    database: Database,
    *,
    email: str,
    password: str,
    address: str,
    now: datetime,
    settings: Settings,
    device: str = "",
) -> NewSignIn | None:
    """Begin a sign-in, or None when email and password do not belong together (the failure is counted).

    `address` is where the browser is. Raises `TooManyTries` while sign-in is slowed down for this account there, or
    everywhere. An email that belongs to nobody meets the same refusals after the same time.
    """
    with database.read() as session:
        tries.refuse_early(session, email, address, now=now, settings=settings)
        user = queries.user_by_email(session, email)
        stored = user.password_hash if user is not None else None
    good = passwords.fits(stored, password)
    renewed = passwords.hashed(password) if good and stored and passwords.is_outdated(stored) else stored
    with database.write() as session:
        counted = tries.counted(session, email, address, now=now, settings=settings)
        user = queries.user_by_email(session, email, lock=True)
        # A password that was changed since it was read is not the password any more.
        if not good or user is None or user.password_hash != stored or not counts_here(user, settings):
            tries.count(counted, now)
            return None
        tries.forgive(counted)
        user.password_hash = renewed
        return begin_sign_in(session, user, now=now, device=device)


def sign_in_with_link(
    database: Database, *, now: datetime, settings: Settings, token: str = "", code: str = "", device: str = ""
) -> NewSignIn:
    """Use up a one-time link or code. Raises `NotSignedIn` when it is used, expired or was never made.

    Raises `TooManyTries` for a code while too many wrong ones were tried; a link cannot be guessed and goes on working.
    """
    with database.write() as session:
        link = (
            queries.use_link(session, at=now, token_hash=hash_token(token))
            if token
            else _use_code(session, code.strip().replace(" ", ""), now=now, settings=settings)
        )
        user = queries.user_by_id(session, link.user_id) if link else None
        if user is not None and counts_here(user, settings):
            return begin_sign_in(session, user, now=now, device=device)
    raise NotSignedIn(
        "This link or code has been used, has run out, or was never made.",
        next_step="Ask your coordinator for a fresh one; it works for "
        f"{settings.courier_link_minutes} minutes and once.",
    )


def _use_code(session: Session, code: str, *, now: datetime, settings: Settings) -> SignInLink | None:
    codes = tries.wrong_codes(session, now=now, settings=settings)
    link = queries.use_link(session, at=now, code_hash=code_hash(code, settings))
    if link is None:
        tries.count_code(codes, now)
    return link
