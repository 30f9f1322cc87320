"""Two records of one person: which look the same, and what the one that stays takes over from the other."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.people import queries
from fleet.people.models import Person
from fleet.people.service.needs import record_needs
from fleet.people.service.writer import note, untold
from fleet.users.actor import Actor

CONTACT = (
    *("phone", "phone_wrong_on", "email", "address_line_1", "address_line_2", "town", "postcode", "area", "door_note"),
    *("channel", "print_format", "language_spoken", "language_read", "interpreter"),
)
"""What is taken over together, as how somebody is reached: half an old address and half a new one is nobody's."""


def same_looking(session: Session, person: Person) -> Sequence[Person]:
    """Other records with the same name and postcode, or the same phone."""
    return queries.look_alikes(
        session,
        first_name=person.first_name,
        last_name=person.last_name,
        postcode=person.postcode,
        phone=person.phone,
        besides=person.id,
    )


def take_over(
    session: Session,
    kept: Person,
    doubled: Person,
    *,
    contact: bool,
    needs: bool,
    actor: Actor,
    happening: Happening,
) -> None:
    """Write into both logs that they are one person. With `contact` the record that stays is reached as the other one
    was, with `needs` it needs what the other one did. Both are locked by whoever calls."""
    if contact:
        for name in CONTACT:
            setattr(kept, name, getattr(doubled, name))
    kept.opted_out = kept.opted_out or doubled.opted_out
    kept.changed_at = happening.now
    taken = [word for word, wanted in (("contact", contact), ("needs", needs)) if wanted]
    words = f"The same person as record {doubled.id}: its requests are here{_taken(taken)}"
    note(session, kept, kind="joined", words=words, actor=actor, happening=happening)
    if needs and doubled.needs_asked:
        codes = {need.code for need in queries.current_needs(session, doubled.id)}
        record_needs(session, kept, codes, actor=actor, happening=untold(happening))
    there = f"The same person as record {kept.id}, where the requests are"
    note(session, doubled, kind="joined", words=there, actor=actor, happening=untold(happening))


def _taken(taken: Sequence[str]) -> str:
    return f", with its {' and '.join(taken)}" if taken else ""
