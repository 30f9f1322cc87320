"""Data that needs somebody, as one list with the most urgent first; and strange cards that wait in a bag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.api.data import StrayId
from fleet.bundles.api.seeing import Recorder
from fleet.bundles.models import LEFT_IN, Sim, StraySim
from fleet.bundles.queries import usage
from fleet.bundles.queries.usage import Needed
from fleet.bundles.rules import Asks
from fleet.bundles.words import ASKS_TO_DO, ASKS_WORDS, left_in_words, name_of, state_words
from fleet.clock import local_date
from fleet.database.lists import Found
from fleet.errors import BadInput, there
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.tags.service import codes_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/data")

_IN_A_TABLET = (Asks.STRAY, Asks.LEFT_IN)
COLUMNS = (Column("Which"), Column("What"), Column("What to do"), Column("By", whole=True), Column("Loan"))


@dataclass(frozen=True)
class NeededPage:
    table: Table
    title: str = "Data that needs somebody"


@dataclass(frozen=True)
class StrayPage:
    stray: StraySim
    label: str
    ours: tuple[tuple[str, str, str, str], ...] = ()
    """Those of ours that it may be, with how the books say they stand."""
    to_take_out: str = ""
    """What is to be done about it, for one of ours that was left in a tablet."""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    title: str = "A strange card"


@router.get("")
def needed_page(
    request: Request,
    session: ReadSession,
    query: Listed,
    actor: Annotated[Actor, Depends(may(Permission.BUNDLES_SEE))],
    clock: ClockDep,
) -> Response:
    found = usage.find_needed(session, query, local_date(clock()))
    shown = _table(session, found, may_see_loans=actor.may(Permission.LOANS_SEE))
    if query.as_csv:
        return table_csv("data-that-needs-somebody", shown)
    return render(request, "bundles/needed.html", NeededPage(shown))


def _table(session: Session, found: Found[Needed], *, may_see_loans: bool) -> Table:
    cards = [each.number for each in found.items if each.asks not in _IN_A_TABLET]
    strays = [each.number for each in found.items if each.asks in _IN_A_TABLET]
    sims, bagged = usage.sims_by_id(session, cards), usage.strays_by_id(session, strays)
    labels = codes_of(session, [stray.tablet_id for stray in bagged.values()])
    kinds = tuple((asks.value, words) for asks, (words, _shape) in ASKS_WORDS.items() if asks is not Asks.NO_DATA)
    return table(
        found,
        caption="Data that needs somebody",
        columns=COLUMNS,
        row=lambda each: _row(
            each, sims.get(each.number), bagged.get(each.number), labels, may_see_loans=may_see_loans
        ),
        path="/data",
        filters=(Filter("asks", "What", found.query.filter("asks"), (("", "Everything"), *kinds)),),
        empty="Nothing needs you. Data that runs low or ends too soon appears here three weeks before it matters.",
    )


def _row(
    each: Needed, sim: Sim | None, stray: StraySim | None, labels: Mapping[int, str], *, may_see_loans: bool
) -> tuple[Cell, ...]:
    word, shape = ASKS_WORDS[each.asks]
    if stray is not None:
        words = f"Card {stray.seen}"
        if each.asks is Asks.LEFT_IN:
            words = f"Card ending {stray.seen[-5:]} in {labels.get(stray.tablet_id, f'Tablet {stray.tablet_id}')}"
        which = Cell(words, href=f"/data/strays/{each.number}")
    else:
        which = Cell(name_of(sim) if sim else f"SIM {each.number}", href=f"/sims/{each.number}")
    loan = f"Loan {each.loan_id}" if each.loan_id is not None else ""
    return (
        which,
        Cell(word, state=shape),
        Cell(ASKS_TO_DO[each.asks]),
        Cell(f"{each.act_by:%-d %b %Y}"),
        Cell(loan, href=f"/loans/{each.loan_id}" if loan and may_see_loans else ""),
    )


@router.get("/strays/{stray_id}", dependencies=[Depends(may(Permission.BUNDLES_SEE))])
def stray_page(request: Request, stray_id: StrayId, session: ReadSession) -> Response:
    return render(request, "bundles/stray.html", _stray_page(session, stray_id))


@router.post("/strays/{stray_id}")
def settle(
    request: Request, stray_id: StrayId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    try:
        happening = Happening(now=clock())
        service.settle_stray(session, stray_id, form.get("outcome"), actor=actor, happening=happening)
    except BadInput as refused:
        page = replace(_stray_page(session, stray_id), values=form.values, errors=refused.fields)
        return render(request, "bundles/stray.html", page, status=422)
    return see_other("/data", said="Settled.")


def _stray_page(session: Session, stray_id: int) -> StrayPage:
    stray = there(queries.stray(session, stray_id), "There is no such card.", next_step="Look at the list again.")
    ours = queries.sims_that_end_in(session, stray.seen)
    left = stray.kind == LEFT_IN
    label = codes_of(session, [stray.tablet_id]).get(stray.tablet_id, f"Tablet {stray.tablet_id}")
    rows = tuple(
        ("Ours" if left else "It may be ours", f"{name_of(sim)}: {state_words(sim.state)}", f"/sims/{sim.id}", "Open")
        for sim in ours
    )
    if not left:
        return StrayPage(stray, label, rows)
    to_do = " ".join(left_in_words(sim, label) for sim in ours)
    return StrayPage(stray, label, rows, to_take_out=to_do, title="A card left in a tablet")
