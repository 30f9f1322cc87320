"""What a hub admin does with people who sign in: change, put aside, take back, and end their sign-ins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, there
from fleet.settings import Settings
from fleet.users import passwords, queries, tries
from fleet.users.actor import Actor
from fleet.users.models import User
from fleet.users.rules import Role, email_problem
from fleet.users.service import end_sign_ins, put_password, refuse_password


def get_user(session: Session, user_id: int) -> User:
    """Raises `NotFound`."""
    return _known(queries.user_by_id(session, user_id))


def change_user(session: Session, user_id: int, *, name: str, email: str, roles: Iterable[Role]) -> User:
    """Change who somebody is and what they may do, at once for every sign-in of theirs. Raises `BadInput`, `Conflict`.

    The last hub admin keeps the role: otherwise nobody could ever give it back.
    """
    user = _locked(session, user_id)
    wanted, email = frozenset(roles), email.strip().lower()
    fields = {
        "name": None if name.strip() else "Enter the person's name.",
        "email": email_problem(email),
        "roles": None if wanted and Role.SYSTEM not in wanted else "Choose at least one role.",
    }
    problems = {field: problem for field, problem in fields.items() if problem}
    if problems:
        raise BadInput("Nothing was changed.", fields=problems)
    other = queries.user_by_email(session, email)
    if other is not None and other.id != user_id:
        raise Conflict(f"Somebody else signs in as {email}.", next_step="Use another address, or edit that person.")
    if Role.HUB_ADMIN not in wanted:
        _refuse_for_last_admin(session, user)
    user.name, user.email, user.roles = name.strip(), email, wanted
    session.flush()
    return user


def put_aside(session: Session, user_id: int, *, actor: Actor, now: datetime) -> User:
    """End somebody's right to sign in: their sign-ins and API tokens end at once. Their name stays in what they did."""
    user = _locked(session, user_id)
    if actor.user_id == user_id:
        raise Conflict("Nothing was changed. You cannot put yourself aside.", next_step="Ask another hub admin.")
    _refuse_for_last_admin(session, user)
    user.active = False
    end_sign_ins(session, user_id, now=now)
    queries.end_tokens_of(session, user_id, now)
    session.flush()
    return user


def take_back(session: Session, user_id: int, *, settings: Settings) -> User:
    """Let somebody who was put aside sign in again, with the roles they had; a slow-down is over."""
    tries.forget(session, get_user(session, user_id).email, settings)
    user = _locked(session, user_id)
    user.active = True
    session.flush()
    return user


def give_password(session: Session, user_id: int, password: str, *, now: datetime, settings: Settings) -> User:
    """Set somebody's password for them; their sign-ins end, and a slow-down is over. Raises `BadInput`.

    The password is hashed before the first statement, so that nobody waits for the lock meanwhile.
    """
    password_hash = passwords.hashed(password)
    found = get_user(session, user_id)
    refuse_password(password, found.email)
    tries.forget(session, found.email, settings)
    user = _locked(session, user_id)
    put_password(session, user, password_hash, now=now)
    session.flush()
    return user


def _locked(session: Session, user_id: int) -> User:
    return _known(queries.user_locked(session, user_id))


def _known(found: User | None) -> User:
    return there(found, "There is no such person.", next_step="Look for them in the list of people who sign in.")


def _refuse_for_last_admin(session: Session, user: User) -> None:
    others = [each for each in queries.active_with_role(session, Role.HUB_ADMIN) if each.id != user.id]
    if user.active and Role.HUB_ADMIN in user.roles and not others:
        raise Conflict(
            f"Nothing was changed. {user.name} is the only hub admin.",
            next_step="Make somebody else a hub admin first.",
        )
