"""The people of a demonstration: one sign-in per role, which work only in demo mode, and their API tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.partners.service import ensure_hub
from fleet.settings import Settings
from fleet.users import queries, service
from fleet.users.models import User
from fleet.users.rules import DEMO_DOMAIN, MATRIX, SIGN_IN_ROLES, Permission, Role

DEMO_PASSWORD = "three-demo-words-only"  # noqa: S105 - works only in demo mode, see `users.rules.DEMO_DOMAIN`


@dataclass(frozen=True)
class DemoPerson:
    role: Role
    user_id: int
    email: str
    token: str


def make_people(database: Database, *, settings: Settings, now: datetime) -> dict[Role, DemoPerson]:
    """Everybody, found or made, each with a fresh token: old ones are kept as hashes and cannot be read."""
    with database.write() as session:
        hub = ensure_hub(session, settings=settings, now=now)
        return {role: _person(session, role, hub.id, settings, now) for role in SIGN_IN_ROLES}


def _person(session: Session, role: Role, organisation_id: int, settings: Settings, now: datetime) -> DemoPerson:
    email = f"{role.value.replace('_', '-')}@{DEMO_DOMAIN}"
    user = queries.user_by_email(session, email) or _add(session, role, email, organisation_id, now)
    scopes = [permission for permission in Permission if role in MATRIX[permission]]
    for old in queries.tokens_of(session, user.id):
        old.ended_at = old.ended_at or now
    token = service.make_token(
        session,
        owner=user,
        name="the demonstration",
        scopes=scopes,
        days=settings.api_token_days,
        now=now,
        settings=settings,
    )
    return DemoPerson(role, user.id, email, token)


def _add(session: Session, role: Role, email: str, organisation_id: int, now: datetime) -> User:
    return service.add_user(
        session,
        name=f"Demo {role.value.replace('_', ' ').title()}",
        email=email,
        roles=[role],
        password=DEMO_PASSWORD,
        organisation_id=organisation_id,
        now=now,
    )
