"""What of a message may leave, and what stays behind: the guard is asked about each entry of it, under lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.chasing.rules import IN_QUEUE, Action, ChaseMove, Decision
from fleet.chasing.service import ledger
from fleet.chasing.service.claiming import Held
from fleet.chasing.service.situation import Situation

Decide = Callable[[Situation, Chase], Decision]
_LEFT_ALONE = Decision(Action.WAIT, "the message that it went along in is not needed any more")


def still_wanted(session: Session, held: Held, decide: Decide, *, now: datetime) -> Held | None:
    """The message without what must not leave any more; None when nothing of it may. What stays behind stands alone."""
    decision = decide(held.situation, held.chase)
    wanted = decision.action is Action.MESSAGE
    if not wanted:
        stays_behind(session, held.chase, decision, now=now)
    kept: list[tuple[Chase, Situation]] = []
    for entry, situation in held.along:
        own = decide(situation, entry)
        if wanted and own.action is Action.MESSAGE:
            kept.append((entry, situation))
        else:
            stays_behind(session, entry, _LEFT_ALONE if own.action is Action.MESSAGE else own, now=now)
    return Held(held.chase, held.situation, tuple(kept)) if wanted else None


def stays_behind(session: Session, entry: Chase, decision: Decision, *, now: datetime) -> None:
    """It is looked at again with the next tick; a letter that is never wanted again is over."""
    if decision.action is Action.NEVER and entry.state in IN_QUEUE:
        ledger.move(session, entry, ChaseMove.WITHDRAW, now=now, note=f"Not posted: {decision.why}.")
    else:
        ledger.move(session, entry, ChaseMove.FAIL, now=now, note=f"Held back: {decision.why}.")
    ledger.stand_alone(session, entry)
