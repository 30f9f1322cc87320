"""Pages about a person's own data: all of it on one page, its end, and the list of those who asked for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.people import service as people
from fleet.privacy import queries, service
from fleet.privacy.models import Erasure
from fleet.privacy.rules import WhyErase
from fleet.privacy.schemas import EraseIn
from fleet.privacy.service import Everything, Standing
from fleet.privacy.words import WHY_WORDS
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter()

PersonId = RowId
Copier = Annotated[Actor, Depends(may(Permission.PRIVACY_COPY))]
Eraser = Annotated[Actor, Depends(may(Permission.PRIVACY_ERASE))]
COLUMNS = (Column("Record"), Column("Asked for", "asked"), Column("Why"), Column("How it stands"), Column("Decided by"))


@dataclass(frozen=True)
class EverythingPage:
    title: str
    person_id: int
    everything: Everything


@dataclass(frozen=True)
class ErasePage:
    person_id: int
    name: str
    stands: Standing
    errors: Mapping[str, str]
    whys: tuple[tuple[str, str], ...] = tuple((each.value, WHY_WORDS[each]) for each in WhyErase)
    title: str = "Erase a record"


@dataclass(frozen=True)
class ErasuresPage:
    table: Table
    title: str = "Erasures"


@router.get("/people/{person_id}/everything")
def everything_page(
    request: Request,
    person_id: PersonId,
    session: ReadSession,
    database: DatabaseDep,
    actor: Copier,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    found = service.everything_about(session, person_id, settings=settings, now=clock())
    people.viewed(database, person_id, actor=actor, now=clock())
    page = EverythingPage(f"Everything about {found.name}", person_id, found)
    return render(request, "privacy/everything.html", page)


@router.post("/people/{person_id}/everything")
def download(
    person_id: PersonId, form: FormDep, session: WriteSession, actor: Copier, settings: SettingsDep, clock: ClockDep
) -> Response:
    person = people.get_person(session, person_id)
    people.note_copied(session, person, actor=actor, happening=Happening(now=clock()))
    found = service.everything_about(session, person_id, settings=settings, now=clock())
    headers = {
        "Content-Disposition": f'attachment; filename="everything-{person_id}.json"',
        "Cache-Control": "no-store",
    }
    return JSONResponse(found.as_json(), headers=headers)


@router.get("/people/{person_id}/erase", dependencies=[Depends(may(Permission.PRIVACY_ERASE))])
def erase_page(request: Request, person_id: PersonId, session: ReadSession) -> Response:
    person = people.get_person(session, person_id)
    name = f"{person.first_name} {person.last_name}"
    page = ErasePage(person_id, name, service.standing(session, person_id), {})
    return render(request, "privacy/erase.html", page)


@router.post("/people/{person_id}/erase")
def erase(
    request: Request,
    person_id: PersonId,
    form: FormDep,
    session: WriteSession,
    actor: Eraser,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        why = form.parse(EraseIn).why
    except BadInput:
        person = people.get_person(session, person_id)
        name = f"{person.first_name} {person.last_name}"
        errors = {"why": "Choose why the record is to go."}
        page = ErasePage(person_id, name, service.standing(session, person_id), errors)
        return render(request, "privacy/erase.html", page, status=422)
    stands = service.ask_to_erase(
        session, person_id, why, actor=actor, settings=settings, happening=Happening(now=clock())
    )
    if stands.waits:
        return see_other(f"/people/{person_id}/erase", said="It is written down, and done once nothing is open.")
    return see_other(f"/people/{person_id}", said="The record was erased.")


@router.post("/people/{person_id}/erase/call-off")
def call_off(person_id: PersonId, form: FormDep, session: WriteSession, actor: Eraser, clock: ClockDep) -> Response:
    service.call_off(session, person_id, actor=actor, happening=Happening(now=clock()))
    return see_other(f"/people/{person_id}", said="The record stays.")


@router.get("/erasures", dependencies=[Depends(may(Permission.PRIVACY_ERASE))])
def erasures_page(request: Request, session: ReadSession, query: Listed) -> Response:
    shown = table(
        queries.find_erasures(session, query),
        caption="Erasures",
        columns=COLUMNS,
        row=_row,
        path="/erasures",
        filters=(
            Filter(
                "state", "How it stands", query.filter("state"), (("", "Any"), ("waiting", "Waiting"), ("done", "Done"))
            ),
        ),
        empty="Records that were erased, or are to be, are listed here by their numbers. Begin on a person's page.",
    )
    if query.as_csv:
        return table_csv("erasures", shown)
    return render(request, "privacy/erasures.html", ErasuresPage(shown))


def _row(erasure: Erasure) -> tuple[Cell, ...]:
    done = erasure.done_at
    state = Cell("Erased", state=Shape.DONE, note=f"{done:%-d %b %Y}") if done else Cell("Waiting", state=Shape.WAITING)
    href = f"/people/{erasure.person_id}" if done else f"/people/{erasure.person_id}/erase"
    return (
        Cell(str(erasure.person_id), href=href),
        Cell(f"{erasure.asked_at:%-d %b %Y}"),
        Cell(WHY_WORDS[erasure.why]),
        state,
        Cell(erasure.asked_by),
    )
