"""Going back to before requests said who made them, and coming again, with people and loans in the tables."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import text

from fleet.database.migrate import SCRIPTS, downgrade, upgrade
from fleet.equality import service as equality
from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from fleet.users.rules import Role
from tests.lending import Lending

THIS = "5d2f8c1ab704"


def test_who_asked_is_worked_out_for_the_requests_there_are(lending: Lending) -> None:
    before = ScriptDirectory(str(SCRIPTS)).get_revision(THIS)
    assert before is not None
    with lending.database.write() as session:
        partner = add_organisation(session, kind=OrganisationKind.REFERRER, name="Sample partner", now=lending.clock())
    loans = [lending.request(person=lending.person(referrer_id=number)).id for number in (None, partner.id)]
    with lending.database.write() as session:
        told = lending.happening()
        equality.record_answers(session, 1, {"housing": "owned"}, actor=lending.actor(Role.COORDINATOR), happening=told)
    downgrade(lending.database.engine, str(before.down_revision))
    upgrade(lending.database.engine)
    with lending.database.read() as session:
        kept = session.execute(text("SELECT id, asked_by FROM loan ORDER BY id")).all()
        names = session.scalar(text("SELECT count(*) FROM person WHERE last_name LIKE 'Person%' AND erased_at IS NULL"))
    assert [tuple(row) for row in kept] == list(zip(loans, ("staff", "partner"), strict=True))
    assert names == 2
