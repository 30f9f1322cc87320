"""A programme's own ladder: written, tried on real loans, followed, and told of as such."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from fleet.chasing import service
from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import Acts, ChaseState, OwnText, Rung
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.people.models import Person
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)
OWN = Rung(
    key="step_1",
    days=5,
    stage=2,
    by=Acts.SYSTEM,
    words="five days after it was due",
    task="Ring them.",
    subject="Your tablet, $first_name",
    body="Hello $first_name, shall we come by? Please $ring_us.",
)


def set_to(chasing: Chasing, programme_id: int, *rungs: Rung, grace_days: int = 2) -> None:
    with chasing.database.write() as session:
        service.set_ladder(
            session,
            programme_id,
            rungs,
            grace_days=grace_days,
            actor=chasing.lending.actor(Role.COORDINATOR),
            happening=chasing.lending.happening(),
        )


def test_a_programme_follows_its_own_ladder_and_its_own_words(chasing: Chasing) -> None:
    own, usual = chasing.loan(DUE), chasing.loan(DUE)
    set_to(chasing, own.programme_id, OWN)
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    assert chasing.ledger(own) == []
    chasing.at(date(2026, 7, 4))
    chasing.tick()
    assert chasing.ledger(own) == [("step_1", ChaseState.SENT)]
    assert chasing.ledger(usual)[-1][0] == "days_after"
    written = "".join(path.read_text(encoding="utf-8") for path in chasing.outbox())
    assert "Hello Sample, shall we come by? Please ring us on 020 7946 0000." in written
    assert chasing.why(own) == "Messaged by text on Saturday 4 July: five days after it was due."


def test_what_was_sent_stays_sent_when_the_ladder_changes(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick()
    set_to(chasing, loan.programme_id, *default_ladder().rungs[:3])
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().sent + chasing.tick().tasks == 0
    set_to(chasing, loan.programme_id, *default_ladder().rungs[:3], OWN)
    assert chasing.tick().sent == 1


def test_a_step_by_letter_only_asks_a_person_about_those_who_want_no_letters(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    set_to(chasing, loan.programme_id, replace(OWN, channel=ContactBy.LETTER))
    chasing.at(date(2026, 7, 6))
    assert (chasing.tick().tasks, chasing.outbox()) == (1, [])


@ON_SQLITE
@pytest.mark.parametrize(
    ("rungs", "field"),
    [
        ((), "ladder"),
        ((OWN, OWN), "ladder"),
        ((replace(OWN, days=400),), "days-0"),
        ((OWN, replace(OWN, key="step_2", days=4)), "days-1"),
        ((OWN, replace(OWN, key="step_2", stage=1)), "stage-1"),
        ((replace(OWN, days=-1, working_days=True),), "working_days-0"),
        ((replace(OWN, words=""),), "words-0"),
        ((replace(OWN, task=""),), "task-0"),
        ((replace(OWN, body=""),), "body-0"),
        ((replace(OWN, body="Dear $last_name"),), "body-0"),
        ((replace(OWN, easy="Dear $last_name"),), "easy-0"),
        ((replace(OWN, key="due_day", subject="", body="", easy="Hello"),), "easy-0"),
        ((replace(OWN, channel=ContactBy.CALL),), "channel-0"),
    ],
)
def test_a_ladder_that_cannot_be_followed_is_refused(chasing: Chasing, rungs: tuple[Rung, ...], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        set_to(chasing, chasing.lending.programme().id, *rungs)
    assert field in refused.value.fields


def in_polish(
    chasing: Chasing, programme_id: int, *, read_by: str = "", easy: str = "", easy_read_by: str = "", **instead: str
) -> None:
    words = {"subject": "Twój tablet", "body": "Dzień dobry $first_name, $ring_us.", "language": "pl", **instead}
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        text = OwnText(read_by=read_by, easy=easy, easy_read_by=easy_read_by, **words)
        service.set_words(session, programme_id, OWN.key, text, actor=actor, happening=happening)


def who_reads_polish(chasing: Chasing, **details: object) -> Loan:
    loan = chasing.loan(DUE, details=details)
    with chasing.database.write() as session:
        session.get_one(Person, loan.person_id).language_read = "pl"
    set_to(chasing, loan.programme_id, OWN)
    return loan


def test_own_words_in_another_language_leave_once_somebody_has_read_them(chasing: Chasing) -> None:
    loan = who_reads_polish(chasing)
    chasing.at(date(2026, 7, 6))
    (planned,) = chasing.planned(date(2026, 7, 6))
    assert "we have no words in it for this step" in planned.why
    in_polish(chasing, loan.programme_id)
    (planned,) = chasing.planned(date(2026, 7, 6))
    assert "nobody has read our words in it yet" in planned.why
    in_polish(chasing, loan.programme_id, read_by="A reader")
    assert chasing.tick().sent == 1
    (text,) = chasing.outbox()
    assert "Dzień dobry Sample" in text.read_text(encoding="utf-8")
    assert chasing.entries(loan)[-1].language == "pl"


@ON_SQLITE
def test_where_the_english_changes_the_other_languages_are_drafts_again(chasing: Chasing) -> None:
    loan = who_reads_polish(chasing)
    in_polish(chasing, loan.programme_id, read_by="A reader")
    set_to(chasing, loan.programme_id, replace(OWN, days=6))
    kept = chasing.lending.read(service.ladder_of, loan.programme_id).rungs[0].others
    assert [(each.language, each.read_by) for each in kept] == [("pl", "A reader")]
    set_to(chasing, loan.programme_id, replace(OWN, body="Hello $first_name."))
    kept = chasing.lending.read(service.ladder_of, loan.programme_id).rungs[0].others
    assert [(each.language, each.read_by) for each in kept] == [("pl", "")]
    in_polish(chasing, loan.programme_id, read_by="A reader", easy="Cześć", easy_read_by="Another")
    set_to(chasing, loan.programme_id, replace(OWN, body="Hello $first_name.", easy="Hello."))
    kept = chasing.lending.read(service.ladder_of, loan.programme_id).rungs[0].others
    assert [(each.read_by, each.easy, each.easy_read_by) for each in kept] == [("A reader", "Cześć", "")]
    in_polish(chasing, loan.programme_id, body="")
    assert chasing.lending.read(service.ladder_of, loan.programme_id).rungs[0].others == ()


@ON_SQLITE
@pytest.mark.parametrize(
    ("instead", "field"),
    [
        ({"language": "en"}, "language"),
        ({"language": "tw"}, "language"),
        ({"subject": ""}, "body"),
        ({"body": "Dzień dobry $last_name"}, "body"),
        ({"easy": "Dzień dobry $last_name"}, "easy"),
        ({"body": "", "easy": "Dzień dobry"}, "easy"),
        ({"easy": "Dzień dobry", "easy_read_by": "A" * 121}, "easy_read_by"),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused(chasing: Chasing, instead: dict[str, str], field: str) -> None:
    programme = chasing.lending.programme()
    set_to(chasing, programme.id, OWN)
    with pytest.raises(BadInput) as refused:
        in_polish(chasing, programme.id, **instead)
    assert field in refused.value.fields


@ON_SQLITE
def test_own_words_are_written_on_a_page_and_shown_on_any_of_the_loans(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, details={"first_name": "First"})
    programme = chasing.lending.read(cohorts.get_programme, loan.programme_id)
    second = chasing.loan(DUE, details={"first_name": "Second"}, programme=programme)
    set_to(chasing, programme.id, *default_ladder().rungs[:3], OWN)
    coordinator, address = browser_as(Role.COORDINATOR), f"/chasing/programmes/{programme.id}/words"
    assert "it has none in Urdu" in coordinator.get(f"{address}?language=ur").text
    page = coordinator.get(f"{address}/step_1?language=ur").text
    assert 'lang="ur" dir="rtl"' in page
    assert "Hello $first_name, shall we come by?" in page
    typed = {"language": "ur", "subject": "آپ کا ٹیبلٹ", "body": "$first_name, $ring_us", "read_by": ""}
    assert coordinator.submit(f"{address}/step_1", {**typed, "body": "$nobody"}).status_code == 422
    assert coordinator.submit(f"{address}/step_1", typed).status_code == 303
    assert "a draft that nobody whose language it is has read" in coordinator.get(f"{address}?language=ur").text
    coordinator.submit(f"{address}/step_1", {**typed, "read_by": "A reader"})
    shown = coordinator.get(f"{address}?language=ur&loan={second.id}").text
    assert "own words, read by A reader" in shown
    assert ("Second" in shown, "آپ کا ٹیبلٹ" in shown) == (True, True)
    assert "This step has our words" in coordinator.get(f"{address}/due_day?language=ur").text
    assert coordinator.get(f"{address}/no_such_step").status_code == 404
    assert browser_as(Role.DATA_PROTECTION).submit(f"{address}/step_1", typed).status_code == 403


@ON_SQLITE
def test_a_step_is_called_what_the_ladder_of_its_day_called_it(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick()
    chasing.at(date(2026, 6, 30))
    ladder = default_ladder().rungs
    set_to(chasing, loan.programme_id, *ladder[:2], replace(ladder[2], words="on the last day"), *ladder[3:])
    assert chasing.why(loan, DUE) == "Messaged by text on Monday 29 June: on the day it is due."
    chasing.lending.do(loans.extend, loan.id, reason="Longer", due_on=date(2026, 7, 13))
    chasing.at(date(2026, 7, 13))
    chasing.tick()
    assert chasing.why(loan) == "Messaged by text on Monday 13 July: on the last day."


def _form(browser: Browser, address: str) -> dict[str, str]:
    """What the page's form holds, as a browser would send it."""

    class Reader(HTMLParser):
        found: dict[str, str] = {}  # noqa: RUF012 - one page, one reader
        area = pick = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            name = given.get("name") or ""
            if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
                self.found[name] = given.get("value") or ""
            elif tag == "textarea":
                self.area, self.found[name] = name, ""
            elif tag == "select":
                self.pick = name
            elif tag == "option" and ("selected" in given or self.pick not in self.found):
                self.found[self.pick] = given.get("value") or ""

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[self.area] += data

        def handle_endtag(self, tag: str) -> None:
            self.area = "" if tag == "textarea" else self.area

    reader = Reader()
    reader.found = {}
    reader.feed(browser.get(address).text.split("<main")[1])
    return {name: value for name, value in reader.found.items() if name and name != "csrf_token"}


@ON_SQLITE
def test_a_coordinator_tries_a_ladder_on_real_loans_before_it_counts(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, details={"first_name": "Written"})
    chasing.at(DUE)
    coordinator, address = browser_as(Role.COORDINATOR), f"/chasing/programmes/{loan.programme_id}/ladder"
    typed = _form(coordinator, address)
    assert (typed["days-0"], typed["key-2"], typed["grace_days"]) == ("-7", "due_day", "2")
    typed |= {"days-2": "1", "words-2": "the day after it was due"}
    tried = coordinator.submit(address, {**typed, "press": "try"})
    assert tried.status_code == 200
    assert "Written Person" in tried.text
    assert "<strong>A message by text: two days before it is due</strong>" in tried.text
    assert "instead of: A message by text: on the day it is due" in tried.text
    assert "Hello Written," in tried.text
    assert "the usual one" in coordinator.get("/chasing/ladders").text
    refused = coordinator.submit(address, {**typed, "days-2": "many", "press": "save"})
    assert refused.status_code == 422
    assert "Enter a whole number." in refused.text
    assert 'value="many"' in refused.text
    assert coordinator.submit(address, {**typed, "remove-7": "yes", "press": "save"}).status_code == 303
    assert "its own, set by" in coordinator.get("/chasing/ladders").text
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan)[-1] == ("two_days_before", ChaseState.SENT)
    with chasing.database.read() as session:
        assert len(service.ladder_of(session, loan.programme_id).rungs) == 7
    assert coordinator.submit(address, {"press": "default"}).status_code == 303
    assert browser_as(Role.DATA_PROTECTION).submit(address, {**typed, "press": "save"}).status_code == 403
