"""Endings, gifts and loans of data alone by the forms of their pages, as a coordinator fills them in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind
from fleet.loans import service as loans
from fleet.loans.rules import GoesOn, HandedTo, LoanKind, LoanState
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tags import service as tags
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.labels.reading import texts
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
Browsers = Callable[..., Browser]


def agree_as_somebody_else(browser_as: Browsers, asker: Browser) -> None:
    """Whoever asked may not agree, and another coordinator does."""
    href = re.findall(r'href="(/second-looks/\d+)"', asker.get("/second-looks").text)[0]
    assert "somebody else has to agree" in asker.get(href).text
    assert asker.submit(f"{href}/agree").status_code == 409
    assert browser_as(Role.COORDINATOR).submit(f"{href}/agree").status_code == 303


def labelled(lending: Lending, *tablet_ids: int) -> list[str]:
    """The label that each is given."""
    with lending.database.write() as session:
        tags.make_tags(session, tablet_ids, actor=lending.actor(Role.TECHNICIAN), happening=lending.happening())
        codes = tags.codes_of(session, tablet_ids)
        return [codes[tablet_id] for tablet_id in tablet_ids]


def test_a_loss_is_recorded_kindly_and_its_page_says_what_stopped(browser_as: Browsers, lending: Lending) -> None:
    loan, browser = lending.loan_at(LoanState.ACTIVE), browser_as(Role.COORDINATOR)
    here = f"/loans/{loan.id}"
    assert "nobody’s fault" in browser.get(f"{here}/lost").text
    unsaid = browser.submit(f"{here}/lost", {"reason": ""})
    assert (unsaid.status_code, "Say why" in unsaid.text) == (409, True)
    preview = browser.get(f"{here}/lost").text
    assert all(words in preview for words in ("is put on the list to be barred", "Visits that no courier has begun"))
    assert browser.submit(f"{here}/lost", {"reason": "Left on a bus", "reference": "CAD 77/26"}).status_code == 303
    assert "It waits for a second person" in browser.get(here).text
    agree_as_somebody_else(browser_as, browser)
    page = browser.get(here).text
    for words in ("CAD 77/26", "What stopped with it", "Reminders: none is sent", "to have it barred"):
        assert words in page


def test_a_gift_names_its_authority_and_leaves_a_letter(browser_as: Browsers, lending: Lending) -> None:
    person = lending.person(language_read="cy")
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=True), person=person)
    browser, here, tablet_id = browser_as(Role.COORDINATOR), f"/loans/{loan.id}", lending.tablet_id(loan.id)
    assert browser.get(f"{here}/gift-letter.pdf").status_code == 409
    refused = browser.submit(f"{here}/give", {"authority": ""})
    assert (refused.status_code, "Say who allowed it" in refused.text) == (422, True)
    assert browser.submit(f"{here}/give", {"authority": "Sample Trustee, chair"}).status_code == 303
    page = browser.get(here).text
    assert ("Sample Trustee, chair" in page, ">Due" in page) == (True, False)
    theirs = browser.get(f"/tablets/{tablet_id}").text
    assert ("With the person it was given to" in theirs, "who borrows it" in theirs) == (True, False)
    letter = " ".join(texts(browser.get(f"{here}/gift-letter.pdf").content))
    assert "Chi biau’r dabled hon" in letter
    assert "Rhowch hi yn ôl" not in letter


@pytest.mark.parametrize("gifts_allowed", [True, False])
def test_while_a_swap_is_arranged_the_page_says_why_it_can_be_neither_lost_nor_given(
    browser_as: Browsers, lending: Lending, gifts_allowed: bool
) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(gifts_allowed=gifts_allowed))
    browser, here = browser_as(Role.COORDINATOR), f"/loans/{loan.id}"
    assert "Not yet" not in browser.get(here).text
    lending.do(loans.arrange_swap, loan.id, tablet_id=lending.tablet().id, reason="Its screen is cracked")
    page = browser.get(here).text
    assert "Record it as lost" not in page
    told = re.search(r"Not yet “recorded as lost”.*?</ul>", page, re.DOTALL)
    assert told is not None
    assert "call the swap off first" in told.group()
    assert ("Not yet “given for good”" in page) is gifts_allowed
    lending.do(loans.call_off_swap, loan.id, reason="It works again")
    assert "Record it as lost" in browser.get(here).text


def test_what_somebody_goes_on_to_is_asked_and_listed(browser_as: Browsers, lending: Lending) -> None:
    loan, browser = lending.loan_at(LoanState.CLOSED_RETURNED), browser_as(Role.COORDINATOR)
    assert "What do they go on to?" in browser.get(f"/loans/{loan.id}").text
    assert browser.submit(f"/loans/{loan.id}/goes-on", {"reason": "nothing"}).status_code == 303
    assert lending.read(loans.get_loan, loan.id).goes_on_to is GoesOn.NOTHING
    assert f"/loans/{loan.id}" in browser.get("/loans?goes_on=nothing").text
    assert f"/loans/{loan.id}" not in browser.get("/loans?goes_on=library").text


def test_data_alone_goes_the_whole_way_by_its_forms(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.request(lending.programme(bundle_required=False), kind=LoanKind.DATA, safe_at_home=None)
    sim, browser, here = lending.sim(), browser_as(Role.COORDINATOR), f"/loans/{loan.id}"
    assert browser.submit(f"{here}/moves/approve").status_code == 303
    page = browser.get(f"{here}/allocate").text
    assert ("Which SIM for" in page, "Keep this tablet" in page) == (True, False)
    assert browser.submit(f"{here}/allocate", {"sim_id": str(sim.id)}).status_code == 303
    assert all(words in browser.get(here).text for words in ("SIM allocated", "Choose another SIM"))
    assert browser.submit(f"{here}/give-data", {"reason": "participant"}).status_code == 303
    assert "Data alone, for a device of their own" in browser.get(here).text
    assert browser.submit(f"{here}/end-data", {"reason": "kept"}).status_code == 303
    assert lending.read(loans.get_loan, loan.id).state is LoanState.CLOSED_RETURNED


def test_what_carries_the_data_is_named_before_it_is_chosen_and_after(browser_as: Browsers, lending: Lending) -> None:
    named = {
        SimKind.VOUCHER: "Voucher VCH-2026 001",
        SimKind.MIFI: "MiFi hotspot ending",
        SimKind.ESIM: "eSIM ending",
        SimKind.SIM: "SIM card ending",
    }
    of_kind = {kind: lending.sim() for kind in named}
    with lending.database.write() as session:
        for kind, sim in of_kind.items():
            bundles.get_sim(session, sim.id).kind = kind
        bundles.get_sim(session, of_kind[SimKind.VOUCHER].id).iccid = "VCH-2026 001"
    tablet, loan = lending.tablet(), lending.loan_at(LoanState.APPROVED)
    browser = browser_as(Role.COORDINATOR)
    page = browser.get(f"/loans/{loan.id}/allocate").text
    assert [words for words in named.values() if words not in page] == []
    places = [page.index(words) for words in named.values()]
    assert places == sorted(places, reverse=True), "what goes into a tablet comes first"
    voucher = of_kind[SimKind.VOUCHER].id
    browser.submit(f"/loans/{loan.id}/allocate", {"tablet_id": str(tablet.id), "sim_id": str(voucher)})
    assert "VCH-2026 001, Sample Mobile" in browser.get(f"/loans/{loan.id}").text


@pytest.mark.parametrize(("kind", "asked"), [(SimKind.SIM, True), (SimKind.MIFI, False), (SimKind.VOUCHER, False)])
def test_a_swap_asks_only_where_a_card_is_that_lies_in_the_tablet(
    browser_as: Browsers, lending: Lending, kind: SimKind, asked: bool
) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet()
    link = lending.read(loans.open_sim, loan.id)
    assert link is not None
    with lending.database.write() as session:
        bundles.get_sim(session, link.sim_id).kind = kind
    lending.do(loans.arrange_swap, loan.id, tablet_id=other.id, reason="Its screen is cracked")
    page = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}/swap/at-hub").text
    assert ("Where is their SIM?" in page) is asked


def test_a_request_for_data_alone_is_made_by_its_form(browser_as: Browsers, lending: Lending) -> None:
    person, programme = lending.person(), lending.programme()
    asked = {"person_id": str(person.id), "programme_id": str(programme.id), "data_alone": "true"}
    made = browser_as(Role.COORDINATOR).submit("/requests/new", asked)
    loan_id = int(made.headers["location"].split("/")[-1])
    assert lending.read(loans.get_loan, loan_id).kind is LoanKind.DATA


def test_tablets_for_a_venue_go_the_whole_way_by_their_forms(browser_as: Browsers, lending: Lending) -> None:
    browser, programme = browser_as(Role.COORDINATOR), lending.programme()
    ready = [str(lending.tablet().id) for _ in range(2)]
    place = browser.submit("/partners/new", {"kind": "venue", "name": "Sample Hall"}).headers["location"].split("/")[-1]
    assert "Which places have tablets of ours?" in browser.get("/venue-loans").text
    unsaid = browser.submit("/venue-loans/new", {})
    assert (unsaid.status_code, "Tick at least one." in unsaid.text) == (422, True)
    asked = {
        "place_id": place,
        "first_name": "Sample",
        "last_name": "Custodian",
        "email": "hall@doorstep.example",
        "programme_id": str(programme.id),
        "due_on": "2026-07-06",
        "tablet_ids": ready,
    }
    made = browser.submit("/venue-loans/new", asked)
    assert made.status_code == 303
    here = made.headers["location"]
    own, another, elsewhere = labelled(lending, *map(int, ready), lending.tablet().id)
    for taken, words in (
        ({"agreement": "yes", "code_1": ""}, "Scan the label of each that they take."),
        ({"code_1": own}, "Read the agreement to them, and ask."),
        ({"agreement": "yes", "code_1": own, "code_2": elsewhere}, f"{elsewhere} is not kept for this place."),
    ):
        unsaid = browser.submit(f"{here}/hand-over", taken)
        assert (unsaid.status_code in (409, 422), words in unsaid.text) == (True, True), words
        assert own not in taken.values() or f'value="{own}"' in unsaid.text
        assert "At the venue" not in browser.get(here).text
    assert browser.submit(f"{here}/hand-over", {"agreement": "yes", "code_1": another}).status_code == 303
    page = browser.get(here).text
    assert "1 still at the hub" in page
    assert page.count("At the venue") == 1
    assert browser.submit(f"{here}/hand-over", {"agreement": "yes", "code_1": own}).status_code == 303
    assert browser.submit(f"{here}/extend", {"due_on": "2026-08-03", "reason": "Asked for longer"}).status_code == 303
    page = browser.get(here).text
    assert "Due Monday 3 August 2026" in page
    assert page.count("At the venue") == 2
    assert "Sample Hall" in browser.get("/venue-loans?open=yes").text


def test_a_card_that_came_back_in_a_swapped_tablet_is_listed_until_it_is_with_its_person(
    browser_as: Browsers, lending: Lending
) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet()
    own = lending.tablet_id(loan.id)
    lending.do(loans.arrange_swap, loan.id, tablet_id=other.id, reason="Its screen is cracked")
    lending.do(
        loans.swap_at_hub,
        loan.id,
        tablet_id=own,
        brought_id=other.id,
        handed_to=HandedTo.PARTICIPANT,
        seen={"sim_in_tray": True},
    )
    coordinator, technician = browser_as(Role.COORDINATOR), browser_as(Role.TECHNICIAN)
    assert f"The SIM of loan {loan.id} is in it" in technician.get("/returns").text
    assert "take it out and bring it to them" in coordinator.get(f"/loans/{loan.id}").text
    assert coordinator.submit(f"/loans/{loan.id}/card-with-them").status_code == 303
    assert "is in it" not in technician.get("/returns").text
    assert "bring it to them" not in coordinator.get(f"/loans/{loan.id}").text


@pytest.mark.parametrize("state", [LoanState.OUT_FOR_DELIVERY, LoanState.COLLECTED])
def test_what_a_courier_lost_is_no_loss_of_the_persons(
    browser_as: Browsers, lending: Lending, state: LoanState
) -> None:
    loan, browser = lending.loan_at(state), browser_as(Role.COORDINATOR)
    tablet_id = lending.tablet_id(loan.id)
    assert "A courier had it" in browser.get(f"/loans/{loan.id}/lost").text
    assert browser.submit(f"/loans/{loan.id}/lost", {"reason": "The van was stolen"}).status_code == 303
    agree_as_somebody_else(browser_as, browser)
    assert lending.read(tablets.get_tablet, tablet_id).stage is Stage.LOST
