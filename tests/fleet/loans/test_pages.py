"""What coordinators, technicians and referrers see and press on the pages about lending."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from fleet.database.lists import ListQuery
from fleet.database.session import Database
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.people import queries as people
from fleet.people.queries import find_people
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tags import service as tags
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser, FakeClock

Browsers = Callable[..., Browser]

PERSON = {
    "first_name": "Sample",
    "last_name": "One",
    "channel": "call",
    "phone": "07700 900123",
    "postcode": "n19gu",
    "language_spoken": "en",
    "language_read": "en",
    "print_format": "print_18",
    "needs_asked": "yes",
    "needs": ["large_text", "bsl"],
    "consents": "yes",
    "safe_at_home": "plain",
    "barriers": ["device"],
}


@pytest.fixture
def referrer(database: Database, clock: FakeClock) -> Organisation:
    with database.write() as session:
        made = Organisation(kind=OrganisationKind.REFERRER, name="Sample surgery", covers=[], created_at=clock())
        session.add(made)
    return made


def test_a_coordinator_goes_the_whole_way_by_its_forms(browser_as: Browsers, lending: Lending) -> None:
    programme, tablet, sim = lending.programme(), lending.tablet(), lending.sim()
    browser = browser_as(Role.COORDINATOR)
    asked = browser.submit("/requests/new", {**PERSON, "programme_id": str(programme.id)})
    assert asked.status_code == 303
    loan_url = asked.headers["location"]
    assert browser.submit(f"{loan_url}/moves/approve").status_code == 303
    choices = browser.get(f"{loan_url}/allocate").text
    assert "not as they need it: no large words; not set up for signing (BSL)" in choices
    wanted = {"tablet_id": str(tablet.id), "sim_id": str(sim.id)}
    refused = browser.submit(f"{loan_url}/allocate", wanted)
    assert (refused.status_code, "Have one made for them at the bench" in refused.text) == (409, True)
    unsaid = browser.submit(f"{loan_url}/allocate", wanted | {"override_fit": "yes"}).text
    assert 'href="#reason"' in unsaid
    assert 'id="reason"' in unsaid, "the sentence above leads to the field"
    as_it_is = {"override_fit": "yes", "reason": "A volunteer sets it up with them"}
    kept = browser.submit(f"{loan_url}/allocate", wanted | as_it_is)
    assert kept.status_code == 303
    [code] = codes_of(lending, tablet.id)
    said_yes = {"code": code, "handed_to": "participant", "agreement": "yes"}
    handed = browser.submit(f"{loan_url}/hand-over", said_yes)
    assert handed.status_code == 303
    page = browser.get(loan_url).text
    assert "Tell them: it is yours until Monday 29 June 2026." in page
    assert "Uses British Sign Language" in page
    assert browser.submit(f"{loan_url}/extend", {"reason": "Asked for longer"}).status_code == 303
    assert "Monday 27 July" in browser.get(loan_url).text
    technician = browser_as(Role.TECHNICIAN)
    scanned = technician.submit("/returns", {"label": tablet.serial})
    assert scanned.headers["location"] == f"/returns/{tablet.id}"
    looked = {"condition": "good", "cleaned": "yes", "sim_in_tray": "yes"}
    unread = technician.submit(f"/returns/{tablet.id}/inspect", looked)
    assert "at least its last four digits" in unread.text
    mixed_up = technician.submit(f"/returns/{tablet.id}/inspect", {**looked, "sim_seen": "99999"})
    assert (mixed_up.status_code, "sealed bag" in mixed_up.text) == (409, True)
    done = technician.submit(f"/returns/{tablet.id}/inspect", {**looked, "sim_seen": sim.iccid[-5:]})
    assert done.status_code == 303
    assert lending.read(tablets.get_tablet, tablet.id).stage is Stage.CLEANED
    assert lending.read(loans.get_loan, int(loan_url.split("/")[-1])).state is LoanState.CLOSED_RETURNED


def test_the_loan_page_offers_exactly_what_may_happen_next(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.COORDINATOR)
    offered = {
        LoanState.APPROVED: {"moves/cancel"},
        LoanState.ALLOCATED: {"moves/dispatch", "moves/cancel", "moves/undo_allocation"},
        LoanState.ACTIVE: {"moves/arrange_return"},
        LoanState.CLOSED_RETURNED: set(),
    }
    for state, moves in offered.items():
        page = browser.get(f"/loans/{lending.loan_at(state).id}").text
        assert set(re.findall(r"moves/\w+", page)) == moves, state
    packed = lending.loan_at(LoanState.ALLOCATED)
    browser.submit(f"/loans/{packed.id}/moves/dispatch")
    assert "moves/dispatch" not in browser.get(f"/loans/{packed.id}").text


def test_an_overdue_loan_says_so_in_words_with_the_date(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.clock.advance(days=37)
    browser = browser_as(Role.COORDINATOR)
    assert "Due Monday 29 June 2026, 9 days late" in browser.get(f"/loans/{loan.id}").text
    assert "Overdue, 9 days" in browser.get("/loans").text


def test_a_request_with_gaps_comes_back_with_what_was_typed(browser_as: Browsers, lending: Lending) -> None:
    lending.programme()
    answer = browser_as(Role.COORDINATOR).submit(
        "/requests/new", {**PERSON, "last_name": "", "phone": "12", "consents": ""}
    )
    assert answer.status_code == 422
    for words in ("Enter the last name.", "Enter a phone number", "Ask whether we may keep", "Choose a programme."):
        assert words in answer.text
    assert 'value="Sample"' in answer.text
    with lending.database.read() as session:
        found = people.look_alikes(session, first_name="Sample", last_name="", postcode="N1 9GU", phone="12")
    assert found == []


def test_a_person_who_looks_the_same_is_shown_before_they_are_recorded_twice(
    browser_as: Browsers, lending: Lending
) -> None:
    programme = lending.programme()
    there = lending.person(first_name="Sample", last_name="One", postcode="N1 9GU", phone="07700 900555")
    browser = browser_as(Role.COORDINATOR)
    form = {**PERSON, "programme_id": str(programme.id)}
    stopped = browser.submit("/requests/new", form)
    assert stopped.status_code == 422
    assert f"/people/{there.id}" in stopped.text
    assert browser.submit("/requests/new", {**form, "person_id": str(there.id)}).status_code == 303
    assert lending.read(find_people, ListQuery()).total == 1
    assert browser.submit("/requests/new", {**form, "person_id": "somebody_else"}).status_code == 303
    assert lending.read(find_people, ListQuery()).total == 2


@ON_SQLITE
def test_a_referrer_is_asked_about_its_own_people_and_learns_nothing_of_others(
    browser_as: Browsers, lending: Lending
) -> None:
    programme = lending.programme()
    with lending.database.write() as session:
        one, other = (
            add_organisation(session, kind=OrganisationKind.REFERRER, name=name, now=lending.clock()).id
            for name in ("Sample partner", "Other partner")
        )
    form = {**PERSON, "programme_id": str(programme.id)}
    theirs = browser_as(Role.REFERRER, organisation_id=other)
    assert theirs.submit("/requests/new", form).status_code == 303
    referrer = browser_as(Role.REFERRER, organisation_id=one)
    assert referrer.submit("/requests/new", form).status_code == 303, "the other partner's person is not given away"
    asked = referrer.submit("/requests/new", form)
    assert asked.status_code == 422
    assert "Is it the same person?" in asked.text
    assert "/people/" not in asked.text
    [own] = [each.id for each in lending.read(find_people, ListQuery()).items if each.referrer_id == one]
    [foreign] = [each.id for each in lending.read(find_people, ListQuery()).items if each.referrer_id == other]
    offered = re.findall(r'name="person_id"[^>]* value="(\w+)"', asked.text)
    assert offered == [str(own), "somebody_else"]
    assert referrer.submit("/requests/new", {**form, "person_id": str(foreign)}).status_code == 404
    assert referrer.submit("/requests/new", {**form, "person_id": str(own)}).status_code == 303
    assert lending.read(find_people, ListQuery()).total == 2


def test_a_past_due_date_on_the_page_is_refused_with_its_reason(browser_as: Browsers, lending: Lending) -> None:
    loan, tablet, sim = lending.loan_at(LoanState.APPROVED), lending.tablet(), lending.sim()
    form = {"tablet_id": str(tablet.id), "sim_id": str(sim.id), "due_on": "2026-05-01"}
    answer = browser_as(Role.COORDINATOR).submit(f"/loans/{loan.id}/allocate", form)
    assert answer.status_code == 409
    assert "Friday 1 May 2026 has passed" in answer.text
    assert lending.read(tablets.get_tablet, tablet.id).stage is Stage.READY


def test_a_tablet_taken_meanwhile_leaves_nothing_half_done(browser_as: Browsers, lending: Lending) -> None:
    mine, other = lending.loan_at(LoanState.APPROVED), lending.loan_at(LoanState.APPROVED)
    tablet, sims = lending.tablet(), (lending.sim(), lending.sim())
    browser = browser_as(Role.COORDINATOR)
    assert f'value="{tablet.id}"' in browser.get(f"/loans/{mine.id}/allocate").text
    lending.do(loans.allocate, other.id, tablet_id=tablet.id, sim_id=sims[0].id)
    form = {"tablet_id": str(tablet.id), "sim_id": str(sims[1].id)}
    answer = browser.submit(f"/loans/{mine.id}/allocate", form)
    assert answer.status_code == 409
    assert lending.read(loans.get_loan, mine.id).state is LoanState.APPROVED
    assert lending.read(queries.open_sim, mine.id) is None


def test_an_extension_that_goes_nowhere_explains_itself(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    browser = browser_as(Role.COORDINATOR)
    earlier = browser.submit(f"/loans/{loan.id}/extend", {"due_on": "2026-06-10", "reason": "A slip"})
    assert earlier.status_code == 409
    assert "It is due on Monday 29 June 2026 already" in earlier.text
    unreadable = browser.submit(f"/loans/{loan.id}/extend", {"due_on": "soon", "reason": "A slip"})
    assert unreadable.status_code == 422
    assert lending.read(loans.get_loan, loan.id).due_on == date(2026, 6, 29)


def test_a_referrer_sees_their_own_requests_and_one_line_of_each(
    browser_as: Browsers, lending: Lending, referrer: Organisation
) -> None:
    lending.loan_at(LoanState.APPROVED)
    browser = browser_as(Role.REFERRER, organisation_id=referrer.id)
    programme = lending.programme()
    sent = browser.submit("/requests/new", {**PERSON, "programme_id": str(programme.id)})
    assert sent.headers["location"] == "/requests"
    page = browser.get("/requests").text
    assert "1 request" in page
    assert "Sample One" in page
    assert "We have the request and will decide soon." in page
    assert browser.get("/loans").status_code == 403


def test_a_referrer_without_an_organisation_sees_nobody(browser_as: Browsers, lending: Lending) -> None:
    lending.request()
    assert "What you ask for appears here" in browser_as(Role.REFERRER).get("/requests").text


def test_a_referrer_is_not_told_who_is_on_record(
    browser_as: Browsers, lending: Lending, referrer: Organisation
) -> None:
    programme = lending.programme()
    there = lending.person(first_name="Sample", last_name="One", postcode="N1 9GU", phone="07700 900555")
    browser = browser_as(Role.REFERRER, organisation_id=referrer.id)
    assert browser.get(f"/requests/new?person={there.id}").status_code == 404
    assert browser.submit("/requests/new", {**PERSON, "programme_id": str(programme.id)}).status_code == 303


def test_nothing_about_a_person_stands_on_a_technicians_returns(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.loan_at(LoanState.COLLECTED)
    tablet_id = lending.tablet_id(loan.id)
    technician = browser_as(Role.TECHNICIAN)
    name = lending.read(people.person, loan.person_id)
    assert name is not None
    for url in ("/returns", f"/returns/{tablet_id}"):
        assert name.last_name not in technician.get(url).text


def test_a_code_nobody_knows_is_refused_kindly(browser_as: Browsers, lending: Lending) -> None:
    technician = browser_as(Role.TECHNICIAN)
    assert technician.submit("/returns", {"label": ""}).status_code == 422
    slip = technician.submit("/returns", {"label": "K7F3-QY"})
    assert slip.status_code == 422
    assert "K7F3-QY does not check: one character was misread, or two changed places." in slip.text
    letter = technician.submit("/returns", {"label": "K7O3-QX"})
    assert "Look again at character 3: it reads O" in letter.text
    unknown = technician.submit("/returns", {"label": "NOTHERE"})
    assert unknown.status_code == 404
    assert "Scan it again" in unknown.text


def test_the_loans_leave_as_csv_without_running_formulas(browser_as: Browsers, lending: Lending) -> None:
    lending.request(person=lending.person(first_name="=Sample"))
    answer = browser_as(Role.COORDINATOR).get("/loans?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "'=Sample" in answer.text


def test_only_the_tablet_of_the_loan_is_handed_over_at_the_hub(browser_as: Browsers, lending: Lending) -> None:
    loan, other = lending.loan_at(LoanState.ALLOCATED), lending.loan_at(LoanState.ALLOCATED)
    own, wrong = codes_of(lending, lending.tablet_id(loan.id), lending.tablet_id(other.id))
    browser, here = browser_as(Role.COORDINATOR), f"/loans/{loan.id}/hand-over"
    page = browser.get(here).text
    assert (own in page, "They give it back by Monday 29 June 2026" in page) == (True, True)
    given = {"handed_to": "participant", "agreement": "yes"}
    unsaid = browser.submit(here, given)
    assert (unsaid.status_code, "Scan the label, or type its code." in unsaid.text) == (422, True)
    refused = browser.submit(here, given | {"code": wrong})
    assert (refused.status_code, f"{wrong} is not the tablet for this loan" in refused.text) == (409, True)
    assert f"take {own}" in refused.text
    assert lending.read(loans.get_loan, loan.id).state is LoanState.ALLOCATED
    assert browser.submit(here, given | {"code": own}).status_code == 303


def codes_of(lending: Lending, *tablet_ids: int) -> list[str]:
    """What stands on their labels, which are put on them first."""
    with lending.database.write() as session:
        tags.make_tags(session, tablet_ids, actor=lending.actor(Role.TECHNICIAN), happening=lending.happening())
        codes = tags.codes_of(session, list(tablet_ids))
    return [codes[each] for each in tablet_ids]
