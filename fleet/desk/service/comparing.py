"""How the counted shelves and the books differ: worked out, put right line by line, and kept when a count is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from fleet.desk import queries
from fleet.desk.models import StockTake
from fleet.desk.rules import AT_THE_HUB, Counted, Difference, DifferenceKind, InTheBooks, compare
from fleet.desk.service.counting import open_take
from fleet.desk.service.lost import called, take_in_found
from fleet.desk.service.shelving import get_shelf, put_on, still_counts
from fleet.errors import there
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.actor import Actor


def differences(session: Session, take: StockTake) -> list[Difference]:
    """How the shelves counted so far and the books differ, as they both stand."""
    shelves = [each.shelf_id for each in queries.counted_shelves(session, take.id)]
    counted = [Counted(row.id, row.shelf_id, row.tablet_id, row.text) for row in queries.counts(session, take.id)]
    lying = queries.lying_on(session, shelves)
    known = {tablet.id: tablet for _, tablet in lying}
    known |= queries.tablets(session, [each.tablet_id for each in counted if each.tablet_id is not None])
    places = queries.places_of(session, list(known))
    books = {}
    for tablet in known.values():
        place = places.get(tablet.id)
        shelf_id = place.shelf_id if place is not None and still_counts(place, tablet) else None
        books[tablet.id] = InTheBooks(tablet.id, tablet.stage, shelf_id, tablet.guest_hub_id == take.hub_id)
    return compare(shelves, counted, books)


def put_right(
    session: Session, take_id: int, tablet_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> str:
    """Bring the books to what was found on the shelf: put away there, taken in, or found. The sentence that says so."""
    take = open_take(session, take_id)
    row = there(
        queries.count_of(session, take_id, f"tablet {tablet_id}"),
        "Nothing was changed. This tablet was not counted.",
        next_step="Scan it on its shelf first.",
    )
    tablet, shelf = tablets.lock_tablet(session, tablet_id), get_shelf(session, row.shelf_id)
    if tablet.stage is Stage.LOST:
        where = f"on {shelf.name}, at stock-take {take_id}"
        take_in_found(
            session, tablet_id, place=where, at=take.hub_id, actor=actor, settings=settings, happening=happening
        )
    elif tablet.stage not in AT_THE_HUB:
        why = replace(happening, reason=happening.reason or f"Found on {shelf.name} at stock-take {take_id}")
        loans.scan_in(session, tablet_id=tablet_id, at=take.hub_id, actor=actor, settings=settings, happening=why)
    if tablet.guest_hub_id is not None:
        return f"{called(tablet)} is taken in: {tablets.way_home(session, tablet)}."
    put_on(session, tablet_id, shelf.id, actor=actor, happening=happening)
    return f"{called(tablet)} lies on {shelf.name} by the books too."


def mark_for_looking(session: Session, take_id: int, tablet_id: int, *, actor: Actor, happening: Happening) -> str:
    """Hold a tablet until somebody has looked for it, or into it. Never done without a person who asks for it."""
    take = open_take(session, take_id)
    wrong = next((each for each in differences(session, take) if each.tablet_id == tablet_id), None)
    found = there(wrong, "Nothing was marked. It is where it should be.", next_step="Reload the list.")
    shelf = get_shelf(session, found.shelf_id)
    missing = found.kind is DifferenceKind.MISSING
    what = f"Not on {shelf.name}" if missing else f"Found on {shelf.name}"
    why = replace(happening, reason=f"{what} at stock-take {take_id}. Look into it.")
    tablets.place_hold(session, tablet_id, HoldKind.STOCK_TAKE, actor=actor, happening=why)
    return f"{called(tablets.get_tablet(session, tablet_id))} is held until somebody has looked into it."


@dataclass(frozen=True)
class Line:
    """One line of the difference list, in words."""

    kind: DifferenceKind
    code: str
    shelf: str
    said: str
    seen: str
    tablet_id: int | None = None
    count_id: int | None = None
    marked: bool = False


def figures(session: Session, take: StockTake, found: Sequence[Difference]) -> dict[str, int]:
    """How a stock-take stands, in numbers."""
    counted = queries.counts(session, take.id)
    wrong = {each.count_id for each in found if each.count_id is not None}
    by_kind = {kind.value: sum(each.kind is kind for each in found) for kind in DifferenceKind}
    return {
        "shelves": len(queries.counted_shelves(session, take.id)),
        "counted": len(counted),
        "right": sum(each.id not in wrong for each in counted),
        "on_no_shelf": queries.at_no_shelf(session, take.hub_id, [stage.value for stage in AT_THE_HUB]),
        **by_kind,
    }


def close_stock_take(session: Session, take_id: int, *, note: str, actor: Actor, happening: Happening) -> StockTake:
    """End it: what differs at this moment is kept as it is said, and stays so whatever becomes of the tablets."""
    take = open_take(session, take_id)
    found = differences(session, take)
    summary: dict[str, Any] = {"figures": figures(session, take, found), "shelves": shelves_counted(session, take_id)}
    summary["lines"] = [
        {"kind": each.kind.value, "code": each.code, "shelf": each.shelf, "said": each.said, "seen": each.seen}
        for each in lines_of(session, take, found)
    ]
    take.summary, take.note = summary, note.strip()[:500]
    take.closed_at, take.closed_by = happening.now, actor.name
    session.flush()
    return take


def shelves_counted(session: Session, take_id: int) -> list[str]:
    """The shelves by name, in the order in which they were begun."""
    names = queries.shelf_names(session)
    return [names[each.shelf_id] for each in queries.counted_shelves(session, take_id)]


def lines_of(session: Session, take: StockTake, found: Sequence[Difference]) -> list[Line]:
    """The differences in words, each with where its tablet was last seen."""
    ids = [each.tablet_id for each in found if each.tablet_id is not None]
    known, events = queries.tablets(session, ids), queries.latest_events(session, ids)
    marked = queries.tablets_marked(session, ids, take.begun_at)
    names = queries.shelf_names(session)
    lines = []
    for each in found:
        if each.tablet_id is None:
            said = "No label of ours, and no serial in our books."
            lines.append(Line(each.kind, each.text, names[each.shelf_id], said, "", count_id=each.count_id))
            continue
        tablet, event = known[each.tablet_id], events.get(each.tablet_id)
        belongs = names.get(each.belongs_to or 0, "")
        seen = f"{event.words}, {event.actor_name}, {event.at:%-d %b %Y}" if event else ""
        words = _said(each, tablet, belongs)
        is_marked = each.tablet_id in marked
        lines.append(
            Line(each.kind, called(tablet), names[each.shelf_id], words, seen, tablet.id, each.count_id, is_marked)
        )
    return lines


def _said(each: Difference, tablet: Tablet, belongs: str) -> str:
    from_stage = tablet.stage.value.replace("_", " ")
    match each.kind:
        case DifferenceKind.MISSING:
            return "Should lie here, and was not scanned anywhere."
        case DifferenceKind.ELSEWHERE:
            return f"Belongs on {belongs}." if belongs else "Was never put away."
        case DifferenceKind.LOST:
            return "Lost by our books. It is found."
        case DifferenceKind.GONE:
            return f"Left our stock: {from_stage}."
        case _:
            return f"Not at the hub by our books: {from_stage}."
