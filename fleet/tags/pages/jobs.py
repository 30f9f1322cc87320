"""Print jobs on pages: sending a batch, sending again what failed, and how each job stands in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Response

from fleet.clock import LONDON
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, WriteSession
from fleet.tags import print_jobs
from fleet.tags.api.batches import BatchId
from fleet.tags.models import Printer, PrintJob
from fleet.tags.rules.printing import WAITING, PrintJobState
from fleet.tags.words import PRINT_STATES
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = PageRouter(prefix="/labels")

Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]


@dataclass(frozen=True)
class JobLine:
    """One sending, and what may be done about it."""

    id: int
    words: str
    word: str
    shape: str
    when: str
    why: str
    href: str
    may_send_again: bool
    may_set_aside: bool


@router.post("/batches/{batch_id}/send")
def send_batch(batch_id: BatchId, form: FormDep, session: WriteSession, actor: Prints, clock: ClockDep) -> Response:
    printer_id = form.row("printer") or 0
    twice = bool(form.get("twice"))
    print_jobs.send_batch(session, batch_id, printer_id, twice=twice, actor=actor, now=clock())
    return see_other(f"/labels/batches/{batch_id}", said="The labels are on their way to the printer.")


@router.post("/print-jobs/{job_id}/again", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def send_again(job_id: RowId, session: WriteSession, clock: ClockDep) -> Response:
    job = print_jobs.send_again(session, job_id, now=clock())
    return see_other(_href(job), said="The labels are on their way to the printer again.")


@router.post("/print-jobs/{job_id}/set-aside", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def set_aside(job_id: RowId, session: WriteSession, clock: ClockDep) -> Response:
    job = print_jobs.set_aside(session, job_id, now=clock())
    return see_other(_href(job), said="These labels wait no longer. They can be printed again at any time.")


def job_lines(jobs: Sequence[PrintJob], printers: Sequence[Printer]) -> tuple[JobLine, ...]:
    """Each job with its printer's name."""
    names = {printer.id: printer.name for printer in printers}
    return tuple(_line(job, names.get(job.printer_id, "")) for job in jobs)


def _line(job: PrintJob, printer: str) -> JobLine:
    state = PRINT_STATES[job.state]
    what = "test print" if job.batch_id is None else "1 label" if job.labels == 1 else f"{job.labels} labels"
    waits = job.state in WAITING
    number = "is" if job.labels == 1 else "are"
    return JobLine(
        id=job.id,
        words=f"{what} {number} waiting for {printer}" if waits else f"{what} to {printer}",
        word=state.word,
        shape=state.shape,
        when=f"{(job.ended_at or job.asked_at).astimezone(LONDON):%-d %b %Y, %H:%M}",
        why=job.why,
        href=_href(job),
        may_send_again=job.state is PrintJobState.FAILED and not job.may_be_out,
        may_set_aside=waits,
    )


def _href(job: PrintJob) -> str:
    if job.batch_id is None:
        return f"/labels/printers/{job.printer_id}"
    return f"/labels/batches/{job.batch_id}"
