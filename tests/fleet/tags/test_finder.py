"""What the address on a label shows to a stranger, to staff and to a courier."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets import queries as tablet_queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind, Stage
from fleet.tablets.service import place_hold
from fleet.tags.rules import shown
from fleet.tags.service import make_tags, replace
from fleet.tags.words import finder_words
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import Browser, FakeClock

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
MARKED = "Marked-personal-7Q"
"""Stands wherever something about a person, a loan or our work with them could be kept."""


@pytest.fixture
def lent(
    database: Database, stock: Callable[..., Tablet], actor: Callable[..., Actor], clock: FakeClock
) -> tuple[Tablet, str]:
    """A tablet out on loan whose every text is marked, and its code."""
    tablet = stock(
        Stage.ON_LOAN,
        serial=f"S{MARKED}",
        serial_note=MARKED,
        manufacturer=MARKED,
        model=MARKED,
        holder=f"loan {MARKED}",
        profile=MARKED,
        os_floor_waiver=MARKED,
    )
    technician = actor(Role.TECHNICIAN)
    with database.write() as session:
        code = make_tags(session, [tablet.id], actor=technician, happening=Happening(clock()))[0].code
        why = Happening(clock(), reason=MARKED)
        place_hold(session, tablet.id, HoldKind.FAULT, actor=technician, happening=why)
    return tablet, shown(code)


def test_a_stranger_is_thanked_and_told_whom_to_ring_and_nothing_else(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str]
) -> None:
    tablet, code = lent
    answer = browser_as().get(f"/T/{code}")
    assert answer.status_code == 200
    assert "Thank you for finding this tablet." in answer.text
    assert 'href="tel:02079460000"' in answer.text
    for telling in (MARKED, "loan", "borrow", "participant", "programme", "Test Technician", "on_loan", tablet.serial):
        assert telling.lower() not in answer.text.lower()
    assert not re.search(rf"tablets?/{tablet.id}\b", answer.text)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("chosen", "spoken"),
    [(None, ["en", "cy", "ur"]), ("ar, pl,xx,ar,en", ["en", "ar", "pl"]), (" ", ["en"])],
)
def test_the_page_speaks_the_languages_of_the_hub_each_marked_as_itself(
    app: FastAPI,
    settings: Settings,
    browser_as: Callable[..., Browser],
    lent: tuple[Tablet, str],
    chosen: str | None,
    spoken: list[str],
) -> None:
    if chosen is not None:
        app.state.settings = settings.model_copy(update={"finder_languages": chosen})
    page = browser_as().get(f"/t/{lent[1]}").text
    for words in finder_words():
        assert (words.thanks in page) is (words.language in spoken)
        if words.language in spoken[1:]:
            assert f'lang="{words.language}" dir="{words.direction}"' in page
    assert sorted(spoken[1:], key=lambda each: page.index(f'lang="{each}"')) == spoken[1:]


def test_every_language_has_every_line_and_one_of_two_directions() -> None:
    assert finder_words()[0].language == "en"
    for words in finder_words():
        assert words.direction in ("ltr", "rtl")
        assert all(dataclasses.astuple(words)), words.language


@pytest.mark.parametrize("how", ["/T/{}", "/t/{}", "/T/{}/"[:-1]])
def test_the_address_works_in_either_case_of_letters(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], how: str
) -> None:
    for code in (lent[1], lent[1].lower(), lent[1].replace("-", "")):
        answer = browser_as(Role.TECHNICIAN).get(how.format(code))
        assert answer.headers["location"] == f"/tablets/{lent[0].id}"


@pytest.mark.parametrize(
    ("role", "where"),
    [
        (Role.TECHNICIAN, "/tablets/{}"),
        (Role.COORDINATOR, "/tablets/{}"),
        (Role.HUB_ADMIN, "/tablets/{}"),
        (Role.COURIER, "/run"),
    ],
)
def test_staff_are_sent_to_the_tablet_and_a_courier_to_the_run(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], role: Role, where: str
) -> None:
    answer = browser_as(role).get(f"/T/{lent[1]}")
    assert (answer.status_code, answer.headers["location"]) == (303, where.format(lent[0].id))


@pytest.mark.parametrize("role", [Role.DONOR, Role.REFERRER, Role.EVALUATOR])
def test_somebody_signed_in_who_may_not_see_tablets_gets_the_strangers_page(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], role: Role
) -> None:
    answer = browser_as(role).get(f"/T/{lent[1]}")
    assert answer.status_code == 200
    assert MARKED not in answer.text


def test_an_old_label_still_leads_to_its_tablet(
    browser_as: Callable[..., Browser],
    lent: tuple[Tablet, str],
    database: Database,
    actor: Callable[..., Actor],
    clock: FakeClock,
) -> None:
    with database.write() as session:
        replace(session, lent[0].id, reason="Torn", actor=actor(Role.TECHNICIAN), happening=Happening(clock()))
    assert browser_as(Role.TECHNICIAN).get(f"/T/{lent[1]}").headers["location"] == f"/tablets/{lent[0].id}"


@pytest.mark.parametrize("code", ["K7F3-QY", "nonsense", "O0I1", "%20", "x" * 150, "K7F3-Q%00"])
def test_a_code_that_cannot_be_right_gets_a_kind_page_with_the_phone(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], code: str
) -> None:
    answer = browser_as().get(f"/T/{code}")
    assert answer.status_code == 200
    assert "Which tablet is it?" in answer.text
    assert "020 7946 0000" in answer.text


def test_a_code_we_never_made_gets_the_thanks_and_the_phone_but_no_form(
    browser_as: Callable[..., Browser], hub: object
) -> None:
    answer = browser_as().get("/T/K7F3-QX")
    assert answer.status_code == 200
    assert "Thank you for finding this tablet." in answer.text
    assert "020 7946 0000" in answer.text
    assert "<textarea" not in answer.text


def test_a_typed_code_is_sent_on_to_its_page(browser_as: Callable[..., Browser], hub: object) -> None:
    stranger = browser_as()
    assert stranger.get("/t?code=k7f3%20qx").headers["location"] == "/t/K7F3-QX"
    assert "does not check" in stranger.get("/t?code=k7f3qy").text
    assert stranger.get("/t").status_code == 200


def test_a_finder_says_where_it_is_and_staff_read_it_on_the_tablets_page(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], database: Database
) -> None:
    answer = browser_as().post(f"/t/{lent[1]}", data={"where": "In the shop at the corner"}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert all(words.told in answer.text for words in finder_words() if words.language in ("en", "cy", "ur"))
    page = browser_as(Role.COORDINATOR).get(f"/tablets/{lent[0].id}")
    assert "In the shop at the corner" in page.text
    with database.read() as session:
        event = tablet_queries.events(session, lent[0].id)[0]
        assert (event.kind, event.stage, event.actor_name) == ("finder", Stage.ON_LOAN, "A finder")


@pytest.mark.parametrize("where", ["", "   ", "x" * 201])
def test_a_note_that_cannot_be_used_is_asked_for_again_and_nothing_is_written(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], database: Database, where: str
) -> None:
    before = _events(database, lent[0])
    answer = browser_as().post(f"/T/{lent[1]}", data={"where": where}, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert _events(database, lent[0]) == before


def test_one_tablet_gets_ten_notes_a_day_however_its_code_is_written(
    app: FastAPI, lent: tuple[Tablet, str], database: Database
) -> None:
    before = _events(database, lent[0])
    for number in range(12):
        stranger = TestClient(app, base_url="https://t.example", client=(f"192.0.2.{number}", 5000))
        written = (lent[1], lent[1].lower(), lent[1].replace("-", ""))[number % 3]
        stranger.post(f"/t/{written}", data={"where": f"Place {number}"}, headers=SAME_ORIGIN)
    assert _events(database, lent[0]) == before + 10


def test_one_address_cannot_leave_notes_without_end(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], database: Database
) -> None:
    before = _events(database, lent[0])
    stranger = browser_as()
    statuses = [
        stranger.post(f"/t/{lent[1]}", data={"where": f"Place {n}"}, headers=SAME_ORIGIN).status_code for n in range(6)
    ]
    assert statuses == [200] * 5 + [429]
    assert _events(database, lent[0]) == before + 5


def test_another_site_cannot_leave_a_note(
    browser_as: Callable[..., Browser], lent: tuple[Tablet, str], database: Database
) -> None:
    before = _events(database, lent[0])
    answer = browser_as().post(f"/t/{lent[1]}", data={"where": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert _events(database, lent[0]) == before


def test_codes_cannot_be_guessed_at_speed(browser_as: Callable[..., Browser], hub: object) -> None:
    stranger = browser_as()
    statuses = [stranger.get("/T/K7F3-QX").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]


def _events(database: Database, tablet: Tablet) -> int:
    with database.read() as session:
        return tablet_queries.event_count(session, tablet.id)
