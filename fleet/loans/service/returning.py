"""From the person's hands back to the shelf: arranging, collecting, arriving, inspecting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, LoanState
from fleet.loans.service.swapping import release_swap, swap_back_at_hub
from fleet.loans.service.trays import Tray, look_into_tray, put_sim_away
from fleet.loans.service.writer import (
    Locked,
    begin,
    get_loan,
    happened_at,
    label_of,
    let_go,
    local_day,
    lock,
    lock_both,
    make,
    move_sim,
    move_tablet,
    note,
    told_of_tablet,
)
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor

DROP_PLACES = (OrganisationKind.VENUE, OrganisationKind.REFERRER)
"""Partners at whose place a courier may leave a tablet."""


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
) -> Loan:
    """The person or somebody for them brought it to the hub."""
    return _take_back(
        session,
        loan_id,
        (LoanMove.HAND_IN, Move.HAND_IN),
        tablet_id=tablet_id,
        actor=actor,
        settings=settings,
        happening=happening,
        seen=(condition, sim_in_tray, kit_missing),
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
) -> Loan:
    held = begin(session, loan_id, (moves[0].value,), happening, tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, moves[0], actor=actor, happening=happening)
    move_tablet(session, tablet_id, moves[1], loan=held.loan, actor=actor, settings=settings, happening=happening)
    day = day_of_return(held, happening)
    move_sim(session, held, SimMove.SUSPEND, actor=actor, happening=happening, on=day)
    held.loan.returned_on = day
    _write_what_was_seen(held.loan, *seen)
    release_swap(session, held, settings=settings, happening=happening)
    return held.loan


def day_of_return(held: Locked, happening: Happening) -> date:
    """The day on which it happened, and never before the loan began."""
    return max(local_day(held, happened_at(happening)), held.loan.started_on or local_day(held, happening.now))


def _write_what_was_seen(loan: Loan, condition: Condition | None, sim_in_tray: bool | None, kit_missing: str) -> None:
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
        actor=actor,
        settings=settings,
        happening=happening,
    )


def scan_in(session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening) -> Loan | None:
    """A tablet's label is scanned at the hub: it was collected, could not be delivered, or was brought in.

    Raises `Conflict` for a tablet that is at the hub already, or lost (that is `found`).
    """
    told = told_of_tablet(session, _SCANS, happening)
    if told is not None:
        return told
    stage = lock_both(session, tablet_id).stage
    if stage is Stage.IN_TRANSIT_BACK:
        return arrive_back(session, tablet_id=tablet_id, actor=actor, settings=settings, happening=happening)
    if stage is Stage.IN_TRANSIT_OUT:
        return _not_delivered(session, tablet_id, actor=actor, settings=settings, happening=happening)
    if stage is Stage.ON_LOAN:
        return hand_in_tablet(session, tablet_id=tablet_id, actor=actor, settings=settings, happening=happening)
    raise Conflict(
        f"Nothing was changed. {label_of(session, tablet_id)} is not away: it is {stage.value.replace('_', ' ')}.",
        next_step="Look at the tablet's own page to see what may happen next.",
    )


def _not_delivered(
    session: Session, tablet_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """It came back with no word of a failed attempt: the hub's scan tells of one."""
    loan = queries.open_loan_of_tablet(session, tablet_id)
    untold = loan is not None and loan.state is LoanState.OUT_FOR_DELIVERY
    why = replace(happening, reason=happening.reason or "Scanned in at the hub")
    back = back_at_hub(session, tablet_id=tablet_id, actor=actor, settings=settings, happening=why)
    if back is not None and untold:
        back.attempts += 1
    return back


_SCANS = ("arrive_back", "back_at_hub", LoanMove.FAILED_ATTEMPT.value, LoanMove.HAND_IN.value)


def arrive_back(
    session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """The courier's tablet is scanned in at the hub; its loan, if one still has it."""
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, ("arrive_back",), happening)
    if told is not None:
        return told
    if held is None:
        tablets.move(session, tablet_id, Move.ARRIVE_BACK, actor=actor, settings=settings, happening=happening)
        return None
    move_tablet(
        session, tablet_id, Move.ARRIVE_BACK, loan=held.loan, actor=actor, settings=settings, happening=happening
    )
    note(session, held.loan, kind="arrive_back", words="Back at the hub", actor=actor, happening=happening)
    return held.loan


def leave_at_partner(
    session: Session, *, tablet_id: int, place_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """The courier leaves a collected tablet at a partner's place, from where it goes on to the hub.

    `place_id` is an organisation that keeps tablets for us. Raises `NotFound`, `BadInput` for any other organisation.
    """
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, (Move.LEAVE_AT_PARTNER.value,), happening)
    if told is not None:
        return told
    place = partners.get_organisation(session, place_id)
    if place.kind not in DROP_PLACES or not place.active:
        raise BadInput(f"{place.name} keeps no tablets for us.", fields={"place": "Choose one of the places."})
    tablets.move(
        session,
        tablet_id,
        Move.LEAVE_AT_PARTNER,
        actor=actor,
        settings=settings,
        happening=happening,
        holder=f"partner {place.id}",
    )
    if held is not None:
        words = f"Left at {place.name}"
        note(session, held.loan, kind=Move.LEAVE_AT_PARTNER.value, words=words, actor=actor, happening=happening)
    return held.loan if held is not None else None


def back_at_hub(
    session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """A tablet that could not be delivered is scanned in at the hub. It stays kept for its loan.

    `happening.reason` says why it came back; how many attempts failed is said by `attempts_told`.
    """
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, ("back_at_hub", LoanMove.FAILED_ATTEMPT.value), happening)
    if told is not None:
        return told
    if held is None:
        return swap_back_at_hub(session, tablet_id=tablet_id, actor=actor, settings=settings, happening=happening)
    if held.loan.state is LoanState.OUT_FOR_DELIVERY:
        make(session, held, LoanMove.FAILED_ATTEMPT, actor=actor, happening=happening)
    else:
        note(session, held.loan, kind="back_at_hub", words="Back at the hub", actor=actor, happening=happening)
    move_tablet(
        session, tablet_id, Move.BACK_UNDELIVERED, loan=held.loan, actor=actor, settings=settings, happening=happening
    )
    return held.loan


def inspect(
    session: Session,
    *,
    tablet_id: int,
    condition: Condition,
    cleaned: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    kit_missing: str = "",
    sim_in_tray: bool | None = None,
    sim_seen: str = "",
    stray_bagged: bool = False,
) -> Loan | None:
    """A technician has looked the returned tablet over and wiped it down: the tablet is cleaned and its loan closes.

    Missing parts are listed and block nothing. The card in the tray is compared with the record by `sim_seen`, the
    digits read from it (rule R28); a strange one is bagged, and ours counts as lost then, as when the tray is empty.
    The data on the tablet is still the person's until the next verified wipe. None for a tablet that no loan has (one
    that was found again, or swapped out): a card in it is bagged. Raises `BadInput` before it was cleaned,
    `AnotherSim`.
    """
    if not cleaned:
        raise BadInput(
            "Nothing was changed. The tablet is not clean yet.",
            fields={"cleaned": "Wipe it down first: a cloth, 70 % isopropyl, unplugged."},
        )
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, (LoanMove.CLOSE_RETURNED.value,), happening)
    if told is not None:
        return told
    tray = Tray(sim_in_tray, sim_seen, stray_bagged)
    if held is None:
        _bag_what_nobody_expects(session, tablet_id, tray, actor=actor, happening=happening)
        tablets.move(session, tablet_id, Move.CLEAN, actor=actor, settings=settings, happening=happening)
    else:
        look_into_tray(session, held, tray, tablet_id=tablet_id, actor=actor, happening=happening)
        _close(session, held, tablet_id, actor=actor, settings=settings, happening=happening)
        put_sim_away(session, held, tray, actor=actor, settings=settings, happening=happening)
        _write_what_was_seen(held.loan, condition, sim_in_tray, kit_missing)
        let_go(held, happening.now)
    tablets.check_kit(
        session, tablet_id, actor=actor, happening=replace(happening, client_id=None), missing=kit_missing
    )
    return held.loan if held is not None else None


def _bag_what_nobody_expects(
    session: Session, tablet_id: int, tray: Tray, *, actor: Actor, happening: Happening
) -> None:
    """A card in a tablet that no loan has, swapped out or found: somebody finds out whose it is (rule R28)."""
    waits = tablets.get_tablet(session, tablet_id).stage is Stage.RETURNED
    if waits and (tray.stray_bagged or tray.seen.strip()):
        bundles.bag_stray(session, tablet_id, tray.seen, actor=actor, happening=replace(happening, client_id=None))


def _close(
    session: Session, held: Locked, tablet_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    _refuse_unreturned(held)
    make(session, held, LoanMove.CLOSE_RETURNED, actor=actor, happening=happening)
    move_tablet(session, tablet_id, Move.CLEAN, loan=held.loan, actor=actor, settings=settings, happening=happening)


def _refuse_unreturned(held: Locked) -> None:
    if held.tablet is not None and held.tablet.stage is not Stage.RETURNED:
        raise Conflict(
            f"Nothing was changed. Tablet {held.tablet.id} has not been scanned in at the hub yet.",
            next_step="Scan it in first, then inspect it.",
        )


def lock_by_tablet(session: Session, tablet_id: int) -> Locked | None:
    """Everything of the loan that has this tablet, locked; None when none has it. Raises `NotFound`."""
    lock_both(session, tablet_id)
    loan = queries.open_loan_of_tablet(session, tablet_id)
    return lock(session, loan.id, tablet_id=tablet_id) if loan is not None else None
