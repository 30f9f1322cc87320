"""Every read of consignments, of what is in them, and of what waits to go into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.intake.models import Intake
from fleet.intake.rules import BatteryLook
from fleet.recycling.models import Consignment, ConsignmentEvent, ConsignmentTablet
from fleet.recycling.rules import ConsignmentState, ReceiverBasis
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import HoldKind, Stage


def consignment(session: Session, consignment_id: int) -> Consignment | None:
    return session.get(Consignment, consignment_id)


def consignment_locked(session: Session, consignment_id: int) -> Consignment | None:
    query = select(Consignment).where(Consignment.id == consignment_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def find_consignments(session: Session, query: ListQuery) -> Found[Consignment]:
    """Filters: `state`, `q` (part of the carrier's name, the note's number or the receipt's reference)."""
    statement = select(Consignment)
    if (state := query.choice("state", ConsignmentState)) is not None:
        statement = statement.where(Consignment.state == state)
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        texts = (Consignment.carrier_name, Consignment.note_number, Consignment.receipt_reference)
        statement = statement.where(or_(*(func.lower(text).like(pattern) for text in texts)))
    sorts = {"number": Consignment.id, "carrier": Consignment.carrier_name, "state": Consignment.state}
    return find(
        session,
        statement,
        query,
        sorts=sorts,
        tie=Consignment.id,
        default_sort="number",
        default_descending=True,
    )


@dataclass(frozen=True)
class Packed:
    """A tablet with its place in a consignment."""

    row: ConsignmentTablet
    tablet: Tablet


def packed(session: Session, consignment_id: int) -> Sequence[Packed]:
    """What is in it, in the order in which it was put in."""
    query = (
        select(ConsignmentTablet, Tablet)
        .join(Tablet, Tablet.id == ConsignmentTablet.tablet_id)
        .where(ConsignmentTablet.consignment_id == consignment_id)
    )
    return [Packed(row, tablet) for row, tablet in session.execute(query.order_by(ConsignmentTablet.id)).all()]


@dataclass(frozen=True)
class Sum:
    """How many tablets a consignment holds, and what they weigh together in grams."""

    tablets: int = 0
    grams: int = 0
    to_destroy: int = 0


def sums(session: Session, consignment_ids: Sequence[int]) -> dict[int, Sum]:
    """By consignment; one that is empty is left out."""
    unwiped = func.count().filter(ConsignmentTablet.certificate_number == "")
    query = select(
        ConsignmentTablet.consignment_id, func.count(), func.sum(ConsignmentTablet.weight_grams), unwiped
    ).where(ConsignmentTablet.consignment_id.in_(consignment_ids))
    rows = session.execute(query.group_by(ConsignmentTablet.consignment_id)).all()
    return {found: Sum(tablets, int(grams), unwiped) for found, tablets, grams, unwiped in rows}


def grams_under_exemption(session: Session, number: str, since: datetime, *, but: int) -> int:
    """What was handed over since then for the site with this exemption, without one consignment."""
    weight = func.coalesce(func.sum(ConsignmentTablet.weight_grams), 0)
    query = select(weight).join(Consignment, Consignment.id == ConsignmentTablet.consignment_id)
    exempt = (
        Consignment.receiver_basis == ReceiverBasis.EXEMPTION,
        func.lower(Consignment.receiver_permit) == number.lower(),
    )
    query = query.where(*exempt, Consignment.handed_over_at >= since, Consignment.id != but)
    return int(session.scalar(query) or 0)


def place_of(session: Session, tablet_id: int) -> ConsignmentTablet | None:
    return session.scalar(select(ConsignmentTablet).where(ConsignmentTablet.tablet_id == tablet_id))


def waiting(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Tablets that wait for recycling and are in no consignment, the longest waiting first."""
    taken = select(ConsignmentTablet.tablet_id)
    query = select(Tablet).where(Tablet.stage == Stage.AWAITING_RECYCLE, Tablet.id.not_in(taken))
    return session.scalars(query.order_by(Tablet.changed_at, Tablet.id).limit(limit)).all()


def with_a_bad_battery(session: Session, tablet_ids: Sequence[int]) -> frozenset[int]:
    """Those whose battery looked hot, swollen or leaking at intake."""
    query = select(Intake.tablet_id).where(
        Intake.tablet_id.in_(tablet_ids), Intake.battery.is_not(None), Intake.battery != BatteryLook.OK
    )
    return frozenset(session.scalars(query))


def open_holds(session: Session, tablet_ids: Sequence[int]) -> dict[int, frozenset[HoldKind]]:
    """By tablet, what holds it; one that nothing holds is left out."""
    query = select(Hold.tablet_id, Hold.kind).where(Hold.tablet_id.in_(tablet_ids), Hold.lifted_at.is_(None))
    found: dict[int, frozenset[HoldKind]] = {}
    for tablet_id, kind in session.execute(query).all():
        found[tablet_id] = found.get(tablet_id, frozenset()) | {kind}
    return found


def events(session: Session, consignment_id: int, *, limit: int = 200) -> Sequence[ConsignmentEvent]:
    """Newest first."""
    query = select(ConsignmentEvent).where(ConsignmentEvent.consignment_id == consignment_id)
    return session.scalars(query.order_by(ConsignmentEvent.id.desc()).limit(limit)).all()


def event_by_client_id(session: Session, client_id: str) -> ConsignmentEvent | None:
    return session.scalar(select(ConsignmentEvent).where(ConsignmentEvent.client_id == client_id))


def consignments_of(session: Session, tablet_ids: Sequence[int]) -> dict[int, Consignment]:
    """By tablet, the consignment that it is in or left with."""
    query = (
        select(ConsignmentTablet.tablet_id, Consignment)
        .join(Consignment, Consignment.id == ConsignmentTablet.consignment_id)
        .where(ConsignmentTablet.tablet_id.in_(tablet_ids))
    )
    return dict(session.execute(query).all())
