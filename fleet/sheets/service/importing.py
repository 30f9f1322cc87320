"""A file of records: looked at row by row first, then kept whole or not at all, by the services that pages use too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, DoorstepError
from fleet.happening import Happening
from fleet.partners.service import hub_of
from fleet.sheets.kinds import Kind, KindName
from fleet.sheets.rules import Line, Looked, looked_at, read_file
from fleet.sheets.service.here import Here
from fleet.sheets.service.plans import ClosuresIn, CohortsIn, ProgrammesIn
from fleet.sheets.service.tablets import TabletsIn
from fleet.users.actor import Actor


class Brings(Protocol):
    """What brings in the rows of one kind."""

    def what(self, line: Line) -> str:
        """A row in a few words."""
        ...

    def wrong(self, line: Line) -> Sequence[str]:
        """What is wrong with a row that could be read, asked once a row and in their order."""
        ...

    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        """Write all of them down."""
        ...


BRINGS: dict[KindName, Callable[[Here], Brings]] = {
    KindName.PROGRAMMES: ProgrammesIn,
    KindName.COHORTS: CohortsIn,
    KindName.CLOSURES: ClosuresIn,
    KindName.TABLETS: TabletsIn,
}


def look(session: Session, kind: Kind, text: str, *, actor: Actor, now: datetime) -> Looked:
    """Say of every row what it would bring and what is wrong with it. Keeps nothing."""
    reader = BRINGS[kind.name](_here(session, actor, now))
    return looked_at(read_file(text, kind.columns), reader.what, reader.wrong)


def keep(session: Session, kind: Kind, text: str, *, actor: Actor, happening: Happening) -> int:
    """Keep every row, or none: raises `BadInput` while any has a problem. How many were kept."""
    here = _here(session, actor, happening.now)
    reader, read = BRINGS[kind.name](here), read_file(text, kind.columns)
    looked = looked_at(read, reader.what, reader.wrong)
    if not looked.may_be_kept:
        raise BadInput(
            "Nothing was kept: the whole file is, or nothing of it.",
            fields={"file": looked.problem or "Some rows have a problem. Mend them and send the file again."},
            details={
                "rows": [{"row": row.number, "problems": list(row.problems)} for row in looked.rows if row.problems]
            },
        )
    try:
        reader.keep(read.lines, actor=actor, happening=happening)
    except DoorstepError as refused:
        raise BadInput(f"Nothing was kept. {refused.message}", fields={"file": refused.message}) from refused
    return len(read.lines)


def _here(session: Session, actor: Actor, now: datetime) -> Here:
    return Here(session, hub_of(session, actor).id, local_date(now), now)
