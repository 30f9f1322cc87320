"""No answer to a courier, a finder or a referrer holds what their row of the table of sight does not give them.

Everything personal in a furnished hub is marked; then every answer those three can get is searched for marks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import select

from fleet.app import all_routes, furnish
from fleet.database.session import Database, open_database
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.service import sight
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.people.models import Need, Person
from fleet.people.rules import DOORSTEP_NEEDS, NeedCode
from fleet.people.sight import SeenPerson, seen_at_the_door
from fleet.settings import Settings
from fleet.tags.models import Tag
from fleet.users import queries, service
from fleet.users.rules import Role
from tests.fleet.everything import Everything, furnished
from tests.fleet.users.answers import Walk, readable
from tests.fleet.users.marks import PERSON, Mark, Marks, marked, open_to_courier, open_to_referrer, own_account
from tests.people import Browser, FakeClock

HOURS = 12
"""How long an address is shown after the door."""


@dataclass
class House:
    """A furnished hub with marked data, and the application over it."""

    everything: Everything
    app: FastAPI
    marks: Marks
    codes: tuple[str, ...]

    @property
    def people(self) -> tuple[int, ...]:
        return tuple(mark.row for mark in self.marks.shaped if mark.column == "phone")

    @property
    def database(self) -> Database:
        return self.everything.database

    def walk(self, role: Role | None) -> Walk:
        browser = Browser(self.app, base_url="https://t.example", follow_redirects=False, raise_server_exceptions=False)
        token = self._sign_in(role) if role else ""
        return Walk(self.everything, self.app, browser, role, token, self.codes, self.people)

    def _sign_in(self, role: Role) -> str:
        with self.database.write() as session:
            user = queries.user_by_id(session, self.everything.actor(role).user_id or 0)
            assert user is not None
            return service.begin_sign_in(session, user, now=self.everything.clock()).token

    def allowed(self, role: Role | None) -> set[Mark]:
        """What somebody with this role may read as things stand."""
        with self.database.read() as session:
            if role is Role.COURIER:
                now = self.everything.clock()
                return open_to_courier(session.connection(), self.everything.actor(role), now, hours=HOURS)
            if role is Role.REFERRER:
                return open_to_referrer(session.connection(), self.everything.actor(role))
        return own_account(self.everything.actor(role)) if role else set()

    def leaks(self, role: Role | None, answers: Iterator[tuple[str, Response]]) -> list[str]:
        """Each mark that an answer holds and its reader may not see. What an act opened or closed is open meanwhile."""
        found, before = [], self.allowed(role)
        for name, answer in answers:
            text = readable(answer)
            marks = set(self.marks.found(text))
            needs = set(self.marks.needs_found(text)) if role is not Role.REFERRER else set()
            if marks or needs:
                after = self.allowed(role)
                found += [f"{name}: {mark}" for mark in sorted(marks - before - after, key=str)]
                found += [f"{name}: {code}" for code in needs - self._needs(before | after)]
            if name.startswith("POST"):
                before = self.allowed(role)
        return found

    def _needs(self, allowed: set[Mark]) -> set[NeedCode]:
        """The doorstep needs of those whose door is open."""
        at_an_open_door = {mark.row for mark in allowed if mark.table == PERSON and mark.column == "door_note"}
        return {code for code in DOORSTEP_NEEDS if self.marks.needs.get(code, frozenset()) & at_an_open_door}


@pytest.fixture(scope="module")
def furnished_once(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The hub with its marks; every test walks through a copy of its database."""
    folder = tmp_path_factory.mktemp("marked")
    shutil.copy(sqlite_template, folder / "doorstep.sqlite3")
    settings = settings_in(folder)
    database = open_database(settings.database)
    clock = FakeClock(datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
    with furnished(folder, database, settings, clock) as everything:
        more_people(everything)
    marks = marked(database)
    house = House(everything, all_routes(), marks, all_codes(database))
    database.close()
    return house


@pytest.fixture
def house(furnished_once: House, tmp_path: Path) -> Iterator[House]:
    shutil.copy(furnished_once.everything.settings.data_dir.parent / "doorstep.sqlite3", tmp_path / "doorstep.sqlite3")
    settings = settings_in(tmp_path)
    database = open_database(settings.database)
    clock = FakeClock(furnished_once.everything.clock())
    everything = replace(furnished_once.everything, database=database, settings=settings, clock=clock)
    furnish(furnished_once.app, settings, database, nudge=lambda _: None, clock=clock)
    yield replace(furnished_once, everything=everything)
    database.close()


def settings_in(folder: Path) -> Settings:
    return Settings(
        data_dir=folder / "var",
        database_url=f"sqlite:///{folder / 'doorstep.sqlite3'}",
        secret_key=SecretStr("a secret that only tests use, and only here"),
        hub_name="Test hub",
        hub_phone="020 7946 0000",
        public_url="https://t.example",
        address_hours_after_delivery=HOURS,
    )


def more_people(everything: Everything) -> None:
    """Those a courier and a referrer must hear nothing of: another's stops, what is only asked, another's people."""
    delivering, lending = everything.delivering, everything.lending
    with everything.database.write() as session:
        other = partners.add_organisation(
            session, kind=OrganisationKind.REFERRER, name="Another referrer", now=everything.clock()
        )
    delivering.delivery(delivering.run(), needs=frozenset({NeedCode.TEXT_ON_ARRIVAL, NeedCode.FEW_CHOICES}))
    theirs = delivering.run(delivering.another_courier())
    for needs in ({NeedCode.BSL, NeedCode.SCREEN_READER}, {NeedCode.NO_SURPRISES, NeedCode.PICTURES}):
        everything.note("job_id", delivering.delivery(theirs, needs=frozenset(needs), referrer_id=other.id).id)
    offered = delivering.run(accepted=False, days_ahead=1)
    asked = delivering.delivery(offered, needs=frozenset({NeedCode.KNOCK_AND_WAIT, NeedCode.CAPTIONS}))
    everything.note("job_id", asked.id)
    for run in (theirs, offered):
        everything.note("run_id", run.id)
    own = everything.actor(Role.REFERRER).organisation_id
    for referrer_id in (own, own, other.id):
        loan = lending.loan_at(LoanState.APPROVED, person=lending.person(referrer_id=referrer_id))
        everything.note("loan_id", loan.id)


def all_codes(database: Database) -> tuple[str, ...]:
    """What stands on the labels: of every stop's tablet, and of one in stock."""
    with database.read() as session:
        on_a_run = select(DeliveryJob.tablet_id)
        stops = session.scalars(select(Tag.code).where(Tag.tablet_id.in_(on_a_run)).order_by(Tag.id)).all()
        stock = session.scalars(select(Tag.code).where(Tag.tablet_id.not_in(on_a_run)).limit(1)).all()
        return (*stops, *stock)


@pytest.mark.parametrize("role", [None, Role.COURIER, Role.REFERRER], ids=["finder", "courier", "referrer"])
def test_no_answer_holds_what_its_reader_may_not_see(house: House, role: Role | None) -> None:
    walk = house.walk(role)
    assert house.leaks(role, walk.reads()) == []
    assert house.leaks(role, walk.acts()) == []
    if role is Role.COURIER:
        assert house.leaks(role, walk.reads()) == []
        house.everything.clock.advance(hours=HOURS + 24)
        assert house.leaks(role, walk.reads()) == []


def test_what_is_looked_for_is_there_to_be_found(house: House) -> None:
    """The open doors of the courier's own stops and the referrer's own people do stand on their pages."""
    for role, path, part in ((Role.COURIER, "/run", "address_line_1"), (Role.REFERRER, "/requests", "last_name")):
        shown = house.marks.found(house.walk(role).read(path).text)
        assert [mark for mark in shown if mark.table == PERSON and mark.column == part]


def test_a_page_that_says_a_surname_at_the_door_would_be_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(person: Person, needs: Iterable[Need]) -> SeenPerson:
        return replace(seen_at_the_door(person, needs), name=f"{person.first_name} {person.last_name}")

    monkeypatch.setattr(sight, "seen_at_the_door", too_much)
    walk = house.walk(Role.COURIER)
    for path in ("/run", "/api/v1/me/run"):
        leaks = house.leaks(Role.COURIER, iter([(path, walk.read(path))]))
        assert any(each.startswith(f"{path}: last_name of person") for each in leaks)


def test_a_list_of_everybodys_requests_would_be_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = import_module("fleet.loans.pages.lists")
    monkeypatch.setattr(lists, "as_referrer", lambda actor: None)
    monkeypatch.setattr(lists, "is_own", lambda person, actor: True)
    leaks = house.leaks(Role.REFERRER, iter([("/requests", house.walk(Role.REFERRER).read("/requests"))]))
    assert any(each.startswith("/requests: last_name of person") for each in leaks)
