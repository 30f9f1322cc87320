"""Every read and write of answers about equality, each in the database role that alone may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fleet.database.equality_role import as_equality
from fleet.equality.models import EqualityAnswer


def replace_answers(
    session: Session, person_id: int, answers: Mapping[str, str], *, nation: str, given_on: date
) -> None:
    """Keep these answers in the place of whatever was answered to the same questions."""
    with as_equality(session):
        session.execute(
            delete(EqualityAnswer).where(
                EqualityAnswer.person_id == person_id, EqualityAnswer.question.in_(tuple(answers))
            )
        )
        for question, answer in answers.items():
            session.add(
                EqualityAnswer(person_id=person_id, nation=nation, question=question, answer=answer, given_on=given_on)
            )
        session.flush()


def answers_of(session: Session, person_id: int) -> Sequence[EqualityAnswer]:
    """What one person said: for their own copy of everything, and for nothing else."""
    query = select(EqualityAnswer).where(EqualityAnswer.person_id == person_id).order_by(EqualityAnswer.id)
    with as_equality(session):
        return session.scalars(query).all()


def forget_answers(session: Session, person_id: int) -> None:
    with as_equality(session):
        session.execute(delete(EqualityAnswer).where(EqualityAnswer.person_id == person_id))


def counts(session: Session, question: str, nation: str) -> dict[str, int]:
    """answer -> how many people gave it. Never shown as it is: `rules.counted` hides what is small."""
    query = (
        select(EqualityAnswer.answer, func.count())
        .where(EqualityAnswer.question == question, EqualityAnswer.nation == nation)
        .group_by(EqualityAnswer.answer)
    )
    with as_equality(session):
        return dict(session.execute(query).all())
