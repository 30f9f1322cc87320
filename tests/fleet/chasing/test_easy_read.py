"""A programme's own words in easy read: who reads that gets them by every way, and the page says whose they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from fleet.chasing import service
from fleet.chasing.rules import LanguageChoice
from fleet.chasing.service.composing import OURS_IN_EASY_READ
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import PrintFormat
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_ladders import DUE, OWN, in_polish, set_to, who_reads_polish
from tests.fleet.chasing.test_languages import decide
from tests.people import Browser

DAY = date(2026, 7, 6)
EASY = replace(OWN, easy="You have it, $first_name.\nPlease $ring_us.")
IN_EASY = {"print_format": PrintFormat.EASY_READ}
HOME = {"address_line_1": "Flat 2, 1 Sample Court", "town": "London", "postcode": "N19 5XX"}


def sent(chasing: Chasing) -> str:
    (file,) = chasing.outbox()
    return file.read_text(encoding="utf-8")


@ON_SQLITE
@pytest.mark.parametrize("by", [ContactBy.TEXT, ContactBy.EMAIL])
def test_who_reads_easy_read_gets_the_programmes_own(chasing: Chasing, by: ContactBy) -> None:
    loan = chasing.loan(DUE, by=by, details={**IN_EASY, "email": "first@example.org"})
    other = chasing.loan(DUE, by=by, details={"email": "second@example.org"})
    for each in (loan, other):
        set_to(chasing, each.programme_id, EASY)
    chasing.at(DAY)
    assert chasing.tick().sent == 2
    easy, plain = sorted((file.read_text(encoding="utf-8") for file in chasing.outbox()), key=len)
    assert f"Send by: {by.value}" in easy
    assert "You have it, Sample.\nPlease ring us on 020 7946 0000." in easy
    assert "Wanted as" not in easy
    assert "shall we come by?" in plain
    assert chasing.entries(loan)[-1].note == ""


@ON_SQLITE
def test_a_letter_is_in_the_programmes_own_easy_read(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.LETTER, details={**HOME, **IN_EASY})
    set_to(chasing, loan.programme_id, EASY)
    chasing.at(DAY)
    assert chasing.tick().to_print == 1
    letter = chasing.entries(loan)[-1].id
    with chasing.database.read() as session:
        file, _ = service.letter_paper(session, letter, now=chasing.clock(), settings=chasing.settings)
    with pypdfium2.PdfDocument(file) as paper:
        words = paper[0].get_textpage().get_text_range()
    assert "You have it, Sample." in words
    assert "shall we come by?" not in words
    assert "Wanted as" not in words


@ON_SQLITE
def test_our_easy_read_stands_in_and_the_ledger_says_so(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, details=IN_EASY)
    set_to(chasing, loan.programme_id, replace(OWN, key="due_day", days=0))
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    assert "Today is the day to give your tablet back." in sent(chasing)
    assert chasing.entries(loan)[-1].note == OURS_IN_EASY_READ


@ON_SQLITE
def test_in_another_language_easy_read_waits_for_a_reader_of_its_own(chasing: Chasing) -> None:
    loan = who_reads_polish(chasing, **IN_EASY)
    in_polish(chasing, loan.programme_id, read_by="A reader", easy="Masz to, $first_name.")
    chasing.at(DAY)
    assert chasing.tick().sent == 1
    assert "Dzień dobry Sample" in sent(chasing)
    assert "Wanted as: easy read" in sent(chasing)


@ON_SQLITE
@pytest.mark.parametrize("choice", [None, LanguageChoice.DRAFT])
def test_once_read_or_let_go_as_a_draft_it_leaves(chasing: Chasing, choice: LanguageChoice | None) -> None:
    loan = who_reads_polish(chasing, **IN_EASY)
    by = "" if choice else "A reader"
    in_polish(chasing, loan.programme_id, read_by=by, easy="Masz to, $first_name.", easy_read_by=by)
    if choice:
        decide(chasing, loan, choice)
    chasing.at(DAY)
    assert chasing.tick().sent == 1
    assert "Masz to, Sample." in sent(chasing)
    assert "Wanted as" not in sent(chasing)


@ON_SQLITE
def test_it_is_written_on_pages_measured_and_shown_with_where_it_is_from(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    set_to(chasing, loan.programme_id, EASY, replace(OWN, key="step_2", days=6))
    coordinator, address = browser_as(Role.COORDINATOR), f"/chasing/programmes/{loan.programme_id}/words"
    english = coordinator.get(f"{address}?easy=yes").text
    assert "You have it, Sample." in english
    assert "The programme’s own easy read." in english
    assert "There is no easy read for this step" in english
    assert "Reading age 5, longest line 7 words." in english
    page = coordinator.get(f"{address}/step_1?language=ur").text
    assert "You have it, $first_name." in page
    line = " ".join(["آپ"] * 14)
    typed = {"language": "ur", "subject": "آپ کا ٹیبلٹ", "body": "$first_name, $ring_us", "easy": line}
    assert coordinator.submit(f"{address}/step_1", {**typed, "easy": "$nobody"}).status_code == 422
    assert coordinator.submit(f"{address}/step_1", typed).status_code == 303
    shown = coordinator.get(f"{address}?language=ur&easy=yes").text
    assert "own easy read: a draft that nobody whose language it is has read" in shown
    assert "Longest line 14 words. That is hard to read: lines of 13 words are the most for easy read." in shown
    coordinator.submit(f"{address}/step_1", {**typed, "easy_read_by": "Somebody who reads it"})
    assert "own easy read, read by Somebody who reads it" in coordinator.get(f"{address}?language=ur&easy=yes").text
