"""What a person needs of us, as codes, with whom each may be shared and when to ask again."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from fleet.clock import add_months, local_date
from fleet.happening import Happening
from fleet.people import queries
from fleet.people.models import Need, Person
from fleet.people.rules import DOORSTEP_NEEDS, REVIEW_AFTER_MONTHS, SETTING_NEEDS, NeedCode
from fleet.people.service.writer import note
from fleet.users.actor import Actor
from fleet.users.rules import Role


def needs_of(session: Session, person_id: int) -> Sequence[Need]:
    """What somebody needs today."""
    return queries.current_needs(session, person_id)


def record_needs(
    session: Session, person: Person, codes: Collection[NeedCode], *, actor: Actor, happening: Happening
) -> None:
    """Set what the person needs. Needs not named any more are ended, those that stay are due for review afresh."""
    review_on = add_months(local_date(happening.now), REVIEW_AFTER_MONTHS)
    current = {need.code: need for need in queries.current_needs(session, person.id)}
    for code, need in current.items():
        if code in codes:
            need.review_on = review_on
        else:
            need.ended_at = happening.now
    for code in sorted(set(codes) - set(current)):
        session.add(
            Need(
                person_id=person.id,
                code=code,
                at_the_door=code in DOORSTEP_NEEDS,
                share_with=_shared_with(code),
                recorded_at=happening.now,
                review_on=review_on,
            )
        )
    first_asked, person.needs_asked = not person.needs_asked, True
    if first_asked or set(codes) != set(current):
        note(session, person, kind="needs", words="Needs asked", actor=actor, happening=happening)
    session.flush()


def _shared_with(code: NeedCode) -> list[str]:
    roles = [Role.COURIER.value] if code in DOORSTEP_NEEDS else []
    return roles + ([Role.TECHNICIAN.value] if code in SETTING_NEEDS else [])
