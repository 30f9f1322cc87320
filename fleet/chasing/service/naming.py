"""What the steps in the ledger are called, also those of a ladder that a programme has followed and changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.ladder import default_ladder
from fleet.chasing.models import Chase


def step_names(session: Session, chases: Sequence[Chase]) -> Mapping[int, str]:
    """Entry -> its step in words: those of the programme's newest ladder that has it, or of the usual one."""
    programmes = queries.programmes_of_loans(session, sorted({chase.loan_id for chase in chases}))
    own = {
        (row.programme_id, rung["key"]): rung["words"]
        for row in queries.ladder_history(session, sorted(set(programmes.values())))
        for rung in row.rungs
    }
    return {chase.id: own.get((programmes[chase.loan_id], chase.rung)) or _usual(chase.rung) for chase in chases}


def _usual(key: str) -> str:
    rung = default_ladder().rung(key)
    return rung.words if rung is not None else key.replace("_", " ")
