"""The printers of the hub: added, changed and taken out of use by an admin; and what each last said of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, there
from fleet.jobs.service import enqueue
from fleet.tags import queries
from fleet.tags.models import Printer
from fleet.tags.rules.printing import (
    RAW_PORT,
    Condition,
    Language,
    Way,
    host_problem,
    nudge_problem,
    port_problem,
    queue_problem,
    way_problem,
)
from labels.errors import LabelError
from labels.rolls import roll_of
from labels.sheets import preset
from labels.thermal import PrinterLanguage, rolls_for

ASK_JOB = "labels.ask"

THERMAL: dict[Language, PrinterLanguage] = {
    Language.ZPL: PrinterLanguage.ZPL,
    Language.BROTHER_QL: PrinterLanguage.BROTHER_QL,
    Language.DYMO: PrinterLanguage.DYMO,
    Language.DYMO_550: PrinterLanguage.DYMO_550,
}
"""The languages of label printers with a roll; the other is PDF, for sheets."""


@dataclass(frozen=True)
class NewPrinter:
    """What is asked of a printer. Nudges are tenths of a millimetre, to the right and down."""

    name: str
    way: Way
    language: Language
    media: str
    host: str = ""
    port: int = RAW_PORT
    queue: str = ""
    nudge_right: int = 0
    nudge_down: int = 0


def add_printer(session: Session, new: NewPrinter, *, hub_id: int, demo: bool, now: datetime) -> Printer:
    """Raises `BadInput`, naming each field that will not do. In a demonstration a printer may be this computer."""
    _check(session, new, demo)
    printer = Printer(hub_id=hub_id, condition=Condition.UNKNOWN, says="", port=new.port, changed_at=now)
    _write(printer, new, now)
    session.add(printer)
    session.flush()
    return printer


def change_printer(session: Session, printer_id: int, new: NewPrinter, *, demo: bool, now: datetime) -> Printer:
    """Raises `BadInput`, naming each field that will not do, and `NotFound`."""
    printer = get_printer(session, printer_id)
    _check(session, new, demo, but=printer_id)
    _write(printer, new, now)
    printer.condition, printer.says, printer.asked_at = Condition.UNKNOWN, "", None
    session.flush()
    return printer


def take_out_of_use(session: Session, printer_id: int, *, now: datetime) -> Printer:
    """It is offered no more; what it printed stays on record. Taking it into use again is `take_into_use`."""
    printer = get_printer(session, printer_id)
    printer.out_of_use_at = printer.out_of_use_at or now
    session.flush()
    return printer


def take_into_use(session: Session, printer_id: int) -> Printer:
    """It is offered again."""
    printer = get_printer(session, printer_id)
    printer.out_of_use_at = None
    session.flush()
    return printer


def get_printer(session: Session, printer_id: int) -> Printer:
    """Raises `NotFound`."""
    return there(
        queries.printer(session, printer_id),
        "There is no such printer.",
        next_step="Choose one from the list of printers.",
    )


def printers_in_use(session: Session) -> Sequence[Printer]:
    """Those that can be chosen, by name."""
    return [printer for printer in queries.printers(session) if printer.out_of_use_at is None]


def reached_by_worker(printer: Printer) -> bool:
    """Whether jobs are sent to it; what a browser prints, a person prints."""
    return printer.way is not Way.BROWSER


def has_roll(printer: Printer) -> bool:
    """Whether its labels come one after the other, so that no position on a sheet is to be chosen."""
    return printer.language in THERMAL


def takes(printer: Printer, sheet: str) -> bool:
    """Whether labels that were made for this sheet or roll can be sent to it."""
    return reached_by_worker(printer) and (has_roll(printer) or not _is_roll(sheet))


def ask_how_it_is(session: Session, printer_id: int, *, now: datetime) -> None:
    """Let a worker ask the printer how it is."""
    printer = get_printer(session, printer_id)
    key = f"{ASK_JOB}:{printer.id}:{now:%Y%m%dT%H%M%S}"
    enqueue(session, ASK_JOB, key=key, now=now, args={"printer": printer.id})


def media_of(language: Language) -> tuple[tuple[str, str], ...]:
    """(name, title) of the rolls that printers of this language take."""
    return tuple((roll.name, roll.title) for roll in rolls_for(THERMAL[language])) if language in THERMAL else ()


def _check(session: Session, new: NewPrinter, demo: bool, *, but: int | None = None) -> None:
    taken = any(
        each.name.casefold() == new.name.strip().casefold() and each.id != but for each in queries.printers(session)
    )
    problems = {
        "name": _name_problem(new.name, taken),
        "way": way_problem(new.way, new.language),
        "host": host_problem(new.host, demo=demo) if new.way is Way.RAW else "",
        "port": port_problem(new.port) if new.way is Way.RAW else "",
        "queue": queue_problem(new.queue.strip()) if new.way is Way.CUPS else "",
        "media": _media_problem(new),
        "nudge_right": nudge_problem(new.nudge_right),
        "nudge_down": nudge_problem(new.nudge_down),
    }
    fields = {name: problem for name, problem in problems.items() if problem}
    if fields:
        raise BadInput("The printer was not written down.", fields=fields)


def _name_problem(name: str, taken: bool) -> str:
    if not 1 <= len(name.strip()) <= 60:
        return "Give it a name of 1 to 60 letters, such as “Labels at the front desk”."
    return "Another printer has this name." if taken else ""


def _media_problem(new: NewPrinter) -> str:
    try:
        if new.language in THERMAL:
            roll = roll_of(new.media)
            fitting = roll in rolls_for(THERMAL[new.language])
            return "" if fitting else "This roll is for another kind of printer. Choose one of this kind."
        preset(new.media)
    except LabelError:
        what = "roll" if new.language in THERMAL else "sheet"
        return f"Choose the {what} that is in it."
    return ""


def _is_roll(sheet: str) -> bool:
    try:
        roll_of(sheet)
    except LabelError:
        return False
    return True


def _write(printer: Printer, new: NewPrinter, now: datetime) -> None:
    raw = new.way is Way.RAW
    printer.name, printer.way, printer.language, printer.media = new.name.strip(), new.way, new.language, new.media
    printer.host, printer.port = (new.host.strip(), new.port) if raw else ("", RAW_PORT)
    printer.queue = new.queue.strip() if new.way is Way.CUPS else ""
    printer.nudge_right, printer.nudge_down, printer.changed_at = new.nudge_right, new.nudge_down, now
