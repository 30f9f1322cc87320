"""Who of ours looked at somebody's record: kept for each person and day, because people may ask (rule R32)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from fleet.clock import local_date
from fleet.database.session import Database
from fleet.people import queries
from fleet.people.models import PersonView
from fleet.users.actor import Actor


def viewed(database: Database, person_id: int, *, actor: Actor, now: datetime) -> None:
    """Write down that `actor` looks at this record, once a day. Costs a read when it stands there already."""
    viewed_all(database, (person_id,), actor=actor, now=now)


def viewed_all(database: Database, person_ids: Iterable[int], *, actor: Actor, now: datetime) -> None:
    """The same for everybody whom a list shows with more than a number: one read, and one write on the first time."""
    asked = sorted(set(person_ids))
    if actor.user_id is None or not asked:
        return
    day = local_date(now)
    with database.read() as session:
        known = queries.viewed_already(session, asked, actor.user_id, actor.role.value, day)
    views = [
        PersonView(
            person_id=person_id,
            user_id=actor.user_id,
            user_name=actor.name,
            role=actor.role.value,
            day=day,
            first_at=now,
        )
        for person_id in asked
        if person_id not in known
    ]
    if views:
        _write(database, views)


def _write(database: Database, views: list[PersonView]) -> None:
    try:
        with database.write() as session:
            session.add_all(views)
    except IntegrityError:  # opened in two windows at once: what the other one wrote down stands there already
        if len(views) > 1:
            for view in views:
                _write(database, [_again(view)])


def _again(view: PersonView) -> PersonView:
    names = ("person_id", "user_id", "user_name", "role", "day", "first_at")
    return PersonView(**{name: getattr(view, name) for name in names})
