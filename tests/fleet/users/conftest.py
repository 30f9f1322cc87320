"""What the tests of signing in share."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from fleet.database.session import Database
from fleet.users import passwords, service
from fleet.users.models import User
from fleet.users.rules import Role
from tests.people import FakeClock

GOOD = "three random words"
"""The password of `person`."""


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed by the same means at the least cost it knows: these tests check hundreds of them."""
    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", least)
    monkeypatch.setattr(passwords, "_nobodys_hash", lambda: least.hash("nobody's"))


@pytest.fixture
def person(database: Database, clock: FakeClock) -> User:
    """A technician with a password."""
    with database.write() as session:
        return service.add_user(
            session,
            name="Sample One",
            email="sample.one@doorstep.example",
            roles=[Role.TECHNICIAN],
            password=GOOD,
            now=clock(),
        )
