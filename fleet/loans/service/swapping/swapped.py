"""The moment of a swap, at a door or at the hub's counter: the due date, the agreement and the SIM stay the loan's, and
both custodies are whole. The tablet that came back is nobody's from then on: dirty, and to be wiped (rule R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanTablet
from fleet.loans.rules import HandedTo, LoanMove
from fleet.loans.service.swapping.arranging import refuse_unkept
from fleet.loans.service.writer.locks import Locked, get_loan, label_of
from fleet.loans.service.writer.moves import make, move_tablet, note
from fleet.loans.service.writer.told import begin, happened_at
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor

_TOLD_AGAIN = "swapped_earlier"


def swap(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    brought_id: int,
    handed_to: HandedTo,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    seen: dict[str, Any] | None = None,
) -> Loan:
    """The person has the other tablet, and theirs comes back: at the door, or at the hub when no courier has the other.

    The due date, the agreement and the SIM stay the loan's. `seen` are the coded answers about the one that came back
    (condition, whether the SIM is in its tray, what is missing), for the log. Raises `WrongTablet`, `MoveRefused`.
    """
    held = begin(session, loan_id, (LoanMove.SWAP.value,), happening, tablet_id=tablet_id)
    if held is None:
        return get_loan(session, loan_id)
    refuse_unkept(session, held, brought_id)
    at_hub = held.swap_tablet is not None and held.swap_tablet.stage is Stage.ALLOCATED
    told = replace(happening, details={**happening.details, **_story(tablet_id, brought_id, handed_to, seen)})
    words = f"Swapped: {label_of(session, tablet_id)} came back, {label_of(session, brought_id)} stays"
    make(session, held, LoanMove.SWAP, actor=actor, happening=told, words=words)
    rest = replace(happening, client_id=None)
    back, out = (Move.HAND_IN, Move.HUB_HAND_OVER) if at_hub else (Move.COLLECT, Move.HAND_OVER)
    move_tablet(session, tablet_id, back, loan=held.loan, actor=actor, settings=settings, happening=happening)
    move_tablet(session, brought_id, out, loan=held.loan, actor=actor, settings=settings, happening=rest)
    tablets.note_swapped_out(
        session, tablet_id, instead=label_of(session, brought_id), actor=actor, happening=replace(rest, details={})
    )
    _link(session, held, brought_id, happened_at(happening))
    return held.loan


def swap_at_hub(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    brought_id: int,
    handed_to: HandedTo,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    seen: dict[str, Any] | None = None,
) -> Loan:
    """`swap` at the hub's counter, with both tablets there. Raises `Conflict` while a courier has the other one."""
    kept_id = get_loan(session, loan_id).swap_tablet_id
    if kept_id is not None and tablets.get_tablet(session, kept_id).stage is Stage.IN_TRANSIT_OUT:
        raise Conflict(
            f"Nothing was changed. A courier has {label_of(session, kept_id)}.",
            next_step="Scan it back at the hub first, or let the courier swap it at the door.",
        )
    return swap(
        session,
        loan_id,
        tablet_id=tablet_id,
        brought_id=brought_id,
        handed_to=handed_to,
        actor=actor,
        settings=settings,
        happening=happening,
        seen=seen,
    )


def _story(tablet_id: int, brought_id: int, handed_to: HandedTo, seen: dict[str, Any] | None) -> dict[str, Any]:
    answers = {name: value for name, value in (seen or {}).items() if value not in (None, "")}
    return {"came_back": tablet_id, "stays": brought_id, "handed_to": handed_to.value, **answers}


def _link(session: Session, held: Locked, brought_id: int, at: datetime) -> None:
    """One tablet's time with the loan ends in the moment in which the other's begins."""
    if held.tablet_link is not None:
        held.tablet_link.to_at = max(at, held.tablet_link.from_at)
    session.add(LoanTablet(loan_id=held.loan.id, tablet_id=brought_id, from_at=at))
    held.loan.swap_tablet_id = None
    session.flush()


def swapped_earlier(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int,
    brought_id: int,
    handed_to: HandedTo,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    seen: dict[str, Any] | None = None,
) -> Loan:
    """The swap is told again, and otherwise: the links are set to this moment, and the log says what was seen.

    Nothing moves. Does nothing for tablets that this loan never had.
    """
    held = begin(session, loan_id, (_TOLD_AGAIN,), happening)
    links = {link.tablet_id: link for link in queries.tablets_had(session, loan_id)}
    if held is None or tablet_id not in links or brought_id not in links:
        return get_loan(session, loan_id)
    at = happened_at(happening)
    links[tablet_id].to_at = max(at, links[tablet_id].from_at)
    links[brought_id].from_at = at
    story = _story(tablet_id, brought_id, handed_to, seen)
    words = "The swap was told again"
    note(session, held.loan, kind=_TOLD_AGAIN, words=words, actor=actor, happening=happening, details=story)
    return held.loan
