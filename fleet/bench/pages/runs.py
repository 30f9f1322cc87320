"""The list of runs."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Depends, Request, Response

from fleet.bench import queries
from fleet.bench.models import Run
from fleet.bench.rules import RunKind, RunState
from fleet.bench.words import KIND_WORDS, run_tag
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ReadSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/bench/runs")
COLUMNS = (
    Column("Run", "id", numeric=True),
    Column("What", "kind"),
    Column("Tablet", "tablet", numeric=True),
    Column("How it stands", "state"),
    Column("Begun by"),
    Column("Changed", "changed"),
)


@dataclass(frozen=True)
class RunsPage:
    table: Table
    title: str = "Runs"


@router.get("", dependencies=[Depends(may(Permission.BENCH_SEE))])
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
) -> Response:
    states = (("", "Any"), *((state.value, state.value.replace("_", " ").capitalize()) for state in RunState))
    kinds = (("", "Wipe or provision"), *((kind.value, KIND_WORDS[kind]) for kind in RunKind))
    shown = table(
        queries.find_runs(session, query),
        caption="Runs",
        columns=COLUMNS,
        row=_row,
        path="/bench/runs",
        filters=(
            Filter("kind", "What", query.filter("kind"), kinds),
            Filter("state", "How it stands", query.filter("state"), states),
            Filter("tablet", "Tablet number", query.filter("tablet")),
        ),
        empty="Every wipe and every provisioning will be listed here. Begin one from a slot of the bench.",
    )
    if query.as_csv:
        return table_csv("runs", shown)
    return render(request, "bench/runs.html", RunsPage(shown))


def _row(run: Run) -> tuple[Cell, ...]:
    tag = run_tag(run)
    return (
        Cell(str(run.id), href=f"/bench/runs/{run.id}"),
        Cell(KIND_WORDS[run.kind]),
        Cell(str(run.tablet_id), href=f"/tablets/{run.tablet_id}"),
        Cell(tag.word, state=tag.shape),
        Cell(run.started_by),
        Cell(f"{run.changed_at:%-d %b %Y %H:%M}"),
    )
