"""Reads of the tablets that loans are given from and come back to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from fleet.loans.models import Loan
from fleet.loans.rules import LoanKind, LoanState
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Custody, Stage, hub_code


def ready_tablets(session: Session, *, hub_id: int, limit: int = 100) -> Sequence[Tablet]:
    """Tablets of the hub that stand ready and are not held, the one that has waited longest first."""
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    query = select(Tablet).where(Tablet.stage == Stage.READY, Tablet.hub_id == hub_id, Tablet.id.not_in(held))
    return session.scalars(query.order_by(Tablet.changed_at, Tablet.id).limit(limit)).all()


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
