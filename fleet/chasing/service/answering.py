"""How somebody hears from us whose language has only a draft of our messages, or none: a person decides, once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseLanguage
from fleet.chasing.rules import ChaseMove, ChaseState, LanguageChoice, Reading, TextState
from fleet.chasing.service import ledger
from fleet.chasing.wording import ENGLISH, text_state
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.words import language_words
from fleet.users.actor import Actor


def reading_of(session: Session, person: Person) -> Reading:
    """What somebody reads, how far our words in it are, and what was decided."""
    kept = queries.languages_of(session, [person.id]).get(person.id)
    choice = kept.choice if kept is not None and kept.language == person.language_read else None
    return Reading(person.language_read, language_words(person.language_read), text_state(person.language_read), choice)


def answer_language(
    session: Session, loan_id: int, choice: LanguageChoice, *, actor: Actor, happening: Happening
) -> ChaseLanguage:
    """Decide how the person of a loan hears from us, for the language that they read today and all their loans.

    What waited for just this leaves with the next tick. Raises `NotFound`, `Conflict`, `BadInput`.
    """
    person_id = loans.get_loan(session, loan_id).person_id
    numbers = sorted(loan.id for loan in loans.loans_of_person(session, person_id))
    for number in numbers:
        loans.loan_locked(session, number)
    person = people.lock_person(session, person_id)
    people.refuse_erased(person)
    _refuse(person.language_read, choice)
    kept = queries.languages_of(session, [person.id]).get(person.id)
    if kept is None:
        kept = ChaseLanguage(person_id=person.id)
        session.add(kept)
    kept.language, kept.choice = person.language_read, choice
    kept.set_by, kept.set_role, kept.set_at = actor.name, actor.role.value, happening.now
    if choice is not LanguageChoice.CALL:
        for number in numbers:
            _let_leave(session, number, person.language_read, happening)
    session.flush()
    return kept


def _refuse(language: str, choice: LanguageChoice) -> None:
    if language == ENGLISH:
        raise Conflict("Nothing was changed. They read English.", next_step="Nothing has to be decided.")
    if choice is LanguageChoice.DRAFT and text_state(language) is not TextState.DRAFT:
        raise BadInput("Nothing was changed.", fields={"choice": f"There is no draft in {language_words(language)}."})


def _let_leave(session: Session, loan_id: int, language: str, happening: Happening) -> None:
    for entry in queries.open_entries(session, loan_id):
        if entry.state is ChaseState.TO_DO and entry.language == language:
            ledger.move(session, entry, ChaseMove.LET_LEAVE, now=happening.now, note="It was decided how they hear.")
            entry.language = ""
