"""A program that asks a list with a filter that means nothing is told so, and never acts on everything instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from fleet.database.base import LARGEST_ID
from fleet.database.lists import ListQuery
from fleet.errors import BadInput
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation
from fleet.users.rules import MATRIX, Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser

PAPER = Path(__file__).parents[3] / "docs" / "api.md"
ROWS = re.findall(r"^\| `([\w-]+)` \| ([\w, ]*)\|", PAPER.read_text("utf-8"), re.MULTILINE)
EVERYBODY = tuple(sorted({role for roles in MATRIX.values() for role in roles} - {Role.SYSTEM, Role.COURIER}))


@ON_SQLITE
def test_each_list_takes_the_filters_that_its_paper_names_and_refuses_others(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    somebody = browser_as(*EVERYBODY)
    assert len(ROWS) > 15
    told = {}
    for noun, _ in ROWS:
        refused = somebody.get(f"/api/v1/{noun}?nonsense=1")
        assert refused.status_code == 422, noun
        told[noun] = set(re.findall(r"\w+", refused.json()["fields"]["nonsense"].partition("There are:")[2])) - {"none"}
    assert told == {noun: set(re.findall(r"\w+", filters)) for noun, filters in ROWS}


@ON_SQLITE
@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ("loans?state=nonsense", "state", "Choose one of these: requested,"),
        ("loans?open=maybe", "open", "Choose one of these: yes, no."),
        ("loans?sort=-surname", "sort", "Sort by one of these:"),
        ("cohorts?programme=first", "programme", "Enter a whole number"),
        ("messages?day=garbage", "day", "Enter a day as year, month and day"),
    ],
)
def test_a_filter_without_a_meaning_is_named_with_what_it_may_be(
    browser_as: Callable[..., Browser], asked: str, field: str, said: str
) -> None:
    refused = browser_as(Role.COORDINATOR).get(f"/api/v1/{asked}")
    assert refused.status_code == 422
    assert refused.json()["fields"][field].startswith(said)


@ON_SQLITE
def test_an_old_address_of_a_page_still_shows_its_list(browser_as: Callable[..., Browser]) -> None:
    assert browser_as(Role.COORDINATOR).get("/loans?state=nonsense&sort=nothing&from=mail").status_code == 200


def test_a_strict_question_is_refused_once_with_all_that_is_wrong_in_it() -> None:
    query = ListQuery(sort="size", filters={"state": "lots", "nmae": "Sample", "q": "Sample"}, is_strict=True)
    assert query.choice("state", LoanState) is None
    assert query.filter("q") == "Sample"
    with pytest.raises(BadInput) as refused:
        query.check({"id"})
    assert refused.value.fields.keys() == {"sort", "state", "nmae"}
    assert "There are: q, state." in refused.value.fields["nmae"]


@pytest.mark.parametrize("typed", ["١٢", "²", "1.5", "-1", "twelve", "1x"])
def test_what_is_no_number_of_a_row_is_told_and_never_passed_over(typed: str) -> None:
    query = ListQuery(filters={"loan": typed}, is_strict=True)
    assert query.number("loan") is None
    with pytest.raises(BadInput) as refused:
        query.check()
    assert refused.value.fields == {"loan": "Enter a whole number, such as 12."}


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("2147483648", LARGEST_ID), ("9" * 5_000, LARGEST_ID)])
def test_a_number_that_no_row_has_finds_nothing_instead_of_everything(typed: str, number: int) -> None:
    assert ListQuery(filters={"loan": typed}, is_strict=True).number("loan") == number
