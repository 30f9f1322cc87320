"""A lost tablet that turned up: a scan at the hub tells of it, and nothing is reopened."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, LoanState
from fleet.loans.service.writer.locks import lock
from fleet.loans.service.writer.moves import make, move_tablet
from fleet.loans.service.writer.told import told_of_tablet
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.users.actor import Actor


def found(
    session: Session,
    *,
    tablet_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    at: int | None = None,
) -> Loan | None:
    """A lost tablet turned up and is at the hub, its own or, as `at` says, another one from where it goes home. A loan
    that was closed as lost is corrected; nothing is reopened.

    The tablet must be wiped before anything else, and its SIM stays lost or barred until somebody says otherwise. What
    people said of where it is counts as settled.
    """
    holder = tablets.holder_elsewhere(tablets.lock_tablet(session, tablet_id), at)
    told = told_of_tablet(session, (LoanMove.FIND.value,), happening)
    if told is not None:
        return told
    settled = replace(happening, reason="It was found.")
    tablets.settle_sightings_of(session, tablet_id, actor=actor, happening=settled)
    last = queries.last_loan_of_tablet(session, tablet_id)
    move = Move.FIND if holder is None else Move.FIND_ELSEWHERE
    if last is None or last.state is not LoanState.CLOSED_LOST:
        tablets.move(session, tablet_id, move, actor=actor, settings=settings, happening=happening, holder=holder)
        return None
    held = lock(session, last.id)
    move_tablet(
        session, tablet_id, move, loan=held.loan, actor=actor, settings=settings, happening=happening, holder=holder
    )
    make(session, held, LoanMove.FIND, actor=actor, happening=happening)
    return held.loan
