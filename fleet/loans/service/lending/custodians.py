"""Whoever looks after tablets at a partner's place: a name at work and a way to reach them, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.people.rules import Channel
from fleet.users.actor import Actor

LONGEST_NOTE = 120


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
