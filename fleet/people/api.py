"""People over HTTP, for those who may see all of a record. Referrers send theirs with a request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, WriteSession
from fleet.partners.service import hub_of
from fleet.people import queries, service
from fleet.people.models import Person
from fleet.people.schemas import NewPersonIn, OptOutIn, PersonIn, PersonList, PersonOut, RecordedOut, person_out
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/people", tags=["people"])

PersonId = RowId
Recorder = Annotated[Actor, Depends(may(Permission.PEOPLE_RECORD))]


def shown(session: Session, person: Person) -> PersonOut:
    return person_out(person, list(queries.current_needs(session, person.id)))


@router.get("", dependencies=[Depends(may(Permission.PEOPLE_SEE))], responses=responses())
def list_people(session: ReadSession, query: Listed, clock: ClockDep) -> PersonList:
    """People, a page at a time. Filters: `q` (part of a name, a postcode, a phone number, their number in the file that
    they came with), `area`, `needs` (review, unasked)."""
    found = queries.find_people(session, query, today=local_date(clock()))
    needs = queries.current_needs_of(session, [person.id for person in found.items])
    items = [person_out(person, needs.get(person.id, [])) for person in found.items]
    return PersonList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(503))
def add_person(asked: NewPersonIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> RecordedOut:
    """Record somebody who said yes to it. A record that looks the same is a warning, never a refusal."""
    happening = asked.happening(clock())
    given = PersonIn(**asked.model_dump(exclude={"client_id"})).details()
    hub_id = hub_of(session, actor).id
    recorded = service.add_person(session, given, hub_id=hub_id, actor=actor, happening=happening)
    return _recorded(session, recorded)


@router.get("/{person_id}", responses=responses(404))
def see_person(
    person_id: PersonId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.PEOPLE_SEE))],
    database: DatabaseDep,
    clock: ClockDep,
) -> PersonOut:
    """One person's record. That you looked is written down."""
    person = service.get_person(session, person_id)
    service.viewed(database, person_id, actor=actor, now=clock())
    return shown(session, person)


@router.put("/{person_id}", responses=responses(404))
def change_person(
    person_id: PersonId, asked: PersonIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> RecordedOut:
    """Change what is on record, all of it at once. Needs stay as they are while `needs_asked` is false."""
    happening = Happening(now=clock(), source="api")
    recorded = service.change_person(session, person_id, asked.details(), actor=actor, happening=happening)
    return _recorded(session, recorded)


@router.post("/{person_id}/opt-out", responses=responses(404))
def opt_out(person_id: PersonId, asked: OptOutIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> PersonOut:
    """No automatic messages, or automatic messages again."""
    happening = Happening(now=clock(), source="api")
    return shown(session, service.set_opted_out(session, person_id, asked.opted_out, actor=actor, happening=happening))


def _recorded(session: Session, recorded: service.Recorded) -> RecordedOut:
    return RecordedOut(
        **shown(session, recorded.person).model_dump(),
        warnings=list(recorded.warnings),
        look_alike_ids=list(recorded.look_alike_ids),
    )
