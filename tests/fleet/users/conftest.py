"""What the tests of signing in share."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from fleet.users import passwords


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed by the same means at the least cost it knows: these tests check hundreds of them."""
    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", least)
    monkeypatch.setattr(passwords, "_NOBODYS_HASH", least.hash("nobody's"))
