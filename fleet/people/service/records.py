"""Adding somebody's record and changing it: what is asked, how it is tidied, and what is warned of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.people import queries
from fleet.people.languages import tidy_language
from fleet.people.models import Person
from fleet.people.rules import (
    Channel,
    FamiliarApp,
    Household,
    NeedCode,
    PersonFacts,
    PrintFormat,
    area_of,
    postcode_warning,
    problems,
    tidy_email,
    tidy_phone,
    tidy_postcode,
)
from fleet.people.service.needs import record_needs
from fleet.people.service.writer import get_person, lock_person, note, refuse_erased, untold
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Details:
    """What is asked of a person. `needs` is None when nobody asked; an empty set is the answer "nothing"."""

    first_name: str
    last_name: str
    phone: str = ""
    email: str = ""
    address_line_1: str = ""
    address_line_2: str = ""
    town: str = ""
    postcode: str = ""
    door_note: str = ""
    birth_year: int | None = None
    language_spoken: str = "en"
    language_read: str = "en"
    interpreter: bool = False
    channel: Channel = Channel.CALL
    print_format: PrintFormat = PrintFormat.PRINT_14
    household: Household | None = None
    apps_used: frozenset[FamiliarApp] = frozenset()
    needs: frozenset[NeedCode] | None = None
    consents: bool = False


LOOKS_ALIKE = "Somebody with the same name and postcode, or the same phone, is on record already."


@dataclass(frozen=True)
class Recorded:
    """A person's record, and what somebody should look at again.

    `doubts` are about what was typed; `warnings` also say when another record looks alike, which only those may know
    who see every record.
    """

    person: Person
    doubts: tuple[str, ...] = ()
    look_alike_ids: tuple[int, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        return (*self.doubts, LOOKS_ALIKE) if self.look_alike_ids else self.doubts


def tidied(details: Details) -> Mapping[str, object]:
    """What was typed, as it is kept: without stray spaces, with postcode, phone and email in one form."""
    texts = {
        each.name: getattr(details, each.name).strip()
        for each in fields(details)
        if type(getattr(details, each.name)) is str
    }
    texts["postcode"] = tidy_postcode(texts["postcode"])
    texts["phone"] = tidy_phone(texts["phone"]) if texts["phone"] else ""
    texts["email"] = tidy_email(texts["email"])
    for spoken_or_read in ("language_spoken", "language_read"):
        texts[spoken_or_read] = tidy_language(texts[spoken_or_read])
    return texts


def look_alikes(session: Session, details: Details, *, besides: int | None = None) -> Sequence[Person]:
    """People already on record with the same name and postcode, or the same phone."""
    texts = tidied(details)
    return queries.look_alikes(
        session,
        first_name=str(texts["first_name"]),
        last_name=str(texts["last_name"]),
        postcode=str(texts["postcode"]),
        phone=str(texts["phone"]),
        besides=besides,
    )


def check(details: Details, today: date) -> Mapping[str, object]:
    """What was typed, tidied, once all of it can be used. Raises `BadInput` with a sentence for each field."""
    texts = tidied(details)
    facts = PersonFacts(
        first_name=str(texts["first_name"]),
        last_name=str(texts["last_name"]),
        phone=str(texts["phone"]),
        email=str(texts["email"]),
        postcode=str(texts["postcode"]),
        address_line_1=str(texts["address_line_1"]),
        language_spoken=str(texts["language_spoken"]),
        language_read=str(texts["language_read"]),
        channel=details.channel,
        consents=details.consents,
        birth_year=details.birth_year,
        today=today,
    )
    found = problems(facts)
    if found:
        raise BadInput("The person was not recorded.", fields=found)
    return texts


def add_person(
    session: Session,
    details: Details,
    *,
    hub_id: int,
    actor: Actor,
    happening: Happening,
    referrer_id: int | None = None,
) -> Recorded:
    """Keep the record of somebody who agreed to it. Raises `BadInput` with a sentence for each field.

    A record that looks like this one is a warning, not a refusal: two people may share a phone.
    """
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None:
        return Recorded(get_person(session, before.person_id))
    check(details, local_date(happening.now))
    alike = look_alikes(session, details)
    person = keep_record(session, details, hub_id=hub_id, actor=actor, happening=happening, referrer_id=referrer_id)
    return Recorded(person, _doubts(person), tuple(other.id for other in alike))


def keep_record(
    session: Session, details: Details, *, hub_id: int, actor: Actor, happening: Happening, referrer_id: int | None
) -> Person:
    """The same without looking at who looks alike. Raises `BadInput`."""
    texts = check(details, local_date(happening.now))
    person = Person(
        hub_id=hub_id,
        referrer_id=referrer_id,
        consent_at=happening.now,
        created_at=happening.now,
        changed_at=happening.now,
    )
    _write(session, person, details, texts)
    session.add(person)
    session.flush()
    note(session, person, kind="recorded", words="Recorded, with consent", actor=actor, happening=happening)
    if details.needs is not None:
        record_needs(session, person, details.needs, actor=actor, happening=untold(happening))
    return person


def change_person(
    session: Session, person_id: int, details: Details, *, actor: Actor, happening: Happening
) -> Recorded:
    """Change what is on record; consent stays as it was given. Raises `NotFound`, `BadInput`."""
    person = lock_person(session, person_id)
    refuse_erased(person)
    texts = check(details, local_date(happening.now))
    changed = _write(session, person, details, texts)
    person.changed_at = happening.now
    if changed:
        words = f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}"
        note(session, person, kind="changed", words=words[:200], actor=actor, happening=happening)
    if details.needs is not None:
        record_needs(session, person, details.needs, actor=actor, happening=untold(happening))
    alike = look_alikes(session, details, besides=person.id)
    return Recorded(person, _doubts(person), tuple(other.id for other in alike))


def _write(session: Session, person: Person, details: Details, texts: Mapping[str, object]) -> list[str]:
    """Put what was typed into the row; the names of the fields that changed."""
    values: dict[str, object] = {
        **texts,
        "area": area_of(str(texts["postcode"])),
        "birth_year": details.birth_year,
        "interpreter": details.interpreter,
        "channel": details.channel,
        "print_format": details.print_format,
        "household": details.household,
        "apps_used": sorted(app.value for app in details.apps_used),
    }
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if "phone" in changed:
        phone = str(texts["phone"])
        person.phone_wrong_on = queries.phone_wrong_on(session, phone) if phone else None
    for name in changed:
        setattr(person, name, values[name])
    return changed


def _doubts(person: Person) -> tuple[str, ...]:
    doubt = postcode_warning(person.postcode)
    return (doubt,) if doubt else ()
