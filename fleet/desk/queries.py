"""Every read of shelves, desk scans and stock-takes, and the locked reads that changes begin with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.models import Scan as CourierScan
from fleet.deliveries.rules import BRINGS, UNDER_WAY, JobKind
from fleet.desk.models import CountedShelf, DeskScan, PutAway, Shelf, StockCount, StockTake
from fleet.desk.rules import DeskMode, DeskOutcome
from fleet.tablets.models import Tablet, TabletEvent
from fleet.users.models import User


def shelf(session: Session, shelf_id: int) -> Shelf | None:
    return session.get(Shelf, shelf_id)


def shelf_by_code(session: Session, code: str) -> Shelf | None:
    return session.scalar(select(Shelf).where(Shelf.code == code))


def shelf_named(session: Session, hub_id: int, name: str) -> Shelf | None:
    return session.scalar(select(Shelf).where(Shelf.hub_id == hub_id, func.lower(Shelf.name) == name.lower()))


def shelves(session: Session, hub_id: int) -> Sequence[Shelf]:
    """All of a hub's, by name."""
    return session.scalars(select(Shelf).where(Shelf.hub_id == hub_id).order_by(Shelf.name, Shelf.id)).all()


def shelf_names(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Shelf.id, Shelf.name)).all())


def put_away(session: Session, tablet_id: int) -> PutAway | None:
    return session.get(PutAway, tablet_id)


def lying_on(session: Session, shelf_ids: Collection[int]) -> Sequence[tuple[PutAway, Tablet]]:
    """What was last put away on these shelves, whether or not it still counts."""
    query = select(PutAway, Tablet).join(Tablet, Tablet.id == PutAway.tablet_id)
    rows = session.execute(query.where(PutAway.shelf_id.in_(shelf_ids)).order_by(PutAway.tablet_id))
    return [(row[0], row[1]) for row in rows]


def places_of(session: Session, tablet_ids: Collection[int]) -> dict[int, PutAway]:
    query = select(PutAway).where(PutAway.tablet_id.in_(tablet_ids))
    return {each.tablet_id: each for each in session.scalars(query)}


def tablets(session: Session, tablet_ids: Collection[int]) -> dict[int, Tablet]:
    return {each.id: each for each in session.scalars(select(Tablet).where(Tablet.id.in_(tablet_ids)))}


def latest_events(session: Session, tablet_ids: Collection[int]) -> dict[int, TabletEvent]:
    """tablet -> the last that was written down about it."""
    last = select(func.max(TabletEvent.id)).where(TabletEvent.tablet_id.in_(tablet_ids)).group_by(TabletEvent.tablet_id)
    return {each.tablet_id: each for each in session.scalars(select(TabletEvent).where(TabletEvent.id.in_(last)))}


def scans_of(session: Session, actor_id: int | None, device: str, *, limit: int = 200) -> Sequence[DeskScan]:
    """One person's on one device, newest first."""
    query = select(DeskScan).where(DeskScan.actor_id == actor_id, DeskScan.device == device)
    return session.scalars(query.order_by(DeskScan.id.desc()).limit(limit)).all()


def latest_scan(session: Session, actor_id: int | None, device: str) -> DeskScan | None:
    return next(iter(scans_of(session, actor_id, device, limit=1)), None)


def latest_act(session: Session, actor_id: int | None, device: str) -> DeskScan | None:
    """The last scan of theirs that did something to a tablet, whatever was only looked at since."""
    query = select(DeskScan).where(
        DeskScan.actor_id == actor_id,
        DeskScan.device == device,
        DeskScan.outcome == DeskOutcome.APPLIED,
        DeskScan.tablet_id.is_not(None),
        DeskScan.mode != DeskMode.FIND,
    )
    return session.scalar(query.order_by(DeskScan.id.desc()).limit(1))


def scan_by_client_id(session: Session, client_id: str) -> DeskScan | None:
    return session.scalar(select(DeskScan).where(DeskScan.client_id == client_id))


def delivery_of_tablet(session: Session, tablet_id: int) -> tuple[DeliveryJob, CourierRun] | None:
    """The stop under way that brings this tablet to somebody, with its run."""
    query = (
        select(DeliveryJob, CourierRun)
        .join(CourierRun, CourierRun.id == DeliveryJob.run_id)
        .where(
            case((DeliveryJob.kind == JobKind.SWAP, DeliveryJob.brings_id), else_=DeliveryJob.tablet_id) == tablet_id,
            DeliveryJob.kind.in_(BRINGS),
            DeliveryJob.state.in_(UNDER_WAY),
        )
        .order_by(DeliveryJob.id.desc())
    )
    row = session.execute(query.limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def last_sequence(session: Session, courier_id: int) -> int:
    """The count of the latest fact that was told of a courier."""
    query = select(CourierScan.sequence).where(CourierScan.courier_id == courier_id)
    return session.scalar(query.order_by(CourierScan.id.desc()).limit(1)) or 0


def courier_name(session: Session, user_id: int) -> str:
    return session.scalar(select(User.name).where(User.id == user_id)) or "The courier"


def stock_take(session: Session, take_id: int) -> StockTake | None:
    return session.get(StockTake, take_id)


def stock_take_locked(session: Session, take_id: int) -> StockTake | None:
    query = select(StockTake).where(StockTake.id == take_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def open_stock_take(session: Session, hub_id: int) -> StockTake | None:
    return session.scalar(select(StockTake).where(StockTake.hub_id == hub_id, StockTake.closed_at.is_(None)))


def find_stock_takes(session: Session, query: ListQuery, *, hub_id: int) -> Found[StockTake]:
    """A hub's, newest first."""
    sorts = {"id": StockTake.id}
    statement = select(StockTake).where(StockTake.hub_id == hub_id)
    return find(session, statement, query, sorts=sorts, tie=StockTake.id, default_sort="id", default_descending=True)


def counted_shelves(session: Session, take_id: int) -> Sequence[CountedShelf]:
    query = select(CountedShelf).where(CountedShelf.stock_take_id == take_id)
    return session.scalars(query.order_by(CountedShelf.at, CountedShelf.shelf_id)).all()


def counted_shelf(session: Session, take_id: int, shelf_id: int) -> CountedShelf | None:
    return session.get(CountedShelf, (take_id, shelf_id))


def counts(session: Session, take_id: int) -> Sequence[StockCount]:
    return session.scalars(select(StockCount).where(StockCount.stock_take_id == take_id).order_by(StockCount.id)).all()


def count_of(session: Session, take_id: int, what: str) -> StockCount | None:
    return session.scalar(select(StockCount).where(StockCount.stock_take_id == take_id, StockCount.what == what))


def count_with_id(session: Session, take_id: int, count_id: int) -> StockCount | None:
    query = select(StockCount).where(StockCount.stock_take_id == take_id, StockCount.id == count_id)
    return session.scalar(query)


def at_no_shelf(session: Session, hub_id: int, stages: Collection[str]) -> int:
    """How many the books have at the hub that were never put away."""
    query = (
        select(func.count())
        .select_from(Tablet)
        .outerjoin(PutAway, PutAway.tablet_id == Tablet.id)
        .where(Tablet.hub_id == hub_id, Tablet.stage.in_(stages), PutAway.tablet_id.is_(None))
    )
    return session.scalar(query) or 0


def lost_event(session: Session, tablet_id: int) -> TabletEvent | None:
    """When and why it was recorded as lost."""
    query = select(TabletEvent).where(TabletEvent.tablet_id == tablet_id, TabletEvent.kind == "lose")
    return session.scalar(query.order_by(TabletEvent.id.desc()).limit(1))


def tablets_marked(session: Session, tablet_ids: Collection[int], since: datetime) -> frozenset[int]:
    """Those that somebody marked for looking since then."""
    query = select(TabletEvent.tablet_id).where(
        TabletEvent.tablet_id.in_(tablet_ids), TabletEvent.kind == "hold_stock_take", TabletEvent.at >= since
    )
    return frozenset(session.scalars(query))
