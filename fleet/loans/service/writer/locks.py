"""The locks that every change of a loan takes first, in one order: tablet, loan, SIM, person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.clock import local_date
from fleet.cohorts.models import Programme
from fleet.database.base import Base
from fleet.database.locking import all_locked, count_as_locked, is_locked, keep_locked, writes_alone
from fleet.errors import Conflict, there
from fleet.loans import queries
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tags import service as tags


class WrongTablet(Conflict):
    """The tablet in hand is not the one this loan has."""

    code = "wrong_tablet"


@dataclass(frozen=True)
class Locked:
    """A loan and all that belongs to it, locked for one change (or only looked at)."""

    loan: Loan
    person: Person
    programme: Programme
    hub: Organisation
    tablet: Tablet | None = None
    tablet_link: LoanTablet | None = None
    sim_link: LoanSim | None = None
    swap_tablet: Tablet | None = None
    """The one that is kept for a swap."""


def get_loan(session: Session, loan_id: int) -> Loan:
    """Raises `NotFound`."""
    return known_loan(queries.loan(session, loan_id), loan_id)


def known_loan(found: Loan | None, loan_id: int) -> Loan:
    return there(found, f"There is no loan number {loan_id}.", next_step="Look for it in the list of loans.")


def lock(
    session: Session,
    loan_id: int,
    *,
    tablet_id: int | None = None,
    reserve_tablet_id: int | None = None,
    reserve_sim_id: int | None = None,
) -> Locked:
    """Lock the loan's tablets (the one it has and the one kept for a swap), the loan, its SIM and its person.

    `tablet_id` is the tablet in somebody's hand: raises `WrongTablet` when the loan has another one.
    `reserve_tablet_id` and `reserve_sim_id` are what the loan is about to get. Raises `NotFound`, or `Conflict` when
    the loan's tablet changed between looking and locking.
    """
    held = lock_whole(session, loan_id, reserve_tablet_id=reserve_tablet_id, reserve_sim_id=reserve_sim_id)
    if tablet_id is not None:
        refuse_another_tablet(session, held.loan, held.tablet_link, tablet_id)
    return held


def lock_whole(
    session: Session, loan_id: int, *, reserve_tablet_id: int | None = None, reserve_sim_id: int | None = None
) -> Locked:
    """`lock`, whichever tablet is in somebody's hand."""
    found = _locked(session, loan_id, reserve_tablet_id, reserve_sim_id)
    swap_id = found.loan.swap_tablet_id
    swap_tablet = tablets.lock_tablet(session, swap_id) if swap_id is not None else None
    if reserve_tablet_id is not None:
        tablets.lock_tablet(session, reserve_tablet_id)
    if reserve_sim_id is not None:
        bundles.lock_sim(session, reserve_sim_id)
    return _held(found, swap_tablet)


def _locked(session: Session, loan_id: int, reserve_tablet_id: int | None, reserve_sim_id: int | None) -> queries.Whole:
    """Wait for each of the locks where others may have them: tablets by their numbers, loan, SIMs, person. What hangs
    together with a loan changes only while the loan is locked, so what is read after that is what was locked."""
    if writes_alone(session):
        found = _whole(session, loan_id)
        count_as_locked(session, *_rows(found))
        return found
    reserves = reserve_tablet_id is not None or reserve_sim_id is not None
    if not reserves and is_locked(session, Loan, loan_id):
        found = _whole(session, loan_id)
        if found.loan.swap_tablet_id is None and all_locked(session, *_rows(found)):
            return found
    waited = queries.wait_for_all(session, loan_id, reserve_tablet_id=reserve_tablet_id, reserve_sim_id=reserve_sim_id)
    if waited is not None and waited.moved:
        raise Conflict(
            "Somebody else changed this loan a moment before you. Nothing of yours was half done.",
            next_step="Reload the page to see how it stands, then decide again.",
        )
    found = _whole(session, loan_id)
    keep_locked(session, *_rows(found))
    return found


def _rows(found: queries.Whole) -> tuple[Base | None, ...]:
    return (found.loan, found.person, found.tablet, found.sim)


def _whole(session: Session, loan_id: int) -> queries.Whole:
    return there(
        queries.whole(session, loan_id),
        f"There is no loan number {loan_id}.",
        next_step="Look for it in the list of loans.",
    )


def _held(found: queries.Whole, swap_tablet: Tablet | None) -> Locked:
    return Locked(
        loan=found.loan,
        person=found.person,
        programme=found.programme,
        hub=found.hub,
        tablet=found.tablet,
        tablet_link=found.tablet_link,
        sim_link=found.sim_link,
        swap_tablet=swap_tablet,
    )


def lock_both(session: Session, tablet_id: int, also: int | None = None) -> Tablet:
    """A tablet, locked together with the other one of its swap and one that it is about to have, lower number first as
    `lock` does. Raises `NotFound`."""
    others = {*queries.swapped_with(session, tablet_id), *([also] if also is not None else ())}
    wanted = sorted({tablet_id, *others})
    return {each: tablets.lock_tablet(session, each) for each in wanted}[tablet_id]


def look(session: Session, loan: Loan) -> Locked:
    """The same as `lock` brings together, for reading: nothing is locked."""
    swap_id = loan.swap_tablet_id
    return _held(_whole(session, loan.id), tablets.get_tablet(session, swap_id) if swap_id is not None else None)


def refuse_another_tablet(session: Session, loan: Loan, link: LoanTablet | None, tablet_id: int) -> None:
    if link is not None and link.tablet_id == tablet_id:
        return
    tablets.get_tablet(session, tablet_id)
    in_hand = label_of(session, tablet_id)
    if link is None:
        raise WrongTablet(
            f"Nothing was changed. Loan {loan.id} has no tablet, so {in_hand} cannot be the one.",
            next_step="Check the number on the label.",
        )
    raise WrongTablet(
        f"Nothing was changed. {in_hand} is not the tablet for this loan.",
        next_step=f"Put it back and take {label_of(session, link.tablet_id)}.",
        details={"tablet_id": tablet_id, "expected_tablet_id": link.tablet_id},
    )


def refuse_other_hubs(session: Session, held: Locked, tablet_id: int | None, sim_id: int | None) -> None:
    """Raises `Conflict` for a tablet or a SIM that another hub than the loan's lends (docs/decisions/0022)."""
    tablet = tablets.get_tablet(session, tablet_id) if tablet_id is not None else None
    sim = bundles.get_sim(session, sim_id) if sim_id is not None else None
    for kept in (tablet, sim):
        if kept is not None and kept.hub_id != held.loan.hub_id:
            what = label_of(session, kept.id) if kept is tablet else "That SIM"
            owner = partners.get_organisation(session, kept.hub_id).name
            raise Conflict(
                f"Nothing was kept. {what} is lent by {owner}, and this loan is one of {held.hub.name}.",
                next_step=f"Choose one of {held.hub.name}.",
            )


def label_of(session: Session, tablet_id: int) -> str:
    """What stands on the tablet: its code, or its number where it has no label yet."""
    return tags.codes_of(session, [tablet_id]).get(tablet_id, f"Tablet {tablet_id}")


def local_day(held: Locked, moment: datetime) -> date:
    """The calendar day at the loan's hub."""
    return local_date(moment, ZoneInfo(held.hub.time_zone))


def lock_by_tablet(session: Session, tablet_id: int, also: int | None = None) -> Locked | None:
    """Everything of the loan that has this tablet, locked; None when none has it. `also` is another tablet that the
    loan is about to get. Raises `NotFound`."""
    lock_both(session, tablet_id, also)
    loan = queries.open_loan_of_tablet(session, tablet_id)
    return lock(session, loan.id, tablet_id=tablet_id) if loan is not None else None
