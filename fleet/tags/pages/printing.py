"""Printing labels: a sheet for chosen tablets, or blank ones to be claimed at intake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of
from fleet.tags import print_jobs, printers, printing, queries
from fleet.tags.printing import SheetChoice, Wanted, sheet_choices
from fleet.tags.rules import shown
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from labels.frames import PrintSize

router = APIRouter(prefix="/labels")

Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]


class HowForm(BaseModel):
    """What is asked whatever is printed. Texts are kept as typed, so that the form can be shown again."""

    sheet: str = Field("L7160", max_length=40)
    start_at: int = 1
    copies: int = 1
    print_size: PrintSize = PrintSize.CLEAR
    printer: int = 0

    def wanted(self, session: Session) -> Wanted:
        """On the sheet that was chosen, or on the roll of the label printer that was."""
        wanted = Wanted(self.sheet, self.start_at, self.copies, self.print_size)
        return print_jobs.on_its_roll(session, wanted, self.printer or None)


class PrintForm(HowForm):
    """Labels of tablets."""

    tablet: list[int] = Field(default_factory=list, max_length=500)


class BlanksForm(HowForm):
    """Blank labels."""

    count: int = 0


@dataclass(frozen=True)
class PrintPage:
    tablets: tuple[tuple[str, str, str], ...]
    """(id, kind and code, serial) of each tablet that may be ticked."""
    ticked: tuple[str, ...]
    sheets: tuple[SheetChoice, ...]
    printers: tuple[tuple[str, str], ...]
    typed: Form
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    waiting: int = 0
    """Labels that have not left for their printer."""
    title: str = "Print labels"


@dataclass(frozen=True)
class BlanksPage:
    sheets: tuple[SheetChoice, ...]
    printers: tuple[tuple[str, str], ...]
    typed: Form
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    title: str = "Blank labels"


@router.get("", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def print_page(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    tablet: Annotated[list[int] | None, Query(max_length=500)] = None,
) -> Response:
    ticked = tuple(str(each) for each in tablet or ())
    page = _print_page(session, ticked, Form(), problem=printing.check_public_url(settings) or "")
    return render(request, "tags/print.html", page)


@router.post("")
def print_labels(
    request: Request, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep, actor: Prints
) -> Response:
    try:
        asked = form.parse(PrintForm)
        with session.begin_nested():
            batch = printing.print_labels(
                session,
                asked.tablet,
                wanted=asked.wanted(session),
                settings=settings,
                actor=actor,
                happening=Happening(clock()),
            )
            _send(session, batch.id, asked.printer, actor=actor, now=clock())
    except BadInput as error:
        page = _print_page(session, form.lists.get("tablet", ()), form, errors=error.fields)
        return render(request, "tags/print.html", page, status=422)
    return see_other(f"/labels/batches/{batch.id}", said="The sheet is ready to print.")


@router.get("/blanks", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def blanks_page(request: Request, session: ReadSession, settings: SettingsDep) -> Response:
    page = BlanksPage(sheet_choices(), _printers(session), Form(), problem=printing.check_public_url(settings) or "")
    return render(request, "tags/blanks.html", page)


@router.post("/blanks")
def print_blanks(
    request: Request, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep, actor: Prints
) -> Response:
    try:
        asked = form.parse(BlanksForm)
        with session.begin_nested():
            batch = printing.print_blanks(
                session,
                asked.count,
                wanted=asked.wanted(session),
                settings=settings,
                actor=actor,
                happening=Happening(clock()),
            )
            _send(session, batch.id, asked.printer, actor=actor, now=clock())
    except BadInput as error:
        page = BlanksPage(sheet_choices(), _printers(session), form, error.fields)
        return render(request, "tags/blanks.html", page, status=422)
    return see_other(f"/labels/batches/{batch.id}", said="The blank labels are ready to print.")


def _printers(session: Session) -> tuple[tuple[str, str], ...]:
    usable = [each for each in printers.printers_in_use(session) if printers.reached_by_worker(each)]
    return tuple((str(each.id), each.name) for each in usable)


def _send(session: Session, batch_id: int, printer_id: int, *, actor: Actor, now: datetime) -> None:
    if printer_id:
        print_jobs.send_batch(session, batch_id, printer_id, actor=actor, now=now)


def _print_page(
    session: Session,
    ticked: Sequence[str],
    typed: Form,
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> PrintPage:
    waiting = {tablet.id: tablet for tablet in queries.tablets_to_label(session)}
    wanted = [int(each) for each in ticked if each.isdecimal() and len(each) < 10]
    chosen = queries.tablets_by_id(session, wanted)
    choices = tuple((str(each.id), _name(each), f"Serial {each.serial}") for each in ({**chosen, **waiting}).values())
    waits = sum(each.job.labels for each in print_jobs.waiting(session))
    return PrintPage(
        choices, tuple(ticked), sheet_choices(), _printers(session), typed, errors or {}, problem, waiting=waits
    )


def _name(tablet: Tablet) -> str:
    code = f", {shown(tablet.label_code)}" if tablet.label_code else ", no label yet"
    return f"Tablet {tablet.id}, {name_of(tablet)}{code}"
