"""Adding people, their sign-ins, one-time links and API tokens. How somebody gets in is in signing_in.py."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, NotAllowed, NotFound
from fleet.settings import Settings
from fleet.users import passwords, queries
from fleet.users.actor import Actor
from fleet.users.models import ApiToken, SignIn, SignInLink, User
from fleet.users.rules import MATRIX, Permission, Role, email_problem, may_exist_here, password_problem

_SEEN_EVERY = timedelta(minutes=1)


def actor_of(user: User, scopes: frozenset[Permission] | None = None) -> Actor:
    """This person as services take them; through an API token, with its `scopes` alone."""
    first = next((role for role in Role if role in user.roles), Role.SYSTEM)
    return Actor(user.id, user.name, user.roles, first, user.organisation_id, scopes)


def counts_here(user: User, settings: Settings) -> bool:
    """Whether somebody may act at all: active, and no demonstration account outside the demonstration."""
    return user.active and may_exist_here(user.email, demo=settings.demo)


def actor_by_id(session: Session, user_id: int, settings: Settings) -> Actor | None:
    """Somebody for whom a worker goes on with what they asked; None when they may not act any more."""
    user = find_user(session, user_id)
    return actor_of(user) if user is not None and counts_here(user, settings) else None


def hash_token(token: str) -> str:
    """How session, link and API tokens are stored: they are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class NewSignIn:
    """A sign-in that has just begun; `token` goes into the cookie and nowhere else."""

    token: str
    user: User


def add_user(
    session: Session,
    *,
    name: str,
    email: str,
    roles: Iterable[Role],
    password: str | None,
    now: datetime,
    organisation_id: int | None = None,
) -> User:
    """Add somebody who may sign in. `password` is None for couriers who only ever use links.

    The password is hashed before the first statement, so that nobody waits for the lock meanwhile. Raises `BadInput`
    with a sentence for each field that will not do, `Conflict` when the email is taken.
    """
    email = email.strip().lower()
    wanted = frozenset(roles)
    fields = {
        "name": None if name.strip() else "Enter the person's name.",
        "email": email_problem(email),
        "roles": None if wanted and Role.SYSTEM not in wanted else "Choose at least one role.",
        "password": password_problem(password, email) if password is not None else None,
    }
    problems = {field: problem for field, problem in fields.items() if problem}
    if problems:
        raise BadInput("This person was not added.", fields=problems)
    password_hash = passwords.hashed(password) if password is not None else None
    if queries.user_by_email(session, email):
        raise Conflict(f"Somebody already signs in as {email}.", next_step="Use another address, or edit that person.")
    user = User(
        name=name.strip(),
        email=email,
        roles=wanted,
        organisation_id=organisation_id,
        password_hash=password_hash,
        active=True,
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def make_courier_link(
    session: Session, *, user_id: int, actor: Actor, now: datetime, settings: Settings
) -> tuple[str, str]:
    """A one-time (token, six-digit code) for a courier's phone.

    Raises `NotFound`, or `NotAllowed` for somebody who is more than a courier.
    """
    user = queries.user_by_id(session, user_id)
    if user is None or not user.active:
        raise NotFound("There is no such person to sign in.")
    if user.roles != frozenset({Role.COURIER}):
        raise NotAllowed(
            f"{user.name} is more than a courier, so a link would open too much.",
            next_step="They sign in with their password.",
        )
    token, code = secrets.token_urlsafe(32), _free_code(session, now, settings)
    session.add(
        SignInLink(
            token_hash=hash_token(token),
            code_hash=code_hash(code, settings),
            user_id=user.id,
            made_by_id=actor.user_id,
            made_at=now,
            expires_at=now + timedelta(minutes=settings.courier_link_minutes),
        )
    )
    return token, code


def user_of_session(session: Session, token: str, *, now: datetime, settings: Settings) -> tuple[SignIn, User] | None:
    """The open sign-in behind a cookie, or None when it has ended or run out."""
    found = queries.open_sign_in(session, hash_token(token))
    if found is None:
        return None
    sign_in, user = found
    if not counts_here(user, settings) or now - sign_in.last_seen_at > timedelta(hours=settings.session_hours):
        return None
    return sign_in, user


def seen_again(sign_in: SignIn, now: datetime) -> bool:
    """Whether it is time to write down that this sign-in is still in use."""
    return now - sign_in.last_seen_at > _SEEN_EVERY


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End the sign-in behind a cookie; harmless when it has ended already."""
    found = queries.open_sign_in(session, hash_token(token))
    if found:
        found[0].ended_at = now


def end_sign_ins(session: Session, user_id: int, *, now: datetime) -> int:
    """End every open sign-in of a user; how many there were."""
    open_ones = queries.open_sign_ins_of(session, user_id)
    for sign_in in open_ones:
        sign_in.ended_at = now
    return len(open_ones)


def refuse_password(password: str, email: str) -> None:
    """Raises `BadInput` with the sentence that says why this password will not do."""
    problem = password_problem(password, email)
    if problem:
        raise BadInput("The password was not changed.", fields={"password": problem})


def put_password(session: Session, user: User, password_hash: str, *, now: datetime) -> None:
    """Change a password that was hashed beforehand, and end the person's sign-ins."""
    user.password_hash = password_hash
    end_sign_ins(session, user.id, now=now)


def make_token(
    session: Session,
    *,
    owner: User,
    name: str,
    scopes: Iterable[Permission],
    days: int,
    now: datetime,
    settings: Settings,
) -> str:
    """A new API token, shown once. Its scopes must be the owner's to give. Raises `BadInput`."""
    wanted = sorted(set(scopes))
    beyond = [scope.value for scope in wanted if not MATRIX[scope] & owner.roles]
    if not wanted or beyond or not 1 <= days <= settings.api_token_days or not name.strip():
        raise BadInput(
            "The token was not made.",
            fields={
                key: text
                for key, text in (
                    ("name", "" if name.strip() else "Say what will use this token."),
                    ("scopes", f"Not yours to give: {', '.join(beyond)}." if beyond else ""),
                    ("scopes_missing", "" if wanted else "Choose at least one thing it may do."),
                    ("days", "" if 1 <= days <= settings.api_token_days else f"1 to {settings.api_token_days} days."),
                )
                if text
            },
        )
    token = f"ds_{secrets.token_urlsafe(32)}"
    session.add(
        ApiToken(
            name=name.strip(),
            token_hash=hash_token(token),
            user_id=owner.id,
            scopes=[scope.value for scope in wanted],
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    session.flush()
    return token


def user_of_token(session: Session, token: str, *, now: datetime, settings: Settings) -> tuple[ApiToken, User] | None:
    """The owner of an API token that is neither ended nor expired, or None."""
    found = queries.open_token(session, hash_token(token))
    if found is None or found[0].expires_at <= now or not counts_here(found[1], settings):
        return None
    return found


def begin_sign_in(session: Session, user: User, *, now: datetime, device: str = "") -> NewSignIn:
    """Begin a sign-in for somebody whose right to it has been shown."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(token_hash=hash_token(token), user_id=user.id, started_at=now, last_seen_at=now, device=device[:200])
    )
    session.flush()
    return NewSignIn(token=token, user=user)


def _free_code(session: Session, now: datetime, settings: Settings) -> str:
    for _ in range(20):
        code = f"{secrets.randbelow(1_000_000):06d}"
        if not queries.code_in_use(session, code_hash(code, settings), now):
            return code
    raise Conflict("Too many sign-in codes are in use at once.", next_step="Try again in a few minutes.")


def code_hash(code: str, settings: Settings) -> str:
    """Six digits are guessable from a bare hash, so the installation's secret goes in."""
    return hashlib.sha256(f"{settings.secret_key.get_secret_value()}:{code}".encode()).hexdigest()


def find_user(session: Session, user_id: int | None) -> User | None:
    """Somebody by number, whether or not they may still sign in."""
    return queries.user_by_id(session, user_id) if user_id is not None else None


def members_of(session: Session, organisation_id: int | None) -> list[User]:
    """Active people who sign in for an organisation, or for none, by name."""
    return queries.users_placed(session, organisation_id)


def place_with(session: Session, user_id: int, *, organisation_id: int) -> User:
    """Bind somebody to an organisation: it bounds what a referrer, partner lead, courier or donor sees."""
    user = queries.user_by_id(session, user_id)
    if user is None:
        raise NotFound("There is no such person to place.")
    user.organisation_id = organisation_id
    return user


def take_from(session: Session, user_id: int, *, organisation_id: int) -> User:
    """Undo `place_with`. Raises `NotFound` for somebody who is not placed there."""
    user = queries.user_by_id(session, user_id)
    if user is None or user.organisation_id != organisation_id:
        raise NotFound("This person does not sign in for that organisation.", next_step="Reload the page.")
    user.organisation_id = None
    return user
