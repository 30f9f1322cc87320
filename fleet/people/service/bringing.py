"""People whose record was kept elsewhere: brought in with the day they agreed, and with what stops all contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.database.locking import count_as_locked
from fleet.happening import Happening
from fleet.people import queries
from fleet.people.models import Person
from fleet.people.service.contact import record_death, set_opted_out
from fleet.people.service.records import Details, keep_record
from fleet.people.service.writer import untold
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Before:
    """What was known of somebody elsewhere, besides what is asked of everybody."""

    consent_at: datetime
    reference: str = ""
    opted_out: bool = False
    deceased_on: date | None = None


def bring_in(
    session: Session,
    details: Details,
    before: Before,
    *,
    hub_id: int,
    actor: Actor,
    happening: Happening,
    referrer_id: int | None = None,
) -> Person:
    """Keep the record of somebody whom another program knew. Raises `BadInput` as `add_person` does; who looks alike is
    asked before."""
    agreed = replace(details, consents=True)
    recorded = keep_record(session, agreed, hub_id=hub_id, actor=actor, happening=happening, referrer_id=referrer_id)
    recorded.consent_at, recorded.reference = before.consent_at, before.reference
    told = untold(happening)
    if before.opted_out:
        set_opted_out(session, recorded.id, True, actor=actor, happening=told)
    if before.deceased_on is not None:
        record_death(session, recorded.id, on=before.deceased_on, actor=actor, happening=told)
    return recorded


def known_by(session: Session, *, reference: str = "", email: str = "", phone: str = "") -> Sequence[Person]:
    """Those to whom all that is given belongs; nobody where nothing is."""
    if not (reference or email or phone):
        return ()
    found = queries.people_known_by(session, reference=reference, email=email, phone=phone)
    count_as_locked(session, *found)
    return found
