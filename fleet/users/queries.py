"""Every read of users, sign-ins, links and tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from fleet.users.models import ApiToken, SignIn, SignInLink, User
from fleet.users.rules import Role


def user_by_id(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def user_by_email(session: Session, email: str, *, lock: bool = False) -> User | None:
    query = select(User).where(User.email == email.strip().lower())
    return session.scalar(query.with_for_update() if lock else query)


def users(session: Session, *, role: Role | None = None, active_only: bool = False) -> list[User]:
    """All users by name; with `role`, those who have it."""
    query = select(User).order_by(func.lower(User.name), User.id)
    if active_only:
        query = query.where(User.active)
    found = session.scalars(query).all()
    return [user for user in found if role is None or role in user.roles]


def open_sign_in(session: Session, token_hash: str) -> tuple[SignIn, User] | None:
    row = session.execute(
        select(SignIn, User)
        .join(User, User.id == SignIn.user_id)
        .where(SignIn.token_hash == token_hash, SignIn.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def open_sign_ins_of(session: Session, user_id: int) -> list[SignIn]:
    query = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    return list(session.scalars(query.order_by(SignIn.last_seen_at.desc())))


def touch_sign_in(session: Session, sign_in_id: int, at: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=at))


def use_link(session: Session, *, at: datetime, token_hash: str = "", code_hash: str = "") -> SignInLink | None:
    """Use up the link that this token or code stands for, atomically; None when there is no unused, unexpired one."""
    wanted = SignInLink.token_hash == token_hash if token_hash else SignInLink.code_hash == code_hash
    query = (
        update(SignInLink)
        .where(wanted, SignInLink.used_at.is_(None), SignInLink.expires_at > at)
        .values(used_at=at)
        .returning(SignInLink)
    )
    return session.scalars(query).first()


def code_in_use(session: Session, code_hash: str, at: datetime) -> bool:
    query = select(SignInLink.id).where(
        SignInLink.code_hash == code_hash, SignInLink.used_at.is_(None), SignInLink.expires_at > at
    )
    return session.scalar(query.limit(1)) is not None


def open_token(session: Session, token_hash: str) -> tuple[ApiToken, User] | None:
    row = session.execute(
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.ended_at.is_(None))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    query = select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.made_at.desc())
    return list(session.scalars(query))
