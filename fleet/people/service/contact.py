"""What stops contact: somebody has died, wants no automatic messages, or the number is not theirs; and what takes that
back."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.happening import Happening
from fleet.people import queries
from fleet.people.models import Person
from fleet.people.service.writer import get_person, lock_person, note, refuse_erased, untold
from fleet.users.actor import Actor

LONGEST_WORDS = 200
_DOUBTS = {
    "asked": "Asked for the recorded death to be taken back; a second person decides",
    "turned_down": "The recorded death stays: nobody takes it back",
}
_OF_THE_NUMBER = {
    (True, True): "The phone number on record is not theirs",
    (True, False): "The phone number on record was a stranger's when somebody rang another person who has it",
    (False, True): "The phone number on record is theirs",
    (False, False): "The phone number on record is right: another person who has it was reached by it",
}
"""By whether it is wrong, and whether it was this person who was rung."""


def record_death(session: Session, person_id: int, *, on: date | None, actor: Actor, happening: Happening) -> Person:
    """Record that somebody has died. Every message checks this again before it leaves (rule R12)."""
    person = lock_person(session, person_id)
    refuse_erased(person)
    if person.deceased_on is None:
        person.deceased_on = on or local_date(happening.now)
        person.changed_at = happening.now
        note(session, person, kind="died", words="Died: all contact stopped", actor=actor, happening=happening)
    return person


def take_death_back(session: Session, person_id: int, *, asked_by: str, actor: Actor, happening: Happening) -> Person:
    """The person has not died: `asked_by` said so, and `actor` agreed. The log names both."""
    person = lock_person(session, person_id)
    person.deceased_on = None
    person.changed_at = happening.now
    words = f"The recorded death was taken back: {asked_by} asked, {actor.name} agreed"[:LONGEST_WORDS]
    note(session, person, kind="death_taken_back", words=words, actor=actor, happening=happening)
    return person


def note_doubt(session: Session, person: Person, what: str, *, actor: Actor, happening: Happening) -> None:
    """Write down that somebody `asked` for a death to be taken back, or that it was `turned_down`."""
    note(session, person, kind=f"death_doubt_{what}", words=_DOUBTS[what], actor=actor, happening=happening)


def set_opted_out(session: Session, person_id: int, opted_out: bool, *, actor: Actor, happening: Happening) -> Person:
    """Record that somebody wants no automatic messages, or wants them again."""
    person = lock_person(session, person_id)
    refuse_erased(person)
    if person.opted_out != opted_out:
        person.opted_out = opted_out
        person.changed_at = happening.now
        words = "Wants no automatic messages" if opted_out else "Wants automatic messages again"
        note(
            session,
            person,
            kind="opted_out" if opted_out else "opted_in",
            words=words,
            actor=actor,
            happening=happening,
        )
    return person


def set_phone_wrong(session: Session, person_id: int, wrong: bool, *, actor: Actor, happening: Happening) -> Person:
    """Somebody rang: the number on record is somebody else's, or the person was reached by it after all.

    It is so of the number: whoever else has it on record is not written to at a stranger's either.
    """
    phone = get_person(session, person_id).phone
    numbers = {person_id, *(queries.ids_with_phone(session, phone) if phone else ())}
    people = {number: lock_person(session, number) for number in sorted(numbers)}
    refuse_erased(people[person_id])
    for person in people.values():
        if person.phone == phone and (person.phone_wrong_on is not None) is not wrong:
            person.phone_wrong_on = local_date(happening.now) if wrong else None
            person.changed_at = happening.now
            kind = "phone_wrong" if wrong else "phone_right"
            was_rung = person.id == person_id
            told = happening if was_rung else untold(happening)
            note(session, person, kind=kind, words=_OF_THE_NUMBER[wrong, was_rung], actor=actor, happening=told)
    return people[person_id]
