"""Who of ours looked at somebody's record: kept for each person and day, because people may ask (rule R32)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

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
    with database.read() as session:
        views = _unwritten(session, person_ids, actor, now)
    if views:
        _write(database.write, views)


def viewed_within(session: Session, person_ids: Iterable[int], *, actor: Actor, now: datetime) -> None:
    """As `viewed_all`, where the page is part of a transaction that writes already."""

    @contextmanager
    def savepoint() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    views = _unwritten(session, person_ids, actor, now)
    if views:
        _write(savepoint, views)


def _unwritten(session: Session, person_ids: Iterable[int], actor: Actor, now: datetime) -> list[PersonView]:
    asked = sorted(set(person_ids))
    if actor.user_id is None or not asked:
        return []
    day = local_date(now)
    known = queries.viewed_already(session, asked, actor.user_id, actor.role.value, day)
    return [
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


def _write(transaction: Callable[[], AbstractContextManager[Session]], views: list[PersonView]) -> None:
    try:
        with transaction() as session:
            session.add_all(views)
    except IntegrityError:  # opened in two windows at once: what the other one wrote down stands there already
        if len(views) > 1:
            for view in views:
                _write(transaction, [_again(view)])


def _again(view: PersonView) -> PersonView:
    names = ("person_id", "user_id", "user_name", "role", "day", "first_at")
    return PersonView(**{name: getattr(view, name) for name in names})
