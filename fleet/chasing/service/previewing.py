"""What a ladder that somebody is writing would do: which loans it would speak about on a day, and in what words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.rules import (
    MOVED,
    Acts,
    Ladder,
    OwnText,
    Pieces,
    Reading,
    ReadingEase,
    Rung,
    language_for,
    pieces,
    reading_ease,
    why_not_written,
)
from fleet.chasing.service.composing import preview, wants_easy_read
from fleet.chasing.service.planning import Planned, planned_for
from fleet.chasing.service.situation import Situation, situations
from fleet.chasing.wording import ENGLISH, Written, languages, text_state
from fleet.chasing.words import ease_words, easy_source_words, pieces_words
from fleet.people.words import language_words
from fleet.settings import Settings

MOST_PREVIEWED = 20


@dataclass(frozen=True)
class Previewed:
    """A real loan: what stands today by the ladder in force, what would by the one that is being written."""

    situation: Situation
    as_it_is: Planned | None
    as_it_would_be: Planned | None


@dataclass(frozen=True)
class Words:
    """What one step would write to a real borrower, and how many text messages that is."""

    rung: Rung
    loan_id: int
    written: Written
    pieces: Pieces
    doubt: str
    """Why nobody would be sent these words as they stand; empty where they leave."""
    language: str
    """The language that was asked for, or that the borrower reads."""
    asked_easy: bool = False
    """Whether easy read was asked for, or is what the borrower reads."""

    @property
    def own(self) -> OwnText | None:
        """The programme's own words for this step in that language."""
        return self.rung.in_language(self.language)

    @property
    def ease(self) -> str:
        """How hard it is to read, in words."""
        return ease_words(self.measured, easy=self.written.is_easy)

    @property
    def measured(self) -> ReadingEase:
        """How hard it is to read."""
        written = self.written
        return reading_ease(written.body, english=written.language == ENGLISH, easy=written.is_easy)

    @property
    def easy_words(self) -> str:
        """Where the easy read is from, in words; empty where the plain words were asked for, or all words are ours."""
        if not self.asked_easy or not self.written.is_own:
            return ""
        return easy_source_words(self.written.easy, self.rung.in_language(self.written.language))

    @property
    def cost(self) -> str:
        """How many text messages it is, in words."""
        return pieces_words(self.pieces)


def preview_loans(session: Session, programme_id: int, ladder: Ladder, *, at: datetime) -> tuple[Previewed, ...]:
    """The programme's loans that run, longest due first, each by both ladders; the ones that change first of all."""
    loans = queries.loans_of_programme(session, programme_id, limit=10 * MOST_PREVIEWED)
    found = [
        Previewed(each, planned_for(each), planned_for(replace(each, ladder=ladder)))
        for each in situations(session, loans, at=at)
    ]
    found.sort(key=lambda each: _means(each.as_it_is) == _means(each.as_it_would_be))
    return tuple(found[:MOST_PREVIEWED])


def _means(planned: Planned | None) -> tuple[str, str] | None:
    return (planned.rung.key, planned.action.value) if planned is not None else None


def preview_words(
    previewed: Sequence[Previewed],
    ladder: Ladder,
    settings: Settings,
    *,
    loan_id: int | None = None,
    language: str = "",
    easy: bool = False,
) -> tuple[Words, ...]:
    """Each step that writes, as one of these borrowers would read it, the first where `loan_id` is none of them; none
    where nobody borrows yet.

    In the language and format that the borrower reads, or in those asked for.
    """
    found = [each.situation for each in previewed if each.situation.loan.due_on is not None]
    first = next((each for each in found if each.loan.id == loan_id), next(iter(found), None))
    if first is None:
        return ()
    asked = language if language in languages() else ""
    writes = [rung for rung in (MOVED, *ladder.rungs) if rung.by is Acts.SYSTEM]
    return tuple(_words(first, rung, settings, asked, easy=easy) for rung in writes)


def _words(situation: Situation, rung: Rung, settings: Settings, language: str, *, easy: bool) -> Words:
    written = preview(situation, rung, settings, language=language, easy=easy)
    reading = Reading(language, language_words(language), text_state(language)) if language else situation.facts.reading
    doubt = why_not_written(rung, reading) if language_for(rung, reading) is None else ""
    asked_easy = easy or (not language and wants_easy_read(situation.person.print_format))
    return Words(rung, situation.loan.id, written, pieces(written.body), doubt, reading.language, asked_easy)
