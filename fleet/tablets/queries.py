"""Every read of tablets, holds and events, and the locked read that every change begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import locked
from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import GatheringState
from fleet.tablets.models import Hold, Sighting, Tablet, TabletEvent, TabletGathering
from fleet.tablets.rules import FINAL, SAYS_WHERE, Custody, HoldKind, Stage, hub_code


def tablet(session: Session, tablet_id: int) -> Tablet | None:
    return session.get(Tablet, tablet_id)


def tablet_locked(session: Session, tablet_id: int) -> Tablet | None:
    """The tablet, locked until the transaction ends (on SQLite the whole database is)."""
    return locked(session, Tablet, tablet_id)


_LIVE_WITH_SERIAL = (
    select(Tablet)
    .where(func.lower(Tablet.serial) == bindparam("serial", type_=String()), Tablet.stage.not_in(FINAL))
    .order_by(Tablet.id)
)


def live_tablets_with_serial(session: Session, serial: str) -> Sequence[Tablet]:
    return session.scalars(_LIVE_WITH_SERIAL, {"serial": serial.strip().lower()}).all()


def live_tablets_with_serials(session: Session, serials: Sequence[str]) -> Sequence[Tablet]:
    """Those of a whole list, by serials in lower case. Read afresh."""
    query = select(Tablet).where(func.lower(Tablet.serial).in_(serials), Tablet.stage.not_in(FINAL))
    return session.scalars(query.order_by(Tablet.id).execution_options(populate_existing=True)).all()


def tablets_ever_with_serials(session: Session, serials: Sequence[str]) -> Sequence[Tablet]:
    """The same with those that left for good, which come last. Read afresh."""
    query = select(Tablet).where(func.lower(Tablet.serial).in_(serials)).execution_options(populate_existing=True)
    return session.scalars(query.order_by(Tablet.stage.in_(FINAL), Tablet.id.desc())).all()


def latest_gone_with_serial(session: Session, serial: str) -> Tablet | None:
    query = select(Tablet).where(func.lower(Tablet.serial) == serial.strip().lower(), Tablet.stage.in_(FINAL))
    return session.scalar(query.order_by(Tablet.id.desc()).limit(1))


def first_event_at_stage(session: Session, tablet: Tablet) -> datetime | None:
    query = select(func.min(TabletEvent.at)).where(TabletEvent.tablet_id == tablet.id)
    return session.scalar(query.where(TabletEvent.stage == tablet.stage))


_OPEN_HOLDS = (
    select(Hold).where(Hold.tablet_id == bindparam("tablet_id"), Hold.lifted_at.is_(None)).order_by(Hold.placed_at)
)


def open_holds(session: Session, tablet_id: int) -> Sequence[Hold]:
    return session.scalars(_OPEN_HOLDS, {"tablet_id": tablet_id}).all()


def find_holds(session: Session, query: ListQuery) -> Found[Hold]:
    """Newest first. Filters: `open` (yes: not lifted), `kind`, `tablet` (its number)."""
    statement = select(Hold)
    if query.says_yes("open"):
        statement = statement.where(Hold.lifted_at.is_(None))
    if (kind := query.choice("kind", HoldKind)) is not None:
        statement = statement.where(Hold.kind == kind)
    if (tablet_id := query.number("tablet")) is not None:
        statement = statement.where(Hold.tablet_id == tablet_id)
    sorts = {"id": Hold.id, "when": Hold.placed_at, "tablet": Hold.tablet_id}
    return find(session, statement, query, sorts=sorts, tie=Hold.id, default_sort="id", default_descending=True)


def open_hold(session: Session, tablet_id: int, kind: HoldKind) -> Hold | None:
    return session.scalar(select(Hold).where(Hold.tablet_id == tablet_id, Hold.kind == kind, Hold.lifted_at.is_(None)))


def events(
    session: Session, tablet_id: int, *, limit: int = 200, before_id: int | None = None
) -> Sequence[TabletEvent]:
    """Newest first."""
    query = select(TabletEvent).where(TabletEvent.tablet_id == tablet_id)
    if before_id is not None:
        query = query.where(TabletEvent.id < before_id)
    return session.scalars(query.order_by(TabletEvent.id.desc()).limit(limit)).all()


def latest_event(session: Session, tablet_id: int, *kinds: str) -> TabletEvent | None:
    """The last entry of any of these kinds."""
    query = select(TabletEvent).where(TabletEvent.tablet_id == tablet_id, TabletEvent.kind.in_(kinds))
    return session.scalar(query.order_by(TabletEvent.id.desc()).limit(1))


def events_of(session: Session, tablet_id: int, *kinds: str) -> Sequence[TabletEvent]:
    """Every entry of any of these kinds, newest first."""
    query = select(TabletEvent).where(TabletEvent.tablet_id == tablet_id, TabletEvent.kind.in_(kinds))
    return session.scalars(query.order_by(TabletEvent.id.desc())).all()


def event_count(session: Session, tablet_id: int) -> int:
    return session.scalar(select(func.count()).where(TabletEvent.tablet_id == tablet_id)) or 0


_BY_CLIENT_ID = select(TabletEvent).where(TabletEvent.client_id == bindparam("client_id"))


def event_by_client_id(session: Session, client_id: str) -> TabletEvent | None:
    return session.scalar(_BY_CLIENT_ID, {"client_id": client_id})


def find_tablets(session: Session, query: ListQuery) -> Found[Tablet]:
    """Filters: `stage`, `q` (part of serial, maker or model, or a label's code), `held` (yes), `tiles` (out_of_date: a
    gathering on its tiles was changed since), `hub` (its number: what counts there)."""
    statement = select(Tablet)
    if (hub_id := query.number("hub")) is not None:
        statement = statement.where(counts_at(hub_id))
    if (stage := query.choice("stage", Stage)) is not None:
        statement = statement.where(Tablet.stage == stage)
    if query.says_yes("held"):
        open_ones = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
        statement = statement.where(Tablet.id.in_(open_ones))
    if query.filter("tiles") == "out_of_date":
        statement = statement.where(Tablet.id.in_(out_of_date_ids()))
    if query.filter("q"):
        pattern = f"%{query.filter('q').lower()}%"
        texts = (Tablet.serial, Tablet.manufacturer, Tablet.model)
        code = query.filter("q").replace("-", "").replace(" ", "").upper() or "-"
        statement = statement.where(
            or_(*(func.lower(column).like(pattern) for column in texts), Tablet.label_code == code)
        )
    sorts = {"id": Tablet.id, "model": Tablet.model, "serial": Tablet.serial, "stage": Tablet.stage}
    return find(
        session, statement, query, sorts={**sorts, "changed": Tablet.changed_at}, tie=Tablet.id, default_sort="id"
    )


def count_by_stage(session: Session, *, with_virtual: bool) -> dict[Stage, int]:
    """Stock by stage. Virtual tablets are left out unless asked for (a demo has only those)."""
    query = select(Tablet.stage, func.count()).group_by(Tablet.stage)
    if not with_virtual:
        query = query.where(Tablet.is_virtual.is_(False))
    return dict(session.execute(query).all())


def counts_at(hub_id: int) -> ColumnElement[bool]:
    """A tablet counts where it is: at its own hub wherever it went from there, unless another hub has taken it in."""
    at_another = and_(Tablet.custody == Custody.HUB, Tablet.holder != "")
    lies_here = and_(Tablet.custody == Custody.HUB, Tablet.holder == hub_code(hub_id))
    return or_(and_(Tablet.hub_id == hub_id, not_(at_another)), lies_here)


def held_tablet_ids(session: Session, tablet_ids: Sequence[int]) -> frozenset[int]:
    query = select(Hold.tablet_id).where(Hold.tablet_id.in_(tablet_ids), Hold.lifted_at.is_(None))
    return frozenset(session.scalars(query))


def out_of_date_ids() -> Select[int]:
    """The tablets of the fleet with a tile whose gathering was changed or ended since."""
    stale = or_(TabletGathering.revision != Gathering.revision, Gathering.state != GatheringState.APPROVED)
    return (
        select(TabletGathering.tablet_id)
        .join(Gathering, Gathering.id == TabletGathering.gathering_id)
        .join(Tablet, Tablet.id == TabletGathering.tablet_id)
        .where(stale, Tablet.stage.not_in(FINAL))
    )


_IS_OUT_OF_DATE = out_of_date_ids().where(TabletGathering.tablet_id == bindparam("tablet_id")).limit(1)


def is_out_of_date(session: Session, tablet_id: int) -> bool:
    """Whether a tile of this tablet shows a gathering as it was before."""
    return session.scalar(_IS_OUT_OF_DATE, {"tablet_id": tablet_id}) is not None


def out_of_date(session: Session, tablet_ids: Sequence[int]) -> frozenset[int]:
    """Those of these tablets whose tiles show a gathering as it was before."""
    return frozenset(session.scalars(out_of_date_ids().where(TabletGathering.tablet_id.in_(tablet_ids))))


def carried(session: Session, tablet_id: int) -> Sequence[tuple[TabletGathering, Gathering]]:
    """The gatherings that have a tile on it, in their order."""
    query = select(TabletGathering, Gathering).join(Gathering, Gathering.id == TabletGathering.gathering_id)
    rows = session.execute(query.where(TabletGathering.tablet_id == tablet_id).order_by(TabletGathering.place))
    return [(row[0], row[1]) for row in rows]


def forget_carried(session: Session, tablet_id: int) -> None:
    session.execute(delete(TabletGathering).where(TabletGathering.tablet_id == tablet_id))


@dataclass(frozen=True)
class Carrier:
    """One tablet with one gathering on it."""

    tablet: Tablet
    carried: TabletGathering


def find_carriers(session: Session, gathering_id: int, query: ListQuery) -> Found[Carrier]:
    """The tablets with a tile of this gathering, a page at a time."""
    statement = select(TabletGathering).where(TabletGathering.gathering_id == gathering_id)
    found = find(session, statement, replace(query, sort=""), sorts={}, tie=TabletGathering.tablet_id)
    ids = [each.tablet_id for each in found.items]
    tablets = {each.id: each for each in session.scalars(select(Tablet).where(Tablet.id.in_(ids)))}
    return Found([Carrier(tablets[each.tablet_id], each) for each in found.items], found.total, query)


def count_stale_carriers(session: Session, gathering_id: int) -> int:
    stale = out_of_date_ids().where(TabletGathering.gathering_id == gathering_id)
    return session.scalar(select(func.count()).select_from(stale.subquery())) or 0


def sighting_locked(session: Session, sighting_id: int) -> Sighting | None:
    query = select(Sighting).where(Sighting.id == sighting_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def settled_places(session: Session, before: datetime, *, limit: int = 200) -> Sequence[Sighting]:
    """Sightings that were settled before then and still say where, locked; the one settled first in front."""
    query = select(Sighting).where(Sighting.settled_at < before, Sighting.place != "")
    return session.scalars(query.order_by(Sighting.settled_at, Sighting.id).limit(limit).with_for_update()).all()


def forget_words_of(session: Session, sighting: Sighting) -> None:
    """Empty the entry of the tablet's log that repeats a sighting."""
    same = (TabletEvent.tablet_id == sighting.tablet_id, TabletEvent.at == sighting.at)
    session.execute(update(TabletEvent).where(*same, TabletEvent.kind.in_(SAYS_WHERE)).values(reason=""))


def open_sightings(session: Session, *, tablet_id: int | None = None, limit: int = 100) -> Sequence[Sighting]:
    """Those nobody has settled, the oldest first."""
    query = select(Sighting).where(Sighting.settled_at.is_(None))
    if tablet_id is not None:
        query = query.where(Sighting.tablet_id == tablet_id)
    return session.scalars(query.order_by(Sighting.id).limit(limit)).all()
