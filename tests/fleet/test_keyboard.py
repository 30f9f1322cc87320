"""The way of a tablet from a donation to a borrower with the keyboard alone, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.bundles import service as bundles
from fleet.clock import local_date
from fleet.database.session import Database
from fleet.deliveries.rules import Action
from fleet.intake import sources
from fleet.intake.rules import DECLARATION
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.users import service as users
from fleet.users.rules import Role
from tests.browser import served
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.hands import Hands
from tests.lending import Lending
from tests.people import FakeClock

pytestmark = [pytest.mark.browser, ON_SQLITE]

PASSWORD = "three random words"


@dataclass
class Place:
    """A served hub with people in it."""

    base: str
    lending: Lending
    window: Page

    def sign_in(self, role: Role) -> Hands:
        """Give somebody in this role a password, and let them sign in with it."""
        actor = self.lending.actor(role)
        email = f"{role.value.replace('_', '-')}@doorstep.example"
        with self.lending.database.write() as session:
            user = users.add_user(
                session,
                name=f"Keyboard {role.value}",
                email=email,
                roles=[role],
                password=PASSWORD,
                organisation_id=actor.organisation_id,
                now=self.lending.clock(),
            )
            assert user.id
        hands = Hands(self.window)
        self.window.goto(f"{self.base}/sign-in")
        hands.write("Email address", email)
        hands.write("Password", PASSWORD)
        hands.press("Sign in")
        expect(self.window.get_by_role("heading", level=1)).not_to_have_text("Who is there?")
        return hands


@pytest.fixture
def place(
    app: FastAPI,
    database: Database,
    hub: Organisation,
    clock: FakeClock,
    settings: Settings,
    window: Page,
    tmp_path: Path,
) -> Iterator[Place]:
    with served(app) as base:
        yield Place(base, Lending(database, hub.id, clock, settings, {}), window)


def donation(place: Place) -> None:
    """A giver's declared hand-over, whose tablets are still to be scanned."""
    now, today = place.lending.clock(), local_date(place.lending.clock())
    technician = place.lending.actor(Role.TECHNICIAN)
    with place.lending.database.write() as session:
        giver = add_organisation(session, kind=OrganisationKind.DONOR, name="Sample giver", now=now)
        declared = frozenset(name for name, _ in DECLARATION)
        new = sources.NewBatch(giver.id, today, 1, declared, declared_by="Sample Giver", declared_on=today)
        sources.add_batch(session, new, today=today, actor=technician, now=now)


def test_a_technician_takes_a_tablet_in_holds_it_and_prints_its_label(place: Place) -> None:
    donation(place)
    hands, window = place.sign_in(Role.TECHNICIAN), place.window
    hands.follow("Donations")
    hands.reach(window.get_by_role("row", name="Sample giver").get_by_role("link").first)
    window.keyboard.press("Enter")
    hands.write("Add a tablet: scan its serial", "KEYBOARD0001")
    window.keyboard.press("Enter")
    hands.follow("Intake")
    window.get_by_text("serial KEYBOARD0001").wait_for()
    hands.reach(window.locator("li", has_text="KEYBOARD0001").get_by_role("link"))
    window.keyboard.press("Enter")
    hands.answer("What is the battery like?", "Flat and cool")
    hands.answer("Are the giver's accounts still on it?", "No")
    hands.answer("Does it ask for an account or a lock that nobody can open?", "No")
    hands.press("Write down the quick look")
    hands.write("Register that was asked", "Sample register")
    hands.answer("What did it say?", "Clear")
    hands.write("Its reference", "R-1")
    hands.press("Write down the check")
    hands.answer("Which grade?", "B")
    hands.answer("Where does it go?", "Usable: wipe it and lend it")
    hands.write("Why?", "A scratch on the back")
    hands.press("Close triage")
    hands.follow("Tablets")
    hands.reach(window.get_by_role("row", name="KEYBOARD0001").get_by_role("link").first)
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_contain_text("What happens next")
    hold_and_lift(hands)
    hands.follow("Labels")
    hands.tick("Tablet 1,")
    hands.press("Make the sheet")
    expect(window.get_by_role("link", name="Download the PDF")).to_be_visible()


def hold_and_lift(hands: Hands) -> None:
    hands.pick("Hold this tablet because of", "Fault")
    hands.write("What did you see?", "The screen flickers")
    hands.press("Hold it")
    expect(hands.window.get_by_text("The screen flickers").first).to_be_visible()
    hands.unfold("Lift this hold")
    hands.write("How was it settled?", "The cable was loose")
    hands.press("Lift this hold")
    expect(hands.window.locator("summary", has_text="Lift this hold")).to_have_count(0)


def test_a_coordinator_takes_a_request_approves_it_and_keeps_a_tablet_for_it(place: Place) -> None:
    lending = place.lending
    lending.programme("Sample taster month")
    lending.tablet(Stage.READY)
    lending.sim()
    hands, window = place.sign_in(Role.COORDINATOR), place.window
    window.goto(f"{place.base}/requests/new")
    for label, text in (
        ("First name", "Sample"),
        ("Last name", "Keyboard"),
        ("Phone", "07700 900123"),
        ("Address", "1 Sample Court"),
        ("Town", "London"),
        ("Postcode", "N19 5XX"),
    ):
        hands.write(label, text)
    hands.answer("Did you ask what they need?", "Yes")
    hands.answer("Is it safe to bring a tablet to their home?", "Yes")
    hands.tick("They said yes")
    hands.press("Send the request")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Sample Keyboard")
    hands.press("Approve")
    hands.follow("Choose a tablet")
    hands.answer("Tablet", "Virtual")
    hands.answer("SIM and data", "Sample Mobile")
    hands.press("Keep this tablet for them")
    expect(window.get_by_text("allocated").first).to_be_visible()


def test_a_courier_loads_hands_over_collects_and_comes_back(place: Place) -> None:
    delivering = Delivering(place.lending)
    run = delivering.run(accepted=False)
    bring, fetch = delivering.delivery(run), delivering.collection(run)
    bring_code, fetch_code = delivering.code(bring.tablet_id), delivering.code(fetch.tablet_id)
    hands, window = Hands(place.window), place.window
    window.goto(f"{place.base}/c")
    hands.write("Six digits", six_digits(delivering))
    hands.press("Start my run")
    hands.press("Yes, I can")
    hands.follow("1 to load")
    scan(hands, bring_code)
    expect(window.get_by_role("status")).to_contain_text("Loaded")
    hands.follow("Today")
    hands.follow("Deliver")
    scan(hands, bring_code)
    hands.answer("takes it?", "The person who borrows it")
    hands.tick("They accept the agreement")
    hands.tick("Turned it on")
    hands.press("Hand it over")
    expect(window.get_by_role("heading", name="Collect")).to_be_visible()
    scan(hands, fetch_code)
    hands.answer("Is the SIM in its tray?", "Yes")
    hands.press("Collect it")
    hands.follow("1 with you")
    scan(hands, fetch_code)
    expect(window.get_by_text("nothing to bring back")).to_be_visible()
    assert delivering.loan_of(bring).state is LoanState.ACTIVE
    assert delivering.tablet_of(fetch).stage is Stage.RETURNED


def _iccid(lending: Lending, loan_id: int) -> str:
    """The number on the SIM that went along with a loan."""
    with lending.database.read() as session:
        link = loans.open_sim(session, loan_id)
        assert link is not None
        return bundles.get_sim(session, link.sim_id).iccid or ""


def test_a_technician_looks_over_what_came_back(place: Place) -> None:
    delivering = Delivering(place.lending)
    fetch = delivering.collection(delivering.run())
    assert fetch.loan_id is not None
    code, iccid = delivering.code(fetch.tablet_id), _iccid(place.lending, fetch.loan_id)
    delivering.tell(delivering.fact(Action.COLLECT, fetch))
    hands, window = place.sign_in(Role.TECHNICIAN), place.window
    hands.follow("Returns")
    hands.write("Scan the label", code)
    hands.press("Scan it in")
    hands.answer("How does it look?", "Good")
    hands.answer("Is there a card in the tray?", "Yes")
    hands.write("Which number is on it?", iccid[-4:])
    hands.tick("Wiped down")
    hands.press("Done with this one")
    expect(window.locator(".flash")).to_be_visible()
    assert delivering.tablet_of(fetch).stage is Stage.CLEANED
    assert delivering.loan_of(fetch).state is LoanState.CLOSED_RETURNED


def six_digits(delivering: Delivering) -> str:
    """What the coordinator reads out to the courier."""
    lending = delivering.lending
    planner, courier = lending.actor(Role.COORDINATOR), delivering.courier
    assert courier.user_id is not None
    with lending.database.write() as session:
        _, digits = users.make_courier_link(
            session, user_id=courier.user_id, actor=planner, now=lending.clock(), settings=lending.settings
        )
    return digits


def scan(hands: Hands, code: str) -> None:
    """What a scanner does, which is a keyboard too: types the code and presses Enter."""
    hands.reach(hands.window.get_by_label("Scan the label, or type its code").first)
    hands.window.keyboard.press("ControlOrMeta+a")
    hands.window.keyboard.type(code)
    hands.window.keyboard.press("Enter")
