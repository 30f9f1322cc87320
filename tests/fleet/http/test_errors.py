"""What somebody sees who types an address by hand that leads nowhere; programs keep their own answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from fleet.users.rules import MATRIX, Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.users.walking import doors
from tests.people import Browser

pytestmark = ON_SQLITE

NOWHERE = "There is nothing at this address."


@pytest.mark.parametrize("address", ["/bench/autopilot", "/tablets/K7F3-QX", "/loans/12a", "/nothing-of-ours"])
def test_an_address_that_leads_nowhere_says_so_and_what_to_do_next(
    browser_as: Callable[..., Browser], address: str
) -> None:
    page = browser_as(Role.TECHNICIAN, Role.COORDINATOR).get(address)
    assert page.status_code == 404
    assert NOWHERE in page.text
    assert "start at home" in page.text
    assert "valid integer" not in page.text


def test_no_page_answers_a_word_for_a_number_with_a_programs_sentence(
    app: FastAPI, browser_as: Callable[..., Browser]
) -> None:
    somebody = browser_as(*sorted({role for roles in MATRIX.values() for role in roles} - {Role.SYSTEM}))
    pages = [door for door in doors(app) if door.method == "GET" and not door.is_api and door.params]
    assert len(pages) > 30
    wrong = []
    for door in pages:
        answer = somebody.get(re.sub(r"\{\w+(?::\w+)?\}", "autopilot", door.path))
        if answer.status_code == 422 or "Input should be" in answer.text:
            wrong.append(f"{door.name}: {answer.status_code}")
    assert wrong == []


def test_an_address_that_only_takes_forms_leads_nowhere_when_it_is_typed(browser_as: Callable[..., Browser]) -> None:
    page = browser_as(Role.TECHNICIAN).get("/tablets/1/kit")
    assert page.status_code == 404
    assert NOWHERE in page.text


def test_programs_are_told_which_value_of_an_address_cannot_be_used(browser_as: Callable[..., Browser]) -> None:
    answer = browser_as(Role.TECHNICIAN).get("/api/v1/tablets/autopilot")
    assert answer.status_code == 422
    assert "tablet_id" in answer.json()["fields"]
    assert browser_as(Role.TECHNICIAN).get("/api/v1/tablets/1/kit").status_code == 405
