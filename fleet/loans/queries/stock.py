"""Reads of the tablets that loans are given from and come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fleet.bench.models import Run
from fleet.bench.rules import RunKind, RunState
from fleet.loans.models import Loan
from fleet.loans.rules import LoanKind, LoanState
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Custody, Stage, hub_code


def ready_tablets(session: Session, *, hub_id: int, fresh_since: datetime, limit: int = 100) -> Sequence[Tablet]:
    """Tablets of the hub that stand ready, were verified since then and are not held, the one that has waited longest
    first."""
    query = select(Tablet).where(*_on_the_shelf(hub_id), Tablet.verified_at >= fresh_since)
    return session.scalars(query.order_by(Tablet.changed_at, Tablet.id).limit(limit)).all()


def ready_too_long(
    session: Session, *, hub_id: int, fresh_since: datetime, limit: int = 6
) -> tuple[Sequence[Tablet], int]:
    """Some of the tablets that stand ready and are not held, but were verified before then; and how many there are."""
    old = (*_on_the_shelf(hub_id), or_(Tablet.verified_at.is_(None), Tablet.verified_at < fresh_since))
    some = session.scalars(select(Tablet).where(*old).order_by(Tablet.verified_at, Tablet.id).limit(limit)).all()
    return some, len(some) if len(some) < limit else session.scalar(select(func.count()).where(*old)) or 0


def _on_the_shelf(hub_id: int) -> tuple[ColumnElement[bool], ...]:
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    return Tablet.stage == Stage.READY, Tablet.hub_id == hub_id, Tablet.id.not_in(held)


def last_provisions(session: Session, tablet_ids: Sequence[int]) -> dict[int, tuple[str, list[str], str]]:
    """Tablet -> profile, access layers and language of its last provision that passed, as the run wrote them down."""
    passed = (Run.tablet_id.in_(tablet_ids), Run.kind == RunKind.PROVISION, Run.state == RunState.PASSED)
    last = select(func.max(Run.id)).where(*passed).group_by(Run.tablet_id)
    query = select(Run.tablet_id, Run.profile, Run.plan["needs"], Run.plan["language"].as_string())
    query = query.where(Run.id.in_(last), Run.plan.is_not(None))
    return {tablet_id: (profile, needs or [], code or "") for tablet_id, profile, needs, code in session.execute(query)}


def loans_without_a_tablet(session: Session, *, hub_id: int, limit: int = 200) -> Sequence[Loan]:
    """Approved loans that wait for a tablet, the one asked for first in front."""
    query = select(Loan).where(Loan.state == LoanState.APPROVED, Loan.kind == LoanKind.TABLET, Loan.hub_id == hub_id)
    return session.scalars(query.order_by(Loan.requested_at, Loan.id).limit(limit)).all()


def profiles_in_stock(session: Session, *, hub_id: int) -> Sequence[str]:
    """The profile of each tablet that is on the shelf or is being made ready for it."""
    on_the_way = (Stage.PROVISIONING, Stage.PROVISIONED, Stage.READY)
    return session.scalars(select(Tablet.profile).where(Tablet.stage.in_(on_the_way), Tablet.hub_id == hub_id)).all()


def tablets_coming_back(session: Session, *, hub_id: int, limit: int = 200) -> Sequence[Tablet]:
    """A hub's tablets on their way back or waiting there to be inspected, and those of others that wait there to go
    home."""
    lies_here = and_(Tablet.custody == Custody.HUB, Tablet.holder == hub_code(hub_id))
    query = select(Tablet).where(
        Tablet.stage.in_((Stage.RETURNED, Stage.IN_TRANSIT_BACK)), or_(Tablet.hub_id == hub_id, lies_here)
    )
    return session.scalars(query.order_by(Tablet.stage.desc(), Tablet.changed_at).limit(limit)).all()


def tablet_with_serial(session: Session, serial: str) -> Tablet | None:
    """The one tablet outside the hub with this serial; None when there is none, or more than one."""
    away = (Stage.ON_LOAN, Stage.IN_TRANSIT_BACK, Stage.IN_TRANSIT_OUT, Stage.LOST, Stage.RETURNED)
    query = select(Tablet).where(func.lower(Tablet.serial) == serial.lower(), Tablet.stage.in_(away)).limit(2)
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 else None
