"""Every read of loans, what they hold and what happened to them, and the locked read that every change begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, Sim
from fleet.cohorts.models import Programme
from fleet.database.base import LARGEST_ID
from fleet.http.paging import Found, ListQuery, find
from fleet.loans.models import (
    AgreementText,
    DueVersion,
    LanguageAnswer,
    Loan,
    LoanAgreement,
    LoanEvent,
    LoanGathering,
    LoanSetUp,
    LoanSim,
    LoanTablet,
)
from fleet.loans.rules import (
    BEFORE_ALLOCATION,
    COUNTS_AGAINST_LIMIT,
    ENDED,
    WITH_THE_PERSON,
    AskedBy,
    LoanMove,
    LoanState,
)
from fleet.people.models import Need, Person
from fleet.people.rules import tidy_phone, tidy_postcode
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage


def loan(session: Session, loan_id: int) -> Loan | None:
    return session.get(Loan, loan_id)


def loan_locked(session: Session, loan_id: int) -> Loan | None:
    """The loan, locked until the transaction ends; always after its tablet and before its SIM."""
    query = select(Loan).where(Loan.id == loan_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def loans_locked(session: Session, loan_ids: Sequence[int]) -> Sequence[Loan]:
    """These loans, locked in the order of their numbers. For a change that touches neither their tablets nor SIMs."""
    query = select(Loan).where(Loan.id.in_(loan_ids)).order_by(Loan.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def open_tablet(session: Session, loan_id: int) -> LoanTablet | None:
    """The tablet the loan has, if it has one."""
    return session.scalar(select(LoanTablet).where(LoanTablet.loan_id == loan_id, LoanTablet.to_at.is_(None)))


def open_sim(session: Session, loan_id: int) -> LoanSim | None:
    """The SIM the loan has, if it has one."""
    return session.scalar(select(LoanSim).where(LoanSim.loan_id == loan_id, LoanSim.to_at.is_(None)))


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


def last_loan_of_tablet(session: Session, tablet_id: int) -> Loan | None:
    query = select(Loan).join(LoanTablet, LoanTablet.loan_id == Loan.id).where(LoanTablet.tablet_id == tablet_id)
    return session.scalar(query.order_by(LoanTablet.id.desc()).limit(1))


def open_loan_of_sim(session: Session, sim_id: int) -> Loan | None:
    query = select(Loan).join(LoanSim, LoanSim.loan_id == Loan.id)
    return session.scalar(query.where(LoanSim.sim_id == sim_id, LoanSim.to_at.is_(None)))


def loans_of_person(session: Session, person_id: int) -> Sequence[Loan]:
    return session.scalars(select(Loan).where(Loan.person_id == person_id).order_by(Loan.id)).all()


def unended_loan_ids_of_person(session: Session, person_id: int) -> Sequence[int]:
    query = select(Loan.id).where(Loan.person_id == person_id, Loan.state.not_in(ENDED)).order_by(Loan.id)
    return session.scalars(query).all()


def count_open_of_person(session: Session, person_id: int, *, besides: int) -> int:
    query = select(func.count()).where(
        Loan.person_id == person_id, Loan.id != besides, Loan.state.in_(COUNTS_AGAINST_LIMIT)
    )
    return session.scalar(query) or 0


def events(session: Session, loan_id: int) -> Sequence[LoanEvent]:
    """Newest first."""
    query = select(LoanEvent).where(LoanEvent.loan_id == loan_id).order_by(LoanEvent.id.desc()).limit(200)
    return session.scalars(query).all()


def event_by_client_id(session: Session, client_id: str) -> LoanEvent | None:
    return session.scalar(select(LoanEvent).where(LoanEvent.client_id == client_id))


def latest_event(session: Session, loan_id: int, *kinds: str) -> LoanEvent | None:
    """The last entry of any of these kinds."""
    query = select(LoanEvent).where(LoanEvent.loan_id == loan_id, LoanEvent.kind.in_(kinds))
    return session.scalar(query.order_by(LoanEvent.id.desc()).limit(1))


def count_extensions(session: Session, loan_id: int) -> int:
    """How often a loan was extended. Its due date may have been set right in between, which is none."""
    query = select(func.count()).where(LoanEvent.loan_id == loan_id, LoanEvent.kind == LoanMove.EXTEND.value)
    return session.scalar(query) or 0


def due_versions(session: Session, loan_id: int) -> Sequence[DueVersion]:
    query = select(DueVersion).where(DueVersion.loan_id == loan_id).order_by(DueVersion.number)
    return session.scalars(query).all()


def loans_due_between(session: Session, first: date, last: date) -> Sequence[Loan]:
    """Loans with the person whose due date lies between two days, both counted; soonest first."""
    query = select(Loan).where(
        Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None), Loan.due_on >= first, Loan.due_on <= last
    )
    return session.scalars(query.order_by(Loan.due_on, Loan.id)).all()


def open_loans_overdue(session: Session, today: date, *, limit: int | None = None) -> Sequence[Loan]:
    """Loans past due date and grace on `today`, longest overdue first. What was stopped is never overdue.

    Reads only rows that are late: the bound on `due_on` is worked out per grace, so that the index does the work.
    """
    graces = session.scalars(select(Programme.grace_days).distinct()).all()
    if not graces:
        return []
    late = or_(
        *(and_(Programme.grace_days == grace, Loan.due_on < today - timedelta(days=grace)) for grace in sorted(graces))
    )
    query = (
        select(Loan)
        .join(Programme, Programme.id == Loan.programme_id)
        .where(
            Loan.state.in_(WITH_THE_PERSON),
            Loan.stopped_at.is_(None),
            Loan.due_on < today - timedelta(days=min(graces)),
            late,
        )
        .order_by(Loan.due_on, Loan.id)
    )
    return session.scalars(query.limit(limit) if limit is not None else query).all()


def find_loans(session: Session, query: ListQuery, *, referrer_id: int | None = None) -> Found[Loan]:
    """Filters: `state`, `open` (yes), `asked_by`, `programme`, `cohort`, `person` (numbers), `q` (name, postcode or
    phone).

    With `referrer_id`, only what that organisation asked for.
    """
    statement = select(Loan).join(Person, Person.id == Loan.person_id)
    if referrer_id is not None:
        statement = statement.where(Loan.referrer_id == referrer_id)
    if query.filter("state") in list(LoanState):
        statement = statement.where(Loan.state == LoanState(query.filter("state")))
    if query.filter("open") == "yes":
        statement = statement.where(Loan.state.not_in(ENDED))
    if query.filter("asked_by") in list(AskedBy):
        statement = statement.where(Loan.asked_by == AskedBy(query.filter("asked_by")))
    for name, column in (("programme", Loan.programme_id), ("cohort", Loan.cohort_id), ("person", Loan.person_id)):
        if query.filter(name).isdecimal():
            statement = statement.where(column == min(int(query.filter(name)), LARGEST_ID))
    asked = query.filter("q")
    if asked:
        whole_name = func.lower(Person.first_name + " " + Person.last_name)
        same = [whole_name.like(f"%{asked.lower()}%"), Person.postcode == tidy_postcode(asked)]
        statement = statement.where(or_(*same, Person.phone == tidy_phone(asked)))
    sorts: dict[str, Any] = {
        "id": Loan.id,
        "name": func.lower(Person.last_name),
        "state": Loan.state,
        "due": Loan.due_on,
        "requested": Loan.requested_at,
    }
    return find(session, statement, query, sorts=sorts, tie=Loan.id, default_sort="id", default_descending=True)


def count_by_state(session: Session) -> dict[LoanState, int]:
    return dict(session.execute(select(Loan.state, func.count()).group_by(Loan.state)).all())


def ready_tablets(session: Session, *, hub_id: int, limit: int = 100) -> Sequence[Tablet]:
    """Tablets of the hub that stand ready and are not held, the one that has waited longest first."""
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    query = select(Tablet).where(Tablet.stage == Stage.READY, Tablet.hub_id == hub_id, Tablet.id.not_in(held))
    return session.scalars(query.order_by(Tablet.changed_at, Tablet.id).limit(limit)).all()


def loans_without_a_tablet(session: Session, *, hub_id: int, limit: int = 200) -> Sequence[Loan]:
    """Approved loans that wait for a tablet, the one asked for first in front."""
    query = select(Loan).where(Loan.state == LoanState.APPROVED, Loan.hub_id == hub_id)
    return session.scalars(query.order_by(Loan.requested_at, Loan.id).limit(limit)).all()


def profiles_in_stock(session: Session, *, hub_id: int) -> Sequence[str]:
    """The profile of each tablet that is on the shelf or is being made ready for it."""
    on_the_way = (Stage.PROVISIONING, Stage.PROVISIONED, Stage.READY)
    return session.scalars(select(Tablet.profile).where(Tablet.stage.in_(on_the_way), Tablet.hub_id == hub_id)).all()


def tablets_coming_back(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Tablets on their way back to the hub, or waiting there to be inspected."""
    query = select(Tablet).where(Tablet.stage.in_((Stage.RETURNED, Stage.IN_TRANSIT_BACK)))
    return session.scalars(query.order_by(Tablet.stage.desc(), Tablet.changed_at).limit(limit)).all()


def tablet_with_serial(session: Session, serial: str) -> Tablet | None:
    """The one tablet outside the hub with this serial; None when there is none, or more than one."""
    away = (Stage.ON_LOAN, Stage.IN_TRANSIT_BACK, Stage.IN_TRANSIT_OUT, Stage.LOST, Stage.RETURNED)
    query = select(Tablet).where(func.lower(Tablet.serial) == serial.lower(), Tablet.stage.in_(away)).limit(2)
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 else None


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


def reservations_made_before(session: Session, moment: datetime) -> Sequence[int]:
    """Loans whose tablet was kept before `moment` and is still neither packed nor on its way, oldest first."""
    query = select(Loan.id).where(
        Loan.state == LoanState.ALLOCATED, Loan.allocated_at < moment, Loan.dispatched_at.is_(None), Loan.attempts == 0
    )
    return session.scalars(query.order_by(Loan.allocated_at, Loan.id)).all()


def gathering_ids(session: Session, loan_id: int) -> tuple[int, ...]:
    """What was chosen for this loan, in the order of its tiles; empty where nobody chose."""
    query = select(LoanGathering.gathering_id).where(LoanGathering.loan_id == loan_id)
    return tuple(session.scalars(query.order_by(LoanGathering.place)))


def replace_gatherings(session: Session, loan_id: int, chosen: Sequence[int]) -> None:
    session.execute(delete(LoanGathering).where(LoanGathering.loan_id == loan_id))
    for place, gathering_id in enumerate(chosen):
        session.add(LoanGathering(loan_id=loan_id, gathering_id=gathering_id, place=place))
    session.flush()


def set_up_tablet_id(session: Session, loan_id: int) -> int | None:
    """The tablet that is to be made for this loan."""
    return session.scalar(select(LoanSetUp.tablet_id).where(LoanSetUp.loan_id == loan_id))


def loan_to_set_up_for(session: Session, tablet_id: int) -> Loan | None:
    """The waiting loan that this tablet is to be made for."""
    query = select(Loan).join(LoanSetUp, LoanSetUp.loan_id == Loan.id).where(LoanSetUp.tablet_id == tablet_id)
    return session.scalar(query.where(Loan.state.in_(BEFORE_ALLOCATION)))


def forget_set_up(session: Session, *, loan_id: int, tablet_id: int | None = None) -> None:
    session.execute(delete(LoanSetUp).where(or_(LoanSetUp.loan_id == loan_id, LoanSetUp.tablet_id == tablet_id)))


def tablets_to_set_up(session: Session, *, hub_id: int, limit: int = 100) -> Sequence[Tablet]:
    """Clean tablets at the hub that are made for no other waiting loan."""
    taken = (
        select(LoanSetUp.tablet_id).join(Loan, Loan.id == LoanSetUp.loan_id).where(Loan.state.in_(BEFORE_ALLOCATION))
    )
    stages = (Stage.WIPED, Stage.PROVISIONED, Stage.READY)
    query = select(Tablet).where(Tablet.hub_id == hub_id, Tablet.stage.in_(stages), Tablet.id.not_in(taken))
    return session.scalars(query.where(Tablet.retiring.is_(False)).order_by(Tablet.id).limit(limit)).all()


def agreement(session: Session, loan_id: int) -> LoanAgreement | None:
    """The words that were made, or accepted, for a loan."""
    return session.scalar(select(LoanAgreement).where(LoanAgreement.loan_id == loan_id))


def agreement_text(session: Session, programme_id: int, language: str) -> AgreementText | None:
    """The newest version of a programme's own text."""
    query = select(AgreementText).where(AgreementText.programme_id == programme_id, AgreementText.language == language)
    return session.scalar(query.order_by(AgreementText.version.desc()).limit(1))


def agreement_texts(session: Session, programme_id: int) -> Sequence[AgreementText]:
    """Every version of a programme's texts: by language, newest first."""
    query = select(AgreementText).where(AgreementText.programme_id == programme_id)
    return session.scalars(query.order_by(AgreementText.language, AgreementText.version.desc()).limit(200)).all()


def language_answer(session: Session, loan_id: int) -> LanguageAnswer | None:
    return session.scalar(select(LanguageAnswer).where(LanguageAnswer.loan_id == loan_id))
