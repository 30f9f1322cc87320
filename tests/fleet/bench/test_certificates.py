"""A certificate is final, numbered without gaps, and superseded only by the next wipe of the same tablet."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from fleet.bench import queries, service
from fleet.bench.models import Certificate, CertificateIsFinal
from fleet.bench.rules import RunState
from fleet.database.lists import ListQuery
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, Stage
from provisioning.errors import WipeError
from provisioning.wipe.evidence import after_wipe_from_json, before_wipe_from_json
from provisioning.wipe.judging import judge
from tests.fleet.bench.workbench import Place, Workbench


def wiped(workbench: Workbench, place: Place) -> str:
    run = workbench.finish(workbench.start_wipe(place), place)
    assert run.state is RunState.PASSED, run.problem
    with workbench.database.read() as session:
        certificate = queries.certificate_of_run(session, run.id)
        assert certificate is not None
        return certificate.number


def lent_and_back(workbench: Workbench, place: Place) -> None:
    with workbench.database.write() as session:
        tablet = session.get(Tablet, place.tablet.id)
        assert tablet is not None
        tablet.stage, tablet.data, tablet.left_hub_at = Stage.AWAITING_WIPE, DataState.DIRTY, workbench.clock()


def test_the_next_wipe_of_a_tablet_supersedes_the_last(workbench: Workbench) -> None:
    place, other = workbench.place(), workbench.place()
    first = wiped(workbench, place)
    elsewhere = wiped(workbench, other)
    lent_and_back(workbench, place)
    second = wiped(workbench, place)
    assert [number[-6:] for number in (first, elsewhere, second)] == ["000001", "000002", "000003"]
    with workbench.database.read() as session:
        old, new = service.check_certificate(session, first), service.check_certificate(session, second)
        assert (old.valid, old.superseded_by) == (False, second)
        assert (new.valid, new.supersedes) == (True, first)
        assert service.check_certificate(session, elsewhere).valid
        one = service.certificate_pdf(session, second, settings=workbench.settings)
        assert service.certificate_pdf(session, second, settings=workbench.settings) == one


def test_a_certificate_is_neither_changed_nor_deleted(workbench: Workbench) -> None:
    number = wiped(workbench, workbench.place())
    with workbench.database.read() as session:
        before = service.get_certificate(session, number).content
    with pytest.raises(CertificateIsFinal, match=number), workbench.database.write() as session:
        service.get_certificate(session, number).content_sha256 = "0" * 64
    with pytest.raises(CertificateIsFinal, match=number), workbench.database.write() as session:
        session.delete(service.get_certificate(session, number))
    with workbench.database.read() as session:
        checked = service.check_certificate(session, number)
    assert checked.genuine
    assert checked.certificate.content == before


def test_a_wipe_that_is_not_verified_cannot_be_certified(workbench: Workbench) -> None:
    place = workbench.place()
    ended = workbench.finish(workbench.start_wipe(place), place)
    assert ended.before is not None
    assert ended.after is not None
    before = before_wipe_from_json(ended.before)
    after = after_wipe_from_json(ended.after | {"canaries": dict.fromkeys(before.canaries, "present")})
    with pytest.raises(WipeError, match="No certificate was written"), workbench.database.write() as session:
        service.write_certificate(session, ended, before, after, judge(before, after), now=workbench.clock())
    with workbench.database.read() as session:
        assert queries.find_certificates(session, ListQuery()).total == 1
    assert wiped(workbench, workbench.place())[-6:] == "000002"


def test_what_the_certificate_says_is_what_was_read(workbench: Workbench) -> None:
    place = workbench.place(label_code="K7F3QX")
    serial, generation = place.device.serial, place.device.content.generation
    number = wiped(workbench, place)
    with workbench.database.read() as session:
        certificate: Certificate = service.get_certificate(session, number)
        content = service.check_certificate(session, number).content
    assert (content.serial, content.asset_code, content.organisation) == (serial, "K7F3-QX", "Test hub")
    assert content.sanitised_by.name == workbench.technician.name
    assert content.removable_media_removed
    assert certificate.content_sha256 == content.content_sha256
    assert place.device.content.generation == generation + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET content_sha256 = 'forged'",
        "UPDATE certificate SET issued_at = issued_at",
        "DELETE FROM certificate",
        "TRUNCATE certificate CASCADE",
    ],
)
def test_the_database_itself_keeps_a_certificate_as_it_is_whatever_program_asks(
    workbench: Workbench, statement: str
) -> None:
    if statement.startswith("TRUNCATE") and workbench.database.engine.dialect.name == "sqlite":
        statement = "REPLACE INTO certificate SELECT * FROM certificate"  # SQLite has no TRUNCATE but this detour
    number = wiped(workbench, workbench.place())
    with workbench.database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET ROLE NONE")  # as the owner, who may do more than our own code
        with pytest.raises(DBAPIError, match="is final"):
            connection.exec_driver_sql(statement)
    with workbench.database.read() as session:
        assert service.check_certificate(session, number).genuine


def test_no_statement_of_the_orm_slips_past_either(workbench: Workbench) -> None:
    number = wiped(workbench, workbench.place())
    for statement in (update(Certificate).values(content_sha256="forged"), delete(Certificate)):
        with workbench.database.engine.connect() as connection, pytest.raises(DBAPIError, match="is final"):
            connection.execute(statement)
    with workbench.database.read() as session:
        assert service.check_certificate(session, number).genuine
