"""Sending batches to printers: asked for here, done by a worker, and never twice without somebody saying so.

Labels that did not leave wait: their batch stays what it is, and a person sends it again or sets it aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.errors import Conflict, MoveRefused, there
from fleet.jobs.service import enqueue, is_under_way
from fleet.tags import queries
from fleet.tags.models import Printer, PrintJob
from fleet.tags.printers import get_printer, has_roll, reached_by_worker, takes
from fleet.tags.printing import Wanted, get_batch, is_printable, labels_of
from fleet.tags.rules.printing import BY_PRINT_MOVE, WAITING, PrintJobState, PrintMove
from fleet.users.actor import Actor

PRINT_JOB = "labels.print"


class AlreadySent(Conflict):
    """A batch that was sent to a printer would be sent a second time."""

    code = "already_sent"


@dataclass(frozen=True)
class Waiting:
    """Labels that have not left for a printer."""

    job: PrintJob
    printer: Printer


def on_its_roll(session: Session, wanted: Wanted, printer_id: int | None) -> Wanted:
    """The same labels on the roll of this printer, where it has one."""
    printer = get_printer(session, printer_id) if printer_id is not None else None
    return replace(wanted, sheet=printer.media, start_at=1) if printer is not None and has_roll(printer) else wanted


def send_batch(
    session: Session, batch_id: int, printer_id: int, *, twice: bool = False, actor: Actor, now: datetime
) -> PrintJob:
    """Ask for a batch to be sent. Raises `AlreadySent` unless `twice` says that it is meant, and `Conflict`."""
    batch, printer = get_batch(session, batch_id), get_printer(session, printer_id)
    _check_fits(printer, batch.sheet)
    for job in queries.jobs_of_batch(session, batch_id):
        if job.state in WAITING:
            raise Conflict(
                f"Nothing was sent. {_labels(job.labels)} of this printing wait for {_name(session, job)} already.",
                next_step="Send those again, or set them aside first.",
            )
        if job.state is PrintJobState.SENT and not twice:
            raise AlreadySent(
                f"Nothing was sent. This printing was sent to {_name(session, job)} at {_at(job.ended_at)}.",
                next_step="If the labels are to come out a second time, say so.",
                details={"print_job": job.id},
            )
    count = sum(is_printable(batch, label.tag) for label in labels_of(session, batch)) * batch.copies
    return _ask(session, printer, batch_id, count, actor=actor, now=now)


def send_test(session: Session, printer_id: int, *, actor: Actor, now: datetime) -> PrintJob:
    """Ask for one label that belongs to nothing."""
    printer = get_printer(session, printer_id)
    _check_reached(printer)
    return _ask(session, printer, None, 1, actor=actor, now=now)


def send_again(session: Session, job_id: int, *, now: datetime) -> PrintJob:
    """Send what failed once more. Raises `MoveRefused` when some of it may be out: a person says how far it came."""
    job = get_job(session, job_id)
    if job.may_be_out:
        raise MoveRefused(
            "Nothing was sent. Some of these labels may have come out.",
            reasons=("Sending all of them again would make labels twice.",),
            next_step="Look at the last label that came out, and print from there on.",
        )
    _move(session, job, PrintMove.SEND_AGAIN, attempt=job.attempt + 1, why="", began_at=None, ended_at=None)
    _enqueue(session, job, now)
    return job


def set_aside(session: Session, job_id: int, *, now: datetime) -> PrintJob:
    """These labels wait no longer; their batch can still be printed. Raises `MoveRefused` while a worker sends them."""
    job = get_job(session, job_id)
    if job.state is PrintJobState.SENDING and is_under_way(session, _key(job)):
        raise MoveRefused(
            "Nothing was changed. These labels are being sent.",
            reasons=("A worker has them.",),
            next_step="Wait until it has sent them or failed.",
        )
    _move(session, job, PrintMove.SET_ASIDE, ended_at=now)
    return job


def set_aside_waiting(session: Session, batch_id: int, *, now: datetime) -> None:
    """A batch that goes on as another waits no longer."""
    for job in queries.jobs_of_batch(session, batch_id):
        if job.state is PrintJobState.FAILED:
            set_aside(session, job.id, now=now)


def waiting(session: Session) -> Sequence[Waiting]:
    """What has not left, the oldest first."""
    jobs = queries.waiting_jobs(session)
    printers = {printer.id: printer for printer in queries.printers(session)}
    return [Waiting(job, printers[job.printer_id]) for job in jobs]


def get_job(session: Session, job_id: int) -> PrintJob:
    """Raises `NotFound`."""
    return there(
        queries.print_job(session, job_id), "There is no such print job.", next_step="Look at the batch it belongs to."
    )


def begin(session: Session, job_id: int, *, now: datetime) -> PrintJob | None:
    """A worker takes a job in hand; None when there is nothing to do. What another worker died over has failed."""
    job = get_job(session, job_id)
    if job.state is PrintJobState.SENDING:
        words = "The computer stopped while it was sending, and nobody knows how far it came."
        fail(session, job, words, now=now, may_be_out=True)
        return None
    row = BY_PRINT_MOVE[PrintMove.BEGIN]
    return job if queries.move_print_job(session, job, row, began_at=now, why="") else None


def fail(session: Session, job: PrintJob, why: str, *, now: datetime, may_be_out: bool, sent: int = 0) -> None:
    """Write down in words why the labels did not leave."""
    values: dict[str, Any] = {"ended_at": now, "why": why, "may_be_out": may_be_out, "sent_bytes": sent}
    queries.move_print_job(session, job, BY_PRINT_MOVE[PrintMove.FAIL], **values)


def arrive(session: Session, job: PrintJob, *, said: str, sent: int, sha256: str, now: datetime) -> None:
    """Write down that the printer took everything. That a label is on its tablet is another fact."""
    values: dict[str, Any] = {"ended_at": now, "why": said, "sent_bytes": sent, "sent_sha256": sha256}
    queries.move_print_job(session, job, BY_PRINT_MOVE[PrintMove.ARRIVE], **values)


def _ask(
    session: Session, printer: Printer, batch_id: int | None, labels: int, *, actor: Actor, now: datetime
) -> PrintJob:
    job = PrintJob(
        printer_id=printer.id,
        batch_id=batch_id,
        state=PrintJobState.QUEUED,
        labels=labels,
        attempt=1,
        asked_at=now,
        asked_by=actor.name,
        why="",
    )
    session.add(job)
    session.flush()
    _enqueue(session, job, now)
    return job


def _enqueue(session: Session, job: PrintJob, now: datetime) -> None:
    enqueue(session, PRINT_JOB, key=_key(job), now=now, args={"print_job": job.id})


def _key(job: PrintJob) -> str:
    return f"{PRINT_JOB}:{job.id}:{job.attempt}"


def _move(session: Session, job: PrintJob, name: PrintMove, **values: Any) -> None:
    row = BY_PRINT_MOVE[name]
    if not queries.move_print_job(session, job, row, **values):
        raise MoveRefused(
            f"Nothing was changed. The print job was not {row.words.lower()}.",
            reasons=(f"It is {job.state.value.replace('_', ' ')}.",),
            next_step="Open the printing again to see how it stands.",
        )


def _check_fits(printer: Printer, sheet: str) -> None:
    _check_reached(printer)
    if not takes(printer, sheet):
        raise Conflict(
            f"Nothing was sent. These labels were made for a roll ({sheet}), and {printer.name} prints sheets.",
            next_step="Print them again on a sheet, or choose a label printer.",
        )


def _check_reached(printer: Printer) -> None:
    if printer.out_of_use_at is not None:
        raise Conflict(f"Nothing was sent. {printer.name} is out of use.", next_step="Choose another printer.")
    if not reached_by_worker(printer):
        raise Conflict(
            f"Nothing was sent. {printer.name} is a browser's printer.", next_step="Download the PDF and print it."
        )


def _name(session: Session, job: PrintJob) -> str:
    return get_printer(session, job.printer_id).name


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count} labels"


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(LONDON):%H:%M on %-d %b}" if moment else "some time"
