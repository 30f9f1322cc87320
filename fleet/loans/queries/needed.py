"""Reads of who needs a tablet and what there is for them: counted in the database, so that they stay flat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Cohort, Programme
from fleet.loans.models import Loan
from fleet.loans.queries.turns import WAITS
from fleet.loans.rules import HAS_A_PLACE, WITH_THE_PERSON, LoanKind
from fleet.loans.rules.fitting import CLEAR_SCREEN_NEEDS
from fleet.people.models import Need
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage

SET_UP = (Stage.PROVISIONING, Stage.PROVISIONED, Stage.READY)
TO_BE_SET_UP = (Stage.IN_TRANSIT_BACK, Stage.RETURNED, Stage.CLEANED, Stage.AWAITING_WIPE, Stage.WIPING, Stage.WIPED)


def waiting_by_kind(session: Session, *, hub_id: int, today: date) -> dict[bool, int]:
    """Whether they need a clear screen -> how many wait for a tablet and could have one today: those of a taster month
    that is still to begin are counted by its places."""
    wants = exists().where(
        Need.person_id == Loan.person_id, Need.ended_at.is_(None), Need.code.in_(sorted(CLEAR_SCREEN_NEEDS))
    )
    query = (
        select(wants.label("wants_clear"), func.count())
        .select_from(Loan)
        .outerjoin(Cohort, Cohort.id == Loan.cohort_id)
        .where(Loan.state.in_(WAITS), Loan.kind == LoanKind.TABLET, Loan.hub_id == hub_id)
        .where(or_(Loan.cohort_id.is_(None), Cohort.starts_on <= today))
        .group_by("wants_clear")
    )
    return {bool(kind): count for kind, count in session.execute(query)}


def stock_by_profile(session: Session, *, hub_id: int, with_virtual: bool) -> dict[str, int]:
    """Profile -> how many tablets stand ready, or are being made so, and nothing holds them; "" for those that
    are still to be set up and can become either kind."""
    held = exists().where(Hold.tablet_id == Tablet.id, Hold.lifted_at.is_(None))
    query = select(Tablet.stage, Tablet.profile, func.count()).where(
        Tablet.hub_id == hub_id, Tablet.stage.in_(SET_UP + TO_BE_SET_UP), Tablet.retiring.is_(False), ~held
    )
    if not with_virtual:
        query = query.where(Tablet.is_virtual.is_(False))
    found: dict[str, int] = {}
    for stage, profile, count in session.execute(query.group_by(Tablet.stage, Tablet.profile)):
        name = profile if stage in SET_UP else ""
        found[name] = found.get(name, 0) + count
    return found


def months_between(session: Session, *, hub_id: int, after: date, before: date) -> Sequence[tuple[Cohort, int]]:
    """The taster months that begin after one day and before another, each with the places that nobody fills."""
    filled = and_(Loan.cohort_id == Cohort.id, Loan.state.in_(HAS_A_PLACE))
    query = (
        select(Cohort, Cohort.places - func.count(Loan.id))
        .join(Programme, Programme.id == Cohort.programme_id)
        .outerjoin(Loan, filled)
        .where(Programme.hub_id == hub_id, Cohort.starts_on > after, Cohort.starts_on < before)
        .group_by(Cohort.id)
        .order_by(Cohort.starts_on, Cohort.id)
    )
    return [(cohort, max(0, free)) for cohort, free in session.execute(query)]


def due_counts(session: Session, *, hub_id: int, first: date, last: date, besides: int) -> dict[date, int]:
    """Due date -> how many loans are with their person and due on it, besides one."""
    query = select(Loan.due_on, func.count()).where(
        Loan.hub_id == hub_id,
        Loan.state.in_(sorted(WITH_THE_PERSON)),
        Loan.due_on >= first,
        Loan.due_on <= last,
        Loan.stopped_at.is_(None),
        Loan.id != besides,
    )
    return {day: count for day, count in session.execute(query.group_by(Loan.due_on)) if day is not None}
