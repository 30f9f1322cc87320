"""What is decided of a loan over HTTP: yes or no, a tablet, the hand-over, longer, and stopping all contact."""

from __future__ import annotations

from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.api.seeing import shown
from fleet.loans.schemas import (
    AllocateIn,
    DeclineIn,
    ExtendIn,
    HandOverIn,
    LoanCohortIn,
    LoanMoveIn,
    LoanOut,
    NotHandedOverIn,
    SafeIn,
    StopIn,
)

router = ApiRouter(prefix="/loans", tags=["loans"])


@router.post("/{loan_id}/moves", responses=responses(404, 409))
def move_loan(
    loan_id: LoanId, asked: LoanMoveIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Move a loan: approve, wait, cancel, undo_allocation, dispatch, arrange_return, cancel_return, call_off_swap,
    undo_collect, undo_collect_arranged."""
    happening = asked.happening(clock())
    loan = service.press(session, loan_id, asked.move, actor=actor, settings=settings, happening=happening)
    return shown(session, loan, clock)


@router.post("/{loan_id}/safe-at-home", responses=responses(404, 409))
def answer_safe(
    loan_id: LoanId, asked: SafeIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Write down whether it is safe to bring a tablet to the person's home."""
    loan = service.answer_safe_at_home(
        session, loan_id, asked.answer, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/decline", responses=responses(404, 409))
def decline(
    loan_id: LoanId, asked: DeclineIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Say no."""
    loan = service.decline(
        session, loan_id, asked.why, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/allocate", responses=responses(404, 409))
def allocate(
    loan_id: LoanId, asked: AllocateIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Keep a tablet and a SIM for the loan. A tablet without a verified wipe newer than its last return is refused."""
    loan = service.allocate(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        sim_id=asked.sim_id,
        due_on=asked.due_on,
        override_fit=asked.override_fit,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/cohort", responses=responses(404, 409))
def give_cohort(
    loan_id: LoanId, asked: LoanCohortIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Put a loan that is not handed over yet into another cohort of its programme, or into none."""
    [loan] = service.give_cohort(
        session,
        [loan_id],
        asked.cohort_id,
        override_places=asked.override_places,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/extend", responses=responses(404, 409))
def extend(
    loan_id: LoanId, asked: ExtendIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Give the person longer: a new due date, with why; every earlier one stays on record."""
    loan = service.extend(
        session,
        loan_id,
        due_on=asked.due_on,
        override_cap=asked.override_cap,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/hand-over", responses=responses(404, 409))
def hand_over(
    loan_id: LoanId, asked: HandOverIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """The person has the tablet; `due_on` in the answer is what to tell them."""
    loan = service.hand_over(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        handed_to=asked.handed_to,
        agreement_accepted=asked.agreement_accepted,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/not-handed-over", responses=responses(404, 409))
def take_hand_over_back(
    loan_id: LoanId,
    asked: NotHandedOverIn,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> LoanOut:
    """Take a hand-over back that never was, within a day of its telling: no date runs, and the tablet is where it was.
    One that anybody had comes back by a return instead, and is wiped."""
    loan = service.undo_hand_over(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        nobody_had_it=asked.nobody_had_it,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/stop", responses=responses(404, 409))
def stop(
    loan_id: LoanId, asked: StopIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """All automatic contact stops at once; for a death, on every loan of the person."""
    loan = service.stop_contact(
        session, loan_id, asked.why, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)
