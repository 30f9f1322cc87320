"""Checking a password: slow for everybody alike, and never while others wait for the database's one writer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from fleet.database.session import Database
from fleet.settings import Settings
from fleet.users import passwords, signing_in
from fleet.users.models import User
from fleet.users.rules import Role
from tests.fleet.users.conftest import GOOD
from tests.people import Browser, FakeClock

WORSE = PasswordHasher(time_cost=1, memory_cost=8 * 1024)


class Watched(PasswordHasher):
    """Counts the checks."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checks = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002 - argon2's own name; it answers True or raises
        self.checks += 1
        return super().verify(hash, password)


def test_a_check_is_made_for_people_there_are_not_and_for_those_without_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched()
    monkeypatch.setattr(passwords, "_hasher", watched)
    assert not passwords.fits(None, GOOD)
    assert not passwords.fits(watched.hash("another"), GOOD)
    assert watched.checks == 2


def test_nobodys_password_fits_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: WORSE.hash(GOOD))
    assert not passwords.fits(None, GOOD)


def test_others_can_write_while_a_password_is_checked_or_hashed(
    database: Database, person: User, browser_as: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []

    def while_others_write(what: str) -> None:
        """The slow part: with the lock held, this would wait for its own end, and fail."""
        with database.write() as session:
            session.execute(update(User).where(User.id == person.id).values(name=what))
        waited.append(what)

    def fits(stored: str | None, password: str) -> bool:
        while_others_write("check")
        return stored is not None and password == GOOD

    def hashed(_password: str) -> str:
        while_others_write("hash")
        return WORSE.hash(GOOD)

    monkeypatch.setattr(passwords, "fits", fits)
    monkeypatch.setattr(passwords, "hashed", hashed)
    stranger, admin = browser_as(), browser_as(Role.HUB_ADMIN)
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: True)
    form = {"email": person.email, "password": GOOD}
    assert stranger.post("/sign-in", data=form, headers={"sec-fetch-site": "same-origin"}).status_code == 303
    assert stranger.submit("/account/password", {"current": GOOD, "password": "more random words"}).status_code == 303
    assert admin.submit(f"/users/{person.id}/password", {"password": "more random words"}).status_code == 303
    added = {"name": "Sample Two", "email": "two@doorstep.example", "roles": "buddy", "password": "more random words"}
    assert admin.submit("/users/new", added).status_code == 303
    assert waited == ["check", "hash", "check", "hash", "hash", "hash"]


def test_an_outdated_hash_is_made_again_at_the_next_sign_in(
    database: Database, person: User, clock: FakeClock, settings: Settings
) -> None:
    with database.write() as session:
        session.execute(update(User).where(User.id == person.id).values(password_hash=WORSE.hash(GOOD)))
    for _ in range(2):
        begun = signing_in.sign_in_with_password(
            database, email=person.email, password=GOOD, address="203.0.113.1", now=clock(), settings=settings
        )
        assert begun is not None
        assert begun.user.password_hash is not None
        assert not passwords.is_outdated(begun.user.password_hash)
