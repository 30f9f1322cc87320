"""From another hub than its own, where a tablet lies (rule R16): on its way home with a courier, or kept there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.service.writer.locks import lock_by_tablet
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import told_of_tablet
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import BY_MOVE, Move
from fleet.users.actor import Actor


def send_home(
    session: Session, *, tablet_id: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """A courier loads a tablet at the other hub where it lies; its loan, if one still has it. That loan's clock stopped
    when it was received there. Raises `MoveRefused` for one that lies at no other hub, or is dangerous to carry."""
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, (Move.SEND_HOME.value,), happening)
    if told is not None:
        return told
    holder = f"{actor.role.value} {actor.user_id or ''}".strip()
    tablets.move(session, tablet_id, Move.SEND_HOME, actor=actor, settings=settings, happening=happening, holder=holder)
    if held is None:
        return None
    words = BY_MOVE[Move.SEND_HOME].words
    note(session, held.loan, kind=Move.SEND_HOME.value, words=words, actor=actor, happening=happening)
    return held.loan


def stay(
    session: Session, *, tablet_id: int, at: int, actor: Actor, settings: Settings, happening: Happening
) -> Loan | None:
    """Hub `at`, where the tablet lies, keeps it: from here on it is looked over, wiped and lent there.

    Its loan, if one still has it, closes there; the SIM of that loan stays the hub's that lent it. `happening.reason`
    says why. Raises what `tablets.service.make_stay` raises.
    """
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, (Move.STAY.value,), happening)
    if told is not None:
        return told
    tablets.make_stay(session, tablet_id, at=at, actor=actor, settings=settings, happening=happening)
    if held is None:
        return None
    note(session, held.loan, kind=Move.STAY.value, words=BY_MOVE[Move.STAY].words, actor=actor, happening=happening)
    return held.loan
