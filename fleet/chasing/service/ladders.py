"""The ladder of each programme: its own where somebody set one, otherwise the default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.ladder import as_data, default_ladder, from_data
from fleet.chasing.models import ChaseLadder
from fleet.chasing.rules import Ladder, Rung, ladder_problems
from fleet.chasing.wording import has_text
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.users.actor import Actor

MOST_GRACE_DAYS = 28


@dataclass(frozen=True)
class Ladders:
    """programme -> its ladder."""

    own: Mapping[int, Ladder]

    def of(self, programme_id: int) -> Ladder:
        return self.own.get(programme_id) or default_ladder()


def ladders_of(session: Session, programme_ids: Sequence[int] | None = None) -> Ladders:
    """The ladders of these programmes, or of all."""
    rows = queries.ladders(session, programme_ids)
    return Ladders({key: from_data(row.grace_days, row.rungs) for key, row in rows.items()})


def ladder_of(session: Session, programme_id: int) -> Ladder:
    return ladders_of(session, [programme_id]).of(programme_id)


def check_ladder(rungs: Sequence[Rung], grace_days: int) -> Ladder:
    """The ladder these rungs make. Raises `BadInput` with a sentence for each field, keyed as `days-2`."""
    problems = ladder_problems(rungs, has_text)
    if not 0 <= grace_days <= MOST_GRACE_DAYS:
        problems["grace_days"] = f"Enter a number from 0 to {MOST_GRACE_DAYS}."
    if problems:
        raise BadInput("The ladder was not changed.", fields=problems)
    return Ladder(grace_days=grace_days, rungs=tuple(rungs))


def set_ladder(
    session: Session, programme_id: int, rungs: Sequence[Rung], *, grace_days: int, actor: Actor, happening: Happening
) -> ChaseLadder:
    """Let a programme follow this ladder from the next tick on. The one before stays on record.

    What was sent stays sent: a step that a loan has passed is not taken again. Raises `BadInput`, `NotFound`.
    """
    programme = cohorts.get_programme(session, programme_id)
    ladder = check_ladder(rungs, grace_days)
    row = ChaseLadder(
        programme_id=programme.id,
        grace_days=ladder.grace_days,
        rungs=as_data(ladder),
        set_by=actor.name,
        set_role=actor.role.value,
        set_at=happening.now,
    )
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True)
class ProgrammeLadder:
    """Which ladder a programme follows; `set_by` is empty for the usual one."""

    programme_id: int
    name: str
    set_by: str
    steps: int


def programmes_with_ladders(session: Session) -> tuple[ProgrammeLadder, ...]:
    """Every programme that still lends, by name."""
    rows = queries.ladders(session)
    ladders = ladders_of(session)
    return tuple(
        ProgrammeLadder(
            each.id,
            each.name,
            rows[each.id].set_by if each.id in rows else "",
            len(ladders.of(each.id).rungs),
        )
        for each in cohorts.active_programmes(session)
    )
