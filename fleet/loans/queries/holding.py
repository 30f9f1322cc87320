"""Reads of what a loan has: its tablets, its SIM, its person and their needs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from fleet.bundles.models import LEFT_IN, DataBundle, Sim, StraySim
from fleet.cohorts.models import Cohort
from fleet.database.among import among
from fleet.loans.models import Loan, LoanEvent, LoanSim, LoanTablet
from fleet.loans.rules import LoanMove
from fleet.people.models import Need, Person
from fleet.tablets.models import Tablet

CARD_WITH_THEM = "card_with_them"
"""What the log calls it when a card that came back in a swapped tablet is with its person again."""

_OPEN_TABLET = select(LoanTablet).where(LoanTablet.loan_id == bindparam("loan_id"), LoanTablet.to_at.is_(None))
_OPEN_SIM = select(LoanSim).where(LoanSim.loan_id == bindparam("loan_id"), LoanSim.to_at.is_(None))


def open_tablet(session: Session, loan_id: int) -> LoanTablet | None:
    """The tablet the loan has, if it has one."""
    return session.scalar(_OPEN_TABLET, {"loan_id": loan_id})


def open_sim(session: Session, loan_id: int) -> LoanSim | None:
    """The SIM the loan has, if it has one."""
    return session.scalar(_OPEN_SIM, {"loan_id": loan_id})


def last_sim(session: Session, loan_id: int) -> LoanSim | None:
    query = select(LoanSim).where(LoanSim.loan_id == loan_id).order_by(LoanSim.id.desc()).limit(1)
    return session.scalar(query)


def tablets_had(session: Session, loan_id: int) -> Sequence[LoanTablet]:
    query = select(LoanTablet).where(LoanTablet.loan_id == loan_id).order_by(LoanTablet.id)
    return session.scalars(query).all()


def open_loan_of_tablet(session: Session, tablet_id: int) -> Loan | None:
    """The loan that has this tablet: from its allocation until it was inspected, given or lost."""
    query = select(Loan).join(LoanTablet, LoanTablet.loan_id == Loan.id)
    return session.scalar(query.where(LoanTablet.tablet_id == tablet_id, LoanTablet.to_at.is_(None)))


def loan_to_swap_to(session: Session, tablet_id: int) -> Loan | None:
    """The loan for which this tablet is kept as the other one of a swap."""
    return session.scalar(select(Loan).where(Loan.swap_tablet_id == tablet_id))


def swapped_with(session: Session, tablet_id: int) -> Sequence[int]:
    """The other tablet of an arranged swap, whichever of the two this is."""
    link = and_(LoanTablet.loan_id == Loan.id, LoanTablet.to_at.is_(None))
    pairs = select(LoanTablet.tablet_id, Loan.swap_tablet_id).join(Loan, link).where(Loan.swap_tablet_id.is_not(None))
    found = session.execute(pairs.where(or_(Loan.swap_tablet_id == tablet_id, LoanTablet.tablet_id == tablet_id)))
    return [each for pair in found for each in pair if each is not None and each != tablet_id]


_LATEST = (
    select(LoanTablet)
    .where(LoanTablet.tablet_id == bindparam("tablet_id"))
    .order_by(LoanTablet.from_at.desc(), LoanTablet.id.desc())
    .limit(1)
)


def latest_link(session: Session, tablet_id: int) -> LoanTablet | None:
    """The loan that had this tablet last, open or not."""
    return session.scalar(_LATEST, {"tablet_id": tablet_id})


def latest_links(session: Session, tablet_ids: Sequence[int]) -> dict[int, LoanTablet]:
    """The same for many tablets; those that were never lent are left out."""
    query = select(LoanTablet).where(among(LoanTablet.tablet_id, tablet_ids))
    return {link.tablet_id: link for link in session.scalars(query.order_by(LoanTablet.from_at, LoanTablet.id))}


def last_loan_of_tablet(session: Session, tablet_id: int) -> Loan | None:
    query = select(Loan).join(LoanTablet, LoanTablet.loan_id == Loan.id).where(LoanTablet.tablet_id == tablet_id)
    return session.scalar(query.order_by(LoanTablet.id.desc()).limit(1))


def open_loan_of_sim(session: Session, sim_id: int) -> Loan | None:
    query = select(Loan).join(LoanSim, LoanSim.loan_id == Loan.id)
    return session.scalar(query.where(LoanSim.sim_id == sim_id, LoanSim.to_at.is_(None)))


def tablet_ids_of(session: Session, loan_ids: Sequence[int]) -> dict[int, int]:
    """loan -> the tablet it has."""
    query = select(LoanTablet.loan_id, LoanTablet.tablet_id).where(
        LoanTablet.loan_id.in_(loan_ids), LoanTablet.to_at.is_(None)
    )
    return dict(session.execute(query).all())


def people_of(session: Session, loan_ids: Sequence[int]) -> dict[int, Person]:
    """loan -> its person."""
    query = select(Loan.id, Person).join(Person, Person.id == Loan.person_id).where(Loan.id.in_(loan_ids))
    return dict(session.execute(query).all())


def needs_of(session: Session, person_id: int) -> Sequence[Need]:
    query = select(Need).where(Need.person_id == person_id, Need.ended_at.is_(None)).order_by(Need.code)
    return session.scalars(query).all()


def sim_and_bundle(session: Session, sim_id: int) -> tuple[Sim, DataBundle | None] | None:
    query = (
        select(Sim, DataBundle)
        .outerjoin(DataBundle, (DataBundle.sim_id == Sim.id) & DataBundle.replaced_at.is_(None))
        .where(Sim.id == sim_id)
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def tablets_of(session: Session, loan_ids: Sequence[int]) -> dict[int, Tablet]:
    """loan -> the tablet it has."""
    query = (
        select(LoanTablet.loan_id, Tablet)
        .join(Tablet, Tablet.id == LoanTablet.tablet_id)
        .where(LoanTablet.loan_id.in_(loan_ids), LoanTablet.to_at.is_(None))
    )
    return dict(session.execute(query).all())


def sims_of(session: Session, loan_ids: Sequence[int]) -> dict[int, tuple[Sim, DataBundle | None]]:
    """loan -> the SIM it has, or had last, with its data."""
    latest = select(func.max(LoanSim.id)).where(LoanSim.loan_id.in_(loan_ids)).group_by(LoanSim.loan_id)
    query = (
        select(LoanSim.loan_id, Sim, DataBundle)
        .join(Sim, Sim.id == LoanSim.sim_id)
        .outerjoin(DataBundle, (DataBundle.sim_id == Sim.id) & DataBundle.replaced_at.is_(None))
        .where(LoanSim.id.in_(latest))
    )
    return {loan_id: (sim, bundle) for loan_id, sim, bundle in session.execute(query)}


def cohorts_of(session: Session, loan_ids: Sequence[int]) -> dict[int, Cohort]:
    """loan -> its cohort, for those that have one."""
    query = select(Loan.id, Cohort).join(Cohort, Cohort.id == Loan.cohort_id).where(Loan.id.in_(loan_ids))
    return dict(session.execute(query).all())


def came_back_with_a_card(session: Session, tablet_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """tablet -> (loan, its SIM), for those that were swapped out while the loan's card was in their tray and the loan
    has that card still."""
    swaps = (
        select(func.max(LoanEvent.id))
        .join(LoanTablet, LoanTablet.loan_id == LoanEvent.loan_id)
        .where(LoanTablet.tablet_id.in_(tablet_ids), LoanEvent.kind.in_((LoanMove.SWAP.value, CARD_WITH_THEM)))
        .group_by(LoanEvent.loan_id)
    )
    query = (
        select(LoanEvent, LoanSim.sim_id)
        .join(LoanSim, and_(LoanSim.loan_id == LoanEvent.loan_id, LoanSim.to_at.is_(None)))
        .where(LoanEvent.id.in_(swaps))
    )
    told = ((event, sim_id) for event, sim_id in session.execute(query) if event.details.get("sim_in_tray") is True)
    return {
        event.details["came_back"]: (event.loan_id, sim_id)
        for event, sim_id in told
        if event.details.get("came_back") in tablet_ids
    }


def cards_left_in(session: Session, loan_ids: Sequence[int]) -> Sequence[tuple[int, int, Sim]]:
    """Loan, tablet and card, for each card that lies in the tablet of one of these loans though it is not that loan's,
    or not any more: of the loan that was called off, and of every loan that has had the tablet since."""
    since = or_(LoanTablet.to_at.is_(None), LoanTablet.to_at >= StraySim.at)
    query = (
        select(LoanTablet.loan_id, StraySim.tablet_id, Sim)
        .join(StraySim, and_(StraySim.tablet_id == LoanTablet.tablet_id, since))
        .join(Sim, Sim.iccid == StraySim.seen)
        .where(StraySim.kind == LEFT_IN, StraySim.settled_at.is_(None), LoanTablet.loan_id.in_(loan_ids))
        .distinct()
    )
    return [(loan_id, tablet_id, sim) for loan_id, tablet_id, sim in session.execute(query)]


def last_tablet_ids_of(session: Session, loan_ids: Sequence[int]) -> dict[int, int]:
    """loan -> the tablet it has, or had last."""
    latest = select(func.max(LoanTablet.id)).where(LoanTablet.loan_id.in_(loan_ids)).group_by(LoanTablet.loan_id)
    query = select(LoanTablet.loan_id, LoanTablet.tablet_id).where(LoanTablet.id.in_(latest))
    return dict(session.execute(query).all())
