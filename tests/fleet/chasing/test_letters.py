"""The queue of letters: printed, posted, and held back or pulled out at the last moment, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from fleet.chasing import service
from fleet.chasing.rules import ChaseState, HoldReason
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict, NotFound
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people.models import PersonView
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import PrintFormat
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_situations import change
from tests.people import Browser

DUE = date(2026, 6, 29)
NEXT = date(2026, 6, 30)
LATER = date(2026, 7, 1)
API = "/api/v1"
HOME = {"address_line_1": "1 Sample Court", "postcode": "N19 5XX"}


def queued(chasing: Chasing, *people: dict[str, Any]) -> list[Loan]:
    """Loans of these people, each in a flat of their own, whose letters wait to be printed."""
    homes = [{**HOME, "address_line_2": f"Flat {number}"} for number in range(1, len(people) + 1)]
    found = [
        chasing.loan(DUE, by=ContactBy.LETTER, details=home | own) for home, own in zip(homes, people, strict=True)
    ]
    chasing.at(DUE)
    assert chasing.tick().to_print == len(found)
    assert {chasing.ledger(loan)[-1] for loan in found} == {("due_day", ChaseState.TO_PRINT)}
    return found


def letter_id(chasing: Chasing, loan: Loan) -> int:
    return chasing.entries(loan)[-1].id


def act(chasing: Chasing, what: Callable[..., Any], *asked: Any, **named: Any) -> Any:
    with chasing.database.write() as session:
        return what(session, *asked, now=chasing.clock(), settings=chasing.settings, **named)


def printed(chasing: Chasing, *loans_: Loan) -> service.Printed:
    numbers = [letter_id(chasing, each) for each in loans_] or None
    done: service.Printed = act(chasing, service.print_letters, numbers, actor=chasing.lending.actor(Role.COORDINATOR))
    return done


def posted(chasing: Chasing, loan: Loan, on: date, **how: Any) -> service.Posted:
    actor = chasing.lending.actor(Role.COORDINATOR)
    done: service.Posted = act(chasing, service.post_letters, [letter_id(chasing, loan)], on=on, actor=actor, **how)
    return done


def words_of(paper: bytes) -> list[str]:
    with pypdfium2.PdfDocument(paper) as document:
        return [page.get_textpage().get_text_range() for page in document]


def together(chasing: Chasing, ref: str, *, two_sided: bool = True) -> list[str]:
    with chasing.database.read() as session:
        paper, _ = service.papers_together(
            session, ref, now=chasing.clock(), settings=chasing.settings, two_sided=two_sided
        )
    return words_of(paper)


def views_of(chasing: Chasing, loan: Loan) -> list[tuple[str, date]]:
    with chasing.database.read() as session:
        seen = select(PersonView.role, PersonView.day).where(PersonView.person_id == loan.person_id)
        return [(role, day) for role, day in session.execute(seen)]


def test_a_letter_waits_is_printed_and_posted_and_the_sentence_tells_each(chasing: Chasing) -> None:
    (loan,) = queued(chasing, {})
    assert chasing.why(loan) == (
        "Not messaged on Monday 29 June: the letter of 29 June waits for somebody to print and post it."
    )
    chasing.at(NEXT)
    assert len(printed(chasing).letters) == 1
    assert chasing.why(loan) == (
        "Not messaged on Tuesday 30 June: the letter of 29 June was printed on 30 June, and nobody has said that it "
        "was posted."
    )
    chasing.at(LATER)
    assert posted(chasing, loan, NEXT).letters == (letter_id(chasing, loan),)
    assert chasing.why(loan, NEXT) == "Messaged by letter on Tuesday 30 June: on the day it is due."
    assert chasing.why(loan, DUE).endswith("the letter was not posted on that day; it was posted on 30 June.")
    chasing.tick()
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)


@ON_SQLITE
def test_letters_printed_together_are_one_pdf_each_with_its_day_and_its_own_sheet(chasing: Chasing) -> None:
    queued(chasing, {"first_name": "Ann"}, {"first_name": "Bo", "print_format": PrintFormat.PRINT_18})
    chasing.at(NEXT)
    ref = printed(chasing).ref
    chasing.at(LATER)
    pages = together(chasing, ref)
    assert [bool(page.strip()) for page in pages] == [True, False, True]
    assert "Tuesday 30 June 2026" in pages[0]
    assert "Hello Ann," in pages[0]
    assert "Flat 1" in pages[0]
    assert "Hello Bo," in pages[2]
    assert "Tuesday 30 June 2026" in pages[2]
    assert len(together(chasing, ref, two_sided=False)) == 2
    assert list((chasing.settings.data_dir / "outbox").rglob("*.pdf")) == []


def gave_it_back(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.step(loan.id, LoanState.COLLECTED)


def died(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.do(loans.stop_for_death, loan.id)


def is_away(chasing: Chasing, loan: Loan) -> None:
    chasing.hold(loan, HoldReason.AWAY, until=date(2026, 7, 3))


def has_longer(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.do(loans.extend, loan.id, reason="Longer", due_on=date(2026, 7, 27))


def prefers_texts(chasing: Chasing, loan: Loan) -> None:
    change(chasing, loan, channel=ContactBy.TEXT)


def wants_none(chasing: Chasing, loan: Loan) -> None:
    change(chasing, loan, opted_out=True)


LAST_MOMENT: dict[Callable[[Chasing, Loan], None], tuple[ChaseState, str]] = {
    gave_it_back: (ChaseState.WITHDRAWN, "given back"),
    died: (ChaseState.WITHDRAWN, "has died"),
    has_longer: (ChaseState.WITHDRAWN, "due on another day"),
    is_away: (ChaseState.FAILED, "away from home until 3 July"),
    prefers_texts: (ChaseState.FAILED, "another way"),
    wants_none: (ChaseState.FAILED, "no automatic messages"),
}


@ON_SQLITE
@pytest.mark.parametrize("happens", LAST_MOMENT)
def test_what_must_not_go_drops_out_as_it_is_printed_and_is_pulled_out_once_it_is(
    chasing: Chasing, happens: Callable[[Chasing, Loan], None]
) -> None:
    state, why = LAST_MOMENT[happens]
    early, late, other = queued(chasing, {}, {}, {})
    chasing.at(NEXT)
    ref = printed(chasing, late, other).ref
    for loan in (early, late):
        happens(chasing, loan)
    dropped = printed(chasing)
    assert dropped.letters == ()
    assert why in dropped.kept_back[0].why
    entry = chasing.entries(early)[-1]
    assert entry.state is state
    assert why in entry.note
    assert len(together(chasing, ref, two_sided=False)) == 1  # the other one's alone
    refused = posted(chasing, late, NEXT)
    assert refused.letters == ()
    assert why in refused.pull_out[0].why
    assert chasing.ledger(late)[-1][1] is ChaseState.PRINTED
    assert act(chasing, service.pull_out, letter_id(chasing, late)) is state
    assert why in chasing.entries(late)[-1].note
    assert posted(chasing, other, NEXT).letters


@ON_SQLITE
def test_a_letter_held_back_comes_again_after_the_hold_and_one_not_wanted_is_over(chasing: Chasing) -> None:
    held, unwanted = queued(chasing, {}, {})
    away = chasing.hold(held, HoldReason.AWAY, until=date(2026, 7, 3))
    printed(chasing, held)
    act(chasing, service.pull_out, letter_id(chasing, unwanted))
    assert chasing.ledger(held)[-1] == ("due_day", ChaseState.FAILED)
    chasing.lift(away)
    assert chasing.tick().to_print == 1
    assert chasing.ledger(held)[-1] == ("due_day", ChaseState.TO_PRINT)
    assert chasing.ledger(unwanted)[-1] == ("due_day", ChaseState.WITHDRAWN)
    assert "took it out" in chasing.why(unwanted, DUE)


@ON_SQLITE
def test_what_was_posted_before_anybody_knew_is_told_as_it_happened(chasing: Chasing) -> None:
    (loan,) = queued(chasing, {})
    printed(chasing)
    died(chasing, loan)
    chasing.at(NEXT)
    chasing.tick()
    assert chasing.ledger(loan)[-1][1] is ChaseState.PRINTED  # somebody has the paper
    with pytest.raises(BadInput):
        posted(chasing, loan, date(2026, 6, 28), gone_already=True)
    with pytest.raises(BadInput):
        posted(chasing, loan, LATER, gone_already=True)
    assert posted(chasing, loan, DUE, gone_already=True).letters
    assert chasing.ledger(loan)[-1][1] is ChaseState.SENT
    with pytest.raises(NotFound):
        together(chasing, "none")
    with chasing.database.read() as session, pytest.raises(Conflict, match="posted on 29 June"):
        service.letter_paper(session, letter_id(chasing, loan), now=chasing.clock(), settings=chasing.settings)


@ON_SQLITE
def test_a_later_step_takes_the_place_of_a_letter_that_nobody_printed(chasing: Chasing) -> None:
    (loan,) = queued(chasing, {})
    chasing.at(date(2026, 7, 2))
    chasing.tick()
    assert chasing.ledger(loan)[-2:] == [("due_day", ChaseState.WITHDRAWN), ("days_after", ChaseState.TO_PRINT)]


@ON_SQLITE
def test_a_copy_prints_nothing(chasing: Chasing) -> None:
    (loan,) = queued(chasing, {})
    (chasing.settings.data_dir / "chasing-mark.json").unlink()
    with pytest.raises(Conflict, match="copy restored"):
        printed(chasing)
    assert chasing.ledger(loan)[-1][1] is ChaseState.TO_PRINT


@ON_SQLITE
def test_a_copy_gives_no_paper_of_what_was_printed_before_it_was_made(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    (loan,) = queued(chasing, {})
    number, ref = letter_id(chasing, loan), printed(chasing).ref
    (chasing.settings.data_dir / "chasing-mark.json").unlink()
    browser = browser_as(Role.COORDINATOR)
    assert "copy restored" in browser.get(f"{API}/letters/{number}").json()["refused"]
    for path in (f"{API}/letters/{number}/pdf", f"/chasing/letters/{number}.pdf"):
        refused = browser.get(path)
        assert refused.status_code == 409
        assert "copy restored" in refused.text
    for path in (f"{API}/letters/printed/{ref}", f"/chasing/letters/together/{ref}.pdf"):
        assert browser.get(path).status_code == 404


@ON_SQLITE
def test_who_is_asked_for_a_letter_makes_it_and_the_task_is_closed_by_it(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, details=HOME)
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().tasks == 1
    browser = browser_as(Role.COORDINATOR)
    for page in ("/chasing", f"/chasing/loans/{loan.id}"):
        assert "Make the letter" in browser.get(page).text
    held = chasing.hold(loan, HoldReason.AWAY, until=date(2026, 7, 25))
    assert browser.post(f"{API}/chasing/loans/{loan.id}/letter").status_code == 409
    assert chasing.ledger(loan)[-1] == ("three_weeks_after", ChaseState.TO_DO)
    refused = browser.submit(f"/chasing/loans/{loan.id}/letter")
    assert (refused.status_code, "No letter was made: " in refused.text) == (409, True)
    assert f'action="/chasing/holds/{held.id}/lift"' in refused.text, "what stands in its way is dealt with there"
    chasing.lift(held)
    assert browser.submit(f"/chasing/loans/{loan.id}/letter").status_code == 303
    assert chasing.ledger(loan)[-1] == ("three_weeks_after", ChaseState.TO_PRINT)
    assert browser.post(f"{API}/chasing/loans/{loan.id}/letter").status_code == 409
    assert chasing.tick().to_print == 0
    (page,) = together(chasing, printed(chasing).ref)
    assert "1 Sample Court" in page
    assert "Monday 20 July 2026" in page
    assert posted(chasing, loan, date(2026, 7, 20)).letters
    assert chasing.why(loan).startswith("Messaged by letter on Monday 20 July: three weeks after it was due")


@ON_SQLITE
def test_nobody_hears_from_us_twice_a_day_by_a_letter_that_was_asked_for(chasing: Chasing) -> None:
    person = chasing.lending.person(channel=ContactBy.TEXT, **HOME)
    policy = {"open_loans_per_person": 2}
    late = chasing.loan(DUE, person=person, policy=policy)
    chasing.loan(date(2026, 7, 20), person=person, policy=policy)
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().sent == 1
    with pytest.raises(Conflict, match="had a message from us"):
        service.make_letter(
            chasing.database,
            late.id,
            channel=service.outbox(chasing.settings),
            clock=chasing.clock,
            settings=chasing.settings,
        )
    assert chasing.ledger(late)[-1] == ("three_weeks_after", ChaseState.TO_DO)


@ON_SQLITE
def test_the_pages_print_post_and_count(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    first, second = queued(chasing, {}, {})
    browser = browser_as(Role.COORDINATOR)
    assert "Letters to print: 2" in browser.get("/chasing").text
    assert "2 to print and post" in browser.get("/").text
    one = browser.get(f"/chasing/letters/{letter_id(chasing, first)}.pdf")
    assert one.headers["content-type"] == "application/pdf"
    assert "inline" in one.headers["content-disposition"]
    sent = browser.submit("/chasing/letters/print", {"letter": str(letter_id(chasing, first))})
    assert sent.status_code == 303
    assert "print=" in sent.headers["location"]
    page = browser.get(sent.headers["location"]).text
    assert "Open the letters" in page
    assert "They are posted" in page
    ref = sent.headers["location"].rpartition("=")[2]
    assert browser.get(f"/chasing/letters/together/{ref}.pdf").content.startswith(b"%PDF")
    died(chasing, first)
    shown = browser.get("/chasing/letters?show=printed").text
    assert "Pull it out" in shown
    assert "I have pulled it out" in shown
    browser.submit(f"/chasing/letters/{letter_id(chasing, first)}/pull-out")
    browser.submit("/chasing/letters/print", {"all": "yes"})
    stack = {"letter": str(letter_id(chasing, second)), "on": str(local_date(chasing.clock()))}
    browser.submit("/chasing/letters/posted", stack)
    assert "said by" in browser.get("/chasing/letters?show=posted").text
    ledger = browser.get("/chasing/ledger").text
    assert "Posted" in ledger
    assert "has died" in ledger


@ON_SQLITE
def test_programs_print_and_post_as_people_do(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    (loan,) = queued(chasing, {})
    number, api = letter_id(chasing, loan), browser_as(Role.COORDINATOR)
    assert [each["id"] for each in api.get(f"{API}/letters?show=waiting").json()["items"]] == [number]
    assert api.get(f"{API}/letters/{number}/pdf").content.startswith(b"%PDF")
    done = api.post(f"{API}/letters/print", json={}).json()
    assert done["letters"] == [number]
    assert api.get(f"{API}/letters/printed/{done['ref']}").content.startswith(b"%PDF")
    assert api.post(f"{API}/letters/posted", json={"letters": [number]}).json() == {"letters": [number], "pull_out": []}
    assert api.get(f"{API}/letters/{number}").json()["posted_on"] == "2026-06-29"
    assert views_of(chasing, loan) == [(Role.COORDINATOR.value, date(2026, 6, 29))]
    assert api.get(f"{API}/letters/99").status_code == 404
    assert api.post(f"{API}/letters/{number}/pull-out").status_code == 409
