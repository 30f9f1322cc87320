"""From the allocation to the person's hands: reserving, packing, loading, the door, and longer."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import NoOpenDay
from fleet.cohorts.rules import due_date
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import DueVersion, Loan, LoanSim, LoanTablet
from fleet.loans.rules import (
    DOORSTEP_WORDS,
    HandedTo,
    LoanMove,
    LoanState,
    overdue_days,
    said,
)
from fleet.loans.service.agreements import freeze_agreement, make_agreement
from fleet.loans.service.writer import (
    Asked,
    Locked,
    begin,
    get_loan,
    happened_at,
    local_day,
    make,
    move_sim,
    move_tablet,
)
from fleet.settings import Settings
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor


def allocate(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    sim_id: int | None = None,
    due_on: date | None = None,
) -> Loan:
    """Keep a ready tablet, and a SIM with its data, for an approved loan: all of it or nothing.

    `due_on` is a day the coordinator wants; without it the cohort or the programme's policy decides at the hand-over.
    Raises `MoveRefused` from the loan, the tablet (no verified wipe, held, taken) or the SIM (taken, no data).
    """
    held = begin(session, loan_id, (LoanMove.ALLOCATE.value,), happening, reserve_tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    asked = Asked(due_on=due_on, has_bundle=_lock_sim_with_data(session, sim_id, local_day(held, happening.now)))
    make(session, held, LoanMove.ALLOCATE, actor=actor, happening=happening, asked=asked)
    loan = held.loan
    move_tablet(session, tablet_id, Move.ALLOCATE, loan=loan, actor=actor, settings=settings, happening=happening)
    session.add(LoanTablet(loan_id=loan.id, tablet_id=tablet_id, from_at=happening.now))
    loan.allocated_at = happening.now
    loan.wanted_due_on = due_on
    if sim_id is not None:
        _reserve_sim(session, held, sim_id, actor=actor, happening=happening)
    loan.doorstep_phrase = loan.doorstep_phrase or secrets.choice(DOORSTEP_WORDS)
    make_agreement(session, held, settings=settings, happening=happening)
    session.flush()
    return loan


def _lock_sim_with_data(session: Session, sim_id: int | None, today: date) -> bool:
    """Lock the SIM that is about to be reserved; whether it carries data."""
    return sim_id is not None and bundles.has_data(session, bundles.lock_sim(session, sim_id).id, today)


def _reserve_sim(session: Session, held: Locked, sim_id: int, *, actor: Actor, happening: Happening) -> None:
    """Keep the SIM for the loan, and say until when it is needed: reckoned as if it were handed over today."""
    loan = held.loan
    try:
        until: date | None = due_from(session, held, local_day(held, happening.now))
    except Conflict:
        until = None  # the hub's calendar has no open day: the hand-over will say so
    kept_for = bundles.KeptFor(loan.id, loan.person_id, until)
    told = Happening(now=happening.now)
    bundles.move(session, sim_id, SimMove.RESERVE, actor=actor, happening=told, kept_for=kept_for)
    session.add(LoanSim(loan_id=loan.id, sim_id=sim_id, from_at=happening.now))


def dispatch(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The kit is packed and the SIM is in the tablet. The loan stays allocated until a courier loads it."""
    held = begin(session, loan_id, (LoanMove.DISPATCH.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.DISPATCH, actor=actor, happening=happening)
    move_sim(session, held, SimMove.INSTALL, actor=actor, happening=happening)
    held.loan.dispatched_at = held.loan.dispatched_at or happening.now
    return held.loan


def load(
    session: Session, loan_id: int, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """A courier takes the tablet. After a failed attempt it may still be on board: then only the loan moves."""
    held = begin(session, loan_id, (LoanMove.LOAD.value,), happening, tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.LOAD, actor=actor, happening=happening)
    if held.tablet is not None and held.tablet.stage is not Stage.IN_TRANSIT_OUT:
        move_tablet(session, tablet_id, Move.LOAD, loan=held.loan, actor=actor, settings=settings, happening=happening)
    move_sim(session, held, SimMove.INSTALL, actor=actor, happening=happening)
    held.loan.dispatched_at = held.loan.dispatched_at or happening.now
    return held.loan


def failed_attempt(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Nobody in, refused, wrong address: `happening.reason` says which. The courier keeps the tablet until it is
    scanned back at the hub, or loads it again. How many it makes is said by `attempts_told`."""
    held = begin(session, loan_id, (LoanMove.FAILED_ATTEMPT.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.FAILED_ATTEMPT, actor=actor, happening=happening)
    return held.loan


def hand_over(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    handed_to: HandedTo,
    agreement_accepted: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    """The person has the tablet: at the door, or at the hub when no courier has it. The loan starts and is due.

    The due date is in `loan.due_on` afterwards, to be read out. It counts from the day of the hand-over (rule R15): a
    day asked for or the cohort's end that has gone by is passed over for the programme's policy.
    Raises `WrongTablet`, `MoveRefused`, `Conflict` when the hub's calendar has no open day.
    """
    held = begin(
        session, loan_id, (LoanMove.HAND_OVER.value, LoanMove.HUB_HAND_OVER.value), happening, tablet_id=tablet_id
    )
    if held is None:
        return get_loan(session, loan_id)
    at_hub = held.loan.state is LoanState.ALLOCATED
    start = local_day(held, happened_at(happening))
    due = due_from(session, held, start)
    make(
        session,
        held,
        LoanMove.HUB_HAND_OVER if at_hub else LoanMove.HAND_OVER,
        actor=actor,
        happening=happening,
        asked=Asked(agreement_accepted=agreement_accepted),
        words=f"Handed over at the {'hub' if at_hub else 'door'}, due on {said(due)}",
    )
    tablet_move = Move.HUB_HAND_OVER if at_hub else Move.HAND_OVER
    move_tablet(session, tablet_id, tablet_move, loan=held.loan, actor=actor, settings=settings, happening=happening)
    move_sim(session, held, SimMove.ACTIVATE, actor=actor, happening=happening, on=start)
    loan = held.loan
    loan.started_on, loan.original_due_on = start, due
    loan.handed_to, loan.agreement_accepted_at = handed_to, happened_at(happening)
    set_due(session, held, due, actor=actor, happening=happening)
    freeze_agreement(session, held, settings=settings, happening=happening)
    return loan


def due_from(session: Session, held: Locked, start: date) -> date:
    """The due date of a loan that begins on `start`. Raises `Conflict` when the hub's calendar has no open day."""
    loan = held.loan
    cohort_end = cohorts.get_cohort(session, loan.cohort_id).ends_on if loan.cohort_id is not None else None
    calendar = cohorts.calendar_of(session, loan.hub_id)
    try:
        return due_date(start, held.programme.policy, calendar, cohort_end=cohort_end, asked_for=loan.wanted_due_on)
    except NoOpenDay as error:
        raise _no_open_day(error) from error


def extend(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    due_on: date | None = None,
    override_cap: bool = False,
) -> Loan:
    """Give the person longer: a new due version, with `happening.reason`; every earlier one stays (rule R5).

    Without `due_on` the programme's extension is added to the due date, or to today when that has passed. The day is
    rolled to a working day. Raises `MoveRefused` for a day that is past or no later, or when the cap is reached.
    """
    held = begin(session, loan_id, (LoanMove.EXTEND.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    today = local_day(held, happening.now)
    wanted = due_on or _longer(held, today)
    try:
        due = cohorts.calendar_of(session, held.loan.hub_id).roll_forward(wanted) if wanted > today else wanted
    except NoOpenDay as error:
        raise _no_open_day(error) from error
    asked = Asked(due_on=due, cap_overridden=override_cap)
    words = f"Extended, due on {said(due)}"
    make(session, held, LoanMove.EXTEND, actor=actor, happening=happening, asked=asked, words=words)
    set_due(session, held, due, actor=actor, happening=happening)
    return held.loan


def _longer(held: Locked, today: date) -> date:
    extension = timedelta(days=held.programme.extension_days)
    return max(held.loan.due_on or today, today) + extension


def set_due(session: Session, held: Locked, due: date, *, actor: Actor, happening: Happening) -> None:
    """Give the loan this due date, as a version of its own; `happening.reason` says why."""
    late = overdue_days(local_day(held, happening.now), held.loan.due_on, held.programme.grace_days)
    give_due(session, held.loan, due, days_late_before=late, actor=actor, happening=happening)


def give_due(
    session: Session, loan: Loan, due: date, *, days_late_before: int, actor: Actor, happening: Happening
) -> None:
    """The one writer of due dates: every one is a version of its own, and none is changed or deleted (rule R5)."""
    loan.due_version += 1
    loan.due_on = due
    sim_link = queries.open_sim(session, loan.id)
    if sim_link is not None:
        bundles.needed_until(session, sim_link.sim_id, due)
    session.add(
        DueVersion(
            loan_id=loan.id,
            number=loan.due_version,
            due_on=due,
            days_late_before=days_late_before,
            reason=happening.reason.strip(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            set_at=happening.now,
        )
    )
    session.flush()


def _no_open_day(error: NoOpenDay) -> Conflict:
    return Conflict(
        f"Nothing was changed. {error}", next_step="Ask a hub admin to look at the hub's calendar, then try again."
    )


def due_words(loan: Loan) -> str:
    """What the person is told: Friday 12 June 2026, or nothing while no date runs."""
    return said(loan.due_on) if loan.due_on else ""
