"""Certificates: staff list and print them; anyone who has a number can check one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request, Response

from fleet.bench import queries, service
from fleet.bench.models import Certificate
from fleet.bench.service.certificates import Checked, public_facts
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ReadSession, SettingsDep
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape, StateTag

router = PageRouter(prefix="/certificates")

Number = Annotated[str, Path(max_length=20)]

COLUMNS = (
    Column("Certificate", "number"),
    Column("Tablet", "tablet", numeric=True),
    Column("Kind"),
    Column("How it stands"),
    Column("Issued", "issued"),
)


@dataclass(frozen=True)
class ListPage:
    table: Table
    title: str = "Wipe certificates"


@dataclass(frozen=True)
class CheckPage:
    title: str
    checked: Checked
    state: StateTag
    facts: tuple[tuple[str, object], ...]
    staff: bool


@router.get("", dependencies=[Depends(may(Permission.CERTIFICATES_SEE))])
def list_page(
    request: Request,
    session: ReadSession,
    query: Listed,
) -> Response:
    found = queries.find_certificates(session, query)
    old = queries.superseded_ids(session, [each.id for each in found.items])
    shown = table(
        found,
        caption="Wipe certificates",
        columns=COLUMNS,
        row=lambda each: _row(each, old),
        path="/certificates",
        filters=(
            Filter("q", "Number", query.filter("q")),
            Filter("tablet", "Tablet number", query.filter("tablet")),
        ),
        empty="A certificate appears here for every wipe that was proved. Begin one at the bench.",
    )
    if query.as_csv:
        return table_csv("certificates", shown)
    return render(request, "bench/certificates.html", ListPage(shown))


@router.get("/{number}")
def check_page(
    request: Request,
    number: Number,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PUBLIC))],
) -> Response:
    """For anyone: what was wiped, when, how it was checked, and whether that still stands. No person."""
    checked = service.check_certificate(session, number)
    staff = actor.user_id is not None and actor.may(Permission.CERTIFICATES_SEE)
    title = f"Certificate {checked.certificate.number}"
    return render(
        request, "bench/certificate.html", CheckPage(title, checked, standing(checked), public_facts(checked), staff)
    )


@router.get("/{number}/pdf", dependencies=[Depends(may(Permission.CERTIFICATES_SEE))])
def download(number: Number, session: ReadSession, settings: SettingsDep) -> Response:
    found = service.get_certificate(session, number)
    pdf = service.certificate_pdf(session, found.number, settings=settings)
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def standing(checked: Checked) -> StateTag:
    """Valid, superseded, or no longer what was issued."""
    if not checked.genuine:
        return StateTag("Not as it was issued", Shape.DANGER)
    if checked.superseded_by:
        return StateTag("Superseded", Shape.WAITING)
    return StateTag("Valid", Shape.DONE)


def _row(certificate: Certificate, superseded: Collection[int]) -> tuple[Cell, ...]:
    old = certificate.id in superseded
    content = certificate.content
    return (
        Cell(certificate.number, href=f"/certificates/{certificate.number}"),
        Cell(str(certificate.tablet_id), href=f"/tablets/{certificate.tablet_id}"),
        Cell(f"{content['manufacturer']} {content['model']}".strip()),
        Cell("Superseded" if old else "Valid", state=Shape.WAITING if old else Shape.DONE),
        Cell(f"{certificate.issued_at:%-d %b %Y}"),
    )
