"""Every read of users, sign-ins, links and tokens."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.users.models import ApiToken, SignIn, SignInFailure, SignInLink, User
from fleet.users.rules import Role


def user_by_id(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def user_by_email(session: Session, email: str, *, lock: bool = False) -> User | None:
    query = select(User).where(User.email == email.strip().lower())
    return session.scalar(_locked(query) if lock else query)


def users(session: Session, *, role: Role | None = None, active_only: bool = False) -> list[User]:
    """All users by name; with `role`, those who have it."""
    query = select(User).order_by(func.lower(User.name), User.id)
    if active_only:
        query = query.where(User.active)
    found = session.scalars(query).all()
    return [user for user in found if role is None or role in user.roles]


def users_placed(session: Session, organisation_id: int | None) -> list[User]:
    """Active people who sign in for an organisation, or for none, by name."""
    wanted = User.organisation_id.is_(None) if organisation_id is None else User.organisation_id == organisation_id
    return list(session.scalars(select(User).where(wanted, User.active).order_by(func.lower(User.name), User.id)))


_OPEN_SIGN_IN = (
    select(SignIn, User)
    .join(User, User.id == SignIn.user_id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None))
)


def open_sign_in(session: Session, token_hash: str) -> tuple[SignIn, User] | None:
    row = session.execute(_OPEN_SIGN_IN, {"token_hash": token_hash}).one_or_none()
    return None if row is None else (row[0], row[1])


def open_sign_ins_of(session: Session, user_id: int) -> list[SignIn]:
    query = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    return list(session.scalars(query.order_by(SignIn.last_seen_at.desc())))


def touch_sign_in(session: Session, sign_in_id: int, at: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=at))


def failure(session: Session, account: str, address: str) -> SignInFailure | None:
    return session.scalar(_failure(account, address))


def failure_locked(session: Session, account: str, address: str, at: datetime) -> SignInFailure:
    """The count, locked; begun at zero when there is none."""
    query = _failure(account, address).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is not None:
        return found
    with suppress(IntegrityError), session.begin_nested():  # somebody else's try may begin it at the same moment
        session.add(SignInFailure(account=account, address=address, since=at, last_at=at))
    return session.scalars(query).one()


def _failure(account: str, address: str) -> Select[SignInFailure]:
    return select(SignInFailure).where(SignInFailure.account == account, SignInFailure.address == address)


def forget_failures(session: Session, *, before: datetime) -> None:
    """Delete counts that began before; those that somebody is counting in at this moment are left for the next time."""
    old = select(SignInFailure.id).where(SignInFailure.since <= before).with_for_update(skip_locked=True)
    session.execute(delete(SignInFailure).where(SignInFailure.id.in_(old)))


def forget_account(session: Session, account: str) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.account == account))


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


def user_locked(session: Session, user_id: int) -> User | None:
    return session.scalar(_locked(select(User).where(User.id == user_id)))


def _locked(query: Select[User]) -> Select[User]:
    return query.with_for_update().execution_options(populate_existing=True)


def active_with_role(session: Session, role: Role) -> list[User]:
    return users(session, role=role, active_only=True)


def find_users(session: Session, query: ListQuery) -> Found[User]:
    """Filters: `q` (part of name or email), `active` (no: those put aside as well)."""
    statement = select(User)
    if query.filter("active") != "all":
        statement = statement.where(User.active)
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        statement = statement.where(func.lower(User.name).like(pattern) | User.email.like(pattern))
    sorts = {"name": func.lower(User.name), "email": User.email}
    return find(session, statement, query, sorts=sorts, tie=User.id, default_sort="name")


def find_sign_ins(session: Session, query: ListQuery) -> Found[SignIn]:
    """Every sign-in, the latest first. Filter: `user` (a person's number)."""
    statement = select(SignIn)
    if (user_id := query.number("user")) is not None:
        statement = statement.where(SignIn.user_id == user_id)
    sorts = {"began": SignIn.started_at, "seen": SignIn.last_seen_at}
    return find(session, statement, query, sorts=sorts, tie=SignIn.id, default_sort="began", default_descending=True)


def names_of(session: Session, user_ids: Sequence[int]) -> dict[int, str]:
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all())


def sign_in_of(session: Session, sign_in_id: int, user_id: int) -> SignIn | None:
    return session.scalar(select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id))


def token_of(session: Session, token_id: int, user_id: int) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id))


def end_tokens_of(session: Session, user_id: int, at: datetime) -> None:
    session.execute(
        update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.ended_at.is_(None)).values(ended_at=at)
    )
