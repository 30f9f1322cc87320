"""Tablets that are brought to another hub than their own: their loan ends there, and they go home from there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.loans import service as loans
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, Stage
from fleet.users.rules import Role
from tests.year.life import Life
from tests.year.town import Hub, Town


def hand_in_at_another_hub(town: Town, each: Life) -> None:
    """They bring it to the next hub that is open; scanned there once more, it is there already."""
    others = [hub for hub in town.hubs if hub.id != each.hub_id and hub.is_open(town.today)]
    if not others:
        return
    at = others[each.loan_id % len(others)].id
    town.do(loans.scan_in, tablet_id=each.tablet_id, at=at, role=Role.TECHNICIAN)
    town.refused("R16", loans.scan_in, tablet_id=each.tablet_id, at=at, role=Role.TECHNICIAN)
    town.seen["handed in at another hub"] += 1


def bring_home(town: Town) -> None:
    """What waits at another hub is brought to its own, where that is open."""
    for tablet_id, hub_id in town.read(_guests):
        home = next(hub for hub in town.hubs if hub.id == hub_id)
        if home.is_open(town.today):
            _home(town, tablet_id, home)


def _home(town: Town, tablet_id: int, home: Hub) -> None:
    town.do(loans.scan_in, tablet_id=tablet_id, at=home.id, role=Role.TECHNICIAN)
    town.seen["came home from another hub"] += 1


def _guests(session: Session) -> list[tuple[int, int]]:
    """Tablets that are on their way back, and lie at a hub that is not theirs."""
    query = select(Tablet.id, Tablet.hub_id).where(
        Tablet.stage == Stage.IN_TRANSIT_BACK, Tablet.custody == Custody.HUB, Tablet.holder != ""
    )
    return [(*row,) for row in session.execute(query.order_by(Tablet.id))]
