"""Forgetting a person (rule R30): decided by somebody, done once nothing of theirs is open, and never half done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.chasing.service import withdraw_for
from fleet.equality import service as equality
from fleet.errors import Conflict, there
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.people import service as people
from fleet.people.models import Person
from fleet.privacy import queries
from fleet.privacy.journal import Line
from fleet.privacy.models import Erasure
from fleet.privacy.rules import WhyErase, waits_for
from fleet.privacy.service.files import forget_files
from fleet.privacy.service.promising import promise
from fleet.repeats import service as repeats
from fleet.settings import Settings
from fleet.sheets import service as sheets
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Standing:
    """How somebody's erasure stands: never asked for (None), waiting for what is listed, or done."""

    erasure: Erasure | None
    waits: tuple[str, ...]


def standing(session: Session, person_id: int) -> Standing:
    """Raises `NotFound`. What an erasure would wait for is said before anybody asks for one."""
    people.get_person(session, person_id)
    return Standing(queries.open_erasure(session, person_id), waits_for(queries.unfinished(session, person_id)))


def ask_to_erase(
    session: Session, person_id: int, why: WhyErase, *, actor: Actor, settings: Settings, happening: Happening
) -> Standing:
    """Decide that somebody's record goes: at once, or as soon as nothing of theirs is open. Asked twice it is one.

    Raises `NotFound`.
    """
    person = lock(session, person_id)
    if queries.open_erasure(session, person_id) is None:
        session.add(
            Erasure(person_id=person_id, why=why, asked_at=happening.now, asked_by=actor.name, role=actor.role.value)
        )
        session.flush()
        people.note_erasure(session, person, "asked", actor=actor, happening=happening)
    return go_on(session, person, actor=actor, settings=settings, happening=happening)


def call_off(session: Session, person_id: int, *, actor: Actor, happening: Happening) -> None:
    """The person may be remembered after all. Raises `NotFound`, or `Conflict` once it is done."""
    person = lock(session, person_id)
    found = there(
        queries.open_erasure(session, person_id),
        "Nobody asked for this record to be erased.",
        next_step="Go back to the person's page.",
    )
    if found.done_at is not None:
        raise Conflict("This record is erased, and cannot be brought back.", next_step="Record the person anew.")
    found.called_off_at, found.called_off_by = happening.now, actor.name
    people.note_erasure(session, person, "called_off", actor=actor, happening=happening)


def forget(session: Session, person: Person, *, at: datetime, settings: Settings) -> None:
    """Take the person out of every row and file. What stays is a number, so that loans and custody stay whole."""
    withdraw_for(session, [loan.id for loan in loans.loans_of_person(session, person.id)], now=at)
    forget_files(session, (person.id,), settings)
    equality.forget(session, person.id)
    queries.forget_rows(session, person.id)
    repeats.empty_kept_answers(session)
    sheets.empty_files(session, now=at)
    person.erased_at, person.changed_at = at, at
    session.flush()


def go_on(session: Session, person: Person, *, actor: Actor, settings: Settings, happening: Happening) -> Standing:
    """Do it if nothing stands in the way. The person is locked, so nothing can come in between."""
    erasure = queries.open_erasure(session, person.id)
    waits = waits_for(queries.unfinished(session, person.id))
    if erasure is None or erasure.done_at is not None or waits:
        return Standing(erasure, waits)
    line = Line(person.id, recorded_at=person.created_at, erased_at=happening.now, why=erasure.why)
    promise(session, settings.erasure_journals, line)
    forget(session, person, at=happening.now, settings=settings)
    erasure.done_at = happening.now
    people.note_erasure(session, person, "done", actor=actor, happening=happening)
    return Standing(erasure, ())


def lock(session: Session, person_id: int) -> Person:
    """The person's loans and then the person, in the order in which every change locks them."""
    for loan in loans.loans_of_person(session, person_id):
        loans.loan_locked(session, loan.id)
    return people.lock_person(session, person_id)
