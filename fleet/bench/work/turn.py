"""A turn at a slot: one worker looks into it, nobody else meanwhile, and it is given back whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from fleet.bench import queries
from fleet.bench.service.looking import LOOK_LASTS
from fleet.jobs.service import JobContext


@dataclass
class Turn:
    """`pause` is how long the watch leaves the slot alone afterwards; it may be changed until the turn ends."""

    pause: timedelta


@contextmanager
def turn_at(context: JobContext, slot_id: int, *, mark: str, pause: timedelta) -> Iterator[Turn | None]:
    """The turn, or None where somebody else has it or a run is under way. `mark` tells kinds of lookers apart."""
    looker, now = f"{context.holder[:60]}{mark}{slot_id}", context.clock()
    with context.database.write() as session:
        ours = queries.take_look(session, slot_id, looker=looker, now=now, until=now + LOOK_LASTS)
    if not ours:
        yield None
        return
    turn = Turn(pause)
    try:
        yield turn
    finally:
        with context.database.write() as session:
            queries.end_look(session, slot_id, looker=looker, next_look_at=context.clock() + turn.pause)
