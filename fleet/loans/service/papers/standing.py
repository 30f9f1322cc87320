"""How a loan's papers stand: in which language and size they are, and what still has to be answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import LanguageAnswer, Loan
from fleet.loans.rules import MissingLanguage, PaperLanguage, language_for, points_for, reads_no_print
from fleet.loans.service.writer.locks import Locked, get_loan, look
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import begin
from fleet.people.words import FORMAT_WORDS, language_words
from fleet.settings import Settings
from fleet.users.actor import Actor
from labels.paper.tablets import Edge, Look, look_of, with_buttons_on
from labels.paper.texts import languages, paper_texts

ANSWERED = "language_answered"


@dataclass(frozen=True)
class PaperState:
    """How a loan's papers stand. `doubts` are sentences for whoever prints."""

    language: PaperLanguage
    answer: MissingLanguage | None
    reviewed: bool
    points: int
    look: Look
    doubts: tuple[str, ...]


def paper_state(session: Session, loan: Loan) -> PaperState:
    """What to know before a loan's papers are printed."""
    held = look(session, loan)
    person, answer = held.person, answer_given(session, held)
    language = language_for(person.language_read, languages(), answer)
    needs = {need.code for need in queries.needs_of(session, person.id)}
    reviewed = language.language is not None and paper_texts(language.language).reviewed
    shape = look_of_tablet(held, "")
    doubts = []
    if language.language is not None and not reviewed:
        doubts.append(f"Nobody whose language it is has read our {language_words(language.language)} texts yet.")
    if reads_no_print(person.print_format):
        doubts.append(f"They read: {FORMAT_WORDS[person.print_format].lower()}. Print this for whoever reads to them.")
    kept = queries.agreement(session, loan.id)
    if kept is not None and kept.frozen_at is None and language.language not in (None, kept.language):
        made = f"The agreement was made in {language_words(kept.language)}, and they read"
        doubts.append(f"{made} {language_words(person.language_read)}: take the newest words.")
    if held.tablet is not None and not shape.checked:
        doubts.append("Hold the picture in the guide against the tablet: nobody has compared the two yet.")
    return PaperState(language, answer, reviewed, points_for(person.print_format, needs), shape, tuple(doubts))


def answer_missing_language(
    session: Session,
    loan_id: int,
    answer: MissingLanguage,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Loan:
    """Decide for papers in English, or for waiting, where the person's language has none. Raises `Conflict`."""
    held = begin(session, loan_id, (ANSWERED,), happening)
    if held is None:
        return get_loan(session, loan_id)
    read = held.person.language_read
    if read in languages():
        raise Conflict(
            f"Nothing was changed. There are papers in {language_words(read)}.", next_step="Print them as they are."
        )
    kept = queries.language_answer(session, loan_id)
    if kept is None:
        kept = LanguageAnswer(loan_id=loan_id)
        session.add(kept)
    kept.language, kept.answer = read, answer
    kept.actor_id, kept.actor_name, kept.answered_at = actor.user_id, actor.name, happening.now
    decided = "papers in English" if answer is MissingLanguage.ENGLISH else "wait for the translation"
    words = f"No papers in {language_words(read)} yet: {decided}"
    note(session, held.loan, kind=ANSWERED, words=words, actor=actor, happening=happening)
    return held.loan


def answer_given(session: Session, held: Locked) -> MissingLanguage | None:
    """What was answered for the language that the person reads today."""
    kept = queries.language_answer(session, held.loan.id)
    return kept.answer if kept is not None and kept.language == held.person.language_read else None


def look_of_tablet(held: Locked, buttons: str) -> Look:
    if held.tablet is None:
        return Look()
    known = look_of(held.tablet.manufacturer, held.tablet.model)
    if not buttons:
        return known
    if buttons not in ("none", *Edge):
        raise BadInput("Nothing was printed.", fields={"buttons": "Choose the edge that the buttons are on."})
    return with_buttons_on(known, None if buttons == "none" else Edge(buttons))
