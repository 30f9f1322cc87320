"""What people chose to say is kept apart, never shown again, counted with small numbers hidden, and goes with them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fleet.equality import service
from fleet.errors import BadInput
from fleet.people import queries as people
from fleet.privacy import service as privacy
from fleet.privacy.rules import WhyErase
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser


def answer(lending: Lending, person_id: int, **answers: str) -> None:
    actor, told = lending.actor(Role.COORDINATOR), lending.happening()
    with lending.database.write() as session:
        service.record_answers(session, person_id, answers, actor=actor, happening=told)


def test_what_is_said_later_takes_the_place_of_what_was_said_before(lending: Lending) -> None:
    person = lending.person()
    answer(lending, person.id, housing="owned", ethnic_group="other_arab")
    answer(lending, person.id, housing="rather_not_say", ethnic_group="")
    assert set(lending.read(service.everything_said, person.id)) == {
        ("What is your ethnic group?", "Arab"),
        ("How do you live?", "Rather not say"),
    }


@ON_SQLITE
def test_the_log_says_that_somebody_was_asked_and_not_what_they_said(lending: Lending) -> None:
    person = lending.person()
    answer(lending, person.id, housing="owned")
    told = lending.read(people.events, person.id)[0]
    assert (told.kind, "wned" in told.words) == ("equality_asked", False)


@ON_SQLITE
def test_an_answer_that_is_on_no_list_is_refused(lending: Lending) -> None:
    with pytest.raises(BadInput) as refused:
        answer(lending, lending.person().id, ethnic_group="white_showman")
    assert set(refused.value.fields) == {"ethnic_group"}


def test_the_answers_are_in_the_persons_own_copy_and_go_with_them(lending: Lending) -> None:
    person = lending.person()
    answer(lending, person.id, housing="owned")
    copy = lending.read(privacy.everything_about, person.id, settings=lending.settings, now=lending.clock())
    assert copy.as_json()["sections"]["equality"]["rows"] == [
        {"question": "How do you live?", "answer": "Owned outright"}
    ]
    lending.do(privacy.ask_to_erase, person.id, WhyErase.ASKED, role=Role.DATA_PROTECTION)
    assert lending.read(service.everything_said, person.id) == []


@ON_SQLITE
def test_the_form_is_only_ever_written(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    person = lending.person()
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.submit(f"/people/{person.id}/equality", {"housing": "owned"}).status_code == 303
    form = coordinator.get(f"/people/{person.id}/equality").text
    assert "Owned outright" in form
    assert re.findall(r'type="radio"[^>]*checked', form) == []
    assert "Owned outright" not in coordinator.get(f"/people/{person.id}").text
    assert coordinator.get("/equality").status_code == 403


@ON_SQLITE
def test_figures_hide_what_is_small_on_the_page_and_in_the_file(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    for number in range(14):
        answer(lending, lending.person(needs=None).id, housing="owned" if number < 12 else "mortgage")
    evaluator = browser_as(Role.EVALUATOR)
    assert "fewer than 10" in evaluator.get("/equality").text
    file = evaluator.get("/equality?format=csv").text
    assert "Owned outright,10" in file
    assert "Owned with a mortgage or loan,fewer than 10" in file
    assert "12" not in file
