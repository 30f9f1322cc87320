"""What a job's facts do to its loan and tablet: from one outcome to the next, by the loans room's own acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from fleet.deliveries.facts import Told
from fleet.deliveries.outcomes import Outcome
from fleet.deliveries.rules import Action, JobEnd, JobKind, JobMove, JobState
from fleet.deliveries.service.figures import Telling, leave_at_partner, set_figures, swap, take_back
from fleet.deliveries.service.homeward import HOMEWARD, KEPT_ON_THE_WAY, is_home
from fleet.deliveries.service.writer import move_job
from fleet.deliveries.words import FAIL_WORDS
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage


def carry_out(session: Session, telling: Telling) -> str:
    """Bring loan, tablet and job to what the facts amount to; the sentence for the courier.

    Only the way there depends on the order of telling. Every figure is set from the outcome.
    Raises what the loans and tablets rooms raise when their rules say no.
    """
    loan = loans.get_loan(session, telling.job.loan_id) if telling.job.loan_id is not None else None
    said = KEPT_ON_THE_WAY if loan is None else "Kept. It was told late, so nothing else moved."
    for target, fact in _way(telling.job.kind, telling.before, telling.after):
        if loan is None:
            said = HOMEWARD[target](session, telling, fact)
        else:
            said = _STEPS[telling.job.kind, target](session, telling, loan, fact)
        _move_job(session, telling, target)
    set_figures(session, telling, loan)
    return said


def _way(kind: JobKind, before: Outcome, after: Outcome) -> list[tuple[JobState, Told]]:
    """The states to go through, each with the fact that decides it. No way leads back from the end."""
    states = _through_a_swap(before, after) if kind is JobKind.SWAP else _through(before, after)
    found = {
        JobState.LOADED: after.last(Action.LOAD),
        JobState.FAILED: after.last(Action.FAILED),
        JobState.HANDED_OVER: after.door,
        JobState.COLLECTED: after.door,
        JobState.DROPPED: after.last(Action.DROP),
        JobState.SWAPPED: after.door,
        JobState.CLOSED: after.home,
    }
    return [(state, fact) for state in states if (fact := found[state]) is not None]


def _through(before: Outcome, after: Outcome) -> tuple[JobState, ...]:
    if after.state is before.state or (before.state is JobState.CLOSED and after.state is not JobState.HANDED_OVER):
        return ()
    collected_first = (
        after.state in (JobState.CLOSED, JobState.DROPPED)
        and before.state not in (JobState.COLLECTED, JobState.DROPPED)
        and after.door not in (None, after.home)
    )
    return (JobState.COLLECTED, after.state) if collected_first else (after.state,)


def _through_a_swap(before: Outcome, after: Outcome) -> tuple[JobState, ...]:
    """Closed is said of two ends: the tablet that went out is back, or after the door the one that came back is. The
    first of them is left again when the door becomes known late."""
    if after.door is None:
        return () if before.state in (after.state, JobState.CLOSED) else (after.state,)
    at_the_door = () if before.door is not None else (JobState.SWAPPED,)
    ended = before.door is not None and before.state is JobState.CLOSED
    return (*at_the_door, JobState.CLOSED) if after.state is JobState.CLOSED and not ended else at_the_door


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


def _load(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    _take_out(session, telling, loan, telling.happening(fact))
    return "Loaded."


def _scanned_in_meanwhile(session: Session, telling: Telling) -> bool:
    """Whether the courier had it by what was told, and the hub has it back by a scan of its own."""
    had_it = telling.before.state in (JobState.LOADED, JobState.FAILED)
    return had_it and tablets.get_tablet(session, telling.tablet_id).stage in (Stage.ALLOCATED, Stage.READY)


def _fail_delivery(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    if _scanned_in_meanwhile(session, telling):
        return "Kept. The hub has it back already."
    _take_out(session, telling, loan, telling.unsaid(fact))
    because = replace(telling.happening(fact), reason=_why(telling))
    loans.failed_attempt(session, loan.id, actor=telling.actor, settings=telling.settings, happening=because)
    return "Kept. Bring it back to the hub, or try once more later."


def _bring_back(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    if _scanned_in_meanwhile(session, telling):
        return "The hub has it back already."
    if tablets.get_tablet(session, telling.tablet_id).stage is not Stage.IN_TRANSIT_OUT:
        _take_out(session, telling, loan, telling.unsaid(fact))
    because = replace(telling.happening(fact), reason=_why(telling))
    loans.back_at_hub(
        session, tablet_id=telling.tablet_id, actor=telling.actor, settings=telling.settings, happening=because
    )
    return "It is back at the hub."


def _why(telling: Telling) -> str:
    failed = telling.after.last(Action.FAILED)
    reason = telling.details(failed).reason if failed else None
    return FAIL_WORDS[reason] if reason else "Not delivered"


def _hand_over(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    _take_out(session, telling, loan, telling.unsaid(fact))
    details = telling.details(fact)
    handed = loans.hand_over(
        session,
        loan.id,
        tablet_id=telling.tablet_id,
        handed_to=details.handed_to or HandedTo.PARTICIPANT,
        agreement_accepted=details.agreed,
        actor=telling.actor,
        settings=telling.settings,
        happening=telling.happening(fact),
    )
    return f"Handed over. It is lent until {loans.due_words(handed)}."


def _fail_collection(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    """The return stays arranged while the courier may try again; it is called off when the run is finished."""
    return "Kept. Try once more later, or leave it for another day."


def _collect(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    if loan.state not in (LoanState.ACTIVE, LoanState.RETURN_ARRANGED):
        return "Kept. The hub had it back already."
    take_back(session, telling, partial(loans.collect, tablet_id=telling.tablet_id), telling.happening(fact))
    return "Collected. Bring it to the hub and scan it there."


def _drop(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    tablet = tablets.get_tablet(session, telling.tablet_id)
    if tablet.stage is not Stage.IN_TRANSIT_BACK or tablet.guest_hub_id is not None:
        return "Kept. The hub had it back already."
    leave_at_partner(session, telling, fact, telling.happening(fact))
    return "It stays there until somebody brings it to the hub."


def _arrive(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    """Scanned in at the hub: after a collection it arrives, without one it was handed in.

    A courier says “the hub” and means the tablet's own. That another one has it is told by that hub's scan, and then
    only a hub's scan brings it on.
    """
    tablet = tablets.get_tablet(session, telling.tablet_id)
    if tablet.guest_hub_id is not None:
        return "The hub has it back already."
    if tablet.stage is Stage.IN_TRANSIT_BACK:
        loans.arrive_back(
            session,
            tablet_id=telling.tablet_id,
            actor=telling.actor,
            settings=telling.settings,
            happening=telling.happening(fact),
        )
    elif telling.job.kind is JobKind.COLLECT and loan.state in (LoanState.ACTIVE, LoanState.RETURN_ARRANGED):
        take_back(session, telling, partial(loans.hand_in, tablet_id=telling.tablet_id), telling.happening(fact))
    return "It is back at the hub."


def _take_other_out(session: Session, telling: Telling, happening: Happening) -> None:
    """The tablet that goes out to a swap is with the courier, loaded by a scan or by what a later one implies."""
    brings_id = telling.brings_id or 0
    if tablets.get_tablet(session, brings_id).stage is not Stage.IN_TRANSIT_OUT:
        loans.load_swap(
            session,
            telling.job.of_loan,
            tablet_id=brings_id,
            actor=telling.actor,
            settings=telling.settings,
            happening=happening,
        )


def _load_other(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    _take_other_out(session, telling, telling.happening(fact))
    return "Loaded."


def _other_scanned_in_meanwhile(session: Session, telling: Telling) -> bool:
    had_it = telling.before.state in (JobState.LOADED, JobState.FAILED)
    return had_it and tablets.get_tablet(session, telling.brings_id or 0).stage is not Stage.IN_TRANSIT_OUT


def _fail_swap(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    if _other_scanned_in_meanwhile(session, telling):
        return "Kept. The hub has it back already."
    _take_other_out(session, telling, telling.unsaid(fact))
    because = replace(telling.happening(fact), reason=_why(telling))
    loans.swap_not_done(session, loan.id, actor=telling.actor, settings=telling.settings, happening=because)
    return "Kept. Bring it back to the hub, or try once more later."


def _swap(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    _take_other_out(session, telling, telling.unsaid(fact))
    swap(session, telling, loans.swap, telling.happening(fact))
    return f"Swapped. It is lent until {loans.due_words(loan)}, as before. Bring the other one to the hub."


def _end_swap(session: Session, telling: Telling, loan: Loan, fact: Told) -> str:
    """Either tablet is back at the hub: the one from the door, or the one that went out to no purpose."""
    if telling.after.door is not None:
        return _arrive(session, telling, loan, fact)
    if _other_scanned_in_meanwhile(session, telling):
        return "The hub has it back already."
    _take_other_out(session, telling, telling.unsaid(fact))
    loans.back_at_hub(
        session,
        tablet_id=telling.brings_id or 0,
        actor=telling.actor,
        settings=telling.settings,
        happening=replace(telling.happening(fact), reason=_why(telling)),
    )
    return "It is back at the hub."


Step = Callable[[Session, Telling, Loan, Told], str]

_STEPS: dict[tuple[JobKind, JobState], Step] = {
    (JobKind.DELIVER, JobState.LOADED): _load,
    (JobKind.DELIVER, JobState.FAILED): _fail_delivery,
    (JobKind.DELIVER, JobState.CLOSED): _bring_back,
    (JobKind.DELIVER, JobState.HANDED_OVER): _hand_over,
    (JobKind.COLLECT, JobState.FAILED): _fail_collection,
    (JobKind.COLLECT, JobState.COLLECTED): _collect,
    (JobKind.COLLECT, JobState.DROPPED): _drop,
    (JobKind.COLLECT, JobState.CLOSED): _arrive,
    (JobKind.SWAP, JobState.LOADED): _load_other,
    (JobKind.SWAP, JobState.FAILED): _fail_swap,
    (JobKind.SWAP, JobState.SWAPPED): _swap,
    (JobKind.SWAP, JobState.CLOSED): _end_swap,
}

_JOB_MOVES = {
    JobState.LOADED: JobMove.LOAD,
    JobState.FAILED: JobMove.FAIL,
    JobState.CLOSED: JobMove.BACK,
    JobState.HANDED_OVER: JobMove.HAND_OVER,
    JobState.COLLECTED: JobMove.COLLECT,
    JobState.DROPPED: JobMove.DROP,
    JobState.SWAPPED: JobMove.SWAP,
}


def _move_job(session: Session, telling: Telling, target: JobState) -> None:
    job, now = telling.job, telling.now
    if job.ended is JobEnd.BACK_AT_HUB and target is JobState.CLOSED:
        return  # by a scan of the hub's own
    if job.state in (JobState.PLANNED, JobState.OFFERED):
        move_job(session, job, JobMove.ACCEPT, actor=telling.actor, now=now)
    job.tablet_id, job.brings_id = telling.tablet_id, telling.brings_id
    move_job(session, job, _JOB_MOVES[target], actor=telling.actor, now=now)
    if job.kind is JobKind.COLLECT and target is JobState.CLOSED:
        job.ended = JobEnd.COLLECTED
    if job.kind is JobKind.SWAP and target is JobState.CLOSED and telling.after.door is not None:
        job.ended = JobEnd.SWAPPED
    if job.kind is JobKind.HOME and target is JobState.CLOSED and is_home(session, telling):
        job.ended = JobEnd.BROUGHT_HOME
