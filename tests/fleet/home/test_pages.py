"""Each role's home: what it says, and that nothing on it leads to a closed door."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from fleet.bench import service as bench_service
from fleet.chasing import service as chasing
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.intake.models import DonationBatch, Intake
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.people.rules import Channel
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.actor import Actor
from fleet.users.rules import SIGN_IN_ROLES, Role
from tests.lending import Lending, lending_at
from tests.people import Browser, FakeClock

AT_HOME = [role for role in SIGN_IN_ROLES if role is not Role.COURIER]


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)


@pytest.fixture
def busy(lending: Lending, stock: Callable[..., Tablet], settings: Settings) -> Lending:
    """A hub on a day on which something of everything waits."""
    for stage in Stage:
        stock(stage)
    for state in (LoanState.REQUESTED, LoanState.APPROVED, LoanState.ALLOCATED, LoanState.RETURN_ARRANGED):
        lending.loan_at(state)
    lending.loan_at(LoanState.ACTIVE, due_on=date(2026, 6, 5), person=lending.person(channel=Channel.CALL))
    lending.clock.now = datetime(2026, 6, 15, 10, tzinfo=UTC)
    chasing.tick(lending.database, clock=lending.clock, settings=settings, channel=chasing.outbox(settings))
    with lending.database.write() as session:
        session.add(_failed_job(lending.clock()))
    return lending


def _failed_job(now: datetime) -> Job:
    return Job(
        kind="bench.run",
        key="bench.run:7",
        args={},
        state=JobState.FAILED,
        run_after=now,
        created_at=now,
        finished_at=now,
        error="The bench did not answer.",
    )


def _links(html: str) -> set[str]:
    return {link for link in re.findall(r'href="([^"#]+)', html) if link.startswith("/") and "/static/" not in link}


def test_every_link_on_every_home_opens_for_that_role(
    busy: Lending, browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    closed: dict[tuple[Role, str], int] = {}
    for role in AT_HOME:
        browser = browser_as(role, organisation_id=hub.id)
        home = browser.get("/")
        assert home.status_code == 200, role
        links = _links(home.text)
        assert len(links) > 2, role
        answers = {(role, link): browser.get(link).status_code for link in sorted(links)}
        closed |= {where: status for where, status in answers.items() if status != 200}
    assert closed == {}


def test_a_courier_is_sent_to_the_run(hub: Organisation, browser_as: Callable[..., Browser]) -> None:
    courier = browser_as(Role.COURIER)
    answer = courier.get("/")
    assert (answer.status_code, urlsplit(answer.headers["location"]).path) == (303, "/run")
    assert courier.get("/run").status_code == 200


def test_a_technician_sees_what_is_done_next_to_what_waits(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    stock(Stage.AWAITING_WIPE)
    stock(Stage.AWAITING_WIPE)
    page = browser_as(Role.TECHNICIAN).get("/").text
    assert "2 waiting for wipe" in page
    assert "Plug them in to be wiped" in page
    assert "Look them over and wipe them down" not in page


def test_a_technician_s_home_counts_hands_as_the_wall_does_and_sends_no_held_tablet_to_be_plugged_in(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database, actor: Callable[..., Actor]
) -> None:
    held, lying = stock(Stage.AWAITING_WIPE), stock(Stage.AWAITING_WIPE)
    technician = actor(Role.TECHNICIAN)
    with database.write() as session:
        happening = Happening(now=datetime(2026, 6, 1, tzinfo=UTC), reason="Two gave one serial.")
        tablets.place_hold(session, held.id, HoldKind.IDENTITY, actor=technician, happening=happening)
        bench = bench_service.add_bench(session, name="Bench 1", actor=technician, clock=lambda: happening.now)
        for number, tablet in enumerate((held, lying)):
            slot = bench_service.add_slot(
                session,
                bench_id=bench.id,
                place=f"A{number}",
                address=f"tcp:127.0.0.1:{5555 + number}",
                actor=technician,
            )
            slot.tablet_id, slot.seen_serial, slot.seen_kind = tablet.id, tablet.serial, "Virtual"
    browser = browser_as(Role.TECHNICIAN)
    home, wall = browser.get("/").text, browser.get(f"/bench/{bench.id}").text
    hands = [re.search(r'stat__value">(\d+)</span>[^"]*"stat__label">.*?needs hands', page) for page in (home, wall)]
    assert [found and found[1] for found in hands] == ["1", "1"]
    assert "Bench 1, slot A0" in home
    assert "It is held: take it out" in home
    assert "Plug them in to be wiped" not in home


def test_on_a_copy_home_says_that_no_message_leaves(busy: Lending, browser_as: Callable[..., Browser]) -> None:
    coordinator, admin = browser_as(Role.COORDINATOR), browser_as(Role.HUB_ADMIN)
    said = "No message leaves from here"
    assert said not in coordinator.get("/").text + admin.get("/").text
    shutil.rmtree(busy.settings.data_dir)
    asks, tells = coordinator.get("/").text, admin.get("/").text
    assert said in asks
    assert 'href="/chasing/restored"' in asks
    assert coordinator.get("/chasing/restored").status_code == 200
    assert said in tells
    assert "A coordinator says whether it counts." in tells


def test_an_empty_shelf_says_what_to_do_first(browser_as: Callable[..., Browser], hub: Organisation) -> None:
    assert "Book in the next tablets at intake." in browser_as(Role.TECHNICIAN).get("/").text


def test_a_coordinators_numbers_are_those_of_the_lists_they_lead_to(
    busy: Lending, browser_as: Callable[..., Browser]
) -> None:
    browser = browser_as(Role.COORDINATOR)
    home = browser.get("/").text
    numbers = {
        href: int(value.replace(",", ""))
        for href, value in re.findall(
            r'<a class="stat[^"]*" href="([^"]+)">\s*<span class="stat__value">([0-9,]+)', home
        )
    }
    assert numbers["/chasing?show=tasks"] == 1
    assert numbers["/chasing?show=late"] == 1
    for href, number in numbers.items():
        if href.startswith("/chasing"):
            rows = browser.get(f"{href}&format=csv").text.strip().splitlines()
            assert len(rows) - 1 == number, href
    assert "1 to decide on" in home
    assert "2 without a courier" in home


def test_a_referrer_sees_own_requests_with_one_line_each_and_nobody_elses(
    lending: Lending, browser_as: Callable[..., Browser], database: Database, clock: FakeClock
) -> None:
    partner = _organisation(database, clock, OrganisationKind.REFERRER, "Sample surgery")
    own = lending.person(first_name="Own", referrer_id=partner.id)
    lending.request(person=own, referrer_id=partner.id)
    lending.request(person=lending.person(first_name="Others"))
    page = browser_as(Role.REFERRER, organisation_id=partner.id).get("/").text
    assert "Own Person" in page
    assert "We have the request and will decide soon." in page
    assert "Others" not in page


def test_a_giver_sees_the_fate_of_own_gifts(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database, clock: FakeClock
) -> None:
    giver = _organisation(database, clock, OrganisationKind.DONOR, "Sample company")
    with database.write() as session:
        batch = DonationBatch(donor_id=giver.id, received_on=date(2026, 5, 1), created_at=clock(), created_by="Test")
        session.add(batch)
    for stage in (Stage.ON_LOAN, Stage.ON_LOAN, Stage.REPAIR):
        given = stock(stage)
        with database.write() as session:
            session.add(Intake(tablet_id=given.id, batch_id=batch.id, added_at=clock(), added_by="Test"))
    stock(Stage.LOST)
    page = browser_as(Role.DONOR, organisation_id=giver.id).get("/").text
    assert "2 tablets" in page
    assert "With somebody who borrows it" in page
    assert "Being repaired" in page
    assert "Lost" not in page


def test_an_admin_sees_what_is_missing_and_what_failed(busy: Lending, browser_as: Callable[..., Browser]) -> None:
    page = browser_as(Role.HUB_ADMIN).get("/").text
    assert "No bench" in page
    assert "The bench did not answer." in page
    assert "No technician" in page
    assert "No coordinator" not in page


def test_somebody_with_two_roles_sees_both_days(hub: Organisation, browser_as: Callable[..., Any]) -> None:
    page = browser_as(Role.COURIER, Role.COORDINATOR).get("/").text
    assert "Where next?" in page
    assert "What needs you today?" in page


def _organisation(database: Database, clock: FakeClock, kind: OrganisationKind, name: str) -> Organisation:
    with database.write() as session:
        made = Organisation(kind=kind, name=name, covers=[], created_at=clock())
        session.add(made)
    return made
