"""What is wrong with an answer is said in words that a coordinator would use, whatever the parser calls it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from fleet.http.answers import plainly
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser


class _Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


class _Ours(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str

    @field_validator("name")
    @classmethod
    def _known(cls, value: str) -> str:
        raise ValueError("Nobody of this name works here.")


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        (int, "twelve", "Enter a whole number, such as 12."),
        (Annotated[int, Field(ge=1)], "0", "Enter 1 or more."),
        (Annotated[int, Field(le=10_000)], "10001", "Enter 10,000 or less."),
        (Annotated[int, Field(gt=0)], "0", "Enter more than 0."),
        (Annotated[Decimal, Field(lt=100)], "100", "Enter less than 100."),
        (Decimal, "a lot", "Enter a number, such as 12.50."),
        (Annotated[Decimal, Field(decimal_places=2)], "1.234", "Write at most 2 digits behind the point."),
        (float, "half", "Enter a number, such as 12.5."),
        (bool, "perhaps", "Answer yes or no."),
        (date, "31.2.2027", "Enter a day as year, month and day, such as 2027-06-12."),
        (date, "2027-06-12T14:30:00", "Enter a day as year, month and day, such as 2027-06-12."),
        (datetime, "noon", "Enter a day and a time, such as 2027-06-12T14:30:00Z."),
        (AwareDatetime, "2027-06-12T14:30:00", "Say the time zone too, such as 2027-06-12T14:30:00Z."),
        (time, "half past", "Enter a time of day, such as 14:30."),
        (_Colour, "green", "Choose one of these: red or dark_blue."),
        (Literal["call", "text", "letter"], "fax", "Choose one of these: call, text or letter."),
        (Annotated[str, Field(max_length=3)], "four", "Write at most 3 characters."),
        (Annotated[str, Field(min_length=1)], "", "Enter an answer."),
        (Annotated[str, Field(min_length=2)], "a", "Write at least 2 characters."),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "Give at most 1."),
        (str, 12, "Enter words here."),
        (_Ours, {"name": "Sample"}, "Nobody of this name works here."),
        (_Ours, {}, "Enter an answer."),
        (_Ours, {"name": 1, "nmae": "Sample"}, "Enter words here."),
        (_Ours, "Sample", "Give an object with names and values here."),
    ],
)
def test_a_fault_is_said_as_what_to_enter(asked: Any, given: object, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(asked).validate_python(given)
    assert plainly(refused.value.errors()[0]) == said


@ON_SQLITE
def test_a_form_and_a_program_are_told_the_same(browser_as: Callable[..., Browser]) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.submit("/cohorts/new", {"name": "Sample", "places": "many", "starts_on": "soon"})
    assert page.status_code == 422
    assert "Enter a whole number, such as 12." in page.text
    assert "Enter a day as year, month and day" in page.text
    told = coordinator.get("/api/v1/loans?page=none")
    assert told.json()["fields"] == {"page": "Enter a whole number, such as 12."}
