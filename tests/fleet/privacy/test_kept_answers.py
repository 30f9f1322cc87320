"""An answer kept for a program that asks again must not bring back whoever was erased since (rule R30)."""

from __future__ import annotations

from collections.abc import Callable

from fleet.people.models import Person
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.privacy.conftest import Erase
from tests.lending import Lending
from tests.people import Browser


@ON_SQLITE
def test_no_kept_answer_tells_of_somebody_who_was_erased_since(
    browser_as: Callable[..., Browser], lending: Lending, erase: Erase
) -> None:
    person: Person = lending.person(last_name="Quillfeather")
    program, key = browser_as(Role.COORDINATOR), {"Idempotency-Key": "3b0c1f0e-opt-out"}
    address, asked = f"/api/v1/people/{person.id}/opt-out", {"opted_out": True}
    assert "Quillfeather" in program.post(address, json=asked, headers=key).text
    erase(person.id)
    again = program.post(address, json=asked, headers=key)
    assert ("Quillfeather" in again.text, again.status_code) == (False, 409)
    assert again.json()["code"] == "answer_not_kept"
