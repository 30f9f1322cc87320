"""People who sign in, their sessions, one-time links and API tokens. Secrets are stored only as hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Dialect, ForeignKey, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId
from fleet.users.rules import Role


class RoleSet(TypeDecorator[frozenset[Role]]):
    """A set of roles, stored as words between commas."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Role] | None, dialect: Dialect) -> str:
        return ",".join(sorted(role.value for role in value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Role]:
        return frozenset(Role(word) for word in (value or "").split(",") if word)


class User(Base):
    """Somebody who signs in. `organisation_id` bounds what a referrer, partner lead, courier or donor sees."""

    __tablename__ = "user"

    id: Mapped[IntId]
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case."""
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    organisation_id: Mapped[int | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SignIn(Base):
    """One signed-in browser. Ended by signing out, by an admin, by age, or by a new password."""

    __tablename__ = "sign_in"

    id: Mapped[IntId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Base):
    """How often signing in went wrong since `since`: at one account from one address, or from all together.

    Both are keyed hashes (fleet/users/tries.py), so the table names nobody, and holds emails that belong to nobody too.
    """

    __tablename__ = "sign_in_failure"

    id: Mapped[IntId]
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    """Empty for all addresses together."""
    failures: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(index=True)
    last_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("account", "address"),)


class SignInLink(Base):
    """A one-time way in for a courier's phone: a link, or the six digits that stand for it."""

    __tablename__ = "sign_in_link"

    id: Mapped[IntId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """A program's way in: acts as its owner, within its scopes (permission values), until it expires or is ended."""

    __tablename__ = "api_token"

    id: Mapped[IntId]
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
