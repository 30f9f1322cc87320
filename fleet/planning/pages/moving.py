"""The loans that a closure or another last day of a cohort moves, as its page lists them before they move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.people import service as people
from fleet.people.sight import NOBODY_NAMED, seen
from fleet.planning import queries
from fleet.planning.rules.spreading import Move
from fleet.planning.words import day_short
from fleet.users.actor import Actor
from fleet.users.rules import Permission

MOST_SHOWN = 50


@dataclass(frozen=True)
class MovingLoan:
    """One loan; `href` is empty where the viewer may not open it."""

    number: int
    href: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Moving:
    """The first of them, and how many more there are."""

    loans: tuple[MovingLoan, ...] = ()
    more: int = 0


def moving(session: Session, moves: Sequence[Move], *, actor: Actor, now: datetime) -> Moving:
    """As this viewer may see them. Writes down, in this session, at whose records they look."""
    first = moves[:MOST_SHOWN]
    borrowers = queries.people_of(session, [move.loan_id for move in first])
    names = {loan_id: seen(person, (), actor).name for loan_id, person in borrowers.items()}
    named = [borrowers[loan_id].id for loan_id, name in names.items() if name != NOBODY_NAMED]
    people.viewed_within(session, named, actor=actor, now=now)
    opens = actor.may(Permission.LOANS_SEE)
    shown = tuple(
        MovingLoan(
            number=move.loan_id,
            href=f"/loans/{move.loan_id}" if opens else "",
            name=names[move.loan_id],
            before=day_short(move.before),
            after=day_short(move.after),
        )
        for move in first
    )
    return Moving(shown, len(moves) - len(first))
