"""What a hub admin does with people who sign in, and what nobody may do to the last hub admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.database.session import Database
from fleet.errors import Conflict
from fleet.settings import Settings
from fleet.users import admin, queries, service
from fleet.users.actor import Actor
from fleet.users.rules import Permission, Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser, FakeClock

pytestmark = pytest.mark.usefixtures("quick_passwords")


def number(actor: Actor) -> int:
    assert actor.user_id is not None
    return actor.user_id


def test_somebody_is_added_changed_put_aside_and_taken_back(browser_as: Callable[..., Browser]) -> None:
    browser = browser_as(Role.HUB_ADMIN)
    form = {"name": "Sample Two", "email": "Two@doorstep.example", "roles": ["courier", "technician"]}
    person = browser.submit("/users/new", form | {"password": "three random words"}).headers["location"]
    assert "two@doorstep.example" in browser.get("/users").text
    assert browser.submit(person, form | {"roles": "buddy"}).status_code == 303
    assert browser.submit(f"{person}/aside").status_code == 303
    assert "Sample Two" not in browser.get("/users").text
    assert "Sample Two" in browser.get("/users?active=all").text
    assert browser.submit(f"{person}/back").status_code == 303
    assert "Sample Two" in browser.get("/users").text


def test_what_will_not_do_is_said_field_by_field_and_shown_again(browser_as: Callable[..., Browser]) -> None:
    browser = browser_as(Role.HUB_ADMIN)
    answer = browser.submit("/users/new", {"name": "", "email": "nowhere", "password": "short"})
    assert answer.status_code == 422
    for words in ("Enter the person", "name@example.org", "Choose at least one role.", "at least 12 characters"):
        assert words in answer.text
    assert "short" not in answer.text.replace("shortcuts", "")


def test_the_role_of_the_system_cannot_be_given(browser_as: Callable[..., Browser]) -> None:
    browser = browser_as(Role.HUB_ADMIN)
    form = {"name": "Sample Two", "email": "two@doorstep.example", "roles": "system"}
    assert browser.submit("/users/new", form).status_code == 422


def test_the_last_hub_admin_keeps_the_role_and_stays(
    database: Database, actor: Callable[..., Actor], clock: FakeClock
) -> None:
    last, other = actor(Role.HUB_ADMIN), actor(Role.COORDINATOR)
    with pytest.raises(Conflict, match="only hub admin"), database.write() as session:
        admin.put_aside(session, number(last), actor=other, now=clock())
    with pytest.raises(Conflict, match="only hub admin"), database.write() as session:
        admin.change_user(
            session, number(last), name="Sample", email="sample@doorstep.example", roles=[Role.TECHNICIAN]
        )
    actor(Role.HUB_ADMIN)
    with database.write() as session:
        admin.put_aside(session, number(last), actor=other, now=clock())


def test_nobody_puts_themselves_aside(database: Database, actor: Callable[..., Actor], clock: FakeClock) -> None:
    me = actor(Role.HUB_ADMIN)
    actor(Role.HUB_ADMIN)
    with pytest.raises(Conflict, match="yourself"), database.write() as session:
        admin.put_aside(session, number(me), actor=me, now=clock())


def test_an_address_that_somebody_else_uses_is_refused(database: Database, actor: Callable[..., Actor]) -> None:
    first, second = actor(Role.BUDDY), actor(Role.BUDDY)
    with database.read() as session:
        taken = admin.get_user(session, number(first)).email
    with pytest.raises(Conflict), database.write() as session:
        admin.change_user(session, number(second), name="Sample", email=taken.upper(), roles=[Role.BUDDY])


def test_putting_somebody_aside_ends_their_tokens(
    database: Database, actor: Callable[..., Actor], clock: FakeClock, settings: Settings
) -> None:
    owner, other = actor(Role.TECHNICIAN), actor(Role.HUB_ADMIN)
    with database.write() as session:
        token = service.make_token(
            session,
            owner=admin.get_user(session, number(owner)),
            name="a program",
            scopes=[Permission.TABLETS_SEE],
            days=1,
            now=clock(),
            settings=settings,
        )
        admin.put_aside(session, number(owner), actor=other, now=clock())
    with database.write() as session:
        admin.take_back(session, number(owner), settings=settings)
        assert service.user_of_token(session, token, now=clock(), settings=settings) is None


def test_the_audit_lists_sign_ins_with_how_they_stand(
    browser_as: Callable[..., Browser], database: Database, clock: FakeClock, settings: Settings
) -> None:
    gone = browser_as(Role.TECHNICIAN)
    gone.submit("/sign-out")
    browser_as(Role.COURIER)
    clock.advance(hours=settings.session_hours, minutes=1)
    reader = browser_as(Role.DATA_PROTECTION)
    page = reader.get("/audit/sign-ins").text
    for words in ("Ended", "Ran out", "Open"):
        assert words in page
    assert reader.get("/audit/sign-ins?format=csv").headers["content-type"].startswith("text/csv")
    with database.read() as session:
        assert gone.actor is not None
        assert queries.open_sign_ins_of(session, number(gone.actor)) == []


@ON_SQLITE
def test_a_hub_admin_is_not_sent_to_a_hub_admin(browser_as: Callable[..., Browser]) -> None:
    page = browser_as(Role.HUB_ADMIN).get("/erasures")
    assert (page.status_code, "Ask a hub admin" in page.text) == (403, False)
    assert "It takes another role" in page.text
    assert "Ask a hub admin" in browser_as(Role.COURIER).get("/erasures").text
