"""Pages about people: the list, one person in one column, and the form that changes a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, WriteSession
from fleet.partners import service as partners
from fleet.partners.words import with_contacts
from fleet.people import queries, service
from fleet.people.api import PersonId, Recorder
from fleet.people.models import Need, Person
from fleet.people.rules import Channel, FamiliarApp, Household, NeedCode, PrintFormat, phone_words
from fleet.people.schemas import PersonIn
from fleet.people.sight import SeenPerson, seen
from fleet.people.words import (
    APP_WORDS,
    CHANNEL_WORDS,
    FORMAT_WORDS,
    HOUSEHOLD_WORDS,
    NEED_WORDS,
    language_choices,
    language_words,
)
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import Shape

router = PageRouter(prefix="/people")

COLUMNS = (
    Column("Name", "name"),
    Column("Postcode", "area"),
    Column("Phone"),
    Column("Wants to hear by"),
    Column("On record since", "added"),
    Column("Contact"),
)


NEEDS_FILTER = (("", "Any"), ("review", "To ask about again"), ("unasked", "Not asked yet"))


@dataclass(frozen=True)
class ListPage:
    table: Table
    may_ask: bool
    title: str = "People"


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: datetime
    what: str
    who: str


@dataclass(frozen=True)
class PersonPage:
    title: str
    person: Person
    seen: SeenPerson
    facts: tuple[tuple[str, str], ...]
    needs: Sequence[Need]
    entries: tuple[Entry, ...]
    may_change: bool
    may_copy: bool
    may_erase: bool
    may_ask_equality: bool
    may_ask_why: bool
    alike: Sequence[Person] = ()
    """Other records that look the same."""


@dataclass(frozen=True)
class Answers:
    """What the questions about a person are filled in with: what is on record, or what was typed."""

    values: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[tuple[str, str], ...] = tuple((each.value, CHANNEL_WORDS[each]) for each in Channel)
    formats: tuple[tuple[str, str], ...] = tuple((each.value, FORMAT_WORDS[each]) for each in PrintFormat)
    app_values: tuple[str, ...] = ()
    households: tuple[tuple[str, str], ...] = tuple((each.value, HOUSEHOLD_WORDS[each]) for each in Household)
    apps: tuple[tuple[str, str], ...] = tuple((each.value, APP_WORDS[each]) for each in FamiliarApp)
    need_choices: tuple[tuple[str, str], ...] = tuple((each.value, NEED_WORDS[each]) for each in NeedCode)

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Those to choose from, with what is on record even where no form offers it: nothing changes unseen."""
        return language_choices(*(self.values.get(name, "") for name in ("language_spoken", "language_read")))


@dataclass(frozen=True)
class ChangePage:
    title: str
    person_id: int
    answers: Answers


def typed(form: Form, errors: Mapping[str, str] | None = None) -> Answers:
    """The answers as they were typed, to be shown again."""
    needs, apps = form.lists.get("needs", ()), form.lists.get("apps_used", ())
    return Answers(form.values, needs, errors or {}, app_values=apps)


def on_record(person: Person, needs: Sequence[Need]) -> Answers:
    """The answers as they are on record."""
    own = {name: str(getattr(person, name) or "") for name in PersonIn.model_fields if hasattr(person, name)}
    switches = {"needs_asked": _yes(person.needs_asked), "interpreter": _yes(person.interpreter), "consents": "yes"}
    values = {**own, "phone": phone_words(person.phone), **switches}
    return Answers(values, tuple(need.code.value for need in needs), app_values=tuple(person.apps_used))


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PEOPLE_SEE))],
    database: DatabaseDep,
    query: Listed,
    clock: ClockDep,
) -> Response:
    found = queries.find_people(session, query, today=local_date(clock()))
    service.viewed_all(database, [person.id for person in found.items], actor=actor, now=clock())
    shown = table(
        found,
        caption="People",
        columns=COLUMNS,
        row=_row,
        path="/people",
        filters=(
            Filter("q", "Name, postcode, phone or number", query.filter("q")),
            Filter("area", "First half of the postcode", query.filter("area")),
            Filter("needs", "Needs", query.filter("needs"), NEEDS_FILTER),
        ),
        empty="People appear here once somebody asks for a tablet for them. Begin with a request.",
    )
    if query.as_csv:
        about = [person.id for person in found.items]
        service.list_taken(database, "people", "list of people", about, actor=actor, now=clock())
        return table_csv("people", shown)
    return render(request, "people/list.html", ListPage(shown, actor.may(Permission.REQUESTS_MAKE)))


@router.get("/{person_id}")
def person_page(
    request: Request,
    person_id: PersonId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PEOPLE_SEE))],
    database: DatabaseDep,
    clock: ClockDep,
) -> Response:
    person = service.get_person(session, person_id)
    needs = queries.current_needs(session, person_id)
    view = seen(person, needs, actor)
    page = PersonPage(
        title=view.name,
        person=person,
        seen=view,
        facts=_facts(session, person, view),
        needs=needs,
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}")
            for event in queries.events(session, person_id)
        ),
        may_change=actor.may(Permission.PEOPLE_RECORD) and person.erased_at is None,
        may_copy=actor.may(Permission.PRIVACY_COPY),
        may_erase=actor.may(Permission.PRIVACY_ERASE) and person.erased_at is None,
        may_ask_equality=(
            actor.may(Permission.EQUALITY_RECORD) and person.erased_at is None and person.deceased_on is None
        ),
        may_ask_why=actor.may(Permission.CHASING_SEE),
        alike=service.same_looking(session, person),
    )
    service.viewed(database, person_id, actor=actor, now=clock())
    return render(request, "people/detail.html", page)


@router.get("/{person_id}/change", dependencies=[Depends(may(Permission.PEOPLE_RECORD))])
def change_page(request: Request, person_id: PersonId, session: ReadSession) -> Response:
    person = service.get_person(session, person_id)
    service.refuse_erased(person)
    answers = on_record(person, queries.current_needs(session, person_id))
    return render(request, "people/change.html", ChangePage("Change a record", person_id, answers))


@router.post("/{person_id}/change")
def change(
    request: Request, person_id: PersonId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    try:
        details = form.parse(PersonIn).details()
        recorded = service.change_person(session, person_id, details, actor=actor, happening=Happening(now=clock()))
    except BadInput as refused:
        page = ChangePage("Change a record", person_id, typed(form, refused.fields))
        return render(request, "people/change.html", page, status=422)
    return see_other(f"/people/{person_id}", said=" ".join(("The record was changed.", *recorded.warnings)))


@router.post("/{person_id}/opt-out")
def opt_out(person_id: PersonId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    wanted = form.get("opted_out") == "yes"
    service.set_opted_out(session, person_id, wanted, actor=actor, happening=Happening(now=clock()))
    said = "No automatic message will be sent." if wanted else "Automatic messages are on again."
    return see_other(f"/people/{person_id}", said=said)


def _row(person: Person) -> tuple[Cell, ...]:
    return (
        Cell(f"{person.first_name} {person.last_name}", href=f"/people/{person.id}"),
        Cell(person.postcode),
        Cell(phone_words(person.phone)),
        Cell(CHANNEL_WORDS[person.channel]),
        Cell(f"{person.created_at:%-d %b %Y}"),
        _contact(person),
    )


def _contact(person: Person) -> Cell:
    """What speaks against writing to them or ringing."""
    if person.deceased_on is not None:
        return Cell("Has died", state=Shape.PLAIN)
    return Cell("Wants no automatic messages", state=Shape.WAITING) if person.opted_out else Cell("")


def _wrong(person: Person) -> str:
    on = person.phone_wrong_on
    return f" (on {on:%-d %B %Y} a stranger answered it: find the right one)" if on is not None else ""


def _facts(session: Session, person: Person, view: SeenPerson) -> tuple[tuple[str, str], ...]:
    referrer = partners.referrers(session, [person.referrer_id]).get(person.referrer_id or 0)
    return (
        ("Referred by", with_contacts(referrer) if referrer is not None else "Nobody"),
        ("Address", ", ".join(view.address)),
        ("At the door", view.door_note),
        ("Phone", f"{view.phone}{_wrong(person)}"),
        ("Email", view.email),
        ("Wants to hear by", CHANNEL_WORDS[person.channel]),
        ("Speaks", language_words(person.language_spoken) + (", with an interpreter" if person.interpreter else "")),
        ("Reads", f"{language_words(person.language_read)}, {FORMAT_WORDS[person.print_format].lower()}"),
        ("Household", HOUSEHOLD_WORDS[person.household] if person.household else ""),
        ("Knows already", ", ".join(APP_WORDS[FamiliarApp(app)] for app in person.apps_used)),
        ("Born in", str(person.birth_year or "")),
        ("Consent given", f"{person.consent_at:%-d %B %Y}"),
        *((("Number in the file they came with", person.reference),) if person.reference else ()),
    )
