"""Printing letters: the guard is asked about each at this last moment, and what must not go drops out with the reason.

What is printed here is a state of the ledger; the paper itself is made in papers.py, as often as somebody opens it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.departures import note_leaving, note_outcome
from fleet.chasing.models import Chase, ChaseLetter
from fleet.chasing.queries import letters as kept
from fleet.chasing.rules import IN_QUEUE, ChaseMove
from fleet.chasing.service import ledger
from fleet.chasing.service.claiming import Held, locked_message
from fleet.chasing.service.copying import is_copy
from fleet.chasing.service.deciding import decision_about_letter
from fleet.chasing.service.keeping import still_wanted
from fleet.chasing.service.sending import departure
from fleet.errors import Conflict
from fleet.people.rules import Channel
from fleet.settings import Settings
from fleet.users.actor import Actor

MOST_AT_ONCE = 100
"""A stack that somebody folds at a sitting; the rest is printed next."""


@dataclass(frozen=True)
class KeptBack:
    """A letter that is not printed, or not to be posted, and why: `why` ends no sentence."""

    letter_id: int
    loan_id: int
    why: str


@dataclass(frozen=True)
class Printed:
    """What became of letters that somebody asked to print. `ref` names those that are printed together."""

    ref: str
    letters: tuple[int, ...]
    kept_back: tuple[KeptBack, ...]


def print_letters(
    session: Session, chosen: Collection[int] | None, *, actor: Actor, now: datetime, settings: Settings
) -> Printed:
    """Mark these letters as printed, or (None) the longest waiting up to `MOST_AT_ONCE`; one that was printed may be
    printed again. Raises `Conflict` in a copy restored from a backup, where nothing is printed."""
    if is_copy(session, settings):
        raise Conflict(
            "Nothing was printed. This is a copy restored from a backup, and nothing leaves from a copy.",
            next_step="Say on the page of the copy whether it counts again.",
        )
    numbers = kept.letters_waiting(session, limit=MOST_AT_ONCE) if chosen is None else sorted(chosen)[:MOST_AT_ONCE]
    ref = secrets.token_hex(8)
    done, back = [], []
    for chase_id in numbers:
        held = held_letter(session, chase_id, now=now, settings=settings)
        if held is None:
            continue
        whole = still_wanted(session, held, decision_about_letter, now=now)
        if whole is None:
            back.append(KeptBack(chase_id, held.chase.loan_id, _why(held.chase)))
            continue
        _print(session, whole, ref, actor=actor, now=now, settings=settings)
        done.append(chase_id)
    return Printed(ref, tuple(done), tuple(back))


def held_letter(session: Session, chase_id: int, *, now: datetime, settings: Settings) -> Held | None:
    """A letter of the queue under lock; None where it is none, or none any more."""
    seen = queries.chase(session, chase_id)
    if seen is None or seen.channel != Channel.LETTER.value or seen.state not in IN_QUEUE:
        return None
    return locked_message(session, chase_id, seen.state, now=now, settings=settings)


def _why(chase: Chase) -> str:
    """The reason that stays in the ledger, without what became of the letter."""
    return chase.note.partition(": ")[2].rstrip(".")


def _print(session: Session, held: Held, ref: str, *, actor: Actor, now: datetime, settings: Settings) -> None:
    for entry in held.entries:
        ledger.move(session, entry, ChaseMove.PRINT, now=now)
    row = kept.printed(session, [held.chase.id]).get(held.chase.id)
    if row is None:
        row = ChaseLetter(chase_id=held.chase.id)
        session.add(row)
    row.print_ref, row.printed_at, row.printed_by = ref, now, actor.name
    session.flush()
    told = departure(held, now=now, printed=True)
    note_leaving(settings.data_dir, told)
    note_outcome(settings.data_dir, told, left=True)
