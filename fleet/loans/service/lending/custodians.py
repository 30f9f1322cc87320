"""Whoever looks after tablets at a partner's place: a name at work and a way to reach them, and who took over when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, VenueCustodian, VenueLoan
from fleet.loans.queries.claims import open_claim
from fleet.loans.rules import ENDED, WITH_THE_PERSON, WhyAnother, said
from fleet.loans.service.papers.agreements import make_agreement
from fleet.loans.service.writer.locks import lock
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.several import locked_venue
from fleet.loans.service.writer.told import told_before
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import Channel
from fleet.settings import Settings
from fleet.users.actor import Actor

LONGEST_NOTE = 120
CHANGED = "custodian_changed"


def add_custodian(
    session: Session,
    *,
    place_id: int,
    first_name: str,
    last_name: str,
    email: str = "",
    phone: str = "",
    hub_id: int,
    actor: Actor,
    happening: Happening,
) -> int:
    """Keep the record of who looks after tablets at a place: a name and a way to reach them. Raises `BadInput`."""
    place = partners.get_organisation(session, place_id)
    details = people.Details(
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=phone,
        channel=Channel.EMAIL if email.strip() else Channel.CALL,
        door_note=f"At {place.name}. {' '.join(place.address.split())}"[:LONGEST_NOTE],
        needs=frozenset(),
        consents=True,
    )
    told = replace(happening, client_id=None)
    recorded = people.add_person(session, details, hub_id=hub_id, referrer_id=place_id, actor=actor, happening=told)
    return recorded.person.id


def change_custodian(
    session: Session,
    venue_loan_id: int,
    *,
    person_id: int,
    from_on: date,
    why: WhyAnother,
    agreed: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> VenueLoan:
    """Somebody else looks after the tablets of a venue loan that are still to come back: from a day on they are the one
    who is written to, and the earlier one is not. Nothing moves, and no due date changes.

    `agreed` says that they said yes to the agreement; it is asked where tablets are with their place. Raises
    `BadInput`, and `Conflict` when all are back, or one is looked for that the earlier one says is back.
    """
    venue, still = locked_venue(session, venue_loan_id, _to_come_back)
    if still and told_before(session, still[0].id, (CHANGED,), happening):
        return venue
    person = people.lock_person(session, person_id)
    people.refuse_erased(person)
    there_already = any(loan.state in WITH_THE_PERSON for loan in still)
    _check(session, venue, person, from_on, agreed or not there_already, happening)
    _refuse_what_cannot_change(session, venue, still)
    for loan in still:
        loan.person_id = person.id
        words = f"Somebody else looks after it from {said(from_on)}"
        told = replace(happening, client_id=happening.client_id if loan is still[0] else None)
        note(session, loan, kind=CHANGED, words=words, actor=actor, happening=told, details={"why": why.value})
    session.flush()
    for loan in still:
        make_agreement(session, lock(session, loan.id), settings=settings, happening=happening)
    write_custodian(session, venue, person.id, from_on, why, agreed=agreed, actor=actor, happening=happening)
    return venue


def write_custodian(
    session: Session,
    venue: VenueLoan,
    person_id: int,
    from_on: date,
    why: WhyAnother | None,
    *,
    agreed: bool,
    actor: Actor,
    happening: Happening,
) -> None:
    """Who looks after the tablets from a day on: the one writer of it."""
    venue.person_id = person_id
    session.add(
        VenueCustodian(
            venue_loan_id=venue.id,
            person_id=person_id,
            from_on=from_on,
            why=why,
            agreed_at=happening.now if agreed else None,
            actor_id=actor.user_id,
            actor_name=actor.name,
            set_at=happening.now,
        )
    )
    session.flush()


def custodians_of(session: Session, venue_loan_id: int) -> tuple[VenueCustodian, ...]:
    """Everybody who looked after them, the first one first."""
    return tuple(queries.custodians(session, venue_loan_id))


def _check(
    session: Session, venue: VenueLoan, person: Person, from_on: date, agreed: bool, happening: Happening
) -> None:
    today = local_date(happening.now, ZoneInfo(partners.get_organisation(session, venue.hub_id).time_zone))
    before = queries.custodians(session, venue.id)
    began = before[-1].from_on if before else local_date(venue.made_at)
    late = f"{said(from_on)} has not come yet; write it down on that day." if from_on > today else ""
    early = f"Whoever looks after them does so since {said(began)}; choose a later day." if from_on < began else ""
    problems = {
        "person_id": "They look after these tablets already." if person.id == venue.person_id else "",
        "from_on": late or early,
        "agreement": "" if agreed else "Read the agreement to them, and ask.",
    }
    if person.deceased_on is not None:
        problems["person_id"] = "This person has died."
    fields = {field: sentence for field, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("Nothing was changed.", fields=fields)


def _to_come_back(loan: Loan) -> bool:
    return loan.state not in ENDED and loan.returned_on is None


def _refuse_what_cannot_change(session: Session, venue: VenueLoan, still: list[Loan]) -> None:
    if not still:
        raise Conflict(
            f"Nothing was changed. All tablets of venue loan {venue.id} are back.",
            next_step="Lend them again to whoever looks after them.",
        )
    looked_for = [loan.id for loan in still if open_claim(session, loan.id) is not None]
    if looked_for:
        raise Conflict(
            f"Nothing was changed. The tablet of loan {looked_for[0]} is looked for, because they say that it is back.",
            next_step="Say first how that search ended.",
        )
