"""The one writer of a loan's state and of its log; the loan's tablet and SIM move along with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.errors import MoveRefused
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanEvent
from fleet.loans.rules import BY_MOVE, ENDED, LoanKind, LoanMove, against
from fleet.loans.service.writer.claims import claim_follows
from fleet.loans.service.writer.facts import Asked, facts_of
from fleet.loans.service.writer.locks import Locked
from fleet.loans.service.writer.told import IdUsedBefore
from fleet.machine import SAY_WHY
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import BY_MOVE as TABLET_MOVES
from fleet.tablets.rules import Move
from fleet.users.actor import Actor
from fleet.webhooks import service as webhooks
from fleet.webhooks.rules import Subject


def make(
    session: Session,
    held: Locked,
    name: LoanMove,
    *,
    actor: Actor,
    happening: Happening,
    asked: Asked | None = None,
    words: str = "",
) -> LoanEvent:
    """Make one move of the table: the only place where a loan's state changes. Raises `MoveRefused`."""
    row = BY_MOVE[name]
    facts = facts_of(session, held, asked or Asked(), now=happening.now, move=name)
    speaks = against(name, facts, actor.roles)
    reasons = speaks.sentences
    if row.needs_reason and not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Loan {held.loan.id} was not moved to “{row.words.lower()}”.",
            reasons=reasons,
            codes=speaks.codes,
            facts=speaks.days,
            next_step="Settle what is listed, then try again.",
        )
    if row.target is not None:
        held.loan.state = row.target
    if row.target in ENDED:
        held.loan.closed_at = happening.now
    claim_follows(session, held.loan, name, actor=actor, happening=happening)
    link = held.tablet_link
    tablet_id = link.tablet_id if link is not None and link.to_at is None else None
    return _written(session, held.loan, name.value, words or row.words, actor, happening, tablet_id)


def note(
    session: Session,
    loan: Loan,
    *,
    kind: str,
    words: str,
    actor: Actor,
    happening: Happening,
    tablet_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> LoanEvent:
    """Add to a loan's log. The tablet it has is looked up unless it is given."""
    link = queries.open_tablet(session, loan.id) if tablet_id is None else None
    tablet_id = link.tablet_id if link else tablet_id
    return _written(session, loan, kind, words, actor, happening, tablet_id, details or {})


def note_first(
    session: Session,
    loan: Loan,
    *,
    kind: str,
    words: str,
    actor: Actor,
    happening: Happening,
    tablet_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> LoanEvent:
    """Begin a loan's log. It has no tablet so far but the one that is given."""
    return _written(session, loan, kind, words, actor, happening, tablet_id, details or {})


def _written(
    session: Session,
    loan: Loan,
    kind: str,
    words: str,
    actor: Actor,
    happening: Happening,
    tablet_id: int | None,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> LoanEvent:
    event = LoanEvent(
        loan_id=loan.id,
        kind=kind,
        words=words,
        reason=happening.reason.strip(),
        state=loan.state,
        tablet_id=tablet_id,
        details={**happening.details, **details},
        **actor.signature(),
        **happening.told(),
    )
    session.add(event)
    loan.changed_at = happening.now
    facts: webhooks.Facts = {"loan_id": loan.id, "state": loan.state, "tablet_id": event.tablet_id}
    webhooks.tell(session, Subject.LOAN, event, facts)
    return event


def move_tablet(
    session: Session,
    tablet_id: int,
    name: Move,
    *,
    loan: Loan,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    holder: str | None = None,
) -> None:
    """Move the loan's tablet along with the loan. Who has it then follows from the move, unless `holder` says it.

    Raises what `tablets.service.move` raises, and `IdUsedBefore`.
    """
    tablets.move(
        session,
        tablet_id,
        name,
        actor=actor,
        settings=settings,
        happening=happening,
        holder=holder or _holder(name, loan, actor),
        at_venue=loan.kind is LoanKind.VENUE,
    )
    if tablets.get_tablet(session, tablet_id).stage is not TABLET_MOVES[name].target:
        raise IdUsedBefore(
            "Nothing was changed. This id was used before, for something else that happened to the tablet.",
            next_step="Send it again with an id of its own.",
        )


def _holder(name: Move, loan: Loan, actor: Actor) -> str | None:
    if name in (Move.LOAD, Move.COLLECT):
        return f"{actor.role.value} {actor.user_id or ''}".strip()
    return f"loan {loan.id}" if name in _WITH_THE_PERSON else None


_WITH_THE_PERSON = (Move.HAND_OVER, Move.HUB_HAND_OVER, Move.UNDO_HAND_IN, Move.UNDO_COLLECT)


def move_sim(
    session: Session,
    held: Locked,
    name: SimMove,
    *,
    actor: Actor,
    happening: Happening,
    on: date | None = None,
    rest_days: int = 0,
) -> None:
    """Move the loan's SIM along with the loan, when it has one that stands where the move begins."""
    if held.sim_link is None:
        return
    sim = bundles.get_sim(session, held.sim_link.sim_id)
    if bundles.can_begin(sim, name):
        told = replace(happening, client_id=None)
        bundles.move(session, sim.id, name, actor=actor, happening=told, on=on, rest_days=rest_days)


def let_go(held: Locked, now: datetime) -> None:
    """The loan no longer has its tablet and SIM."""
    for link in (held.tablet_link, held.sim_link):
        if link is not None:
            link.to_at = now
