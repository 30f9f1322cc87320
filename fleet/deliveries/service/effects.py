"""What a job's facts do to its loan and tablet: from one outcome to the next, by the loans room's own acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fleet.deliveries.facts import Details, Outcome
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import JobEnd, JobKind, JobMove, JobState
from fleet.deliveries.service.writer import move_job
from fleet.deliveries.words import FAIL_WORDS, KIT_WORDS
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState
from fleet.loans.service import Condition
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tablets.service import Happening
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Telling:
    """One fact on its way into the books: whose, when, and what was ticked."""

    job: DeliveryJob
    tablet_id: int
    details: Details
    actor: Actor
    settings: Settings
    happening: Happening

    @property
    def unsaid(self) -> Happening:
        """The same moment, for what the fact implies but nobody scanned."""
        return replace(self.happening, client_id=None)


def carry_out(
    session: Session, telling: Telling, before: Outcome, after: Outcome, *, arrived: Telling | None = None
) -> str:
    """Bring loan, tablet and job from one outcome to the next; the sentence for the courier.

    `arrived` is an arrival at the hub that was told before the collection it belongs to, and had to wait for it.
    Raises what the loans and tablets rooms raise when their rules say no.
    """
    loan = loans.get_loan(session, telling.job.loan_id)
    attempts_then = loan.attempts
    said = ""
    if arrived is not None:
        said = _step(session, telling, loan, JobState.COLLECTED)
        _step(session, arrived, loan, JobState.CLOSED)
    elif after.state is not before.state:
        said = _step(session, telling, loan, after.state)
    if telling.job.kind is JobKind.DELIVER:
        told_late = after.attempts - before.attempts - (loan.attempts - attempts_then)
        for _ in range(told_late):
            _count_attempt(session, telling, loan)
    telling.job.attempts, telling.job.done_at = after.attempts, after.done_at
    return said or "Kept. It was told late, so nothing else moved."


def _step(session: Session, telling: Telling, loan: Loan, target: JobState) -> str:
    said = _STEPS[telling.job.kind, target](session, telling, loan)
    _move_job(session, telling, target)
    return said


def _count_attempt(session: Session, telling: Telling, loan: Loan) -> None:
    loans.attempt_told_late(session, loan.id, actor=telling.actor, settings=telling.settings, happening=telling.unsaid)


def _take_out(session: Session, telling: Telling, loan: Loan, happening: Happening) -> None:
    """The tablet is with the courier, loaded by a scan or by what a later one implies."""
    if loan.state is not LoanState.OUT_FOR_DELIVERY:
        loans.load(
            session,
            loan.id,
            tablet_id=telling.tablet_id,
            actor=telling.actor,
            settings=telling.settings,
            happening=happening,
        )


def _load(session: Session, telling: Telling, loan: Loan) -> str:
    _take_out(session, telling, loan, telling.happening)
    return "Loaded."


def _fail_delivery(session: Session, telling: Telling, loan: Loan) -> str:
    _take_out(session, telling, loan, telling.unsaid)
    loans.failed_attempt(session, loan.id, actor=telling.actor, settings=telling.settings, happening=_because(telling))
    telling.job.fail_reason = telling.details.reason
    return "Kept. Bring it back to the hub, or try once more later."


def _bring_back(session: Session, telling: Telling, loan: Loan) -> str:
    if tablets.get_tablet(session, telling.tablet_id).stage is not Stage.IN_TRANSIT_OUT:
        _take_out(session, telling, loan, telling.unsaid)
    loans.back_at_hub(
        session,
        tablet_id=telling.tablet_id,
        actor=telling.actor,
        settings=telling.settings,
        happening=_because(telling),
    )
    return "It is back at the hub."


def _hand_over(session: Session, telling: Telling, loan: Loan) -> str:
    _take_out(session, telling, loan, telling.unsaid)
    handed = loans.hand_over(
        session,
        loan.id,
        tablet_id=telling.tablet_id,
        handed_to=telling.details.handed_to or HandedTo.PARTICIPANT,
        agreement_accepted=telling.details.agreement_accepted,
        actor=telling.actor,
        settings=telling.settings,
        happening=telling.happening,
    )
    telling.job.face = telling.details.face
    return f"Handed over. It is lent until {loans.due_words(handed)}."


def _fail_collection(session: Session, telling: Telling, loan: Loan) -> str:
    """The return stays arranged while the courier may try again; it is called off when the run is finished."""
    telling.job.fail_reason = telling.details.reason
    return "Kept. Try once more later, or leave it for another day."


def _collect(session: Session, telling: Telling, loan: Loan) -> str:
    telling.job.face = telling.details.face
    if loan.state not in (LoanState.ACTIVE, LoanState.RETURN_ARRANGED):
        return "Kept. The hub had it back already."
    _take_back(session, telling, loan, loans.collect)
    return "Collected. Bring it to the hub and scan it there."


def _arrive(session: Session, telling: Telling, loan: Loan) -> str:
    """Scanned in at the hub: after a collection it arrives, without one it was handed in."""
    stage = tablets.get_tablet(session, telling.tablet_id).stage
    if stage is Stage.IN_TRANSIT_BACK:
        loans.arrive_back(
            session,
            tablet_id=telling.tablet_id,
            actor=telling.actor,
            settings=telling.settings,
            happening=telling.happening,
        )
    elif loan.state in (LoanState.ACTIVE, LoanState.RETURN_ARRANGED):
        _take_back(session, telling, loan, loans.hand_in)
    return "It is back at the hub."


TakeBack = Callable[..., Loan]
"""`loans.collect` or `loans.hand_in`."""

Step = Callable[[Session, Telling, Loan], str]

_STEPS: dict[tuple[JobKind, JobState], Step] = {
    (JobKind.DELIVER, JobState.LOADED): _load,
    (JobKind.DELIVER, JobState.FAILED): _fail_delivery,
    (JobKind.DELIVER, JobState.CLOSED): _bring_back,
    (JobKind.DELIVER, JobState.HANDED_OVER): _hand_over,
    (JobKind.COLLECT, JobState.FAILED): _fail_collection,
    (JobKind.COLLECT, JobState.COLLECTED): _collect,
    (JobKind.COLLECT, JobState.CLOSED): _arrive,
}

_JOB_MOVES = {
    JobState.LOADED: JobMove.LOAD,
    JobState.FAILED: JobMove.FAIL,
    JobState.CLOSED: JobMove.BACK,
    JobState.HANDED_OVER: JobMove.HAND_OVER,
    JobState.COLLECTED: JobMove.COLLECT,
}


def _move_job(session: Session, telling: Telling, target: JobState) -> None:
    job, now = telling.job, telling.happening.now
    if job.state in (JobState.PLANNED, JobState.OFFERED):
        move_job(session, job, JobMove.ACCEPT, actor=telling.actor, now=now)
    job.tablet_id = telling.tablet_id
    move_job(session, job, _JOB_MOVES[target], actor=telling.actor, now=now)
    if job.kind is JobKind.COLLECT and target is JobState.CLOSED:
        job.ended = JobEnd.COLLECTED


def _because(telling: Telling) -> Happening:
    reason = telling.details.reason or telling.job.fail_reason
    return replace(telling.happening, reason=FAIL_WORDS[reason] if reason else "Not delivered")


def _take_back(session: Session, telling: Telling, loan: Loan, act: TakeBack) -> None:
    seen = telling.details
    act(
        session,
        loan.id,
        tablet_id=telling.tablet_id,
        actor=telling.actor,
        settings=telling.settings,
        happening=telling.happening,
        condition=Condition(seen.condition) if seen.condition else None,
        sim_in_tray=seen.sim_in_tray,
        kit_missing=", ".join(KIT_WORDS[part].lower() for part in sorted(seen.kit_missing)),
    )
