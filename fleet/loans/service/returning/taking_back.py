"""From the person's hands: the return arranged, collected by a courier, or handed in at the hub."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, said
from fleet.loans.service.swapping.arranging import release_swap
from fleet.loans.service.writer.locks import Locked, get_loan, label_of, local_day
from fleet.loans.service.writer.moves import make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin, happened_at, told_of_tablet
from fleet.loans.service.writer.visits import visits_follow
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import BY_MOVE as TABLET_MOVES
from fleet.tablets.rules import Move
from fleet.users.actor import Actor


class Condition(StrEnum):
    """How a tablet came back."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    NOT_WORKING = "not_working"


def arrange_return(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """A collection or a drop-off is agreed. The due date goes on running."""
    held = begin(session, loan_id, (LoanMove.ARRANGE_RETURN.value,), happening)
    if held is not None:
        make(session, held, LoanMove.ARRANGE_RETURN, actor=actor, happening=happening)
        held.loan.return_arranged_at = happening.now
    return get_loan(session, loan_id)


def cancel_return(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The collection was called off or failed; `happening.reason` says why."""
    held = begin(session, loan_id, (LoanMove.CANCEL_RETURN.value,), happening)
    if held is not None:
        make(session, held, LoanMove.CANCEL_RETURN, actor=actor, happening=happening)
        held.loan.return_arranged_at = None
    return get_loan(session, loan_id)


def collect(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    condition: Condition | None = None,
    sim_in_tray: bool | None = None,
    kit_missing: str = "",
) -> Loan:
    """A courier has it back. The clock stops on the day it happened, and the data is suspended."""
    return _take_back(
        session,
        loan_id,
        (LoanMove.COLLECT, Move.COLLECT),
        tablet_id=tablet_id,
        actor=actor,
        settings=settings,
        happening=happening,
        seen=(condition, sim_in_tray, kit_missing),
    )


def hand_in(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    condition: Condition | None = None,
    sim_in_tray: bool | None = None,
    kit_missing: str = "",
    at: int | None = None,
    came_on: date | None = None,
) -> Loan:
    """The person or somebody for them brought it to a hub: to its own, unless `at` is another one (rule R16); at this
    moment or, where nobody saw it, on `came_on`."""
    holder = tablets.holder_elsewhere(tablets.get_tablet(session, tablet_id), at)
    return _take_back(
        session,
        loan_id,
        (LoanMove.HAND_IN, Move.HAND_IN if holder is None else Move.HAND_IN_ELSEWHERE),
        tablet_id=tablet_id,
        holder=holder,
        actor=actor,
        settings=settings,
        happening=happening,
        seen=(condition, sim_in_tray, kit_missing),
        came_on=came_on,
    )


def _take_back(
    session: Session,
    loan_id: int,
    moves: tuple[LoanMove, Move],
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    seen: tuple[Condition | None, bool | None, str],
    holder: str | None = None,
    came_on: date | None = None,
) -> Loan:
    held = begin(session, loan_id, (moves[0].value,), happening, tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    words = TABLET_MOVES[moves[1]].words if holder is not None else ""
    if came_on is not None:
        words = f"Came to the hub on {said(came_on)}"
    make(session, held, moves[0], actor=actor, happening=happening, words=words)
    move_tablet(
        session,
        tablet_id,
        moves[1],
        loan=held.loan,
        actor=actor,
        settings=settings,
        happening=happening,
        holder=holder,
    )
    day = came_on or day_of_return(held, happening)
    move_sim(session, held, SimMove.SUSPEND, actor=actor, happening=happening, on=day)
    held.loan.returned_on = day
    write_what_was_seen(held.loan, *seen)
    release_swap(session, held, settings=settings, happening=happening)
    if moves[0] is LoanMove.HAND_IN and (held.loan.return_arranged_at is not None or held.swap_tablet is not None):
        visits_follow(session, held.loan, happening=happening)
    return held.loan


def day_of_return(held: Locked, happening: Happening) -> date:
    """The day on which it happened, and never before the loan began."""
    return max(local_day(held, happened_at(happening)), held.loan.started_on or local_day(held, happening.now))


def write_what_was_seen(loan: Loan, condition: Condition | None, sim_in_tray: bool | None, kit_missing: str) -> None:
    loan.condition = condition.value if condition else loan.condition
    loan.sim_in_tray = sim_in_tray if sim_in_tray is not None else loan.sim_in_tray
    loan.kit_missing = kit_missing.strip()[:200] or loan.kit_missing


def hand_in_tablet(
    session: Session,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    condition: Condition | None = None,
    sim_in_tray: bool | None = None,
    kit_missing: str = "",
    at: int | None = None,
) -> Loan:
    """`hand_in` for whoever has the tablet in hand and does not know its loan. Raises `Conflict` when none has it."""
    tablets.get_tablet(session, tablet_id)
    told = told_of_tablet(session, (LoanMove.HAND_IN.value,), happening)
    loan = told or queries.open_loan_of_tablet(session, tablet_id)
    if loan is None:
        raise Conflict(
            f"Nothing was changed. {label_of(session, tablet_id)} is not on loan to anybody.",
            next_step="Look at the tablet's own page to see where it stands.",
        )
    return hand_in(
        session,
        loan.id,
        tablet_id=tablet_id,
        condition=condition,
        sim_in_tray=sim_in_tray,
        kit_missing=kit_missing,
        at=at,
        actor=actor,
        settings=settings,
        happening=happening,
    )
