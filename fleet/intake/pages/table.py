"""The intake table: a field that takes one scan after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, DoorstepError
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.intake import queries, service
from fleet.intake.api import AtTheTable
from fleet.intake.pages.lines import TabletLine, tablet_lines
from fleet.intake.scanning import NotReadable
from fleet.intake.service import Kind, Source
from fleet.intake.words import (
    gone_words,
)
from fleet.tablets.models import Tablet
from fleet.tablets.service import SerialAlreadyHere, latest_gone
from fleet.tablets.words import name_of
from fleet.tags import service as tags
from fleet.tags.rules import shown
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/intake")


@dataclass(frozen=True)
class Answered:
    """What the last scan led to, when it was not simply added."""

    words: str
    what_next: str
    shape: str
    tablet_id: int | None = None
    """The tablet that is already here, which can be opened."""
    serial: str = ""


@dataclass(frozen=True)
class TablePage:
    source: Source
    source_words: str
    lines: tuple[TabletLine, ...]
    waiting: tuple[tuple[str, str, str], ...]
    """(address, kind, serial) of each tablet that waits for triage, the longest first."""
    answered: Answered | None = None
    last: int | None = None
    """The tablet that was booked in just now: a blank label that is scanned next is stuck on it."""
    title: str = "Intake"


@router.get("", dependencies=[Depends(may(Permission.INTAKE_RECORD))])
def table_page(
    request: Request,
    session: ReadSession,
    batch: RowId | None = None,
    lot: RowId | None = None,
    last: RowId | None = None,
) -> Response:
    return render(request, "intake/table.html", _table_page(session, Source(batch, lot), last=last))


@router.post("")
def scan(
    request: Request, form: FormDep, session: WriteSession, actor: AtTheTable, settings: SettingsDep, clock: ClockDep
) -> Response:
    source = Source(form.row("batch_id"), form.row("lot_id"))
    kind = Kind(serial_note=form.get("serial_note")[:60])
    last = form.row("last")
    try:
        with session.begin_nested():
            if last is not None and tags.is_blank(session, form.get("scan")):
                tag = tags.claim(session, form.get("scan"), last, actor=actor, happening=Happening(clock()))
                said = f"{shown(tag.code)} is the label of tablet {last}. Scan the next tablet."
                return see_other(_address(source), said=said)
            tablet = service.book_in(
                session,
                form.get("scan")[:200],
                source=source,
                kind=kind,
                actor=actor,
                settings=settings,
                happening=Happening(clock()),
            )
    except (SerialAlreadyHere, NotReadable, Conflict) as error:
        page = _table_page(session, source, _answer(error, form.get("scan")), last=last)
        return render(request, "intake/table.html", page, status=error.status)
    gone = latest_gone(session, tablet.serial)
    before = f" {gone_words(gone)}" if gone else ""
    return see_other(
        _address(source, tablet.id), said=f"Added: tablet {tablet.id}, serial {tablet.serial}.{before} Scan the next."
    )


def _table_page(
    session: Session, source: Source, answered: Answered | None = None, *, last: int | None = None
) -> TablePage:
    return TablePage(
        source=source,
        source_words=_source_words(session, source),
        lines=_lines(session, source),
        waiting=tuple(
            (f"/intake/{tablet.id}", f"Tablet {tablet.id}, {name_of(tablet)}", tablet.serial)
            for tablet in queries.waiting_for_triage(session)
        ),
        answered=answered,
        last=last,
    )


def _lines(session: Session, source: Source) -> tuple[TabletLine, ...]:
    tablets: Sequence[Tablet] = ()
    if source.batch_id is not None or source.lot_id is not None:
        tablets = queries.tablets_of(session, batch_id=source.batch_id, lot_id=source.lot_id)
    return tablet_lines(tablets, may_open=True)


def _source_words(session: Session, source: Source) -> str:
    if source.batch_id is not None and (batch := queries.batch(session, source.batch_id)):
        giver = queries.organisation_names(session, [batch.donor_id]).get(batch.donor_id, "")
        return f"Donation from {giver}, {batch.received_on:%-d %B %Y}"
    if source.lot_id is not None and (lot := queries.lot(session, source.lot_id)):
        return f"Bought from {lot.supplier}, invoice {lot.invoice_ref}"
    return ""


def _answer(error: DoorstepError, scan_text: str) -> Answered:
    if isinstance(error, BadInput):
        return Answered("Not readable. Nothing was added.", next(iter(error.fields.values()), ""), "danger")
    number = error.details.get("tablet_id")
    return Answered(
        error.message, error.next_step, "waiting", number if isinstance(number, int) else None, scan_text[:200]
    )


def _address(source: Source, last: int | None = None) -> str:
    asked = {"batch": source.batch_id, "lot": source.lot_id, "last": last}
    given = {name: number for name, number in asked.items() if number is not None}
    return f"/intake?{urlencode(given)}" if given else "/intake"
