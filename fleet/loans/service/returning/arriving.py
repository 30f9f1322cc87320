"""What is scanned in at the hub, or left for it at a partner's place."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, LoanState
from fleet.loans.service.requests.deciding import cancel
from fleet.loans.service.returning.elsewhere import refuse_guest, refuse_outgoing
from fleet.loans.service.returning.taking_back import hand_in_tablet
from fleet.loans.service.swapping.arranging import swap_back_at_hub
from fleet.loans.service.writer.locks import label_of, lock_both, lock_by_tablet
from fleet.loans.service.writer.moves import make, move_tablet, note
from fleet.loans.service.writer.told import told_of_tablet
from fleet.loans.service.writer.visits import visits_follow
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import BY_MOVE, Move, Stage
from fleet.users.actor import SYSTEM, Actor

WAS_WITH = "was_with"
"""In the entry of a tablet that is taken in at another hub: who had it before, as a code."""
DROP_PLACES = (OrganisationKind.VENUE, OrganisationKind.REFERRER)
"""Partners at whose place a courier may leave a tablet."""


def scan_in(
    session: Session,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    at: int | None = None,
) -> Loan | None:
    """A tablet's label is scanned at the hub: it was collected, could not be delivered, or was brought in.

    `at` is the hub where that was, None for the tablet's own. At another one what a person had stops there and waits
    to go home (rule R16). Raises `Conflict` for a tablet that is there already, is on its way to somebody from another
    hub, or is lost (that is `found`).
    """
    told = told_of_tablet(session, _SCANS, happening)
    if told is not None:
        return told
    tablet = lock_both(session, tablet_id)
    stage = tablet.stage
    if stage is Stage.IN_TRANSIT_BACK:
        refuse_guest(session, tablet, at)
        return arrive_back(session, tablet_id=tablet_id, actor=actor, settings=settings, happening=happening, at=at)
    if stage is Stage.IN_TRANSIT_OUT:
        refuse_outgoing(session, tablet, at)
        return _not_delivered(session, tablet_id, actor=actor, settings=settings, happening=happening)
    if stage is Stage.ON_LOAN:
        return hand_in_tablet(session, tablet_id=tablet_id, actor=actor, settings=settings, happening=happening, at=at)
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
    if back is not None:
        back.attempts += 1 if untold else 0
        visits_follow(session, back, happening=happening)
    return back


_ARRIVALS = (Move.ARRIVE_BACK.value, Move.ARRIVE_ELSEWHERE.value)
_SCANS = (*_ARRIVALS, "back_at_hub", LoanMove.FAILED_ATTEMPT.value, LoanMove.HAND_IN.value)


def arrive_back(
    session: Session,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    at: int | None = None,
) -> Loan | None:
    """The courier's tablet is scanned in at a hub, as `scan_in` has it; its loan, if one still has it."""
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, _ARRIVALS, happening)
    if told is not None:
        return told
    tablet = tablets.get_tablet(session, tablet_id)
    holder = tablets.holder_elsewhere(tablet, at)
    move = Move.ARRIVE_BACK if holder is None else Move.ARRIVE_ELSEWHERE
    # Told to an undo, which gives it back to the courier who had it and to nobody else.
    known = replace(happening, details={**happening.details, WAS_WITH: tablet.holder}) if holder else happening
    if held is None:
        tablets.move(session, tablet_id, move, actor=actor, settings=settings, happening=known, holder=holder)
        return None
    move_tablet(
        session, tablet_id, move, loan=held.loan, actor=actor, settings=settings, happening=known, holder=holder
    )
    note(session, held.loan, kind=move.value, words=BY_MOVE[move].words, actor=actor, happening=happening)
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
    """A tablet that could not be delivered is scanned in at the hub. It stays kept for its loan, unless everything
    about that was stopped meanwhile: then the loan is cancelled and the tablet goes back to stock.

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
    if held.loan.stopped_at is not None:
        why = replace(happening, reason="All contact stopped", client_id=None, client_at=None)
        return cancel(session, held.loan.id, actor=SYSTEM, settings=settings, happening=why)
    return held.loan
