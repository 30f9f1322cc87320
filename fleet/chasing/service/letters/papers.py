"""The letters themselves, as PDF: made of the ledger each time somebody opens them, and kept nowhere.

So a letter never says what was true last week, and erasing somebody leaves no paper of theirs on this machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.channels.base import Outgoing
from fleet.chasing.channels.letters import as_pdf
from fleet.chasing.queries import letters as kept
from fleet.chasing.rules import ChaseState, short_day
from fleet.chasing.service.composing import compose
from fleet.chasing.service.copying import is_copy
from fleet.chasing.service.letters.standing import Letter, letter_of, letters_of
from fleet.clock import local_date
from fleet.errors import Conflict, NotFound
from fleet.settings import Settings
from labels.errors import LabelError


def letter_paper(session: Session, chase_id: int, *, now: datetime, settings: Settings) -> tuple[bytes, Letter]:
    """One letter of the queue. Raises `NotFound`, and `Conflict` for one that was posted or must not be."""
    letter = letter_of(session, chase_id, now=now, settings=settings)
    if letter.entry.state is ChaseState.SENT:
        when = letter.row.posted_on if letter.row is not None else letter.entry.message_day
        raise Conflict(
            f"This letter was posted{f' on {short_day(when)}' if when else ''}, and its words are kept nowhere.",
            next_step="What it was about stands in the ledger of the loan.",
        )
    if letter.refused:
        raise Conflict(
            f"This letter must not be posted: {letter.refused}.", next_step="Look at the queue of letters again."
        )
    return _paper(session, [letter], now=now, settings=settings, two_sided=False), letter


def papers_together(
    session: Session, print_ref: str, *, now: datetime, settings: Settings, two_sided: bool
) -> tuple[bytes, list[Letter]]:
    """The letters that were printed together, without those that were posted since, or must not be.

    Raises `NotFound` where none is left."""
    entries = kept.chases(session, kept.printed_together(session, print_ref))
    found = letters_of(session, entries, now=now, is_copy=is_copy(session, settings))
    letters = [each for each in found if not each.refused]
    if not letters:
        raise NotFound(
            "None of these letters is to be posted any more.", next_step="Look at the queue of letters again."
        )
    return _paper(session, letters, now=now, settings=settings, two_sided=two_sided), letters


def _paper(session: Session, letters: Sequence[Letter], *, now: datetime, settings: Settings, two_sided: bool) -> bytes:
    messages = [_composed(session, each, settings) for each in letters]
    try:
        return as_pdf(messages, _day(letters[0], now), two_sided=two_sided)
    except LabelError as error:
        raise Conflict(
            f"No letter was lost, and no paper was made: {error}", next_step="Correct the address, and open it again."
        ) from error


def _composed(session: Session, letter: Letter, settings: Settings) -> Outgoing:
    others = [situation for _, situation in letter.may_go]
    needs = queries.needs_of(session, letter.situation.person.id)
    return compose(letter.situation, letter.entry, others, settings, needs=needs)


def _day(letter: Letter, now: datetime) -> date:
    """The day that stands on it: when it was printed, or today."""
    zone = ZoneInfo(letter.situation.hub.time_zone)
    return local_date(letter.row.printed_at if letter.row is not None else now, zone)
