"""Who of ours looked at somebody's record: kept for each person and day, because people may ask (rule R32)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from fleet.clock import local_date
from fleet.database.session import Database
from fleet.people import queries
from fleet.people.models import PersonView
from fleet.users.actor import Actor


def viewed(database: Database, person_id: int, *, actor: Actor, now: datetime) -> None:
    """Write down that `actor` looks at this record, once a day. Costs a read when it stands there already."""
    if actor.user_id is None:
        return
    day = local_date(now)
    with database.read() as session:
        if queries.has_viewed(session, person_id, actor.user_id, actor.role.value, day):
            return
    view = PersonView(
        person_id=person_id,
        user_id=actor.user_id,
        user_name=actor.name,
        role=actor.role.value,
        day=day,
        first_at=now,
    )
    try:
        with database.write() as session:
            session.add(view)
    except IntegrityError:
        return  # the same person opened it in two windows at once: one of them is written down
