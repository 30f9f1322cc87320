"""Who is to be forgotten, and what is unfinished about them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.rules import UNDER_WAY
from fleet.loans.models import Loan
from fleet.loans.rules import ENDED
from fleet.privacy.models import Erasure
from fleet.privacy.queries.forgetting import seen_while_theirs
from fleet.privacy.rules import Open
from fleet.tablets.models import Sighting


def open_erasure(session: Session, person_id: int) -> Erasure | None:
    """The decision about somebody that was not called off, done or not."""
    return session.scalar(select(Erasure).where(Erasure.person_id == person_id, Erasure.called_off_at.is_(None)))


def waiting_person_ids(session: Session, *, limit: int = 500) -> Sequence[int]:
    """People whose erasure was decided and waits, the one decided first in front."""
    query = select(Erasure.person_id).where(Erasure.done_at.is_(None), Erasure.called_off_at.is_(None))
    return session.scalars(query.order_by(Erasure.id).limit(limit)).all()


def find_erasures(session: Session, query: ListQuery) -> Found[Erasure]:
    """Filter: `state` (waiting, done)."""
    statement = select(Erasure).where(Erasure.called_off_at.is_(None))
    if query.filter("state") == "waiting":
        statement = statement.where(Erasure.done_at.is_(None))
    if query.filter("state") == "done":
        statement = statement.where(Erasure.done_at.is_not(None))
    sorts = {"asked": Erasure.asked_at, "done": Erasure.done_at}
    return find(session, statement, query, sorts=sorts, tie=Erasure.id, default_sort="asked", default_descending=True)


def unfinished(session: Session, person_id: int) -> Open:
    """What an erasure waits for."""
    theirs = select(Loan.id).where(Loan.person_id == person_id)
    stops = select(func.count()).where(DeliveryJob.loan_id.in_(theirs), DeliveryJob.state.in_(UNDER_WAY))
    jobs = select(DeliveryJob.id).where(DeliveryJob.loan_id.in_(theirs))
    unsettled = select(func.count()).where(Scan.needs_review, Scan.settled_at.is_(None), Scan.job_id.in_(jobs))
    sightings = select(func.count()).where(seen_while_theirs(person_id), Sighting.settled_at.is_(None))
    return Open(
        loans=tuple(session.scalars(theirs.where(Loan.state.not_in(ENDED)).order_by(Loan.id))),
        stops=session.scalar(stops) or 0,
        unsettled=session.scalar(unsettled) or 0,
        sightings=session.scalar(sightings) or 0,
    )
