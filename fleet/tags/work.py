"""The jobs `labels.print` and `labels.ask`: a worker sends a batch to its printer, or asks a printer how it is.

No transaction is open while the printer is spoken to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from fleet.errors import BadInput, DoorstepError
from fleet.jobs.service import Handler, JobContext
from fleet.settings import Settings
from fleet.tags import print_jobs, printing
from fleet.tags.models import Printer, PrintJob
from fleet.tags.printers import get_printer
from fleet.tags.rules.printing import Condition, Language, Way
from fleet.tags.rules.status import Said
from fleet.tags.wires.cups import ask_cups, send_cups
from fleet.tags.wires.outcome import Patience, PrinterTrouble
from fleet.tags.wires.raw import ask_raw, send_raw

_KEPT = "The labels are kept, and can be sent again."
_SOME_OUT = "Some labels may be out. Look at the last one, and print from there on."


@dataclass(frozen=True)
class _Sending:
    job: PrintJob
    printer: Printer
    data: bytes


def print_handler(settings: Settings, patience: Patience = Patience()) -> Handler:  # noqa: B008 - a frozen value
    """What does `labels.print` jobs."""

    def handle(context: JobContext) -> None:
        """Send one print job, or write down in words why it did not leave."""
        with context.write() as session:
            job = print_jobs.begin(session, int(context.args["print_job"]), now=context.clock())
        if job is None:
            return
        try:
            sending = _drawn(context, job, settings)
            said = _send(sending, patience)
        except PrinterTrouble as trouble:
            _failed(context, job, trouble)
        except DoorstepError as refused:
            why = (
                next(iter(refused.fields.values()), refused.message) if isinstance(refused, BadInput) else str(refused)
            )
            _failed(context, job, PrinterTrouble(why, condition=Condition.UNKNOWN), asked=False)
        else:
            _arrived(context, sending, said)

    return handle


def ask_handler(patience: Patience = Patience()) -> Handler:  # noqa: B008 - a frozen value
    """What does `labels.ask` jobs."""

    def handle(context: JobContext) -> None:
        """Ask one printer how it is."""
        with context.database.read() as session:
            printer = get_printer(session, int(context.args["printer"]))
        try:
            said = _ask(printer, patience)
        except PrinterTrouble as trouble:
            said = Said(trouble.condition, trouble.words)
        with context.write() as session:
            _note(session, context, printer.id, said)

    return handle


def _drawn(context: JobContext, job: PrintJob, settings: Settings) -> _Sending:
    with context.database.read() as session:
        printer = get_printer(session, job.printer_id)
        if job.batch_id is None:
            data = printing.draw_test(session, printer, settings=settings)
        else:
            data, _ = printing.job_of(session, job.batch_id, printer, settings=settings)
    return _Sending(job, printer, data)


def _send(sending: _Sending, patience: Patience) -> Said:
    printer, data = sending.printer, sending.data
    if printer.way is Way.RAW:
        return send_raw(printer.host, printer.port, data, language=printer.language, patience=patience)
    title = f"labels-{sending.job.batch_id or 'test'}"
    as_it_is = printer.language is not Language.PDF
    return send_cups(printer.queue, data, title=title, as_it_is=as_it_is, patience=patience)


def _ask(printer: Printer, patience: Patience) -> Said:
    ask: Callable[[], Said] = partial(ask_cups, printer.queue, patience=patience)
    if printer.way is Way.RAW:
        ask = partial(ask_raw, printer.host, printer.port, language=printer.language, patience=patience)
    return ask()


def _failed(context: JobContext, job: PrintJob, trouble: PrinterTrouble, *, asked: bool = True) -> None:
    may_be_out = trouble.sent > 0
    why = f"{trouble.words} {_SOME_OUT if may_be_out else _KEPT}"
    with context.write() as session:
        found = print_jobs.get_job(session, job.id)
        print_jobs.fail(session, found, why, now=context.clock(), may_be_out=may_be_out, sent=trouble.sent)
        if asked:
            _note(session, context, job.printer_id, Said(trouble.condition, trouble.words))


def _arrived(context: JobContext, sending: _Sending, said: Said) -> None:
    digest = hashlib.sha256(sending.data).hexdigest()
    with context.write() as session:
        found = print_jobs.get_job(session, sending.job.id)
        print_jobs.arrive(session, found, said=said.words, sent=len(sending.data), sha256=digest, now=context.clock())
        _note(session, context, sending.printer.id, said)


def _note(session: Session, context: JobContext, printer_id: int, said: Said) -> None:
    printer = get_printer(session, printer_id)
    printer.condition, printer.says, printer.asked_at = said.condition, said.words, context.clock()
