"""What each role is shown of a person (domain notes 4.5): the forms of a name, the address, the needs.

Rooms ask here before they render or answer; a template never sees a `Person` whose parts a viewer may not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.people.models import Need, Person
from fleet.people.rules import DOORSTEP_NEEDS, SETTING_NEEDS, NeedCode, phone_words
from fleet.people.words import NEED_WORDS
from fleet.users.actor import Actor
from fleet.users.rules import SIGHT, Role, Sight, SightRow

NOBODY_NAMED = "Somebody"


@dataclass(frozen=True)
class SeenPerson:
    """A person as one viewer may see them; what is hidden is empty."""

    name: str
    address: tuple[str, ...] = ()
    door_note: str = ""
    phone: str = ""
    email: str = ""
    needs: tuple[str, ...] = ()


def seen(person: Person, needs: Iterable[Need], actor: Actor) -> SeenPerson:
    """The person as `actor` may see them in the role in which they act.

    A courier's address is for today's jobs only: the deliveries room asks `seen_at_the_door` for those.
    """
    row = row_for(actor)
    own = is_own(person, actor)
    full_contact = row.channel is Sight.FULL
    return SeenPerson(
        name=name_form(person, row.name, own=own),
        address=address_lines(person) if row.address is Sight.FULL else (),
        door_note=person.door_note if row.address is Sight.FULL else "",
        phone=phone_words(person.phone) if full_contact else "",
        email=person.email if full_contact else "",
        needs=need_words(needs, row.needs, own=own),
    )


def seen_at_the_door(person: Person, needs: Iterable[Need]) -> SeenPerson:
    """What a courier with a job at this door today is shown: first name, address, how to get in, doorstep needs."""
    return SeenPerson(
        name=person.first_name,
        address=address_lines(person),
        door_note=person.door_note,
        needs=need_words(needs, Sight.FLAGS, own=False),
    )


def row_for(actor: Actor) -> SightRow:
    """The row of the table for the role in which somebody acts."""
    return SIGHT.get(actor.role, SightRow())


def is_own(person: Person, actor: Actor) -> bool:
    """Whether the person was referred by the viewer's own organisation."""
    return actor.organisation_id is not None and person.referrer_id == actor.organisation_id


def name_form(person: Person, sight: Sight, *, own: bool) -> str:
    """Sample One, Sample O., Sample, or nobody's name at all."""
    match sight:
        case Sight.FULL:
            return f"{person.first_name} {person.last_name}"
        case Sight.OWN:
            return f"{person.first_name} {person.last_name}" if own else NOBODY_NAMED
        case Sight.FIRST_AND_INITIAL:
            return f"{person.first_name} {person.last_name[:1]}."
        case Sight.FIRST:
            return person.first_name
        case _:
            return NOBODY_NAMED


def address_lines(person: Person) -> tuple[str, ...]:
    lines = (person.address_line_1, person.address_line_2, person.town, person.postcode)
    return tuple(line for line in lines if line)


def need_words(needs: Iterable[Need], sight: Sight, *, own: bool) -> tuple[str, ...]:
    """The needs a viewer may see, in words."""
    allowed: frozenset[NeedCode] = {
        Sight.FULL: frozenset(NeedCode),
        Sight.SETTINGS: SETTING_NEEDS,
        Sight.FLAGS: DOORSTEP_NEEDS,
        Sight.OWN: frozenset(NeedCode) if own else frozenset(),
    }.get(sight, frozenset())
    return tuple(NEED_WORDS[need.code] for need in needs if need.code in allowed)


def may_see_person(person: Person, actor: Actor) -> bool:
    """Whether a page about this person opens for the viewer at all."""
    if actor.roles & {Role.COORDINATOR, Role.DATA_PROTECTION, Role.SYSTEM}:
        return True
    return is_own(person, actor)
