"""Printers: the list with what waits for them, one printer with its test print, and the form of an admin."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import hub_of
from fleet.tags import print_jobs, printers, queries
from fleet.tags.models import Printer
from fleet.tags.pages.jobs import JobLine, job_lines
from fleet.tags.printers import NewPrinter
from fleet.tags.printing import sheet_choices
from fleet.tags.rules.printing import RAW_PORT, Language, Way
from fleet.tags.words import CONDITIONS, LANGUAGES, WAYS
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/labels/printers")

Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]
SETS_UP = [Depends(may(Permission.PRINTERS_SET_UP))]


class PrinterForm(BaseModel):
    """What is asked of a printer. Nudges are millimetres."""

    name: str = ""
    way: Way = Way.RAW
    language: Language = Language.ZPL
    media: str = ""
    host: str = ""
    port: int = RAW_PORT
    queue: str = ""
    nudge_right: Decimal = Decimal(0)
    nudge_down: Decimal = Decimal(0)

    def asked(self) -> NewPrinter:
        return NewPrinter(
            name=self.name,
            way=self.way,
            language=self.language,
            media=self.media,
            host=self.host,
            port=self.port,
            queue=self.queue,
            nudge_right=_tenths(self.nudge_right),
            nudge_down=_tenths(self.nudge_down),
        )


@dataclass(frozen=True)
class PrinterLine:
    id: int
    name: str
    where: str
    media: str
    word: str
    shape: str
    says: str
    asked: str
    in_use: bool


@dataclass(frozen=True)
class PrintersPage:
    printers: tuple[PrinterLine, ...]
    waiting: tuple[JobLine, ...]
    may_set_up: bool
    title: str = "Printers"


@dataclass(frozen=True)
class PrinterPage:
    line: PrinterLine
    facts: tuple[tuple[str, str], ...]
    jobs: tuple[JobLine, ...]
    reached: bool
    """Whether a worker sends to it, so that it can be asked and tried."""
    may_set_up: bool
    title: str


@dataclass(frozen=True)
class PrinterFormPage:
    typed: Form
    post_to: str
    media: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...] = tuple((way.value, words) for way, words in WAYS.items())
    languages: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in LANGUAGES.items())
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "A printer"


@router.get("")
def printers_page(request: Request, session: ReadSession, actor: Prints) -> Response:
    every = queries.printers(session)
    page = PrintersPage(
        printers=tuple(_line(each) for each in sorted(every, key=lambda each: each.out_of_use_at is not None)),
        waiting=job_lines([each.job for each in print_jobs.waiting(session)], every),
        may_set_up=actor.may(Permission.PRINTERS_SET_UP),
    )
    return render(request, "tags/printers.html", page)


@router.get("/new", dependencies=SETS_UP)
def new_printer_page(request: Request) -> Response:
    return _form(request, Form(), "/labels/printers/new")


@router.post("/new")
def add_printer(
    request: Request,
    form: FormDep,
    session: WriteSession,
    settings: SettingsDep,
    actor: Annotated[Actor, Depends(may(Permission.PRINTERS_SET_UP))],
    clock: ClockDep,
) -> Response:
    asked_at, hub_id = clock(), hub_of(session, actor).id
    try:
        asked = form.parse(PrinterForm).asked()
        made = printers.add_printer(session, asked, hub_id=hub_id, demo=settings.demo, now=asked_at)
    except BadInput as error:
        return _form(request, form, "/labels/printers/new", error.fields)
    return see_other(f"/labels/printers/{made.id}", said="The printer is added. Try it with one label.")


@router.get("/{printer_id}")
def printer_page(request: Request, printer_id: RowId, session: ReadSession, actor: Prints) -> Response:
    return render(request, "tags/printer.html", _page(session, printers.get_printer(session, printer_id), actor))


@router.get("/{printer_id}/change", dependencies=SETS_UP)
def change_page(request: Request, printer_id: RowId, session: ReadSession) -> Response:
    printer = printers.get_printer(session, printer_id)
    return _form(request, _as_typed(printer), f"/labels/printers/{printer_id}/change")


@router.post("/{printer_id}/change", dependencies=SETS_UP)
def change_printer(
    request: Request,
    printer_id: RowId,
    form: FormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        printers.change_printer(session, printer_id, form.parse(PrinterForm).asked(), demo=settings.demo, now=clock())
    except BadInput as error:
        return _form(request, form, f"/labels/printers/{printer_id}/change", error.fields)
    return see_other(f"/labels/printers/{printer_id}", said="The printer is changed. Try it with one label.")


@router.post("/{printer_id}/out-of-use", dependencies=SETS_UP)
def out_of_use(printer_id: RowId, session: WriteSession, clock: ClockDep) -> Response:
    printers.take_out_of_use(session, printer_id, now=clock())
    return see_other("/labels/printers", said="The printer is out of use.")


@router.post("/{printer_id}/in-use", dependencies=SETS_UP)
def in_use(printer_id: RowId, session: WriteSession) -> Response:
    printers.take_into_use(session, printer_id)
    return see_other(f"/labels/printers/{printer_id}", said="The printer can be chosen again.")


@router.post("/{printer_id}/test")
def send_test(printer_id: RowId, session: WriteSession, actor: Prints, clock: ClockDep) -> Response:
    print_jobs.send_test(session, printer_id, actor=actor, now=clock())
    return see_other(f"/labels/printers/{printer_id}", said="One label is on its way. Its code belongs to no tablet.")


@router.post("/{printer_id}/ask", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def ask(printer_id: RowId, session: WriteSession, clock: ClockDep) -> Response:
    printers.ask_how_it_is(session, printer_id, now=clock())
    return see_other(f"/labels/printers/{printer_id}", said="It is being asked. Open this page again in a moment.")


def _page(session: Session, printer: Printer, actor: Actor) -> PrinterPage:
    facts = [("How it is reached", _where(printer)), ("What it understands", LANGUAGES[printer.language])]
    facts.append(("What is in it", printer.media))
    if printer.nudge_right or printer.nudge_down:
        facts.append(("Nudge", f"{printer.nudge_right / 10:g} mm right, {printer.nudge_down / 10:g} mm down"))
    return PrinterPage(
        line=_line(printer),
        facts=tuple(facts),
        jobs=job_lines(queries.jobs_of_printer(session, printer.id), [printer]),
        reached=printers.reached_by_worker(printer),
        may_set_up=actor.may(Permission.PRINTERS_SET_UP),
        title=printer.name,
    )


def _line(printer: Printer) -> PrinterLine:
    state = CONDITIONS[printer.condition]
    asked = f"{printer.asked_at.astimezone(LONDON):%-d %b, %H:%M}" if printer.asked_at else ""
    return PrinterLine(
        printer.id,
        printer.name,
        _where(printer),
        printer.media,
        state.word,
        state.shape,
        printer.says,
        asked,
        printer.out_of_use_at is None,
    )


def _where(printer: Printer) -> str:
    if printer.way is Way.RAW:
        return f"{printer.host}, port {printer.port}"
    return f"queue {printer.queue}" if printer.way is Way.CUPS else "from a browser"


def _form(request: Request, typed: Form, post_to: str, errors: dict[str, str] | None = None) -> Response:
    sheets = tuple((sheet.name, f"{sheet.title} (sheet)") for sheet in sheet_choices())
    rolls = {name: title for language in Language for name, title in printers.media_of(language)}
    media = (*((name, f"{title} (roll)") for name, title in rolls.items()), *sheets)
    page = PrinterFormPage(typed, post_to, media, errors=errors or {})
    return render(request, "tags/printer_form.html", page, status=422 if errors else 200)


def _as_typed(printer: Printer) -> Form:
    return Form(
        {
            "name": printer.name,
            "way": printer.way.value,
            "language": printer.language.value,
            "media": printer.media,
            "host": printer.host,
            "port": str(printer.port),
            "queue": printer.queue,
            "nudge_right": f"{printer.nudge_right / 10:g}",
            "nudge_down": f"{printer.nudge_down / 10:g}",
        }
    )


def _tenths(millimetres: Decimal) -> int:
    """Rounded, and kept in bounds that the rules then refuse in words."""
    return int(min(max(millimetres, Decimal(-999)), Decimal(999)) * 10)
