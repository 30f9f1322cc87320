"""Somebody asks for a tablet for themselves: only where a hub wants it, never often, and nobody is given away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from fleet.app import furnish
from fleet.database.lists import ListQuery
from fleet.database.session import Database
from fleet.loans import service
from fleet.loans.rules import AskedBy
from fleet.people import queries as people
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser, FakeClock

pytestmark = ON_SQLITE

OWN: dict[str, Any] = {
    "first_name": "Sample",
    "last_name": "Self",
    "phone": "07700 900200",
    "channel": "call",
    "safe_at_home": "plain",
    "household": "alone",
    "apps_used": ["whatsapp", "zoom"],
    "needs": ["large_text"],
    "needs_asked": "yes",
    "consents": "yes",
}


@pytest.fixture
def stranger(
    routes: FastAPI,
    settings: Settings,
    database: Database,
    clock: FakeClock,
    lending: Lending,
    browser_as: Callable[..., Browser],
) -> Browser:
    """Somebody who is not signed in, at a hub whose page for them is open."""
    browser = browser_as()
    wanted = settings.model_copy(update={"self_referral": True})
    furnish(routes, wanted, database, nudge=lambda _: None, clock=clock)
    OWN["programme_id"] = str(lending.programme().id)
    return browser


def ask(browser: Browser, **given: Any) -> Any:
    return browser.post("/ask", data=OWN | given, headers={"sec-fetch-site": "same-origin"})


def test_the_questions_speak_with_whoever_answers_them(stranger: Browser) -> None:
    page = stranger.get("/ask").text
    for own, told_of_others in (
        ("Somebody beside me the first time", "Somebody beside them"),
        ("I use British Sign Language", "Uses British"),
        ("I live alone", "Lives alone"),
    ):
        assert (own in page, told_of_others in page) == (True, False)


def test_what_was_asked_for_waits_for_a_coordinator(stranger: Browser, lending: Lending) -> None:
    sent = ask(stranger)
    assert (sent.status_code, sent.headers["location"]) == (303, "/ask?sent=yes")
    for _ in range(2):  # the page loaded again asks for nothing more
        assert "We have your request" in stranger.get(sent.headers["location"]).text
    (loan,) = lending.read(service.find_loans, ListQuery(filters={"asked_by": "self"})).items
    assert (loan.asked_by, loan.state, loan.safe_at_home, loan.referrer_id) == (
        *(AskedBy.SELF, "requested", "plain"),
        None,
    )
    person = lending.read(people.person, loan.person_id)
    assert person is not None
    assert (person.household, person.apps_used, person.needs_asked) == ("alone", ["whatsapp", "zoom"], True)


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [("consents", "Without a yes, nothing is kept"), ("safe_at_home", "Choose one of the answers"), ("phone", "phone")],
)
def test_without_an_answer_that_counts_nothing_is_kept(
    stranger: Browser, lending: Lending, lacking: str, sentence: str
) -> None:
    refused = ask(stranger, **{lacking: ""})
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert lending.read(people.find_people, ListQuery()).total == 0


def test_a_stranger_never_learns_that_somebody_is_on_record_but_a_coordinator_does(
    stranger: Browser, lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    known = lending.person(first_name="Known", phone="07700 900200")
    assert "on record" not in stranger.get(ask(stranger).headers["location"]).text
    (loan,) = lending.read(service.find_loans, ListQuery(filters={"asked_by": "self"})).items
    assert f'href="/people/{known.id}"' in browser_as(Role.COORDINATOR).get(f"/people/{loan.person_id}").text


def test_after_five_in_an_hour_from_one_place_the_phone_is_offered_instead(stranger: Browser) -> None:
    answers = [ask(stranger, phone=f"07700 90021{number}").status_code for number in range(6)]
    assert answers == [303] * 5 + [429]


def test_where_a_hub_does_not_want_it_there_is_no_such_page(browser_as: Callable[..., Browser]) -> None:
    assert browser_as().get("/ask").status_code == 404


def test_whoever_decides_reads_that_they_asked_for_it_themselves(
    stranger: Browser, lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    assert ask(stranger).status_code == 303
    staff = lending.request()
    coordinator = browser_as(Role.COORDINATOR)
    assert "they asked for it themselves" in coordinator.get(f"/loans/{staff.id - 1}").text
    assert "they asked for it themselves" not in coordinator.get(f"/loans/{staff.id}").text
