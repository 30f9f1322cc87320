"""Which language we write in: never another one silently, and no words that nobody has read, until somebody says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.models import ChaseLanguage
from fleet.chasing.rules import ChaseState, LanguageChoice
from fleet.errors import BadInput, Conflict
from fleet.loans.models import Loan
from fleet.people.models import Person
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import PrintFormat
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)


def decide(chasing: Chasing, loan: Loan, choice: LanguageChoice) -> ChaseLanguage:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        return service.answer_language(session, loan.id, choice, actor=actor, happening=happening)


def reads(chasing: Chasing, loan: Loan, language: str) -> None:
    with chasing.database.write() as session:
        session.get_one(Person, loan.person_id).language_read = language


def who_reads(chasing: Chasing, language: str) -> Loan:
    """A loan that somebody has who reads that language; there need not be a guide in it."""
    loan = chasing.loan(DUE)
    reads(chasing, loan, language)
    return loan


def texts(chasing: Chasing) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in chasing.outbox()]


@pytest.mark.parametrize(
    ("language", "choice", "greeting", "note"),
    [
        ("pl", LanguageChoice.DRAFT, "Dzień dobry, Sample", "In Polish as drafted"),
        ("pl", LanguageChoice.ENGLISH, "Hello Sample", "In English, as somebody decided: they read Polish."),
        ("tw", LanguageChoice.ENGLISH, "Hello Sample", "In English, as somebody decided: they read Twi."),
    ],
)
def test_somebody_answers_before_anybody_is_written_to(
    chasing: Chasing, language: str, choice: LanguageChoice, greeting: str, note: str
) -> None:
    loan = who_reads(chasing, language)
    chasing.at(DUE)
    (planned,) = chasing.planned(DUE)
    assert "decide how they hear from us" in planned.why
    assert (chasing.tick().tasks, texts(chasing)) == (1, [])
    assert "decide on the loan's page" in chasing.entries(loan)[-1].note
    decide(chasing, loan, choice)
    assert chasing.tick().sent == 1
    (text,) = texts(chasing)
    assert greeting in text
    sent = chasing.entries(loan)[-1]
    assert (sent.rung, sent.state) == ("due_day", ChaseState.SENT)
    assert sent.language == (language if choice is LanguageChoice.DRAFT else "en")
    assert sent.note.startswith(note)


@ON_SQLITE
def test_the_answer_counts_for_later_steps_and_for_this_language_only(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, details={"language_read": "ar"})
    chasing.at(date(2026, 6, 22))
    chasing.tick()
    decide(chasing, loan, LanguageChoice.DRAFT)
    chasing.tick()
    chasing.at(DUE)
    (planned,) = chasing.planned(DUE)
    assert planned.language == "ar"
    assert chasing.tick().sent == 1
    assert "الاثنين 29 يونيو" in texts(chasing)[-1]
    reads(chasing, loan, "pl")
    chasing.at(date(2026, 7, 2))
    assert chasing.tick().tasks == 1


@ON_SQLITE
def test_who_is_to_be_rung_is_rung_and_nobody_is_asked_again(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, details={"language_read": "bn"})
    decide(chasing, loan, LanguageChoice.CALL)
    chasing.at(date(2026, 6, 27))
    assert "somebody decided that a person rings" in chasing.planned(DUE)[0].why
    chasing.at(DUE)
    assert chasing.tick().tasks == 1
    assert chasing.entries(loan)[-1].note.startswith("Ring")


@ON_SQLITE
def test_there_is_nothing_to_decide_in_english_and_no_draft_where_there_is_none(chasing: Chasing) -> None:
    english, twi = chasing.loan(DUE), who_reads(chasing, "tw")
    with pytest.raises(Conflict, match="They read English"):
        decide(chasing, english, LanguageChoice.ENGLISH)
    with pytest.raises(BadInput) as refused:
        decide(chasing, twi, LanguageChoice.DRAFT)
    assert refused.value.fields == {"choice": "There is no draft in Twi."}


@ON_SQLITE
def test_two_at_home_who_read_different_languages_hear_from_us_apart(chasing: Chasing) -> None:
    shared = {"phone": "07700 900321"}
    first = chasing.loan(DUE, details={**shared, "language_read": "pl"})
    second = chasing.loan(DUE, details={**shared, "language_read": "ur"})
    for loan in (first, second):
        decide(chasing, loan, LanguageChoice.DRAFT)
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    assert sorted(len(chasing.ledger(loan)) for loan in (first, second)) == [0, 3]


@ON_SQLITE
def test_who_reads_easy_read_gets_it_and_who_needs_large_print_gets_that(chasing: Chasing) -> None:
    home = {"address_line_1": "Flat 2, 1 Sample Court", "town": "London", "postcode": "N19 5XX"}
    chasing.loan(DUE, details={"print_format": PrintFormat.EASY_READ})
    letter = chasing.loan(DUE, by=ContactBy.LETTER, details={**home, "print_format": PrintFormat.PRINT_24})
    chasing.at(DUE)
    done = chasing.tick()
    assert (done.sent, done.to_print) == (1, 1)
    (text,) = texts(chasing)
    assert "Today is the day to give your tablet back.\nToday is Monday 29 June.\n" in text
    assert "Wanted as" not in text
    assert chasing.entries(letter)[-1].state is ChaseState.TO_PRINT


@ON_SQLITE
def test_the_loans_page_asks_and_takes_the_answer(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = who_reads(chasing, "ur")
    coordinator, address = browser_as(Role.COORDINATOR), f"/chasing/loans/{loan.id}"
    page = coordinator.get(address).text
    assert "They read Urdu, and nobody whose language it is has read our words in it yet." in page
    assert "Send the words that nobody has read" in page
    assert coordinator.submit(f"{address}/language", {"choice": "shout"}).status_code == 422
    assert coordinator.submit(f"{address}/language", {"choice": "call"}).status_code == 303
    assert "Decided: somebody rings instead." in coordinator.get(address).text


@ON_SQLITE
def test_every_step_is_shown_on_a_real_loan_in_any_language_with_what_it_costs(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, details={"first_name": "Written"})
    coordinator, address = browser_as(Role.COORDINATOR), f"/chasing/programmes/{loan.programme_id}/words"
    english, arabic = coordinator.get(address).text, coordinator.get(f"{address}?language=ar&easy=yes").text
    assert "Hello Written," in english
    assert re.search(r"As a text it is 3 text messages long \(\d+ letters\)\.", english)
    assert 'lang="ar" dir="rtl"' in arabic
    assert "Nobody whose language it is has read our words in it yet." in arabic
    assert "Fewer fit into one because of letters such as" in arabic
    assert "شكرًا لك" in arabic


@ON_SQLITE
def test_a_letter_in_a_draft_is_refused_where_its_language_is_decided(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, by=ContactBy.LETTER, details={"language_read": "cy"})
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().tasks == 1
    refused = browser_as(Role.COORDINATOR).submit(f"/chasing/loans/{loan.id}/letter")
    assert (refused.status_code, "No letter was made: " in refused.text) == (409, True)
    assert f'action="/chasing/loans/{loan.id}/language"' in refused.text
