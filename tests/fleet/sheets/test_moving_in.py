"""An installation in use moves into an empty one by its files: nobody's place, label or history stays behind."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.database.session import Database, open_database
from fleet.errors import MoveRefused
from fleet.loans import service as loans
from fleet.loans.rules import HandedTo, LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.people.models import Person
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.kinds import KINDS, KindName
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.sheets.world import ORDER, bring_in, taken_out
from tests.lending import Lending, lending_at
from tests.people import FakeClock

pytestmark = ON_SQLITE
STATES = (
    LoanState.APPROVED,
    LoanState.ALLOCATED,
    LoanState.OUT_FOR_DELIVERY,
    LoanState.ACTIVE,
    LoanState.RETURN_ARRANGED,
    LoanState.COLLECTED,
    LoanState.CLOSED_RETURNED,
)


@pytest.fixture
def lending(
    database: Database, hub: Organisation, clock: FakeClock, settings: Settings, actor: Callable[..., Actor]
) -> Lending:
    return Lending(database, hub.id, clock, settings, {Role.TECHNICIAN: actor(Role.TECHNICIAN)})


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path, clock: FakeClock, settings: Settings) -> Iterator[Lending]:
    """Another installation, in which there is a hub and nothing else."""
    opened = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'empty.sqlite3')}")
    with opened.write() as session:
        hub = add_organisation(
            session, kind=OrganisationKind.HUB, name="Test hub", help_phone="020 7946 0000", now=clock()
        )
    yield lending_at(opened, hub.id, clock, settings)
    opened.close()


def rows_of(lending: Lending, name: KindName) -> list[dict[str, str]]:
    with lending.database.read() as session:
        return list(csv.DictReader(io.StringIO(taken_out(session, name).removeprefix("\ufeff"))))


def move(lending: Lending, empty: Lending) -> None:
    """Everything that one takes out, brought into the other in the order of the guide."""
    with lending.database.read() as session:
        files = {name: taken_out(session, name) for name in ORDER}
    who = empty.actor(Role.COORDINATOR)
    for name in ORDER:
        if files[name].count("\r\n") > 1:
            with empty.database.write() as session:
                bring_in(session, name, files[name], actor=who, settings=empty.settings, clock=empty.clock)


def doubts_of(lending: Lending, name: KindName, text: str) -> str:
    with lending.database.read() as session:
        who = lending.actor(Role.COORDINATOR)
        looked = service.look(session, KINDS[name], text, actor=who, settings=lending.settings, now=lending.clock())
    assert not [row.problems for row in looked.rows if row.problems]
    return " ".join((*looked.passed_over, *(doubt for row in looked.rows for doubt in row.doubts)))


def test_what_is_under_way_comes_in_as_what_it_goes_on_from(lending: Lending, empty: Lending) -> None:
    for state in STATES:
        lending.loan_at(state)
    move(lending, empty)
    assert Counter(row["state"] for row in rows_of(empty, KindName.REQUESTS)) == {"approved": 3}
    assert Counter(row["state"] for row in rows_of(empty, KindName.LOANS)) == {"active": 2, "closed_returned": 2}
    phone, programme = lending.person(phone="020 7946 0008").phone, lending.programme().name
    row = f"person_phone,programme,state\n{phone},{programme},allocated\n"
    assert "keep a tablet for them here" in doubts_of(lending, KindName.REQUESTS, row)


def test_what_was_approved_gets_no_tablet_before_the_person_is_asked_what_they_need(
    lending: Lending, empty: Lending
) -> None:
    lending.loan_at(LoanState.APPROVED)
    move(lending, empty)
    (request,) = rows_of(empty, KindName.REQUESTS)
    with pytest.raises(MoveRefused) as refused:
        empty.step(int(request["number"]), LoanState.ALLOCATED)
    assert "Ask first what the person needs" in " ".join(refused.value.reasons)


def test_what_cannot_come_in_says_so_itself_and_keeps_nothing_else_out(lending: Lending, empty: Lending) -> None:
    kept, gone = lending.loan_at(LoanState.CLOSED_RETURNED), lending.loan_at(LoanState.CLOSED_RETURNED)
    with lending.database.write() as session:
        person = session.get(Person, gone.person_id)
        assert person is not None
        person.erased_at = lending.clock()
        days = SpecialDays(date(2026, 12, 24), date(2026, 12, 24), "Taken back")
        who, told = lending.actor(Role.COORDINATOR), lending.happening()
        cohorts.add_closure(session, lending.hub_id, replace(days, name="Kept"), actor=who, happening=told)
        withdrawn = cohorts.add_closure(session, lending.hub_id, days, actor=who, happening=told)
        cohorts.withdraw_closure(session, withdrawn.id, actor=who, now=lending.clock())
        venue = add_organisation(session, kind=OrganisationKind.VENUE, name="Sample hall", now=lending.clock())
    lending.do(
        loans.lend_to_venue,
        place_id=venue.id,
        person_id=lending.person(phone="020 7946 0009").id,
        programme_id=kept.programme_id,
        tablet_ids=[lending.tablet().id],
        due_on=date(2026, 7, 1),
    )
    asked = lending.request()
    assert [row["stays_out"] for row in rows_of(lending, KindName.LOANS)] == ["", "yes"]
    assert [row["stays_out"] for row in rows_of(lending, KindName.REQUESTS)] == ["yes", ""]
    move(lending, empty)
    assert len(rows_of(empty, KindName.LOANS)) == 1
    (request,) = rows_of(empty, KindName.REQUESTS)
    assert request["requested_at"] == f"{asked.requested_at:%Y-%m-%d %H:%M:%S}"
    assert [row["name"] for row in rows_of(empty, KindName.CLOSURES)] == ["Kept"]


def test_a_recycled_tablet_comes_in_with_its_end_its_label_and_its_history(lending: Lending, empty: Lending) -> None:
    lending.tablet(Stage.RECYCLED, serial="GONE000001")
    move(lending, empty)
    (tablet,) = rows_of(empty, KindName.TABLETS)
    assert (tablet["serial"], tablet["stage"], tablet["custody"]) == ("GONE000001", "recycled", "carrier")
    assert "left the fleet for good" in doubts_of(lending, KindName.TABLETS, "serial,stage\nOTHER00001,recycled\n")
    with pytest.raises(service.FileRefused) as refused:
        move(lending, empty)
    assert "which has left the fleet" in str(refused.value.details)


def test_a_tablet_that_was_lent_before_it_was_swapped_in_comes_in_with_both_loans(
    lending: Lending, empty: Lending
) -> None:
    own, earlier = lending.loan_at(LoanState.ACTIVE), lending.loan_at(LoanState.ACTIVE)
    cracked, brought = lending.tablet_id(own.id), lending.tablet_id(earlier.id)
    lending.clock.advance(days=3)
    for state in (LoanState.RETURN_ARRANGED, LoanState.COLLECTED, LoanState.CLOSED_RETURNED):
        lending.step(earlier.id, state)
    lending.wipe_and_make_ready(brought)
    lending.clock.advance(days=1)
    lending.do(loans.arrange_swap, own.id, tablet_id=brought, reason="Its screen is cracked")
    told = {"tablet_id": cracked, "brought_id": brought, "handed_to": HandedTo.PARTICIPANT}
    lending.do(loans.swap, own.id, **told, role=Role.TECHNICIAN)
    move(lending, empty)
    lent = rows_of(empty, KindName.LOANS)
    assert [(row["state"], row["tablet_since"]) for row in lent] == [("active", "2026-06-05"), ("closed_returned", "")]
    assert len({row["serial"] for row in lent}) == 1
