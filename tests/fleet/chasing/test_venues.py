"""Of tablets at a venue, the custodian alone hears: once for all of them."""

from __future__ import annotations

from datetime import date

from fleet.loans import queries
from fleet.loans import service as loans
from fleet.partners.models import Organisation, OrganisationKind
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing

DUE = date(2026, 6, 30)


@ON_SQLITE
def test_one_message_goes_to_the_custodian_about_all_that_are_still_there(chasing: Chasing) -> None:
    lending = chasing.lending
    coordinator = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        place = Organisation(kind=OrganisationKind.VENUE, name="Sample Hall", covers=[], created_at=lending.clock())
        session.add(place)
        session.flush()
        custodian = loans.add_custodian(
            session,
            place_id=place.id,
            first_name="Sample",
            last_name="Custodian",
            email="hall@doorstep.example",
            hub_id=lending.hub_id,
            actor=coordinator,
            happening=lending.happening(),
        )
    venue = lending.do(
        loans.lend_to_venue,
        place_id=place.id,
        person_id=custodian,
        programme_id=lending.programme().id,
        tablet_ids=[lending.tablet().id for _ in range(3)],
        due_on=DUE,
    )
    lending.do(loans.hand_over_venue, venue.id)
    back, *still = lending.read(queries.loans_at_venue, venue.id)
    lending.do(loans.hand_in, back.id, tablet_id=lending.tablet_id(back.id), role=Role.TECHNICIAN)
    chasing.at(DUE)
    chasing.tick()
    (message,) = chasing.outbox()
    assert "hall@doorstep.example" in message.read_text()
    assert chasing.ledger(back) == []
    assert sum(len(chasing.ledger(loan)) for loan in still) >= 1
