"""Stock-takes: begun, and what lies on which shelf, scanned by several people at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fleet.desk import queries
from fleet.desk.models import CountedShelf, StockCount, StockTake
from fleet.errors import Conflict, there
from fleet.happening import Happening
from fleet.partners.service import hub_of
from fleet.users.actor import Actor


@dataclass(frozen=True)
class CountMade:
    """What counting a tablet changed; `before` is another shelf on which it was counted."""

    changed: bool
    before: int | None = None


def begin_stock_take(session: Session, *, actor: Actor, happening: Happening) -> StockTake:
    """The hub's open stock-take, begun if there is none."""
    hub = hub_of(session, actor)
    made = queries.open_stock_take(session, hub.id)
    if made is not None:
        return made
    made = StockTake(hub_id=hub.id, begun_at=happening.now, begun_by=actor.name, summary={})
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        begun = queries.open_stock_take(session, hub.id)  # somebody began it in the same moment
        if begun is None:
            raise
        return begun
    return made


def get_stock_take(session: Session, take_id: int) -> StockTake:
    """Raises `NotFound`."""
    return there(
        queries.stock_take(session, take_id),
        f"There is no stock-take {take_id}.",
        next_step="Choose one from the list.",
    )


def open_take(session: Session, take_id: int) -> StockTake:
    """The stock-take, locked and not closed. Raises `Conflict`."""
    take = there(
        queries.stock_take_locked(session, take_id),
        f"There is no stock-take {take_id}.",
        next_step="Choose one from the list.",
    )
    if take.closed_at is not None:
        raise Conflict(
            f"Nothing was counted. Stock-take {take.id} was closed by {take.closed_by}.",
            next_step="Scan the card “Count” to begin another.",
        )
    return take


def count_shelf(session: Session, take_id: int, shelf_id: int, *, actor: Actor, happening: Happening) -> bool:
    """Begin to count a shelf; False when somebody had begun. From here on what belongs there may be missing."""
    open_take(session, take_id)
    if queries.counted_shelf(session, take_id, shelf_id) is not None:
        return False
    session.add(CountedShelf(stock_take_id=take_id, shelf_id=shelf_id, at=happening.now, by=actor.name))
    session.flush()
    return True


def count_tablet(
    session: Session, take_id: int, shelf_id: int, tablet_id: int, *, actor: Actor, happening: Happening
) -> CountMade:
    """It lies here. Counted on another shelf before, it counts where it was scanned last."""
    count_shelf(session, take_id, shelf_id, actor=actor, happening=happening)
    return _count(session, take_id, f"tablet {tablet_id}", shelf_id, tablet_id, "", actor, happening)


def count_unknown(
    session: Session, take_id: int, shelf_id: int, text: str, *, actor: Actor, happening: Happening
) -> CountMade:
    """Something lies here whose code we do not know."""
    count_shelf(session, take_id, shelf_id, actor=actor, happening=happening)
    return _count(session, take_id, f"text {text.upper()}", shelf_id, None, text, actor, happening)


def _count(
    session: Session,
    take_id: int,
    what: str,
    shelf_id: int,
    tablet_id: int | None,
    text: str,
    actor: Actor,
    happening: Happening,
) -> CountMade:
    known = queries.count_of(session, take_id, what)
    before = known.shelf_id if known is not None else None
    if known is not None and before == shelf_id:
        return CountMade(changed=False)
    row = known or StockCount(stock_take_id=take_id, what=what, tablet_id=tablet_id, text=text)
    row.shelf_id, row.at, row.by = shelf_id, happening.now, actor.name
    session.add(row)
    session.flush()
    return CountMade(True, before)


def take_count_back(session: Session, take_id: int, tablet_id: int) -> None:
    """It was not there after all."""
    open_take(session, take_id)
    row = queries.count_of(session, take_id, f"tablet {tablet_id}")
    if row is not None:
        session.delete(row)
        session.flush()


def forget_count(session: Session, take_id: int, count_id: int) -> None:
    """Take off the list what was scanned by mistake."""
    open_take(session, take_id)
    row = queries.count_with_id(session, take_id, count_id)
    if row is not None:
        session.delete(row)
        session.flush()
