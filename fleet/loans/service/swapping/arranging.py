"""One tablet for another while the loan goes on: arranged, taken along, brought back or lost. The swap itself is in
`swapped`. The other tablet is kept for the loan (`loan.swap_tablet_id`) until the person has it (rule R17)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, LoanState
from fleet.loans.service.lending.fitting import goes_as_it_is, lacks
from fleet.loans.service.writer.facts import Asked
from fleet.loans.service.writer.locks import Locked, WrongTablet, get_loan, label_of, lock
from fleet.loans.service.writer.moves import make, move_tablet, note
from fleet.loans.service.writer.told import begin, told_of_tablet
from fleet.loans.service.writer.visits import visits_follow
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import SYSTEM, Actor

_BACK = "back_at_hub"
_NOT_DONE = "swap_not_done"
SWAP_RELEASED = "swap_released"


def arrange_swap(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    override_fit: bool = False,
) -> Loan:
    """Keep a ready tablet for somebody whose own is to come back; `happening.reason` says why.

    `override_fit` keeps one that lacks what the person needs. Raises `MoveRefused` from the loan (nobody has its
    tablet, a swap is arranged already, the tablet lacks something) or the tablet (held, taken).
    """
    held = begin(session, loan_id, (LoanMove.ARRANGE_SWAP.value,), happening, reserve_tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    lacking = lacks(session, held, tablet_id)
    as_it_is = goes_as_it_is(lacking, happening, override=override_fit)
    asked = Asked(lacking=lacking, fit_overridden=bool(as_it_is))
    words = f"Swap arranged: {label_of(session, tablet_id)} is kept for it{as_it_is}"
    told = replace(happening, details={**happening.details, "other": tablet_id})
    make(session, held, LoanMove.ARRANGE_SWAP, actor=actor, happening=told, asked=asked, words=words)
    move_tablet(session, tablet_id, Move.ALLOCATE, loan=held.loan, actor=actor, settings=settings, happening=happening)
    held.loan.swap_tablet_id = tablet_id
    session.flush()
    return held.loan


def call_off_swap(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The person keeps the tablet they have; the other goes back to stock. Needs `happening.reason`.

    Raises `Conflict` while a courier has the other one.
    """
    held = begin(session, loan_id, (LoanMove.CALL_OFF_SWAP.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.CALL_OFF_SWAP, actor=actor, happening=happening)
    if held.swap_tablet is not None and held.swap_tablet.stage is Stage.IN_TRANSIT_OUT:
        raise Conflict(
            f"Nothing was changed. A courier still has {label_of(session, held.swap_tablet.id)}.",
            next_step="Scan it back at the hub first, then call the swap off.",
        )
    _put_in_stock(session, held.loan, actor=actor, settings=settings, happening=happening)
    visits_follow(session, held.loan, happening=happening)
    return held.loan


def release_swap(session: Session, held: Locked, *, settings: Settings, happening: Happening) -> None:
    """The loan takes no other tablet any more: one that waits at the hub goes back to stock. One that a courier has
    does so when it is scanned in."""
    if held.swap_tablet is not None and held.swap_tablet.stage is Stage.ALLOCATED:
        why = replace(happening, reason="The swap is not needed any more", client_id=None, details={})
        other_id = held.swap_tablet.id
        _put_in_stock(session, held.loan, actor=SYSTEM, settings=settings, happening=why)
        words, details = f"Swap not needed: {label_of(session, other_id)} is in stock again", {"other": other_id}
        note(session, held.loan, kind=SWAP_RELEASED, words=words, actor=SYSTEM, happening=why, details=details)


def _put_in_stock(session: Session, loan: Loan, *, actor: Actor, settings: Settings, happening: Happening) -> None:
    if loan.swap_tablet_id is not None:
        move_tablet(
            session,
            loan.swap_tablet_id,
            Move.RELEASE,
            loan=loan,
            actor=actor,
            settings=settings,
            happening=happening,
        )
    loan.swap_tablet_id = None
    session.flush()


def load_swap(
    session: Session, loan_id: int, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """A courier takes the other tablet along. One that is still on board after a failed attempt does not move."""
    held = begin(session, loan_id, (LoanMove.LOAD_SWAP.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.LOAD_SWAP, actor=actor, happening=happening)
    refuse_unkept(session, held, tablet_id)
    if held.swap_tablet is not None and held.swap_tablet.stage is not Stage.IN_TRANSIT_OUT:
        move_tablet(session, tablet_id, Move.LOAD, loan=held.loan, actor=actor, settings=settings, happening=happening)
    return held.loan


def refuse_unkept(session: Session, held: Locked, tablet_id: int) -> None:
    """Raises `WrongTablet` for any but the one that is kept for the swap."""
    kept_id = held.loan.swap_tablet_id
    if kept_id is not None and kept_id != tablet_id:
        raise WrongTablet(
            f"Nothing was changed. {label_of(session, tablet_id)} is not the tablet kept for this swap.",
            next_step=f"Put it back and take {label_of(session, kept_id)}.",
            details={"tablet_id": tablet_id, "expected_tablet_id": kept_id},
        )


def swap_not_done(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """Nobody in, or not wanted today: `happening.reason` says which. The courier keeps the other tablet until it is
    scanned in at the hub."""
    held = begin(session, loan_id, (_NOT_DONE,), happening)
    if held is None:
        return get_loan(session, loan_id)
    note(session, held.loan, kind=_NOT_DONE, words="Not swapped", actor=actor, happening=happening)
    return held.loan


def swap_back_at_hub(
    session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """A tablet that went out and was left with nobody is scanned in at the hub. It stays kept for its swap, unless
    the loan is over for the person by now: then it goes back to stock. None for one that no loan is kept for."""
    told = told_of_tablet(session, (_BACK,), happening)
    if told is not None:
        return told
    loan = queries.loan_to_swap_to(session, tablet_id)
    if loan is None:
        tablets.move(session, tablet_id, Move.BACK_UNDELIVERED, actor=actor, settings=settings, happening=happening)
        return None
    held = lock(session, loan.id)
    move_tablet(
        session, tablet_id, Move.BACK_UNDELIVERED, loan=held.loan, actor=actor, settings=settings, happening=happening
    )
    words = f"{label_of(session, tablet_id)} is back at the hub, not swapped"
    note(session, held.loan, kind=_BACK, words=words, actor=actor, happening=happening)
    if held.loan.state is not LoanState.ACTIVE or held.loan.stopped_at is not None:
        release_swap(session, held, settings=settings, happening=happening)
    return held.loan


def lose_swap(
    session: Session, held: Locked, *, words: str, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """The other tablet was lost by its courier, perhaps after the loan ended. The person's loan is as it was."""
    make(session, held, LoanMove.LOSE_SWAP, actor=actor, happening=happening, words=words)
    if held.swap_tablet is not None:
        lost_id = held.swap_tablet.id
        move_tablet(session, lost_id, Move.LOSE, loan=held.loan, actor=actor, settings=settings, happening=happening)
    held.loan.swap_tablet_id = None
    session.flush()
