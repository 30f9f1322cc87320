"""What the steps in the ledger are called, also those of a ladder that a programme has followed and changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.ladder import default_ladder
from fleet.chasing.models import Chase, ChaseLadder


def step_names(session: Session, chases: Sequence[Chase]) -> Mapping[int, str]:
    """Entry -> its step in words, by the ladder that its programme followed when the entry was made; by the newest that
    has the step where that one does not."""
    programmes = queries.programmes_of_loans(session, sorted({chase.loan_id for chase in chases}))
    history: dict[int, list[ChaseLadder]] = defaultdict(list)
    for row in queries.ladder_history(session, sorted(set(programmes.values()))):
        history[row.programme_id].append(row)
    return {chase.id: _name(chase, history[programmes[chase.loan_id]]) for chase in chases}


def _name(chase: Chase, ladders: Sequence[ChaseLadder]) -> str:
    earlier = [each for each in ladders if each.set_at <= chase.created_at]
    followed = _own(earlier[-1:], chase.rung) if earlier else _usual(chase.rung)
    return followed or _own(ladders, chase.rung) or _usual(chase.rung) or chase.rung.replace("_", " ")


def _own(ladders: Sequence[ChaseLadder], key: str) -> str:
    """What the newest of these ladders that has the step calls it."""
    return next((rung["words"] for row in reversed(ladders) for rung in row.rungs if rung["key"] == key), "")


def _usual(key: str) -> str:
    rung = default_ladder().rung(key)
    return rung.words if rung is not None else ""
