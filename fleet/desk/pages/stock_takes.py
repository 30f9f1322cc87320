"""Stock-takes: the list of them, and the one page on which the shelves and the books differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID
from fleet.desk import service
from fleet.desk.models import StockTake
from fleet.desk.pages.desk import Worker
from fleet.desk.rules import DifferenceKind
from fleet.desk.service import Line
from fleet.desk.words import DIFFERENCE_WORDS
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Listed, Table, csv_response, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import hub_of
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/desk/stock-takes", dependencies=[Depends(may(Permission.DESK_WORK))])

TakeId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PER_PAGE = 50
COLUMNS = (Column("Stock-take", numeric=True), Column("Begun"), Column("By"), Column("Closed"), Column("Differences"))


@dataclass(frozen=True)
class TakesPage:
    table: Table
    open_id: int | None
    title: str = "Stock-takes"


@dataclass(frozen=True)
class LineView:
    """A line as it is shown; `fix` is the button that puts it right, if one press can."""

    line: Line
    word: str
    shape: Shape
    fix: str


@dataclass(frozen=True)
class TakePage:
    """One stock-take: as it stands while it is open, as it was once it is closed."""

    title: str
    take: StockTake
    figures: tuple[tuple[int, str, Shape], ...]
    lines: Sequence[LineView]
    line_count: int
    shelves: tuple[str, ...]
    on_no_shelf: int
    page: int
    page_count: int

    def url(self, *, page: int) -> str:
        return f"/desk/stock-takes/{self.take.id}?page={page}"


@router.get("")
def takes_page(request: Request, session: ReadSession, query: Listed, actor: Worker) -> Response:
    found = service.find_stock_takes(session, query, hub_id=hub_of(session, actor).id)
    shown = table(
        found,
        caption="Stock-takes",
        columns=COLUMNS,
        row=_row,
        path="/desk/stock-takes",
        empty="Each stock-take is listed here with what it came to. Scan the card “Count” at the desk, or begin here.",
    )
    if query.as_csv:
        return table_csv("stock-takes", shown)
    open_id = next((take.id for take in found.items if take.closed_at is None), None)
    return render(request, "desk/stock_takes.html", TakesPage(shown, open_id))


def _row(take: StockTake) -> tuple[Cell, ...]:
    closed = f"{take.closed_at:%-d %b %Y}, {take.closed_by}" if take.closed_at else "Open"
    differences = str(len(take.summary.get("lines", ()))) if take.closed_at else ""
    href = f"/desk/stock-takes/{take.id}"
    return (
        Cell(str(take.id), href=href),
        Cell(f"{take.begun_at:%-d %b %Y}"),
        Cell(take.begun_by),
        Cell(closed),
        Cell(differences),
    )


@router.post("")
def begin(form: FormDep, session: WriteSession, clock: ClockDep, actor: Worker) -> Response:
    """The open stock-take, begun if there is none."""
    take = service.begin_stock_take(session, actor=actor, happening=Happening(clock()))
    return see_other(f"/desk/stock-takes/{take.id}")


@router.get("/{take_id}")
def take_page(
    request: Request,
    take_id: TakeId,
    session: ReadSession,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    format: Annotated[str, Query(max_length=10)] = "",  # noqa: A002 - what every list calls it in its address
) -> Response:
    take = service.get_stock_take(session, take_id)
    lines, figures = _as_it_stands(session, take)
    if format == "csv":
        rows = [(DIFFERENCE_WORDS[each.kind][0], each.code, each.shelf, each.said, each.seen) for each in lines]
        return csv_response(f"stock-take-{take.id}", ("What", "Code", "Shelf", "By the books", "Last written"), rows)
    first = (page - 1) * PER_PAGE
    shown = TakePage(
        title=f"Stock-take {take.id}",
        take=take,
        figures=_figures(figures),
        lines=[_view(each) for each in lines[first : first + PER_PAGE]],
        line_count=len(lines),
        shelves=_shelves(session, take),
        on_no_shelf=figures.get("on_no_shelf", 0),
        page=page,
        page_count=max(1, -(-len(lines) // PER_PAGE)),
    )
    return render(request, "desk/stock_take.html", shown)


def _as_it_stands(session: Session, take: StockTake) -> tuple[Sequence[Line], dict[str, int]]:
    """Worked out while it is open; as it was written down once it is closed."""
    if take.closed_at is None:
        found = service.differences(session, take)
        return service.lines_of(session, take, found), service.figures(session, take, found)
    kept = [
        Line(DifferenceKind(each["kind"]), each["code"], each["shelf"], each["said"], each["seen"])
        for each in take.summary["lines"]
    ]
    return kept, take.summary["figures"]


def _shelves(session: Session, take: StockTake) -> tuple[str, ...]:
    if take.closed_at is not None:
        return tuple(take.summary["shelves"])
    return tuple(service.shelves_counted(session, take.id))


def _figures(figures: dict[str, int]) -> tuple[tuple[int, str, Shape], ...]:
    wrong = sum(figures[kind.value] for kind in DifferenceKind)
    missing = figures[DifferenceKind.MISSING.value]
    return (
        (figures["shelves"], "shelf counted" if figures["shelves"] == 1 else "shelves counted", Shape.PLAIN),
        (figures["right"], "where they belong", Shape.DONE if figures["right"] else Shape.PLAIN),
        (missing, "missing", Shape.HANDS if missing else Shape.PLAIN),
        (wrong - missing, "here and not right", Shape.WAITING if wrong - missing else Shape.PLAIN),
    )


def _view(line: Line) -> LineView:
    word, shape = DIFFERENCE_WORDS[line.kind]
    fixes = {
        DifferenceKind.LOST: "It is found",
        DifferenceKind.AWAY: "Take it in",
        DifferenceKind.ELSEWHERE: "It belongs here",
    }
    return LineView(line, word, shape, fixes.get(line.kind, ""))


@router.post("/{take_id}/right/{tablet_id}")
def put_right(
    take_id: TakeId,
    tablet_id: TakeId,
    form: FormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
    actor: Worker,
) -> Response:
    said = service.put_right(session, take_id, tablet_id, actor=actor, settings=settings, happening=Happening(clock()))
    return see_other(f"/desk/stock-takes/{take_id}", said=said)


@router.post("/{take_id}/look/{tablet_id}")
def mark_for_looking(
    take_id: TakeId, tablet_id: TakeId, form: FormDep, session: WriteSession, clock: ClockDep, actor: Worker
) -> Response:
    said = service.mark_for_looking(session, take_id, tablet_id, actor=actor, happening=Happening(clock()))
    return see_other(f"/desk/stock-takes/{take_id}", said=said)


@router.post("/{take_id}/forget/{count_id}")
def forget_count(take_id: TakeId, count_id: TakeId, form: FormDep, session: WriteSession, actor: Worker) -> Response:
    service.forget_count(session, take_id, count_id)
    return see_other(f"/desk/stock-takes/{take_id}", said="Taken off the list.")


@router.post("/{take_id}/close")
def close(take_id: TakeId, form: FormDep, session: WriteSession, clock: ClockDep, actor: Worker) -> Response:
    service.close_stock_take(session, take_id, note=form.get("note"), actor=actor, happening=Happening(clock()))
    return see_other(f"/desk/stock-takes/{take_id}", said="Closed. What it came to stays here.")
