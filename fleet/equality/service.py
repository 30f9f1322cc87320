"""Keeping what people chose to say about equality, giving it back to them, and counting it for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.equality import queries
from fleet.equality.rules import Question, Shown, counted, problems, questions
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Counted:
    """One question with what may be shown of its answers."""

    question: Question
    nation: str
    rows: tuple[Shown, ...]


def record_answers(
    session: Session, person_id: int, answers: Mapping[str, str], *, actor: Actor, happening: Happening
) -> None:
    """Keep what somebody chose to say; what they passed over stays as it was. Nobody is shown it again.

    Raises `NotFound`, `BadInput` for an answer that is not on the list of the hub's nation, or `Conflict` for somebody
    who was erased.
    """
    person = people.lock_person(session, person_id)
    people.refuse_erased(person)
    nation = nation_of(session, person.hub_id)
    given = {question: answer for question, answer in answers.items() if answer}
    found = problems(given, nation)
    if found:
        raise BadInput("Nothing was kept.", fields=found)
    if given:
        day = local_date(happening.now)
        queries.replace_answers(session, person.id, given, nation=nation, given_on=day)
        people.note_equality_asked(session, person, actor=actor, happening=happening)


def nation_of(session: Session, hub_id: int) -> str:
    """Whose list of groups a hub asks by."""
    return str(partners.get_organisation(session, hub_id).nation)


def everything_said(session: Session, person_id: int) -> Sequence[tuple[str, str]]:
    """(question, answer) in words, for the person's own copy of everything."""
    by_code = {question.code: question for question in questions()}
    said = []
    for row in queries.answers_of(session, person_id):
        question = by_code.get(row.question)
        words = {option.code: option.words for option in question.options(row.nation)} if question else {}
        said.append((question.words if question else row.question, words.get(row.answer, row.answer)))
    return said


def forget(session: Session, person_id: int) -> None:
    """Give up what somebody said."""
    queries.forget_answers(session, person_id)


def figures(session: Session, nation: str) -> tuple[Counted, ...]:
    """Every question with its counts, small numbers hidden and the others rounded."""
    return tuple(
        Counted(question, nation, counted(question, nation, queries.counts(session, question.code, nation)))
        for question in questions()
    )
