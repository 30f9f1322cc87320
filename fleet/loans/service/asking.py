"""From the asking to the decision: requests, approval, the waiting list, declining and cancelling."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.rules import not_for_them
from fleet.errors import BadInput, MoveRefused
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import AskedBy, Barrier, DeclineReason, LoanMove, LoanState, SafeAtHome
from fleet.loans.service.writer import (
    IdUsedBefore,
    Locked,
    begin,
    get_loan,
    let_go,
    make,
    move_sim,
    move_tablet,
    note,
)
from fleet.people import service as people
from fleet.people.rules import age_problem
from fleet.settings import Settings
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor


def request_loan(
    session: Session,
    *,
    person_id: int,
    programme_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    cohort_id: int | None = None,
    safe_at_home: SafeAtHome | None = None,
    barriers: Collection[Barrier] = (),
    referrer_id: int | None = None,
    asked_by: AskedBy | None = None,
) -> Loan:
    """Ask for a tablet for somebody who is on record. Raises `BadInput` when the programme is not for them."""
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None:
        return _same_request(session, before.loan_id, before.kind, person_id)
    person = people.lock_person(session, person_id)  # so that nobody asks for somebody who is being erased
    people.refuse_erased(person)
    programme = cohorts.get_programme(session, programme_id)
    problems = {
        "birth_year": age_problem(person.birth_year, programme.min_age, local_date(happening.now)) or "",
        "programme_id": "" if programme.active else "This programme has ended; choose another.",
        "person_id": "" if person.deceased_on is None else "This person has died.",
        "cohort_id": _cohort_problem(session, cohort_id, programme_id),
        **not_for_them(programme.policy, area=person.area, barriers=barriers),
    }
    fields = {field: sentence for field, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("The request was not made.", fields=fields)
    loan = Loan(
        hub_id=programme.hub_id,
        person_id=person.id,
        programme_id=programme.id,
        cohort_id=cohort_id,
        referrer_id=referrer_id if referrer_id is not None else person.referrer_id,
        asked_by=asked_by or (AskedBy.STAFF if referrer_id is None else AskedBy.PARTNER),
        state=LoanState.REQUESTED,
        safe_at_home=safe_at_home,
        barriers=sorted(barrier.value for barrier in barriers),
        requested_at=happening.now,
        changed_at=happening.now,
    )
    session.add(loan)
    session.flush()
    note(session, loan, kind="request", words="Asked for", actor=actor, happening=happening)
    return loan


def _same_request(session: Session, loan_id: int, kind: str, person_id: int) -> Loan:
    loan = queries.loan(session, loan_id)
    if loan is None or kind != "request" or loan.person_id != person_id:
        raise IdUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
        )
    return loan


def _cohort_problem(session: Session, cohort_id: int | None, programme_id: int) -> str:
    if cohort_id is None:
        return ""
    cohort = cohorts.get_cohort(session, cohort_id)
    return "" if cohort.programme_id == programme_id else "This cohort belongs to another programme."


def answer_safe_at_home(
    session: Session, loan_id: int, answer: SafeAtHome, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Write down whether it is safe to bring a tablet to the home. Nothing is lent before this was asked."""
    held = begin(session, loan_id, ("safe_at_home",), happening)
    if held is not None:
        held.loan.safe_at_home = answer
        words = "Asked whether it is safe at home"
        note(session, held.loan, kind="safe_at_home", words=words, actor=actor, happening=happening)
    return get_loan(session, loan_id)


def approve(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Say yes. Raises `MoveRefused` while a question is open."""
    return _decide(session, loan_id, LoanMove.APPROVE, actor=actor, happening=happening)


def put_on_waiting_list(
    session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Say "later": there is nothing to lend yet."""
    return _decide(session, loan_id, LoanMove.WAIT, actor=actor, happening=happening)


def decline(
    session: Session, loan_id: int, reason: DeclineReason, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Say no, with a coded reason; `happening.reason` may add a sentence."""
    told = happening.reason or reason.value.replace("_", " ").capitalize()
    loan = _decide(session, loan_id, LoanMove.DECLINE, actor=actor, happening=replace(happening, reason=told))
    loan.decline_reason = loan.decline_reason or reason
    return loan


def cancel(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """End a request before its tablet went out; what was kept for it goes back to stock. Needs `happening.reason`.

    Raises `MoveRefused` while a courier still has the tablet.
    """
    held = begin(session, loan_id, (LoanMove.CANCEL.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.CANCEL, actor=actor, happening=happening)
    _give_back_to_stock(session, held, actor=actor, settings=settings, happening=happening)
    return held.loan


def undo_allocation(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Take the tablet and SIM back from a loan that has not gone out; the request stays approved. Needs a reason."""
    held = begin(session, loan_id, (LoanMove.UNDO_ALLOCATION.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.UNDO_ALLOCATION, actor=actor, happening=happening)
    _give_back_to_stock(session, held, actor=actor, settings=settings, happening=happening)
    forget_allocation(held.loan)
    return held.loan


def forget_allocation(loan: Loan) -> None:
    """The loan is as it was before a tablet was kept for it."""
    loan.allocated_at = loan.dispatched_at = loan.wanted_due_on = None
    loan.doorstep_phrase = ""


def _give_back_to_stock(
    session: Session, held: Locked, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    if held.tablet is not None:
        if held.tablet.stage is Stage.IN_TRANSIT_OUT:
            raise MoveRefused(
                f"Nothing was changed. A courier still has tablet {held.tablet.id}.",
                reasons=("Scan the tablet back at the hub first.",),
                next_step="Ring the courier, then try again.",
            )
        move_tablet(
            session, held.tablet.id, Move.RELEASE, loan=held.loan, actor=actor, settings=settings, happening=happening
        )
    move_sim(session, held, SimMove.RELEASE, actor=actor, happening=happening)
    let_go(held, happening.now)
    session.flush()


def _decide(session: Session, loan_id: int, move: LoanMove, *, actor: Actor, happening: Happening) -> Loan:
    held = begin(session, loan_id, (move.value,), happening)
    if held is not None:
        make(session, held, move, actor=actor, happening=happening)
    return get_loan(session, loan_id)
