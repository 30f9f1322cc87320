"""What is known of some people besides their loans: holds, answers nobody read, and when we wrote to their home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseHold, ChaseLanguage
from fleet.chasing.rules import HoldFacts, HoldReason, Reading
from fleet.chasing.wording import text_state
from fleet.chasing.words import HOLD_WORDS
from fleet.clock import local_date
from fleet.people.words import language_words
from fleet.users.rules import Role

_ROLE_WORDS = {Role.COORDINATOR.value: "a coordinator", Role.SYSTEM.value: "Doorstep"}


@dataclass(frozen=True)
class Around:
    """Read together for some people, keyed by person; and for their loans, keyed by loan."""

    holds: Mapping[int, Sequence[ChaseHold]]
    """Because of what is the matter with them: whoever takes a tablet over from them is not held by it."""
    loans_holds: Mapping[int, Sequence[ChaseHold]]
    """Because of what is the matter with a tablet: it stays so, whoever looks after it by now."""
    answers: Mapping[int, datetime]
    days: Mapping[int, set[date]]
    mates: Mapping[int, set[int]]
    languages: Mapping[int, ChaseLanguage]

    def hold_row(self, person_id: int, loan_id: int, today: date) -> ChaseHold | None:
        """The hold that counts for a loan on a day: the longest in force, or a claim, which does not run out."""
        found = (*self.holds.get(person_id, ()), *self.loans_holds.get(loan_id, ()))
        in_force = [each for each in found if each.until >= today or each.reason is HoldReason.SAYS_GIVEN_BACK]
        return min(in_force, key=lambda each: (-each.until.toordinal(), each.id), default=None)

    def hold(self, person_id: int, loan_id: int, today: date, zone: ZoneInfo) -> HoldFacts | None:
        row = self.hold_row(person_id, loan_id, today)
        return hold_facts(row, zone) if row is not None else None

    def answered_on(self, person_id: int, zone: ZoneInfo) -> date | None:
        answered = self.answers.get(person_id)
        return local_date(answered, zone) if answered is not None else None

    def reading(self, person_id: int, language: str) -> Reading:
        """What a person reads, and what was answered for just this language."""
        kept = self.languages.get(person_id)
        choice = kept.choice if kept is not None and kept.language == language else None
        return Reading(language, language_words(language), text_state(language), choice)

    def message_days(self, person_id: int) -> set[date]:
        """The days of this week on which we wrote to them, or to somebody whom we reach at the same place."""
        mates = self.mates.get(person_id)
        own = self.days.get(person_id, set())
        return own.union(*(self.days.get(mate, set()) for mate in mates)) if mates else own


def around(
    session: Session, person_ids: Sequence[int], loan_ids: Sequence[int], at: datetime, *, besides: int | None = None
) -> Around:
    """Read what surrounds these people and loans at a moment. `besides` is a message that does not count as sent."""
    asked, today = sorted(set(person_ids)), local_date(at)
    mates = queries.housemates(session, asked)
    everyone = sorted({*asked, *(mate for those in mates.values() for mate in those)})
    holds, loans_holds = defaultdict(list), defaultdict(list)
    for hold in queries.holds_of_people(session, asked, today):
        holds[hold.person_id].append(hold)
    for hold in queries.holds_of_loans(session, sorted(set(loan_ids)), today):
        loans_holds[hold.loan_id].append(hold)
    return Around(
        holds=holds,
        loans_holds=loans_holds,
        answers=queries.unread_replies(session, asked),
        days=queries.message_days(session, everyone, today, besides=besides),
        mates=mates,
        languages=queries.languages_of(session, asked),
    )


def hold_facts(hold: ChaseHold, zone: ZoneInfo) -> HoldFacts:
    """A hold as the guard and the pages say it: by a role, never by a name."""
    return HoldFacts(
        words=HOLD_WORDS[hold.reason],
        until=hold.until,
        placed_by=_ROLE_WORDS.get(hold.placed_role, f"a {hold.placed_role.replace('_', ' ')}"),
        placed_on=local_date(hold.placed_at, zone),
        claim=hold.reason is HoldReason.SAYS_GIVEN_BACK,
    )
