"""Letters as they stand: whose each is, what goes along in it, and whether it may still be posted. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import Chase, ChaseLetter
from fleet.chasing.queries import letters as kept
from fleet.chasing.rules import IN_QUEUE, Action, ChaseState
from fleet.chasing.service.copying import is_copy
from fleet.chasing.service.deciding import decision_about_letter
from fleet.chasing.service.situation import Situation, situations
from fleet.errors import there
from fleet.people.rules import Channel
from fleet.settings import Settings


@dataclass(frozen=True)
class Letter:
    """One letter: the entry whose it is, and those that go along in it, each with its loan's situation."""

    entry: Chase
    situation: Situation
    along: tuple[tuple[Chase, Situation], ...]
    row: ChaseLetter | None
    """When it was printed and posted; None while nobody printed it."""
    refused: str
    """Why it must not be posted; empty where it may be, and once it was."""

    @property
    def may_go(self) -> tuple[tuple[Chase, Situation], ...]:
        """What goes along and may still be written of."""
        return tuple(each for each in self.along if not _why_not(*each))


def people_in(letters: Iterable[Letter]) -> frozenset[int]:
    """Whose names and dates stand in these letters, by their numbers."""
    return frozenset(
        each.person.id
        for letter in letters
        for each in (letter.situation, *(situation for _, situation in letter.along))
    )


def letters_of(session: Session, entries: Sequence[Chase], *, now: datetime, is_copy: bool) -> list[Letter]:
    """These letters, in their order."""
    numbers = [each.id for each in entries]
    riders = defaultdict(list)
    for each in kept.riders_of(session, numbers):
        riders[each.along_with].append(each)
    everyone = [*entries, *(each for those in riders.values() for each in those)]
    loans = queries.loans(session, sorted({each.loan_id for each in everyone}))
    by_loan = {each.loan.id: each for each in situations(session, loans, at=now, is_copy=is_copy)}
    rows = kept.printed(session, numbers)
    return [
        _letter(each, by_loan, [(one, by_loan[one.loan_id]) for one in riders[each.id]], rows.get(each.id))
        for each in entries
    ]


def letter_of(session: Session, chase_id: int, *, now: datetime, settings: Settings) -> Letter:
    """One letter. Raises `NotFound`."""
    entry = queries.chase(session, chase_id)
    is_one = entry is not None and entry.channel == Channel.LETTER.value and entry.along_with is None
    found = there(
        entry if is_one and entry is not None and entry.state in (*IN_QUEUE, ChaseState.SENT) else None,
        f"There is no letter number {chase_id}.",
        next_step="Look for it in the queue of letters.",
    )
    return letters_of(session, [found], now=now, is_copy=is_copy(session, settings))[0]


def _letter(
    entry: Chase, by_loan: dict[int, Situation], along: list[tuple[Chase, Situation]], row: ChaseLetter | None
) -> Letter:
    situation = by_loan[entry.loan_id]
    refused = ""
    if entry.state in IN_QUEUE:
        refused = _why_not(entry, situation)
    if entry.state is ChaseState.PRINTED:  # on the paper stands what goes along as well
        refused = refused or next((why for each in along if (why := _why_not(*each))), "")
    return Letter(entry, situation, tuple(along), row, refused)


def _why_not(entry: Chase, situation: Situation) -> str:
    decision = decision_about_letter(situation, entry)
    return "" if decision.action is Action.MESSAGE else decision.why
