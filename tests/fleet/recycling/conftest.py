"""A carrier with its registration, a consignment of which all is said, and tablets that may go into one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from fleet.recycling import service
from fleet.recycling.models import Consignment
from fleet.recycling.rules import ConsignmentKind
from fleet.recycling.service import NewConsignment
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock
from tests.stock import certified


@dataclass
class Yard:
    """What a test asks of recycling, each act in a transaction of its own."""

    database: Database
    clock: FakeClock
    settings: Settings
    technician: Actor
    carrier: Organisation
    stock: Callable[..., Tablet]

    def words(self, **parts: Any) -> NewConsignment:
        given: dict[str, Any] = {
            "kind": ConsignmentKind.TABLETS,
            "carrier_id": self.carrier.id,
            "register_checked_on": date(2026, 6, 1),
            "receiver_name": "Sample recycling site",
            "receiver_address": "1 Sample Yard\nLondon",
            "receiver_permit": "EPR/AB1234CD",
            "waste_code": "160214",
            "description": "Tablet computers, wiped, with their lithium-ion batteries",
            "contained_in": "1 closed crate",
            "collected_from": "Test hub, 2 Sample Street, London",
            "sic_code": "88.99",
            "hierarchy_applied": True,
        }
        return NewConsignment(**(given | parts))

    def act(self, function: Callable[..., Any], *given: Any, reason: str = "", client_id: str = "", **more: Any) -> Any:
        happening = Happening(self.clock(), reason=reason, client_id=client_id or None)
        with self.database.write() as session:
            return function(session, *given, actor=self.technician, happening=happening, **more)

    def consignment(self, **parts: Any) -> Consignment:
        made: Consignment = self.act(service.make, self.words(**parts))
        return made

    def wiped(self, **facts: Any) -> Tablet:
        """A tablet that waits for recycling, with the certificate of its wipe."""
        tablet = self.stock(Stage.AWAITING_RECYCLE, **({"data": DataState.CLEAN, "retiring": True} | facts))
        certified(self.database, tablet, self.clock)
        return tablet

    def dead(self, **facts: Any) -> Tablet:
        """One that could not be wiped, and is to be destroyed."""
        return self.stock(Stage.AWAITING_RECYCLE, destruction_ordered=True, retiring=True, **facts)

    def put_in(self, consignment: Consignment, tablet: Tablet, grams: int = 480, **more: Any) -> Any:
        return self.act(service.put_in, consignment.id, tablet.id, weight_grams=grams, battery_in=True, **more)

    def hand_over(self, consignment: Consignment, number: str = "WTN-17", **more: Any) -> Any:
        handed = service.HandedOver(number)
        return self.act(service.hand_over, consignment.id, handed, settings=self.settings, **more)


@pytest.fixture
def yard(
    database: Database,
    hub: Organisation,
    clock: FakeClock,
    settings: Settings,
    actor: Callable[..., Actor],
    stock: Callable[..., Tablet],
) -> Yard:
    with database.write() as session:
        carrier = partners.add_organisation(
            session,
            kind=OrganisationKind.CARRIER,
            name="Sample carrier",
            registration="CBDU000000",
            now=clock(),
        )
    return Yard(database, clock, settings, actor(Role.TECHNICIAN), carrier, stock)
