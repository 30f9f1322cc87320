"""Names, numbers and postcodes as people type them. No database."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.people.languages import tidy_language
from fleet.people.rules import (
    Channel,
    PersonFacts,
    age_problem,
    area_of,
    phone_problem,
    phone_words,
    postcode_warning,
    problems,
    tidy_phone,
    tidy_postcode,
)
from fleet.people.words import language_words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("sw1a2aa", "SW1A 2AA"), (" eh1  1yz", "EH1 1YZ"), ("N1 9gu", "N1 9GU"), ("gir0aa", "GIR 0AA"), ("N19", "N19")],
)
def test_a_postcode_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert tidy_postcode(typed) == kept


@pytest.mark.parametrize("postcode", ["SW1A 2AA", "EH1 1YZ", "N1 9GU", "GIR 0AA", "W1A 1AA", "CF10 4UW", "BT4 3SH", ""])
def test_real_forms_of_postcode_pass(postcode: str) -> None:
    assert postcode_warning(postcode) is None


@pytest.mark.parametrize("postcode", ["N19", "QQ1 1AA", "SW1A 2CA", "12345 6"])
def test_a_doubtful_postcode_is_a_warning_that_says_it_was_kept(postcode: str) -> None:
    assert "It was kept as it is" in (postcode_warning(postcode) or "")


@pytest.mark.parametrize(("postcode", "area"), [("N1 9GU", "N1"), ("SW1A 2AA", "SW1A"), ("N19", "")])
def test_the_first_half_groups_deliveries(postcode: str, area: str) -> None:
    assert area_of(postcode) == area


@pytest.mark.parametrize("typed", ["07700 900001", "+44 7700 900001", "0044 7700-900001", "(07700) 900001"])
def test_a_phone_number_is_kept_in_one_form(typed: str) -> None:
    assert tidy_phone(typed) == "+447700900001"
    assert phone_problem(tidy_phone(typed)) is None


def test_numbers_are_read_out_as_people_say_them() -> None:
    assert phone_words("+447700900001") == "07700 900001"
    assert phone_words("+442079460000") == "020 7946 0000"
    assert phone_words("+35312345678") == "+35312345678"


@pytest.mark.parametrize("typed", ["12345", "no phone", "+44", "07700 9000012345"])
def test_what_cannot_be_rung_is_refused(typed: str) -> None:
    assert phone_problem(tidy_phone(typed)) is not None


def facts(**given: object) -> PersonFacts:
    base: dict[str, object] = {
        "first_name": "Sample",
        "last_name": "One",
        "phone": "+447700900001",
        "email": "",
        "postcode": "N1 9GU",
        "address_line_1": "1 Sample Court",
        "language_spoken": "en",
        "language_read": "zh-Hant",
        "channel": Channel.CALL,
        "consents": True,
        "birth_year": None,
        "today": date(2026, 6, 1),
    }
    return PersonFacts(**{**base, **given})  # type: ignore[arg-type]  # the fields are named in the base above


def test_the_least_that_is_asked_is_enough() -> None:
    assert problems(facts()) == {}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"consents": False}, "consents"),
        ({"phone": ""}, "phone"),
        ({"channel": Channel.EMAIL}, "email"),
        ({"email": "not an address"}, "email"),
        ({"channel": Channel.LETTER, "postcode": ""}, "address_line_1"),
        ({"language_read": "English"}, "language_read"),
        ({"language_spoken": "xx"}, "language_spoken"),
        ({"language_read": "zz-Latn"}, "language_read"),
        ({"birth_year": 48}, "birth_year"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(wrong: dict[str, object], field: str) -> None:
    found = problems(facts(**wrong))
    assert list(found) == [field]
    assert found[field].endswith(".")


def test_a_lowest_age_needs_no_more_than_a_year_of_birth() -> None:
    today = date(2026, 6, 1)
    assert age_problem(None, 0, today) is None
    assert age_problem(1950, 60, today) is None
    assert "Ask for the year of birth" in (age_problem(None, 60, today) or "")
    assert "60 and over" in (age_problem(1990, 60, today) or "")


@pytest.mark.parametrize("code", ["yo", "syl", "bfi", "zh-Hant", "pt-BR", "es-419"])
def test_every_language_there_is_may_be_kept(code: str) -> None:
    assert problems(facts(language_spoken=code)) == {}


@pytest.mark.parametrize(("typed", "kept"), [("EN", "en"), (" pt_br", "pt-BR"), ("ZH-hant", "zh-Hant")])
def test_a_language_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert tidy_language(typed) == kept


@pytest.mark.parametrize(
    ("code", "said"), [("yo", "Yoruba"), ("fa", "Farsi"), ("pt-BR", "Portuguese (BR)"), ("qq", "qq")]
)
def test_a_language_is_said_by_its_name(code: str, said: str) -> None:
    assert language_words(code) == said
