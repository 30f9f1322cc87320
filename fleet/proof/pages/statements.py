"""What became of somebody's gifts: the givers with their numbers, and one giver's statement to read or print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.papers import pdf_response
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep
from fleet.partners.models import Organisation
from fleet.proof import queries, service
from fleet.proof.rules import FATE_WORDS, Fate, numbers
from fleet.proof.service import Gift, Statement
from fleet.tablets.rules import Stage
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/statements")

SeesGifts = Annotated[Actor, Depends(may(Permission.DONATIONS_SEE))]
COLUMNS = (Column("Giver", "name"), Column("What became of it"))
GIFTS = (
    Column("Serial", "serial"),
    Column("Kind", "model"),
    Column("What became of it", "stage"),
    Column("Wiped"),
    Column("Certificate", whole=True),
    Column("Its life", whole=True),
)


@dataclass(frozen=True)
class GiversPage:
    table: Table
    title: str = "Statements for givers"


@dataclass(frozen=True)
class StatementPage:
    title: str
    statement: Statement
    counts: tuple[tuple[str, int], ...]
    table: Table
    paper: str
    is_giver: bool


@router.get("")
def list_page(request: Request, session: ReadSession, actor: SeesGifts, clock: ClockDep, query: Listed) -> Response:
    """The givers; a giver is shown their own statement instead."""
    bound = service.giver_bound(actor)
    if bound is not None:
        return _statement(request, session, bound, actor, clock, query, None)
    found = queries.find_givers(session, query)
    counted = queries.counts_of_givers(session, [each.id for each in found.items])
    shown = table(
        found,
        caption="Givers",
        columns=COLUMNS,
        row=lambda each: _giver(each, counted.get(each.id, {})),
        path="/statements",
        filters=(Filter("q", "Giver", query.filter("q")),),
        empty="Givers appear here once a donation is booked in, each with what became of their tablets.",
    )
    if query.as_csv:
        return table_csv("givers", shown)
    return render(request, "proof/givers.html", GiversPage(shown))


@router.get("/{organisation_id}")
def statement_page(
    request: Request,
    organisation_id: RowId,
    session: ReadSession,
    actor: SeesGifts,
    clock: ClockDep,
    query: Listed,
    donation: RowId | None = None,
) -> Response:
    return _statement(request, session, organisation_id, actor, clock, query, donation)


@router.get("/{organisation_id}/pdf")
def download(
    organisation_id: RowId,
    session: ReadSession,
    actor: SeesGifts,
    settings: SettingsDep,
    clock: ClockDep,
    donation: RowId | None = None,
) -> Response:
    found = service.statement_of(session, organisation_id, batch_id=donation, actor=actor, now=clock())
    return pdf_response(service.statement_pdf(session, found, settings=settings), f"statement-{organisation_id}")


def _statement(
    request: Request,
    session: ReadSession,
    donor_id: int,
    actor: Actor,
    clock: ClockDep,
    query: Listed,
    donation: int | None,
) -> Response:
    found = service.statement_of(session, donor_id, batch_id=donation, actor=actor, now=clock())
    listed = queries.find_gifts(session, donor_id, donation, query)
    gifts = {each.tablet_id: each for each in service.gifts_of(session, listed.items)}
    shown = table(
        listed,
        caption="Tablets",
        columns=GIFTS,
        row=lambda tablet: _gift(gifts[tablet.id]),
        path=f"/statements/{donor_id}",
        empty="Tablets appear here once they are booked in.",
    )
    if query.as_csv:
        return table_csv("gifts", shown)
    by_fate = found.numbers.by_fate
    page = StatementPage(
        title=f"What became of the tablets from {found.giver.name}?",
        statement=found,
        counts=tuple((FATE_WORDS[fate], by_fate[fate]) for fate in Fate if by_fate.get(fate)),
        table=shown,
        paper=f"/statements/{donor_id}/pdf{f'?donation={donation}' if donation else ''}",
        is_giver=service.giver_bound(actor) is not None,
    )
    return render(request, "proof/statement.html", page)


def _giver(each: Organisation, by_stage: dict[Stage, int]) -> tuple[Cell, ...]:
    return (Cell(each.name, href=f"/statements/{each.id}"), Cell(numbers(by_stage).sentence))


def _gift(gift: Gift) -> tuple[Cell, ...]:
    words = gift.words.capitalize()
    return (
        Cell(gift.serial),
        Cell(gift.kind),
        Cell(f"{words}, {gift.left}" if gift.left else words),
        Cell(f"{gift.wiped_on:%-d %b %Y}" if gift.wiped_on else "not yet"),
        Cell(gift.certificate, href=f"/certificates/{gift.certificate}" if gift.certificate else ""),
        Cell("See its life", href=f"/tablets/{gift.tablet_id}/life"),
    )
