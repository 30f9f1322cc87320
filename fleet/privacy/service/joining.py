"""The same person recorded twice: their requests go onto one record, and the other one is emptied where it holds no
history of its own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.people import service as people
from fleet.people.models import Person
from fleet.privacy import queries
from fleet.privacy.rules import waits_for
from fleet.privacy.service.erasing import forget
from fleet.settings import Settings
from fleet.users.actor import Actor


def join(
    session: Session,
    loan_id: int,
    kept_id: int,
    *,
    take_contact: bool,
    take_needs: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> bool:
    """Move this request, and whatever else waits on its record, to another record of the same person; whether the
    record that was left could be emptied.

    What was lent on a record stays there. Raises `NotFound`, `Conflict` for a request whose tablet is chosen already,
    for a record that is erased, of somebody who has died, or that does not look the same.
    """
    doubled_id = loans.get_loan(session, loan_id).person_id
    moved = loans.lock_requests(session, doubled_id)
    doubled, kept = _locked(session, doubled_id, kept_id)
    if loan_id not in {loan.id for loan in moved}:
        raise Conflict(
            "Nothing was changed. A tablet is chosen for this loan already, so its papers bear that record's name.",
            next_step="Take the tablet back from it first, then join the records.",
        )
    _refuse_strangers(session, doubled, kept)
    loans.move_requests(session, moved, kept.id, actor=actor, happening=happening)
    people.take_over(session, kept, doubled, contact=take_contact, needs=take_needs, actor=actor, happening=happening)
    if loans.has_loans(session, doubled.id) or waits_for(queries.unfinished(session, doubled.id)):
        return False
    forget(session, doubled, at=happening.now, settings=settings)
    return True


def _locked(session: Session, doubled_id: int, kept_id: int) -> tuple[Person, Person]:
    """Both records, the lower number first."""
    rows = {each: people.lock_person(session, each) for each in sorted({doubled_id, kept_id})}
    return rows[doubled_id], rows[kept_id]


def _refuse_strangers(session: Session, doubled: Person, kept: Person) -> None:
    people.refuse_erased(kept)
    if kept.deceased_on is not None or doubled.deceased_on is not None:
        raise Conflict(
            "Nothing was changed. One of the records says that this person has died.",
            next_step="Look at that first: open the record.",
        )
    if kept.hub_id != doubled.hub_id or kept.id not in {each.id for each in people.same_looking(session, doubled)}:
        raise Conflict(
            "Nothing was changed. The two records have neither name and postcode nor phone in common.",
            next_step="Set right what is mistyped on one of them, then join them.",
        )
