"""What couriers told that the books do not allow, each beside what else was told of the same stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.models import Scan
from fleet.deliveries.pages.story import Entry, scan_entry
from fleet.deliveries.words import ACTION_WORDS, ANSWER_TAGS
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = APIRouter(prefix="/courier-runs")

SCAN_COLUMNS = (
    Column("Scan", "id", numeric=True),
    Column("When", "when"),
    Column("Courier", "courier"),
    Column("What was told"),
    Column("Answer"),
)


@dataclass(frozen=True)
class ScansPage:
    table: Table
    scans: Sequence[Scan]
    stories: tuple[tuple[Entry, ...], ...]
    review: str
    title: str = "What does not fit"


@router.get("/conflicts", dependencies=[Depends(may(Permission.DELIVERIES_PLAN))])
def conflicts_page(request: Request, session: ReadSession, query: Listed) -> Response:
    found = queries.find_scans(session, query)
    review = query.filter("review") or "waiting"
    shown = table(
        found,
        caption="Scans",
        columns=SCAN_COLUMNS,
        row=_scan_row,
        path="/courier-runs/conflicts",
        filters=(
            Filter(
                "review",
                "Which",
                review,
                (("waiting", "To be looked at"), ("settled", "Settled"), ("all", "All scans")),
            ),
        ),
        empty="Nothing waits. What a courier told and the books do not allow is kept here until somebody settles it.",
    )
    if query.as_csv:
        return table_csv("scans", shown)
    open_ones = [scan for scan in found.items if scan.needs_review and scan.settled_at is None]
    stories = tuple(_story(session, scan) for scan in open_ones)
    return render(request, "deliveries/conflicts.html", ScansPage(shown, open_ones, stories, review))


def _scan_row(scan: Scan) -> tuple[Cell, ...]:
    tag = ANSWER_TAGS[scan.answer]
    at = scan.effective_at.astimezone(LONDON)
    return (
        Cell(str(scan.id), href=f"/courier-runs/{scan.run_id}" if scan.run_id else ""),
        Cell(f"{at:%a} {at.day} {at:%b}, {at:%H:%M}", note="its clock was wrong" if scan.clock_flagged else ""),
        Cell(scan.courier_name),
        Cell(ACTION_WORDS[scan.action], note=scan.sentence),
        Cell(tag.word, state=tag.shape, note=f"Settled: {scan.settle_reason}" if scan.settled_at else ""),
    )


def _story(session: Session, scan: Scan) -> tuple[Entry, ...]:
    """What else was told of the same stop: the other side of a conflict."""
    if scan.job_id is None:
        return ()
    return tuple(scan_entry(other) for other in reversed(queries.scans_of_job(session, scan.job_id)))


@router.post("/conflicts/{scan_number}/settle")
def settle(scan_number: Id, form: FormDep, session: WriteSession, actor: Planner, clock: ClockDep) -> Response:
    service.settle(session, scan_number, reason=form.get("reason"), actor=actor, now=clock())
    return see_other("/courier-runs/conflicts", said=f"Scan {scan_number} is settled.")
