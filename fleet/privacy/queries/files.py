"""The names of the files that hold something about people: pictures from the door, and messages in the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.deliveries.models import Scan
from fleet.privacy.queries.links import about


def proofs_of(session: Session, person_ids: Sequence[int]) -> Sequence[str]:
    """The ids of what couriers told of these people's doors: a photo is named for its fact."""
    return session.scalars(select(Scan.client_id).where(about(Scan.__tablename__, person_ids)).order_by(Scan.id)).all()


def messages_of(session: Session, person_ids: Sequence[int]) -> Sequence[str]:
    """The references of the messages these people were sent, and of those to somebody at their home that name them."""
    theirs = Chase.person_id.in_(tuple(person_ids))
    beside = select(Chase.along_with).where(theirs, Chase.along_with.is_not(None))
    query = select(Chase.reference).where(or_(theirs, Chase.id.in_(beside)), Chase.reference != "")
    return session.scalars(query.order_by(Chase.id)).all()
