"""The page of a loan's papers, and the same over HTTP: who may print, who may answer, and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.deliveries.words import KIT
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.labels.reading import texts
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE

Browsers = Callable[..., Browser]
API = "/api/v1"


def post(browser: Browser, url: str, **asked: Any) -> Any:
    return browser.post(f"{API}{url}", json=asked, headers={"sec-fetch-site": "same-origin"})


def test_a_coordinator_answers_for_a_missing_language_and_prints(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, person=lending.person(language_read="tw"))
    papers, coordinator = f"/loans/{loan.id}/papers", browser_as(Role.COORDINATOR)
    assert "There are no papers in Twi yet" in coordinator.get(f"/loans/{loan.id}").text
    page = coordinator.get(papers).text
    assert "Print them in English" in page
    assert "Open the guide" not in page
    assert coordinator.get(f"/loans/{loan.id}/guide.pdf").status_code == 409
    answered = coordinator.submit(f"{papers}/language", {"answer": "english"})
    assert answered.headers["location"] == papers
    assert "it was decided to print them in English" in coordinator.get(papers).text
    printed = coordinator.get(f"/loans/{loan.id}/guide.pdf?language=&points=24&buttons=top&starts_on=")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.headers["cache-control"] == "no-store"
    assert "Your tablet" in texts(printed.content)[0]


def test_a_technician_prints_but_does_not_answer(browser_as: Browsers, lending: Lending) -> None:
    reads_twi = lending.loan_at(LoanState.ALLOCATED, person=lending.person(language_read="tw"))
    loan, technician = lending.loan_at(LoanState.ALLOCATED), browser_as(Role.TECHNICIAN)
    page = technician.get(f"/loans/{reads_twi.id}/papers").text
    assert "Ask a coordinator" in page
    assert "Print them in English" not in page
    assert technician.submit(f"/loans/{reads_twi.id}/papers/language", {"answer": "english"}).status_code == 403
    assert technician.get(f"/loans/{loan.id}/guide.pdf").status_code == 200
    assert technician.get(f"/loans/{loan.id}/agreement.pdf").status_code == 200


def test_the_page_shows_the_words_that_were_accepted_and_when(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, person=lending.person(language_read="ar"))
    page = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}/papers").text
    assert "Doorstep 1, Arabic" in page
    assert "Monday 1 June 2026" in page
    assert 'lang="ar" dir="rtl"' in page
    assert "ما نتفق عليه" in page
    assert "Take the newest words" not in page


def test_odd_wishes_are_refused_with_a_sentence(browser_as: Browsers, lending: Lending) -> None:
    loan, coordinator = lending.loan_at(LoanState.ALLOCATED), browser_as(Role.COORDINATOR)
    for query in ("points=9", "buttons=inside", "language=tw", "starts_on=soon"):
        assert coordinator.get(f"/loans/{loan.id}/guide.pdf?{query}").status_code == 422, query
    assert coordinator.submit(f"/loans/{loan.id}/papers/language", {"answer": "maybe"}).status_code == 422
    assert coordinator.submit(f"/loans/{loan.id}/papers/language", {"answer": "english"}).status_code == 409


def test_a_programme_gets_words_of_its_own_by_form(browser_as: Browsers, lending: Lending) -> None:
    loan, coordinator = lending.loan_at(LoanState.ALLOCATED), browser_as(Role.COORDINATOR)
    url = f"/agreement-texts/{loan.programme_id}"
    given = {"language": "en", "title": "Our rules", "lead": "You and us.", "accept": "Say yes."}
    refused = coordinator.submit(url, {**given, "terms": ""})
    assert refused.status_code == 422
    assert "one sentence a line" in refused.text
    assert coordinator.submit(url, {**given, "terms": "Keep it dry.\n\nRing us."}).status_code == 303
    assert "the programme’s, version 1, waits for a reader" in coordinator.get(url).text
    assert coordinator.submit(f"/loans/{loan.id}/papers/agreement").status_code == 303
    assert "Our rules" in coordinator.get(f"/loans/{loan.id}/papers").text


def test_a_program_sees_answers_and_prints(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED, person=lending.person(language_read="tw"))
    coordinator, url = browser_as(Role.COORDINATOR), f"/loans/{loan.id}"
    seen = coordinator.get(f"{API}{url}/papers").json()
    assert (seen["language"], seen["missing_language"], seen["answer"]) == (None, "tw", None)
    assert seen["agreement"]["language"] == "en"
    refused = coordinator.get(f"{API}{url}/guide")
    assert (refused.status_code, refused.json()["code"]) == (409, "language_unanswered")
    assert post(coordinator, f"{url}/papers/language", answer="english", client_id="answer-0001").status_code == 204
    assert coordinator.get(f"{API}{url}/guide?points=18").content.startswith(b"%PDF")
    assert coordinator.get(f"{API}{url}/agreement").content.startswith(b"%PDF")
    text = {"language": "en", "title": "Ours", "lead": "You and $hub.", "terms": ["Keep it dry."], "accept": "Yes."}
    added = post(coordinator, "/agreement-texts", programme_id=loan.programme_id, **text)
    assert (added.status_code, added.json()["version"]) == (201, 1)
    assert [each["title"] for each in coordinator.get(f"{API}/agreement-texts/{loan.programme_id}").json()] == ["Ours"]
    assert post(coordinator, f"{url}/agreement").json()["title"] == "Ours"
    assert browser_as(Role.COURIER).get(f"{API}{url}/guide").status_code == 403


def test_an_agreement_has_the_day_it_speaks_of_or_a_line_to_write_it_on(browser_as: Browsers, lending: Lending) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    before, after = lending.loan_at(LoanState.ALLOCATED), lending.loan_at(LoanState.ACTIVE)
    empty, filled = (said(coordinator, f"/loans/{loan.id}/agreement.pdf") for loan in (before, after))
    for paper in (empty, filled):
        assert "You give it back by the day on this paper." in paper
    assert "Please give it back by: The day 1. The tablet" in empty
    assert "Please give it back by: Monday 29 June 2026 1. The tablet" in filled


def test_the_guide_names_all_that_the_courier_hands_over(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    paper = said(browser_as(Role.COORDINATOR), f"/loans/{loan.id}/guide.pdf")
    assert "Please give back with it: the charger, the cable, the case and this paper." in paper
    assert set(KIT) == {"tablet", "charger", "cable", "case", "guide"}


def said(browser: Browser, url: str) -> str:
    """The words of a paper in one line."""
    return " ".join(" ".join(texts(browser.get(url).content)).split())
