"""What people do with their own account: the password, their sign-ins, their API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.errors import BadInput, NotFound
from fleet.settings import Settings
from fleet.users import passwords, queries, tries
from fleet.users.admin import get_user
from fleet.users.service import NewSignIn, begin_sign_in, put_password, refuse_password


def change_own_password(
    database: Database,
    user_id: int,
    *,
    current: str,
    wanted: str,
    address: str,
    now: datetime,
    settings: Settings,
    device: str = "",
) -> NewSignIn:
    """Change one's own password; every sign-in ends, and a fresh one begins for this browser. Raises `BadInput`.

    A wrong current password counts as a failed sign-in, and raises `TooManyTries` after as many. Both passwords are
    hashed between two transactions, as in signing_in.py.
    """
    with database.read() as session:
        user = get_user(session, user_id)
        email, stored = user.email, user.password_hash
        tries.refuse_early(session, email, address, now=now, settings=settings)
    good = passwords.fits(stored, current)
    if good:
        refuse_password(wanted, email)
    password_hash = passwords.hashed(wanted) if good else ""
    with database.write() as session:
        counted = tries.counted(session, email, address, now=now, settings=settings)
        locked = queries.user_locked(session, user_id)
        if good and locked is not None and locked.password_hash == stored:
            tries.forgive(counted)
            put_password(session, locked, password_hash, now=now)
            return begin_sign_in(session, locked, now=now, device=device)
        tries.count(counted, now)
    raise BadInput("The password was not changed.", fields={"current": "This is not your password as it is."})


def end_own_sign_in(session: Session, user_id: int, sign_in_id: int, *, now: datetime) -> None:
    """End one of one's own sign-ins. Raises `NotFound` for somebody else's."""
    found = queries.sign_in_of(session, sign_in_id, user_id)
    if found is None:
        raise NotFound("There is no such sign-in of yours.", next_step="Reload the page to see how it stands.")
    found.ended_at = found.ended_at or now


def end_own_token(session: Session, user_id: int, token_id: int, *, now: datetime) -> None:
    """End one of one's own API tokens. Raises `NotFound` for somebody else's."""
    found = queries.token_of(session, token_id, user_id)
    if found is None:
        raise NotFound("There is no such token of yours.", next_step="Reload the page to see how it stands.")
    found.ended_at = found.ended_at or now
