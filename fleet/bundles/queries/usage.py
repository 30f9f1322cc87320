"""Reads of what was used and topped up, and the one list of all data that needs somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from fleet.bundles.models import LEFT_IN, DataBundle, Sim, SimUse, StraySim, TopUp, UsageReading
from fleet.bundles.rules import ACT_DAYS, LOW_PERCENT, MB_PER_GB, Asks, SimState
from fleet.database.among import among
from fleet.database.lists import Found, ListQuery

_TOP_UPS = select(TopUp).where(TopUp.bundle_id == bindparam("bundle_id")).order_by(TopUp.id)
_READINGS = (
    select(UsageReading)
    .where(UsageReading.bundle_id == bindparam("bundle_id"))
    .order_by(UsageReading.read_on)
    .with_for_update()
)


def top_ups(session: Session, bundle_id: int) -> Sequence[TopUp]:
    return session.scalars(_TOP_UPS, {"bundle_id": bundle_id}).all()


def top_ups_of(session: Session, bundle_ids: Sequence[int]) -> Sequence[TopUp]:
    return session.scalars(select(TopUp).where(TopUp.bundle_id.in_(bundle_ids))).all()


def is_counted_since(session: Session, bundle_id: int, since: datetime) -> bool:
    """Whether data was read as used, or topped up, since then."""
    added = exists().where(TopUp.bundle_id == bundle_id, TopUp.created_at >= since)
    used = exists().where(
        UsageReading.bundle_id == bundle_id, UsageReading.recorded_at >= since, UsageReading.used_mb > 0
    )
    return bool(session.scalar(select(or_(added, used))))


def readings(session: Session, bundle_id: int, *, limit: int = 200) -> Sequence[UsageReading]:
    """Newest first."""
    query = select(UsageReading).where(UsageReading.bundle_id == bundle_id)
    return session.scalars(query.order_by(UsageReading.read_on.desc()).limit(limit)).all()


def all_readings(session: Session, bundle_id: int) -> Sequence[UsageReading]:
    """In the order of their days, locked."""
    return session.scalars(_READINGS, {"bundle_id": bundle_id}).all()


def latest_readings(session: Session, bundle_ids: Sequence[int], today: date) -> dict[int, UsageReading]:
    """bundle -> its last reading of the month that today lies in."""
    mine = select(UsageReading).where(
        UsageReading.bundle_id.in_(bundle_ids), UsageReading.period_ends_on >= today, UsageReading.read_on <= today
    )
    return {row.bundle_id: row for row in session.scalars(mine.order_by(UsageReading.read_on))}


def readings_since(session: Session, bundle_ids: Sequence[int], first: date) -> dict[int, list[UsageReading]]:
    """bundle -> its readings from a day on, in the order of their days."""
    query = select(UsageReading).where(among(UsageReading.bundle_id, bundle_ids), UsageReading.read_on >= first)
    found: dict[int, list[UsageReading]] = defaultdict(list)
    for row in session.scalars(query.order_by(UsageReading.read_on)):
        found[row.bundle_id].append(row)
    return found


def uses_since(session: Session, bundle_ids: Sequence[int], first: date) -> dict[int, list[tuple[date, date]]]:
    """bundle -> the days from and to which somebody could be online by it, as far as they end after `first`."""
    query = (
        select(DataBundle.id, SimUse.from_on, SimUse.to_on)
        .join(SimUse, SimUse.bundle_id == DataBundle.id)
        .where(among(DataBundle.id, bundle_ids), SimUse.to_on.is_(None) | (SimUse.to_on >= first))
    )
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for bundle_id, from_on, to_on in session.execute(query):
        if from_on is not None:
            found[bundle_id].append((from_on, to_on or date.max))
    return found


@dataclass(frozen=True)
class Needed:
    """One line of the list of data that needs somebody. `number` is a SIM's, or a stray or left card's."""

    asks: Asks
    number: int
    loan_id: int | None
    act_by: date


def find_needed(session: Session, query: ListQuery, today: date) -> Found[Needed]:
    """Everything about data that somebody must settle, the most urgent first. Filter: `asks`.

    It begins at what is kept for a loan, lost, bagged or oddly used, never at all SIMs: it stays quick as stock grows.
    """
    wanted = query.filter("asks")
    parts = {asks.value: part for asks, part in _parts(today)}
    lines = union_all(*([parts[wanted]] if wanted in parts else parts.values())).subquery()
    total = session.scalar(select(func.count()).select_from(lines)) or 0
    page = select(lines).order_by(lines.c.act_by, lines.c.asks, lines.c.number)
    rows = session.execute(page.limit(query.per_page).offset((query.page - 1) * query.per_page))
    found = [Needed(Asks(row.asks), row.number, row.loan_id, row.act_by) for row in rows]
    return Found(found, total, query)


def count_needed(session: Session, today: date) -> int:
    """How many things about data somebody must settle."""
    lines = union_all(*(part for _asks, part in _parts(today))).subquery()
    return session.scalar(select(func.count()).select_from(lines)) or 0


Lines = Select[str, int, int | None, Any]
_NO_LOAN: SQLColumnExpression[int | None] = cast(null(), Integer).label("loan_id")


def _parts(today: date) -> list[tuple[Asks, Lines]]:
    soon = today + timedelta(days=ACT_DAYS)
    before, after = DataBundle.ends_on < SimUse.needed_until, DataBundle.ends_on > SimUse.needed_until
    has_ended = DataBundle.ends_on < today  # though it outlived the due date: somebody has it still, without data
    by_itself = SimUse.needed_until.is_(None)  # data alone, which no due date ends
    ends_first = or_(and_(or_(before, by_itself), DataBundle.ends_on <= soon), has_ended)
    outlives = and_(after, ~has_ended, SimUse.needed_until <= soon, DataBundle.after_loan.is_(None))
    goes_on = SimUse.stopped_at.is_(None)
    used, allowance = UsageReading.used_mb, _allowance_mb()
    return [
        (Asks.ENDS_FIRST, _kept(Asks.ENDS_FIRST, DataBundle.ends_on).where(ends_first, goes_on)),
        (Asks.OUTLIVES, _kept(Asks.OUTLIVES, SimUse.needed_until).where(outlives)),
        (Asks.GONE, _read(Asks.GONE, today).where(used >= allowance, goes_on)),
        (Asks.LOW, _read(Asks.LOW, today).where(goes_on, used < allowance, used * 100 >= allowance * LOW_PERCENT)),
        (Asks.TO_BAR, _lost()),
        (Asks.USED_AT_REST, _at_rest()),
        (Asks.STRAY, _strays(Asks.STRAY).where(StraySim.kind != LEFT_IN)),
        (Asks.LEFT_IN, _strays(Asks.LEFT_IN).where(StraySim.kind == LEFT_IN)),
    ]


def _kept(asks: Asks, act_by: SQLColumnExpression[Any]) -> Lines:
    """SIMs that are kept for a loan and switched on."""
    return (
        select(
            literal(asks.value).label("asks"),
            SimUse.sim_id.label("number"),
            SimUse.loan_id.label("loan_id"),
            act_by.label("act_by"),
        )
        .join(DataBundle, DataBundle.sim_id == SimUse.sim_id)
        .where(SimUse.over_at.is_(None), SimUse.from_on.is_not(None), DataBundle.replaced_at.is_(None))
    )


def _allowance_mb() -> SQLColumnExpression[int]:
    extra = (
        select(func.coalesce(func.sum(TopUp.gb), 0))
        .where(TopUp.bundle_id == DataBundle.id, TopUp.added_on >= UsageReading.period_begins_on)
        .scalar_subquery()
    )
    return (DataBundle.gb_per_month + extra) * MB_PER_GB


def _read(asks: Asks, today: date) -> Lines:
    """Of those, with the last reading of the month that today lies in."""
    later = aliased(UsageReading)
    newer = select(later.id).where(
        later.bundle_id == DataBundle.id, later.read_on > UsageReading.read_on, later.read_on <= today
    )
    return (
        _kept(asks, UsageReading.read_on)
        .join(UsageReading, UsageReading.bundle_id == DataBundle.id)
        .where(UsageReading.period_ends_on >= today, UsageReading.read_on <= today, ~newer.exists())
    )


def _lost() -> Lines:
    day = func.date(Sim.changed_at, type_=Date()).label("act_by")
    return select(literal(Asks.TO_BAR.value).label("asks"), Sim.id.label("number"), _NO_LOAN, day).where(
        Sim.state == SimState.LOST
    )


def _at_rest() -> Lines:
    return (
        select(
            literal(Asks.USED_AT_REST.value).label("asks"),
            DataBundle.sim_id.label("number"),
            _NO_LOAN,
            func.min(UsageReading.read_on).label("act_by"),
        )
        .join(DataBundle, DataBundle.id == UsageReading.bundle_id)
        .where(UsageReading.at_rest, UsageReading.answered_at.is_(None))
        .group_by(DataBundle.sim_id)
    )


def _strays(asks: Asks) -> Lines:
    day = func.date(StraySim.at, type_=Date()).label("act_by")
    return select(literal(asks.value).label("asks"), StraySim.id.label("number"), _NO_LOAN, day).where(
        StraySim.settled_at.is_(None)
    )


def sims_by_id(session: Session, sim_ids: Sequence[int]) -> dict[int, Sim]:
    return {row.id: row for row in session.scalars(select(Sim).where(Sim.id.in_(sim_ids)))}


def strays_by_id(session: Session, stray_ids: Sequence[int]) -> dict[int, StraySim]:
    return {row.id: row for row in session.scalars(select(StraySim).where(StraySim.id.in_(stray_ids)))}
