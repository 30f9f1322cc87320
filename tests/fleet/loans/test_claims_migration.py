"""Going back to before claims, caps and custodians were kept, and coming again, with loans in the tables."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from fleet.chasing import service as chasing
from fleet.chasing.rules import HoldReason
from fleet.database.migrate import downgrade, upgrade
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody
from fleet.users.rules import Role
from tests.fleet.loans.test_venues import lent, place
from tests.lending import Lending

__all__ = ["place"]
REVISION = "7f3a1d9c52e8"
UNTIL = date(2026, 6, 15)


def test_down_and_up_again_with_rows(lending: Lending, place: Organisation) -> None:
    venue = lent(lending, place, count=1)
    lending.do(loans.hand_over_venue, venue.id)
    (at_venue,) = lending.read(queries.loans_at_venue, venue.id)
    tablet_id, looked_for = lending.tablet_id(at_venue.id), lending.loan_at(LoanState.ACTIVE)
    with lending.database.write() as session:
        actor, happening = lending.actor(Role.COORDINATOR), lending.happening()
        why = HoldReason.SAYS_GIVEN_BACK
        chasing.place_hold(session, looked_for.id, why, until=UNTIL, actor=actor, happening=happening)
    engine = lending.database.engine
    downgrade(engine, f"{REVISION}-1")
    with engine.connect() as connection:
        custody = connection.execute(text(f"SELECT custody FROM tablet WHERE id = {tablet_id}")).scalar_one()
    assert custody == "participant"
    upgrade(engine)
    (claim,) = lending.read(loans.claims_of, looked_for.id)
    assert (claim.search_until, claim.tablet_id) == (UNTIL, lending.tablet_id(looked_for.id))
    assert claim.settled_at is None
    (first,) = lending.read(loans.custodians_of, venue.id)
    assert (first.person_id, first.from_on) == (venue.person_id, date(2026, 6, 1))
    assert lending.read(tablets.get_tablet, tablet_id).custody is Custody.VENUE
