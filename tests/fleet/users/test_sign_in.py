"""Signing in and staying signed in: passwords, sessions, links and codes, forged requests, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from fleet.database.session import Database
from fleet.errors import NotAllowed, NotSignedIn
from fleet.settings import Settings
from fleet.users import account, passwords, queries, service, signing_in
from fleet.users.access import COOKIE
from fleet.users.actor import Actor
from fleet.users.models import ApiToken, SignIn, SignInLink, User
from fleet.users.rules import Permission, Role
from tests.fleet.users.conftest import GOOD
from tests.people import Browser, FakeClock

pytestmark = pytest.mark.usefixtures("quick_passwords")

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def sign_in(browser: Browser, password: str = GOOD, email: str = "Sample.One@doorstep.example ") -> int:
    """The answer to the sign-in page's own form, sent as the page draws it."""
    token = re.search(r'name="csrf_token" value="([0-9a-f]*)"', browser.get("/sign-in").text)
    assert token is not None
    form = {"email": email, "password": password, "next": "/tablets", "csrf_token": token.group(1)}
    return browser.post("/sign-in", data=form, headers=SAME_ORIGIN).status_code


def test_the_right_password_opens_what_was_asked_for(browser_as: Callable[..., Browser], person: User) -> None:
    browser = browser_as()
    form = {"email": person.email, "password": GOOD, "next": "/tablets"}
    answer = browser.post("/sign-in", data=form, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tablets")
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "secure", "samesite=lax"))
    assert browser.get("/tablets").status_code == 200


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "//[", "x"]
)
def test_signing_in_never_leads_to_another_site(browser_as: Callable[..., Browser], person: User, onward: str) -> None:
    form = {"email": person.email, "password": GOOD, "next": onward}
    answer = browser_as().post("/sign-in", data=form, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    browser_as: Callable[..., Browser], person: User
) -> None:
    browser = browser_as()
    wrong = browser.post("/sign-in", data={"email": person.email, "password": "no"}, headers=SAME_ORIGIN)
    unknown = browser.post("/sign-in", data={"email": "nobody@doorstep.example", "password": "no"}, headers=SAME_ORIGIN)
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(person.email, "") == unknown.text.replace("nobody@doorstep.example", "")
    assert COOKIE not in browser.cookies


def test_one_address_cannot_try_the_passwords_of_everybody(
    browser_as: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "fits", lambda stored, password: False)  # thirty hashes would only cost time here
    browser = browser_as()
    statuses = [
        browser.post(
            "/sign-in", data={"email": f"sample{n}@doorstep.example", "password": "no"}, headers=SAME_ORIGIN
        ).status_code
        for n in range(31)
    ]
    assert statuses == [422] * 30 + [429]


def test_a_sign_in_ends_after_the_hours_without_use_and_lives_on_while_used(
    browser_as: Callable[..., Browser], person: User, clock: FakeClock, settings: Settings
) -> None:
    browser = browser_as()
    sign_in(browser)
    for _ in range(3):
        clock.advance(hours=settings.session_hours - 1)
        assert browser.get("/tablets").status_code == 200
    clock.advance(hours=settings.session_hours, minutes=1)
    assert browser.get("/tablets").headers["location"] == "/sign-in?next=/tablets"


def test_a_browser_whose_sign_in_ran_out_can_sign_in_again(
    browser_as: Callable[..., Browser], person: User, clock: FakeClock, settings: Settings
) -> None:
    browser = browser_as()
    assert sign_in(browser) == 303
    clock.advance(hours=settings.session_hours + 1)
    assert browser.get("/tablets").status_code == 303
    assert sign_in(browser) == 303


def test_signing_out_ends_the_sign_in_for_whoever_copied_the_cookie(
    browser_as: Callable[..., Browser], person: User
) -> None:
    browser, thief = browser_as(), browser_as()
    sign_in(browser)
    thief.cookies.set(COOKIE, browser.cookies[COOKIE])
    assert thief.get("/tablets").status_code == 200
    assert browser.submit("/sign-out").status_code == 303
    assert thief.get("/tablets").status_code == 303


def test_somebody_put_aside_is_out_at_once(
    browser_as: Callable[..., Browser], person: User, database: Database
) -> None:
    browser, admin = browser_as(), browser_as(Role.HUB_ADMIN)
    sign_in(browser)
    assert admin.submit(f"/users/{person.id}/aside").status_code == 303
    assert browser.get("/tablets").status_code == 303
    assert sign_in(browser) == 422


def test_no_secret_is_stored_as_it_is(
    database: Database, person: User, clock: FakeClock, settings: Settings, actor: Callable[..., Actor]
) -> None:
    coordinator, courier = actor(Role.COORDINATOR), actor(Role.COURIER)
    assert courier.user_id is not None
    with database.write() as session:
        begun = service.begin_sign_in(session, person, now=clock())
        made = service.make_courier_link(
            session, user_id=courier.user_id, actor=coordinator, now=clock(), settings=settings
        )
        token = service.make_token(
            session,
            owner=person,
            name="a program",
            scopes=[Permission.TABLETS_SEE],
            days=1,
            now=clock(),
            settings=settings,
        )
    with database.read() as session:
        kept = " ".join(
            str(vars(row)) for table in (User, SignIn, SignInLink, ApiToken) for row in session.scalars(select(table))
        )
    for secret in (begun.token, *made, token, GOOD):
        assert secret not in kept


@pytest.fixture
def courier(actor: Callable[..., Actor]) -> int:
    made = actor(Role.COURIER).user_id
    assert made is not None
    return made


@pytest.fixture
def link(
    database: Database, actor: Callable[..., Actor], courier: int, clock: FakeClock, settings: Settings
) -> tuple[str, str]:
    with database.write() as session:
        return service.make_courier_link(
            session, user_id=courier, actor=actor(Role.COORDINATOR), now=clock(), settings=settings
        )


def test_a_couriers_link_works_once_and_looking_at_it_uses_nothing_up(
    browser_as: Callable[..., Browser], link: tuple[str, str]
) -> None:
    phone, other = browser_as(), browser_as()
    assert phone.get(f"/c/{link[0]}").status_code == phone.get(f"/c/{link[0]}").status_code == 200
    assert phone.post("/c", data={"token": link[0]}, headers=SAME_ORIGIN).status_code == 303
    assert phone.get("/account").status_code == 200
    again = other.post("/c", data={"token": link[0]}, headers=SAME_ORIGIN)
    assert again.status_code == 422
    assert "has been used" in again.text


def test_a_coordinator_reads_out_the_whole_address_for_the_six_digits(
    browser_as: Callable[..., Browser], courier: int, settings: Settings
) -> None:
    shown = browser_as(Role.COORDINATOR).submit("/courier-links", {"user_id": str(courier)}).text.replace("<wbr>", "")
    assert settings.public_url == "https://t.example"
    assert "They open" in shown
    assert ">t.example/c</span> and type:" in shown


def test_six_digits_work_once_with_or_without_a_space(
    browser_as: Callable[..., Browser], link: tuple[str, str]
) -> None:
    code = f"{link[1][:3]} {link[1][3:]}"
    assert browser_as().post("/c", data={"code": code}, headers=SAME_ORIGIN).status_code == 303
    assert browser_as().post("/c", data={"code": code}, headers=SAME_ORIGIN).status_code == 422
    assert browser_as().post("/c", data={"token": link[0]}, headers=SAME_ORIGIN).status_code == 422


def test_a_link_runs_out_after_its_minutes(
    database: Database, link: tuple[str, str], clock: FakeClock, settings: Settings
) -> None:
    clock.advance(minutes=settings.courier_link_minutes)
    with pytest.raises(NotSignedIn, match="has run out"):
        signing_in.sign_in_with_link(database, now=clock(), settings=settings, code=link[1])


def test_codes_cannot_be_tried_without_end(browser_as: Callable[..., Browser]) -> None:
    browser = browser_as()
    tries = [browser.post("/c", data={"code": f"{n:06d}"}, headers=SAME_ORIGIN).status_code for n in range(11)]
    assert tries == [422] * 10 + [429]


def test_only_somebody_who_is_nothing_but_a_courier_gets_a_link(
    database: Database, actor: Callable[..., Actor], clock: FakeClock, settings: Settings
) -> None:
    both = actor(Role.COURIER, Role.COORDINATOR)
    assert both.user_id is not None
    with pytest.raises(NotAllowed), database.write() as session:
        service.make_courier_link(session, user_id=both.user_id, actor=both, now=clock(), settings=settings)


def test_a_link_for_nobody_asks_for_whom(browser_as: Callable[..., Browser]) -> None:
    answer = browser_as(Role.COORDINATOR).submit("/courier-links", {"user_id": ""})
    assert answer.status_code == 422
    assert "Choose the courier from the list." in answer.text


def test_the_coordinators_page_shows_a_link_a_qr_code_and_six_digits_that_work(
    browser_as: Callable[..., Browser], courier: int
) -> None:
    page = browser_as(Role.COORDINATOR).submit("/courier-links", {"user_id": str(courier)})
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "location" not in page.headers
    token = re.search(r"https://t\.example/c/([\w-]{40,})", page.text)
    code = re.search(r">(\d{3} \d{3})<", page.text)
    assert token is not None
    assert code is not None
    assert browser_as().post("/c", data={"code": code.group(1)}, headers=SAME_ORIGIN).status_code == 303


def test_a_form_without_its_token_is_refused(browser_as: Callable[..., Browser], person: User) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    for data in ({}, {"csrf_token": "0" * 64}, {"csrf_token": browser_as(Role.HUB_ADMIN).csrf()}):
        answer = admin.post(f"/users/{person.id}/aside", data=data, headers=SAME_ORIGIN)
        assert answer.status_code == 403
        assert "nothing was done" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_a_request_that_another_site_made_is_refused_even_with_the_token(
    browser_as: Callable[..., Browser], person: User, headers: dict[str, str], database: Database
) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    answer = admin.post(f"/users/{person.id}/aside", data={"csrf_token": admin.csrf()}, headers=headers)
    assert answer.status_code == 403
    with database.read() as session:
        found = queries.user_by_id(session, person.id)
        assert found is not None
        assert found.active


def test_the_api_refuses_a_cookie_that_another_site_sends(browser_as: Callable[..., Browser]) -> None:
    answer = browser_as(Role.TECHNICIAN).post(
        "/api/v1/hazards", json={"scan": "x", "seen": "y"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


@pytest.fixture
def token(database: Database, person: User, clock: FakeClock, settings: Settings) -> str:
    """A token of the technician that may only look at tablets."""
    with database.write() as session:
        return service.make_token(
            session,
            owner=person,
            name="a program",
            scopes=[Permission.TABLETS_SEE, Permission.SIGNED_IN],
            days=10,
            now=clock(),
            settings=settings,
        )


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_token_may_do_what_its_scopes_say_and_no_more(browser_as: Callable[..., Browser], token: str) -> None:
    program = browser_as()
    assert program.get("/api/v1/tablets", headers=bearer(token)).status_code == 200
    refused = program.post("/api/v1/hazards", json={"scan": "x", "seen": "y"}, headers=bearer(token))
    assert (refused.status_code, refused.json()["details"]) == (403, {"permission": "holds.place"})
    assert program.get("/", headers=bearer(token)).status_code == 403  # a person's whole day, whatever the scopes


def test_a_token_loses_what_its_owner_loses(browser_as: Callable[..., Browser], token: str, person: User) -> None:
    admin = browser_as(Role.HUB_ADMIN)
    changed = {"name": person.name, "email": person.email, "roles": "courier"}
    assert admin.submit(f"/users/{person.id}", changed).status_code == 303
    assert browser_as().get("/api/v1/tablets", headers=bearer(token)).status_code == 403


def test_a_token_ends_by_age_by_its_owner_and_with_its_owner(
    browser_as: Callable[..., Browser], token: str, person: User, database: Database, clock: FakeClock
) -> None:
    program = browser_as()
    clock.advance(days=9)
    assert program.get("/api/v1/tablets", headers=bearer(token)).status_code == 200
    clock.advance(days=1)
    assert program.get("/api/v1/tablets", headers=bearer(token)).status_code == 401
    clock.advance(days=-5)
    with database.write() as session:
        account.end_own_token(session, person.id, queries.tokens_of(session, person.id)[0].id, now=clock())
    answer = program.get("/api/v1/tablets", headers=bearer(token))
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_token_cannot_widen_itself(browser_as: Callable[..., Browser], token: str) -> None:
    wider = {"name": "wider", "scopes": "holds.place", "days": "10"}
    answer = browser_as().post("/account/tokens", data=wider, headers=bearer(token))
    assert answer.status_code == 403


def test_a_token_is_made_and_shown_once_on_the_account_page(browser_as: Callable[..., Browser]) -> None:
    technician = browser_as(Role.TECHNICIAN)
    made = technician.submit("/account/tokens", {"name": "a program", "scopes": "tablets.see", "days": "30"})
    assert made.status_code == 200
    found = re.search(r"ds_[\w-]{40,}", made.text)
    assert found is not None
    assert found.group() not in technician.get("/account").text
    assert browser_as().get("/api/v1/tablets", headers=bearer(found.group())).status_code == 200
    beyond = technician.submit("/account/tokens", {"name": "a program", "scopes": "people.see", "days": "30"})
    assert beyond.status_code == 422


def test_changing_ones_password_ends_the_other_sign_ins_and_keeps_this_one(
    browser_as: Callable[..., Browser], person: User
) -> None:
    here, there = browser_as(), browser_as()
    sign_in(here)
    sign_in(there)
    wrong = here.submit("/account/password", {"current": "not it", "password": "another three words"})
    assert wrong.status_code == 422
    assert there.get("/account").status_code == 200
    done = here.submit("/account/password", {"current": GOOD, "password": "another three words"})
    assert done.status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert sign_in(there) == 422
    assert sign_in(there, "another three words") == 303


def test_one_of_several_sign_ins_can_be_ended_but_not_somebody_elses(
    browser_as: Callable[..., Browser], person: User, database: Database
) -> None:
    here, there, other = browser_as(), browser_as(), browser_as(Role.TECHNICIAN)
    sign_in(there)
    sign_in(here)
    with database.read() as session:
        first = min(each.id for each in queries.open_sign_ins_of(session, person.id))
    assert other.submit(f"/account/sign-ins/{first}/end").status_code == 404
    assert here.submit(f"/account/sign-ins/{first}/end").status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
