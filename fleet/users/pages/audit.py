"""Who signed in, when, from what, and how it ended. Read by hub admins and the data protection lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Depends, Request, Response

from fleet.clock import LONDON
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.users import queries
from fleet.users.access import may
from fleet.users.models import SignIn
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/audit")

COLUMNS = (
    Column("Began", "began"),
    Column("Who"),
    Column("Last seen", "seen"),
    Column("How it stands"),
    Column("Browser"),
)


@dataclass(frozen=True)
class AuditPage:
    table: Table
    title: str = "Sign-ins"


@router.get("/sign-ins", dependencies=[Depends(may(Permission.AUDIT_SEE))])
def sign_ins_page(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    clock: ClockDep,
    query: Listed,
) -> Response:
    found = queries.find_sign_ins(session, query)
    names = queries.names_of(session, [sign_in.user_id for sign_in in found.items])
    oldest = clock() - timedelta(hours=settings.session_hours)
    shown = table(
        found,
        caption="Sign-ins",
        columns=COLUMNS,
        row=lambda sign_in: _row(sign_in, names.get(sign_in.user_id, ""), oldest),
        path="/audit/sign-ins",
        empty="Every sign-in is listed here, the latest first.",
    )
    if query.as_csv:
        return table_csv("sign-ins", shown)
    return render(request, "users/audit.html", AuditPage(shown))


def _row(sign_in: SignIn, name: str, oldest: datetime) -> tuple[Cell, ...]:
    if sign_in.ended_at is not None:
        state = Cell("Ended", state=Shape.PLAIN, note=_when(sign_in.ended_at))
    elif sign_in.last_seen_at < oldest:
        state = Cell("Ran out", state=Shape.PLAIN)
    else:
        state = Cell("Open", state=Shape.WORKING)
    return (
        Cell(_when(sign_in.started_at)),
        Cell(name),
        Cell(_when(sign_in.last_seen_at)),
        state,
        Cell(sign_in.device),
    )


def _when(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %b %Y, %H:%M}"
