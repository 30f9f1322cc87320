"""A tablet given for good: it becomes the person's own."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove
from fleet.loans.service.ending.stopped import tell_stopped
from fleet.loans.service.writer.locks import get_loan
from fleet.loans.service.writer.moves import let_go, make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin
from fleet.settings import Settings
from fleet.tablets.rules import Move
from fleet.users.actor import Actor


def mark_gifted(
    session: Session, loan_id: int, *, authority: str, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """The tablet becomes the person's own, with its data plan; `authority` is who allowed it, and is somebody else
    than whoever writes it down. Raises `BadInput`, `MoveRefused`."""
    problem = _authority_problem(authority, actor)
    if problem:
        raise BadInput("Nothing was changed.", fields={"authority": problem})
    held = begin(session, loan_id, (LoanMove.GIFT.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    told = replace(happening, reason=happening.reason.strip() or f"Allowed by {authority.strip()}")
    make(session, held, LoanMove.GIFT, actor=actor, happening=told)
    held.loan.gift_authority = authority.strip()
    if held.tablet is not None:
        move_tablet(session, held.tablet.id, Move.GIFT, loan=held.loan, actor=actor, settings=settings, happening=told)
    move_sim(session, held, SimMove.KEEP, actor=actor, happening=told)
    tell_stopped(session, held, actor=actor, happening=happening)
    let_go(held, happening.now)
    session.flush()
    return held.loan


def _authority_problem(authority: str, actor: Actor) -> str:
    named = authority.strip()
    if not named:
        return "Say who allowed it: a name and what they are."
    if len(named) > 120:
        return "Say it in at most 120 letters."
    if _is_own(named, actor.name):
        return "Somebody else has to allow it: name them."
    return ""


def _is_own(named: str, own: str) -> bool:
    """Whether somebody named themselves, among other words too; a single first name may be two people's."""
    said, mine = _words(named), _words(own)
    return said in (mine, ["i"], ["me"], ["myself"]) or (
        len(mine) > 1 and f" {' '.join(mine)} " in f" {' '.join(said)} "
    )


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())
