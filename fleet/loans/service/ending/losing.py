"""A tablet that is lost: asked for here, with what it would do, and done once a second person agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.bundles.words import name_of
from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import SecondLook
from fleet.loans.rules import LoanMove, LoanState, LookKind, overdue_days, refusals
from fleet.loans.service.ending.stopped import tell_stopped
from fleet.loans.service.requests.deciding import forget_allocation
from fleet.loans.service.swapping.arranging import lose_swap
from fleet.loans.service.writer.facts import Asked, facts_of
from fleet.loans.service.writer.locks import Locked, label_of, local_day
from fleet.loans.service.writer.moves import let_go, make, move_sim, move_tablet, note
from fleet.loans.service.writer.told import begin
from fleet.loans.service.writer.visits import visits_follow
from fleet.machine import SAY_WHY, done_by
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.tablets.rules import refusals as tablet_refusals
from fleet.users.actor import Actor
from fleet.users.rules import Role

LONGEST_REFERENCE = 60
LOSS_ASKED = "loss_asked"


@dataclass(frozen=True)
class Loss:
    """Which tablet would be lost, and by which move."""

    move: LoanMove
    tablet_id: int | None


def loss_of(held: Locked, *, of_swap: bool) -> Loss:
    """What recording a loss would do as the loan stands; `of_swap` means the other tablet of a swap.

    Lost by a courier it is not the person's loss: on the way out the request stays approved, on the way back the loan
    closes as returned.
    """
    if of_swap:
        return Loss(LoanMove.LOSE_SWAP, held.loan.swap_tablet_id)
    move = {
        LoanState.OUT_FOR_DELIVERY: LoanMove.LOSE_ON_THE_WAY_OUT,
        LoanState.COLLECTED: LoanMove.LOSE_ON_THE_WAY_BACK,
    }.get(held.loan.state, LoanMove.LOSE)
    return Loss(move, held.tablet.id if held.tablet is not None else None)


def ask_to_lose(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    reference: str = "",
    of_swap: bool = False,
) -> SecondLook:
    """A coordinator says that the tablet is lost; `happening.reason` says what was tried. Nothing changes until a
    second person agrees. `reference` is the number of a police report or of an incident, where there is one.

    Raises `BadInput`, `MoveRefused`, and `Conflict` when it was asked for already.
    """
    if len(reference.strip()) > LONGEST_REFERENCE:
        too_long = f"Write the number alone, in at most {LONGEST_REFERENCE} letters."
        raise BadInput("Nothing was changed.", fields={"reference": too_long})
    held = begin(session, loan_id, (LOSS_ASKED,), happening)
    told = queries.latest_loss(session, loan_id) if held is None else None
    if told is not None:
        return told
    assert held is not None
    loss = loss_of(held, of_swap=of_swap)
    _refuse(session, held, loss, actor=actor, settings=settings, happening=happening)
    asked = SecondLook(
        kind=LookKind.LOSS,
        person_id=held.loan.person_id,
        loan_id=loan_id,
        tablet_id=loss.tablet_id,
        move=loss.move,
        reason=happening.reason.strip(),
        reference=reference.strip(),
        asked_at=happening.now,
        asked_by_id=actor.user_id,
        asked_by=actor.name,
        asked_role=actor.role.value,
    )
    session.add(asked)
    words = "Asked for it to be recorded as lost; a second person decides"
    note(session, held.loan, kind=LOSS_ASKED, words=words, actor=actor, happening=happening)
    session.flush()
    return asked


def _refuse(
    session: Session, held: Locked, loss: Loss, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """Raises `MoveRefused` with all that stands in the way of this loss, and `Conflict` when it waits already."""
    facts = facts_of(session, held, Asked(), now=happening.now, move=loss.move)
    reasons = refusals(loss.move, facts, actor.roles)
    if not reasons and loss.tablet_id is not None:
        tablet = tablets.get_tablet(session, loss.tablet_id)
        seen = tablets.facts_of(session, tablet, settings=settings, now=happening.now, move=Move.LOSE)
        reasons = tablet_refusals(Move.LOSE, seen, actor.roles)
    if actor.user_id is None or Role.COORDINATOR not in actor.roles:
        reasons += (done_by(frozenset({Role.COORDINATOR})),)
    if not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. The tablet of loan {held.loan.id} was not recorded as lost.",
            reasons=tuple(dict.fromkeys(reasons)),
            next_step="Settle what is listed, then try again.",
        )
    waits = queries.open_loss(session, held.loan.id, loss.move)
    if waits is not None:
        raise Conflict(
            f"Nothing was changed. {waits.asked_by} asked for this already, and it waits for a second person.",
            next_step="Agree to it, or turn it down, under “A second person”.",
        )


def lose(
    session: Session, held: Locked, look: SecondLook, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """Both agree that it is lost. Somebody is asked to bar its SIM."""
    assert look.move is not None
    told = replace(happening, reason=look.reason, details={"asked_by": look.asked_by, "agreed_by": actor.name})
    words = f"Recorded as lost: {look.asked_by} asked, {actor.name} agreed"[:200]
    if look.move is LoanMove.LOSE_SWAP:
        lose_swap(session, held, words=words, actor=actor, settings=settings, happening=told)
        return
    held.loan.lost_reference = look.reference
    make(session, held, look.move, actor=actor, happening=told, words=words)
    if held.tablet is not None:
        told_tablet = replace(told, details={})
        move_tablet(
            session, held.tablet.id, Move.LOSE, loan=held.loan, actor=actor, settings=settings, happening=told_tablet
        )
    card = SimMove.SUSPEND if _card_is_at_the_hub(session, held) else SimMove.LOSE
    move_sim(session, held, card, actor=actor, happening=told)
    on_the_way_out = look.move is LoanMove.LOSE_ON_THE_WAY_OUT
    if on_the_way_out:
        visits_follow(session, held.loan, happening=happening)
    else:
        tell_stopped(session, held, actor=actor, happening=happening)
    let_go(held, happening.now)
    if on_the_way_out:
        forget_allocation(held.loan)
    session.flush()


def _card_is_at_the_hub(session: Session, held: Locked) -> bool:
    """Whether the loan's card came back in a tablet that was swapped out, and nobody has brought it to them since."""
    had = [link.tablet_id for link in queries.tablets_had(session, held.loan.id) if link.to_at is not None]
    return any(loan_id == held.loan.id for loan_id, _ in queries.came_back_with_a_card(session, had).values())


_ENDS: dict[LoanMove, str] = {
    LoanMove.LOSE: "The loan ends, and nobody pays for it or is written to about it.",
    LoanMove.LOSE_ON_THE_WAY_OUT: "A courier had it: the request stays approved, for another tablet.",
    LoanMove.LOSE_ON_THE_WAY_BACK: "A courier had it: the loan ends as given back, so it is no loss of theirs.",
    LoanMove.LOSE_SWAP: "The person’s loan stays as it is, with the tablet they have.",
}


def what_a_loss_does(session: Session, held: Locked, loss: Loss, *, happening: Happening) -> Sequence[str]:
    """What would happen if it were recorded as lost, in sentences, before anybody decides (rule R21)."""
    return tuple(_said(session, held, loss, happening))


def _said(session: Session, held: Locked, loss: Loss, happening: Happening) -> Iterator[str]:
    if loss.tablet_id is not None:
        yield f"{label_of(session, loss.tablet_id)} is recorded as lost. Whoever of us scans it is told so."
    late = overdue_days(local_day(held, happening.now), held.loan.due_on, held.programme.grace_days)
    if late and loss.move is LoanMove.LOSE and held.loan.stopped_at is None:
        yield f"It is {late} {'day' if late == 1 else 'days'} late. That alone makes nothing lost."
    yield _ENDS[loss.move]
    if held.sim_link is not None and loss.move is not LoanMove.LOSE_SWAP:
        sim = bundles.get_sim(session, held.sim_link.sim_id)
        if _card_is_at_the_hub(session, held):
            yield f"{name_of(sim)} came back in the tablet that was swapped: it is not lost."
        elif bundles.can_begin(sim, SimMove.LOSE):
            yield f"{name_of(sim)} is put on the list to be barred."
    yield "Visits that no courier has begun are called off."
