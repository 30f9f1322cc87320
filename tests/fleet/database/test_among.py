"""Many numbers as one value, on both engines."""

from __future__ import annotations

from sqlalchemy import select

from fleet.database.among import among
from fleet.database.session import Database
from fleet.partners.models import Organisation, OrganisationKind
from tests.people import FakeClock


def test_rows_are_found_by_many_numbers_at_once(database: Database, clock: FakeClock) -> None:
    with database.write() as session:
        for number in range(5):
            kind = OrganisationKind.VENUE
            session.add(Organisation(kind=kind, name=f"Venue {number}", covers=[], created_at=clock()))
    with database.read() as session:
        everybody = session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
        for wanted in ([], everybody[:2], [*everybody, 99_999]):
            query = select(Organisation.id).where(among(Organisation.id, wanted)).order_by(Organisation.id)
            assert list(session.scalars(query)) == [each for each in everybody if each in wanted]
