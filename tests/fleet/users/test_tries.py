"""Guessing: how much of it a stranger gets, whom it holds up and whom not, and what it does not tell."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Barrier

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.errors import BadInput, NotSignedIn, TooManyTries
from fleet.settings import Settings
from fleet.users import account, admin, passwords, service, signing_in
from fleet.users.actor import Actor
from fleet.users.models import SignInFailure, User
from fleet.users.rules import ACCOUNT_TRIES, WRONG_CODES, Role, pause_seconds
from fleet.users.service import NewSignIn
from tests.people import Browser, FakeClock

pytestmark = pytest.mark.usefixtures("quick_passwords")

GOOD = "three random words"
KNOWN, UNKNOWN = "sample.one@doorstep.example", "nobody@doorstep.example"
AT_HOME, A_STRANGERS = "203.0.113.1", "198.51.100.7"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@dataclass
class Door:
    """A hub's sign-in with one person behind it, tried from any address."""

    database: Database
    clock: FakeClock
    settings: Settings
    person: User

    def enter(self, password: str = GOOD, *, email: str = KNOWN, address: str = AT_HOME) -> NewSignIn | None:
        return signing_in.sign_in_with_password(
            self.database, email=email, password=password, address=address, now=self.clock(), settings=self.settings
        )

    def fail(self, times: int, *, email: str = KNOWN, address: str = AT_HOME) -> None:
        for _ in range(times):
            assert self.enter("wrong", email=email, address=address) is None

    def change(self, current: str) -> NewSignIn:
        return account.change_own_password(
            self.database,
            self.person.id,
            current=current,
            wanted="another three words",
            address=AT_HOME,
            now=self.clock(),
            settings=self.settings,
        )

    def code(self, code: str = "", *, token: str = "") -> NewSignIn:
        return signing_in.sign_in_with_link(
            self.database, now=self.clock(), settings=self.settings, code=code, token=token
        )

    def wrong_codes(self, times: int) -> None:
        for _ in range(times):
            with pytest.raises(NotSignedIn):
                self.code("no digits at all")


@pytest.fixture
def door(database: Database, clock: FakeClock, settings: Settings) -> Door:
    with database.write() as session:
        person = service.add_user(
            session, name="Sample One", email=KNOWN, roles=[Role.TECHNICIAN], password=GOOD, now=clock()
        )
    return Door(database, clock, settings, person)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are compared and not hashed: for tests of counting, in which hashes would only cost time."""
    monkeypatch.setattr(passwords, "hashed", lambda password: f"plain {password}")
    monkeypatch.setattr(passwords, "fits", lambda stored, password: stored == f"plain {password}")
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)


pytestmark = pytest.mark.usefixtures("quick")


def test_after_five_failures_sign_in_waits_and_each_further_one_doubles_the_wait(door: Door) -> None:
    door.fail(door.settings.sign_in_tries)
    for pause in (30, 60, 120):
        for _ in range(2):
            with pytest.raises(TooManyTries):
                door.enter()
            door.clock.advance(seconds=pause / 2)
        door.fail(1)
    with pytest.raises(TooManyTries) as refused:
        door.enter()
    assert refused.value.retry_after_seconds == 240
    door.clock.advance(seconds=240)
    assert door.enter() is not None
    door.fail(door.settings.sign_in_tries)


def test_the_wait_never_exceeds_an_hour() -> None:
    assert [pause_seconds(n, tries=5, first_pause=30) for n in (0, 4, 5, 6, 11, 400)] == [0, 0, 30, 60, 1920, 3600]


def test_a_stranger_at_one_address_never_makes_the_person_wait_at_another(door: Door) -> None:
    door.fail(door.settings.sign_in_tries, address=A_STRANGERS)
    assert door.enter() is not None
    with pytest.raises(TooManyTries):
        door.enter(address=A_STRANGERS)


def test_one_address_trying_all_day_stays_far_below_what_slows_everybody_down(settings: Settings) -> None:
    failures, seconds = 0, 0
    while seconds < 86_400:
        failures += 1
        seconds += pause_seconds(failures, tries=settings.sign_in_tries, first_pause=settings.sign_in_pause_seconds)
    assert failures * 2 < ACCOUNT_TRIES


def test_many_addresses_together_get_one_try_a_minute_and_the_person_gets_in_between(door: Door) -> None:
    door.fail(1, address=A_STRANGERS)
    count_everywhere(door, ACCOUNT_TRIES - 1)
    door.fail(1, address="198.51.100.8")
    for address in (AT_HOME, "198.51.100.9"):
        with pytest.raises(TooManyTries) as refused:
            door.enter(address=address)
        assert refused.value.retry_after_seconds == 60
    door.clock.advance(seconds=60)
    assert door.enter() is not None
    door.clock.advance(days=1)
    door.fail(2, address="198.51.100.10")


def count_everywhere(door: Door, failures: int) -> None:
    """As if that many strangers had failed at the account, each from another address."""
    with door.database.write() as session:
        session.execute(update(SignInFailure).where(SignInFailure.address == "").values(failures=failures))


def test_an_email_that_belongs_to_nobody_is_refused_in_the_same_words_after_as_many_tries(
    browser_as: Callable[..., Browser], door: Door
) -> None:
    told = {}
    for email in (KNOWN, UNKNOWN):
        browser = browser_as()
        answers = [
            browser.post("/sign-in", data={"email": email, "password": "no"}, headers=SAME_ORIGIN) for _ in range(6)
        ]
        told[email] = [(each.status_code, each.text.replace(email, "")) for each in answers]
    assert told[KNOWN] == told[UNKNOWN]
    assert [status for status, _ in told[KNOWN]] == [422] * 5 + [429]


def test_many_tries_at_the_same_moment_get_no_more_answers_than_one_after_the_other(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(8)

    def all_at_once(_stored: str | None, _password: str) -> bool:
        together.wait(10)
        return False

    def tried(_number: int) -> bool:
        try:
            return door.enter("wrong") is None
        except TooManyTries:
            return False

    monkeypatch.setattr(passwords, "fits", all_at_once)
    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(tried, range(8)))
    assert sum(answered) == door.settings.sign_in_tries


def test_a_wrong_current_password_counts_like_a_failed_sign_in(door: Door) -> None:
    for _ in range(door.settings.sign_in_tries):
        with pytest.raises(BadInput):
            door.change("wrong")
    for act in (door.enter, lambda: door.change(GOOD)):
        with pytest.raises(TooManyTries):
            act()
    door.clock.advance(seconds=30)
    assert door.change(GOOD).user.id == door.person.id
    assert door.enter("another three words") is not None


def test_the_account_page_says_how_long_to_wait(browser_as: Callable[..., Browser], door: Door) -> None:
    browser = browser_as(Role.TECHNICIAN)
    form = {"current": "wrong", "password": "another three words"}
    answers = [browser.submit("/account/password", form) for _ in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert "Wait 30 seconds" in answers[-1].text


def test_a_hub_admin_ends_every_slow_down_of_a_person(door: Door) -> None:
    def take_back(session: Session) -> User:
        return admin.take_back(session, door.person.id, settings=door.settings)

    def give_password(session: Session) -> User:
        return admin.give_password(session, door.person.id, GOOD, now=door.clock(), settings=door.settings)

    for vouch in (take_back, give_password):
        for address in (AT_HOME, A_STRANGERS):
            door.fail(door.settings.sign_in_tries, address=address)
        with door.database.write() as session:
            vouch(session)
        for address in (AT_HOME, A_STRANGERS):
            assert door.enter(address=address) is not None


def test_the_counts_name_nobody_and_are_forgotten_after_a_day(door: Door) -> None:
    door.fail(1, email=UNKNOWN)
    assert [row for row in kept(door) if any(text in str(vars(row)) for text in (UNKNOWN, AT_HOME, "nobody"))] == []
    door.clock.advance(days=1)
    door.fail(1)
    assert {row.since for row in kept(door)} == {door.clock()}


def kept(door: Door) -> list[SignInFailure]:
    with door.database.read() as session:
        return list(session.scalars(select(SignInFailure)))


def test_a_password_changed_while_the_old_one_was_being_checked_is_the_one_that_counts(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(stored: str | None, _password: str) -> bool:
        with door.database.write() as session:
            changed = update(User).where(User.id == door.person.id).values(password_hash="plain something else")
            session.execute(changed)
        return stored == f"plain {GOOD}"

    monkeypatch.setattr(passwords, "fits", meanwhile)
    assert door.enter() is None


@pytest.fixture
def link(door: Door, actor: Callable[..., Actor]) -> tuple[str, str]:
    return make_link(door, actor(Role.COURIER), actor(Role.COORDINATOR))


def make_link(door: Door, courier: Actor, coordinator: Actor) -> tuple[str, str]:
    assert courier.user_id is not None
    with door.database.write() as session:
        return service.make_courier_link(
            session, user_id=courier.user_id, actor=coordinator, now=door.clock(), settings=door.settings
        )


def test_many_addresses_together_cannot_search_the_codes_and_links_go_on_working(
    door: Door, link: tuple[str, str], browser_as: Callable[..., Browser]
) -> None:
    door.wrong_codes(WRONG_CODES)
    refused = browser_as().post("/c", data={"code": link[1]}, headers=SAME_ORIGIN)
    assert refused.status_code == 429
    assert "from all phones and networks together" in refused.text
    assert "for the next 15 minutes" in refused.text
    assert "Open the link or scan the QR code instead" in refused.text
    assert browser_as().post("/c", data={"token": link[0]}, headers=SAME_ORIGIN).status_code == 303


def test_codes_are_taken_again_once_the_life_of_a_code_has_passed(
    door: Door, link: tuple[str, str], actor: Callable[..., Actor]
) -> None:
    door.wrong_codes(WRONG_CODES)
    with pytest.raises(TooManyTries):
        door.code(link[1])
    door.clock.advance(minutes=door.settings.courier_link_minutes)
    _, fresh = make_link(door, actor(Role.COURIER), actor(Role.COORDINATOR))
    assert door.code(fresh).token


def test_fifty_couriers_who_each_mistype_once_all_get_in(door: Door, actor: Callable[..., Actor]) -> None:
    courier, coordinator = actor(Role.COURIER), actor(Role.COORDINATOR)
    for _ in range(50):
        _, code = make_link(door, courier, coordinator)
        door.wrong_codes(1)
        assert door.code(code).user.id == courier.user_id


def test_one_homes_addresses_count_as_one(app: FastAPI, door: Door) -> None:
    last = count(1)

    def tried(network: str) -> int:
        where = (f"2001:db8:0:{network}::{next(last):x}", 50_000)
        browser = Browser(app, base_url="https://t.example", follow_redirects=False, client=where)
        return browser.post("/sign-in", data={"email": KNOWN, "password": "no"}, headers=SAME_ORIGIN).status_code

    assert [tried("1") for _ in range(6)] == [422] * 5 + [429]
    assert tried("2") == 422
