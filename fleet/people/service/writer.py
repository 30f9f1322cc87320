"""Finding and locking a person, and the log of what is done with a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from fleet.errors import Conflict, there
from fleet.happening import Happening
from fleet.people import queries
from fleet.people.models import Person, PersonEvent
from fleet.users.actor import Actor

_ERASURE = {
    "asked": "Asked for this record to be erased",
    "called_off": "Erasing called off",
    "done": "Erased",
    "again": "Erased again, after a backup came back",
}


def get_person(session: Session, person_id: int) -> Person:
    """Raises `NotFound`."""
    return _known(queries.person(session, person_id))


def lock_person(session: Session, person_id: int) -> Person:
    """The person, locked after tablet, loan and SIM. Raises `NotFound`."""
    return _known(queries.person_locked(session, person_id))


def _known(found: Person | None) -> Person:
    return there(found, "There is no such person.", next_step="Look for them in the list of people.")


def people_by_id(session: Session, person_ids: Sequence[int]) -> Mapping[int, Person]:
    """Several people in one go; who is not there is left out."""
    return queries.people_by_id(session, person_ids)


def refuse_erased(person: Person) -> None:
    """Raises `Conflict` for a record that is empty of its person."""
    if person.erased_at is not None:
        raise Conflict(
            f"Nothing was changed. Record {person.id} was erased on {person.erased_at:%-d %B %Y}.",
            next_step="Record the person anew, with their consent.",
        )


def note_erasure(session: Session, person: Person, what: str, *, actor: Actor, happening: Happening) -> None:
    """Write down that an erasure was `asked` for, `called_off`, `done`, or done `again`."""
    note(session, person, kind=f"erasure_{what}", words=_ERASURE[what], actor=actor, happening=happening)


def note_equality_asked(session: Session, person: Person, *, actor: Actor, happening: Happening) -> None:
    """Write down that somebody was asked about equality, and nothing of what they said."""
    words = "Asked about equality, which nobody has to answer"
    note(session, person, kind="equality_asked", words=words, actor=actor, happening=happening)


def note_copied(session: Session, person: Person, *, actor: Actor, happening: Happening) -> None:
    """Write down that somebody took a copy of everything."""
    note(session, person, kind="copied", words="Took a copy of everything", actor=actor, happening=happening)


def untold(happening: Happening) -> Happening:
    """The same happening without its client id, for the second entry that one act writes."""
    return Happening(now=happening.now, source=happening.source, client_at=happening.client_at)


def note(session: Session, person: Person, *, kind: str, words: str, actor: Actor, happening: Happening) -> PersonEvent:
    event = PersonEvent(
        person_id=person.id,
        kind=kind,
        words=words,
        **actor.signature(),
        **happening.told(),
    )
    session.add(event)
    session.flush()
    return event
