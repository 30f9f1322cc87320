"""Coming to where email addresses have one form, with people in the table who were recorded before."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from sqlalchemy import text

from fleet.database.migrate import SCRIPTS, downgrade, upgrade
from tests.lending import Lending

THIS = "c4a71f5e2d90"


def test_addresses_that_were_recorded_before_come_into_one_form(lending: Lending) -> None:
    before = ScriptDirectory(str(SCRIPTS)).get_revision(THIS)
    assert before is not None
    lending.person(email="sample.one@example.org")
    lending.person()
    downgrade(lending.database.engine, str(before.down_revision))
    with lending.database.engine.begin() as connection:
        connection.execute(text("UPDATE person SET email = 'Sample.One@Example.org' WHERE email != ''"))
    upgrade(lending.database.engine)
    with lending.database.read() as session:
        kept = session.scalars(text("SELECT email FROM person ORDER BY id")).all()
    assert kept == ["sample.one@example.org", ""]
