"""Every read of what couriers' phones told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import writes_alone
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.rules import Action
from fleet.loans.models import LoanEvent
from fleet.tablets.models import TabletEvent

_BY_CLIENT_ID = select(Scan).where(Scan.client_id == bindparam("client_id"))
_COUNTED = select(Scan).where(Scan.job_id == bindparam("job_id"), Scan.counts)


_BY_CLIENT_IDS = select(Scan).where(Scan.client_id.in_(bindparam("client_ids", expanding=True)))
_IN_TURN = text(
    "SELECT pg_advisory_xact_lock(number) FROM "
    "(SELECT DISTINCT hashtextextended(id, 0) AS number FROM unnest(CAST(:client_ids AS text[])) id ORDER BY 1) numbers"
)


def told_before(session: Session, client_ids: Collection[str]) -> dict[str, Scan]:
    """id -> its fact, for whoever is about to keep the others: whoever tells one of them meanwhile waits their turn."""
    if not writes_alone(session):
        session.execute(_IN_TURN, {"client_ids": list(client_ids)})
    found = session.scalars(_BY_CLIENT_IDS, {"client_ids": list(client_ids)})
    return {scan.client_id: scan for scan in found}


def scan_by_client_id(session: Session, client_id: str) -> Scan | None:
    return session.scalar(_BY_CLIENT_ID, {"client_id": client_id})


def last_sequence(session: Session, courier_id: int) -> int:
    """The count of the latest fact that a courier told."""
    query = select(Scan.sequence).where(Scan.courier_id == courier_id).order_by(Scan.id.desc()).limit(1)
    return session.scalar(query) or 0


def scan(session: Session, scan_id: int) -> Scan | None:
    return session.get(Scan, scan_id)


def scan_locked(session: Session, scan_id: int) -> Scan | None:
    query = select(Scan).where(Scan.id == scan_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def counted_scans(session: Session, job_id: int) -> Sequence[Scan]:
    """The facts that make up a job's story."""
    return session.scalars(_COUNTED, {"job_id": job_id}).all()


def void_ids(session: Session, job_ids: Collection[int], reason: str) -> dict[int, tuple[str, ...]]:
    """stop -> the ids of what was told of it and does not count for this reason; stops without any are left out."""
    query = select(Scan).where(Scan.job_id.in_(job_ids), Scan.reason == reason, Scan.counts.is_(False))
    found: dict[int, tuple[str, ...]] = {}
    for scan in session.scalars(query.order_by(Scan.id)):
        if scan.job_id is not None:
            found[scan.job_id] = (*found.get(scan.job_id, ()), scan.client_id)
    return found


def scans_of_run(session: Session, run_id: int) -> Sequence[Scan]:
    """As they happened."""
    query = select(Scan).where(Scan.run_id == run_id).order_by(Scan.effective_at, Scan.sequence, Scan.id)
    return session.scalars(query.limit(1000)).all()


def scans_of_job(session: Session, job_id: int) -> Sequence[Scan]:
    """As they happened."""
    query = select(Scan).where(Scan.job_id == job_id).order_by(Scan.effective_at, Scan.sequence, Scan.id)
    return session.scalars(query).all()


def scans_of_loan(session: Session, loan_id: int) -> Sequence[Scan]:
    """All that was told of a loan's stops, as it happened."""
    query = select(Scan).join(DeliveryJob, DeliveryJob.id == Scan.job_id).where(DeliveryJob.loan_id == loan_id)
    return session.scalars(query.order_by(Scan.effective_at, Scan.sequence, Scan.id).limit(500)).all()


def signed_before(session: Session, before: datetime, *, limit: int) -> Sequence[Scan]:
    """Facts that came before a moment and still hold what somebody signed on the glass."""
    query = select(Scan).where(Scan.received_at < before, Scan.details["signature"].as_string() != "")
    return session.scalars(query.order_by(Scan.id).limit(limit)).all()


def find_scans(session: Session, query: ListQuery) -> Found[Scan]:
    """Filters: `review` (waiting, settled, all; waiting unless said otherwise), `answer`, `action`."""
    statement = select(Scan)
    match query.filter("review") or "waiting":
        case "waiting":
            statement = statement.where(Scan.needs_review, Scan.settled_at.is_(None))
        case "settled":
            statement = statement.where(Scan.settled_at.is_not(None))
        case _:
            pass
    if query.filter("answer") in ("applied", "already", "conflict", "refused"):
        statement = statement.where(Scan.answer == query.filter("answer"))
    if (action := query.choice("action", Action)) is not None:
        statement = statement.where(Scan.action == action)
    sorts = {"id": Scan.id, "when": Scan.effective_at, "courier": Scan.courier_name}
    return find(session, statement, query, sorts=sorts, tie=Scan.id, default_sort="id", default_descending=True)


def count_waiting(session: Session) -> int:
    """Facts that a person has to look at."""
    return session.scalar(select(func.count()).where(Scan.needs_review, Scan.settled_at.is_(None))) or 0


def loan_events(session: Session, loan_id: int) -> Sequence[LoanEvent]:
    """What the books say of a loan, newest first."""
    query = select(LoanEvent).where(LoanEvent.loan_id == loan_id).order_by(LoanEvent.id.desc())
    return session.scalars(query.limit(30)).all()


def tablet_events(session: Session, tablet_id: int) -> Sequence[TabletEvent]:
    """What the books say of a tablet, newest first."""
    query = select(TabletEvent).where(TabletEvent.tablet_id == tablet_id).order_by(TabletEvent.id.desc())
    return session.scalars(query.limit(30)).all()


def scans_of_tablet(session: Session, tablet_id: int) -> Sequence[Scan]:
    """The latest facts that phones told of a tablet, as they happened."""
    latest = select(Scan.id).where(Scan.tablet_id == tablet_id).order_by(Scan.id.desc()).limit(30)
    query = select(Scan).where(Scan.id.in_(latest)).order_by(Scan.effective_at, Scan.sequence, Scan.id)
    return session.scalars(query).all()
