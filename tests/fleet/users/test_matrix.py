"""Every route asks the matrix, and the matrix decides: each role is tried at each door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.http.forms import csrf_token
from fleet.intake import service as intake
from fleet.intake import sources
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tags import printing
from fleet.users import queries, service
from fleet.users.access import COOKIE
from fleet.users.actor import Actor
from fleet.users.roles_doc import permission_words, roles_page
from fleet.users.rules import MATRIX, SIGN_IN_ROLES, Permission, Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.users.walking import Door, doors, unguarded
from tests.people import Browser, FakeClock

REFUSED = "This is not something"
"""How the door refuses; a room may refuse a person for other reasons, in other words."""


@ON_SQLITE
def test_every_route_names_a_permission_that_has_a_row(app: FastAPI) -> None:
    without = [door.name for door in doors(app) if not door.permissions]
    assert without == []
    unknown = [door.name for door in doors(app) if not set(door.permissions) <= MATRIX.keys()]
    assert unknown == []


def test_every_permission_has_a_row_and_words() -> None:
    assert set(MATRIX) == set(Permission)
    assert all(permission_words(each)[0].isupper() for each in Permission)


@ON_SQLITE
def test_only_the_api_description_and_the_static_files_stand_outside(app: FastAPI) -> None:
    assert unguarded(app) == ["/api/v1/openapi.json", "/static"]


def test_the_page_about_roles_is_up_to_date() -> None:
    """When it is not: `python -m fleet.users.roles_doc > docs/roles.md`."""
    page = (Path(__file__).parents[3] / "docs" / "roles.md").read_text(encoding="utf-8")
    assert page.replace("<!-- Drawn from code by `make docs`; do not edit. -->", "").strip() == roles_page().strip()


@pytest.fixture
def furnished(
    database: Database,
    hub: Organisation,
    settings: Settings,
    stock: Callable[..., Tablet],
    actor: Callable[..., Actor],
    clock: FakeClock,
) -> None:
    """One of each thing, so that number 1 names something: a courier, a tablet, a donation, a lot, printed labels."""
    actor(Role.COURIER)
    technician = actor(Role.TECHNICIAN)
    tablet = stock(Stage.RECEIVED)
    with database.write() as session:
        today = clock().date()
        donor = add_organisation(session, kind=OrganisationKind.DONOR, name="Sample giver", now=clock())
        batch = sources.NewBatch(donor_id=donor.id, received_on=today)
        sources.add_batch(session, batch, today=today, actor=technician, now=clock())
        lot = sources.NewLot(supplier="Sample shop", invoice_ref="1", bought_on=today, cost_pence=1)
        sources.add_lot(session, lot, today=today, actor=technician, now=clock())
        printing.print_labels(
            session,
            [tablet.id],
            wanted=printing.Wanted(),
            settings=settings,
            actor=technician,
            happening=Happening(clock()),
        )
        source = intake.Source(batch_id=1)
        intake.expect(session, ["EXPECTED1"], source=source, actor=technician, happening=Happening(clock()))


@ON_SQLITE
@pytest.mark.parametrize("role", SIGN_IN_ROLES)
def test_a_role_is_refused_exactly_where_the_matrix_says_so_and_nothing_breaks(
    app: FastAPI,
    database: Database,
    settings: Settings,
    clock: FakeClock,
    furnished: None,
    actor: Callable[..., Actor],
    browser_as: Callable[..., Browser],
    role: Role,
) -> None:
    person = actor(role)
    browser = browser_as()
    wrong = []
    token = fresh_sign_in(database, person, clock)
    for door in doors(app):
        allowed = all(role in MATRIX[permission] for permission in door.permissions)
        if allowed and door.streams:
            continue
        status, text = knock(browser, door, token, settings)
        if allowed and not door.reads:
            token = fresh_sign_in(database, person, clock)
        if status >= 500 or (status == 403 and REFUSED in text) is allowed:
            wrong.append(f"{door.name}: {status}")
    assert wrong == []


@ON_SQLITE
def test_a_stranger_gets_no_further_than_the_public_pages(
    app: FastAPI, furnished: None, browser_as: Callable[..., Browser]
) -> None:
    stranger = browser_as()
    wrong = []
    for door in doors(app):
        if set(door.permissions) == {Permission.PUBLIC}:
            continue
        answer = stranger.request(door.method, door.address(), headers={"sec-fetch-site": "same-origin"})
        sent_to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        if not (sent_to_sign_in or answer.status_code == 401):
            wrong.append(f"{door.name}: {answer.status_code}")
    assert wrong == []


def fresh_sign_in(database: Database, person: Actor, clock: FakeClock) -> str:
    """A sign-in of this person: the one before may have been ended by the write that was tried."""
    assert person.user_id is not None
    with database.write() as session:
        user = queries.user_by_id(session, person.user_id)
        assert user is not None
        user.active = True
        return service.begin_sign_in(session, user, now=clock()).token


def knock(browser: Browser, door: Door, token: str, settings: Settings) -> tuple[int, str]:
    """The answer to an honest request of somebody who is signed in."""
    browser.cookies.clear()
    browser.cookies.set(COOKIE, token)
    form = {"csrf_token": csrf_token(settings, token)}
    answer = browser.request(
        door.method,
        door.address(),
        headers={"sec-fetch-site": "same-origin"},
        json={} if door.is_api and not door.reads else None,
        data=None if door.is_api or door.reads else form,
    )
    return answer.status_code, answer.text


@ON_SQLITE
def test_a_door_that_asked_the_wrong_permission_would_be_noticed(
    app: FastAPI,
    database: Database,
    settings: Settings,
    clock: FakeClock,
    actor: Callable[..., Actor],
    browser_as: Callable[..., Browser],
    hub: Organisation,
) -> None:
    """The try-every-role test compares the answers with what the doors say; this one shows that it can fail."""
    door = next(door for door in doors(app) if door.name == "GET /users")
    token = fresh_sign_in(database, actor(Role.COURIER), clock)
    status, text = knock(browser_as(), replace(door, permissions=(Permission.SIGNED_IN,)), token, settings)
    assert status == 403
    assert REFUSED in text
