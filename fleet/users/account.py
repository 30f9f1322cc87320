"""What people do with their own account: the password, their sign-ins, their API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound
from fleet.users import queries
from fleet.users.service import NewSignIn, begin_sign_in, fits_password, set_password


def change_own_password(
    session: Session, user_id: int, *, current: str, wanted: str, now: datetime, device: str = ""
) -> NewSignIn:
    """Change one's own password; every sign-in ends, and a fresh one begins for this browser. Raises `BadInput`."""
    user = queries.user_by_id(session, user_id)
    if user is None or not fits_password(user, current):
        raise BadInput("The password was not changed.", fields={"current": "This is not your password as it is."})
    set_password(session, user, wanted, now=now)
    return begin_sign_in(session, user, now=now, device=device)


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
