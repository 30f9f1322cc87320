"""The pages: taking in, doubting, secrets, topping up, a file looked through first, sizes and spending."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from fleet.bundles import queries, service
from fleet.bundles.rules import Asks, SimKind, SimMove, SimState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bundles.stocked import act, in_use
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
Browsers = Callable[..., Browser]


def test_a_doubted_number_is_shown_and_answered_on_the_page(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.TECHNICIAN)
    taken = {"kind": "sim", "iccid": "8944 1000 0000 0000 001", "network": "Sample Mobile", "phone": "07700 900123"}
    url = browser.submit("/sims/new", taken).headers["location"]
    assert "check digit does not fit" in browser.get(url).text
    assert browser.submit(f"{url}/number-answered").status_code == 303
    assert "check digit" not in browser.get(url).text
    again = browser.submit("/sims/new", {"kind": "sim", "iccid": "12", "network": ""})
    assert ("19 or 20 digits" in again.text, again.status_code) == (True, 422)


def test_what_is_on_record_already_is_opened_from_the_form_that_was_filled_in(
    browser_as: Browsers, lending: Lending
) -> None:
    known, browser = lending.sim(), browser_as(Role.TECHNICIAN)
    taken = {"kind": "sim", "iccid": known.iccid, "network": "Sample Network", "phone": "", "serial": ""}
    refused = browser.submit("/sims/new", taken)
    assert (refused.status_code, f'href="/sims/{known.id}"' in refused.text) == (409, True)
    assert all(words in refused.text for words in ("on record already: it is in stock", "Sample Network"))


def test_a_new_sim_asks_for_its_data_and_is_not_over_by_one_press(browser_as: Browsers, lending: Lending) -> None:
    sim, browser = lending.sim(months=None), browser_as(Role.TECHNICIAN)
    page = browser.get(f"/sims/{sim.id}").text
    assert page.index("Add data") < page.index("Less often") < page.index("Record it as expired")
    assert "cannot be taken back" in page[page.index("Record it as expired") :]


def test_a_pin_is_shown_once_to_those_who_may_and_nowhere_else(browser_as: Browsers, lending: Lending) -> None:
    sim, technician = lending.sim(), browser_as(Role.TECHNICIAN)
    details = {"iccid": sim.iccid, "network": sim.network, "phone": "", "pin": "4071", "puk": "90817263"}
    assert technician.submit(f"/sims/{sim.id}/change", details).status_code == 303
    page, form = technician.get(f"/sims/{sim.id}"), technician.get(f"/sims/{sim.id}/change")
    assert "Kept sealed: PIN, PUK." in page.text
    assert not any(secret in answer.text for answer in (page, form) for secret in ("4071", "90817263"))
    shown = technician.submit(f"/sims/{sim.id}/secrets/show")
    assert all(secret in shown.text for secret in ("4071", "90817263"))
    assert shown.headers["cache-control"] == "no-store"
    assert "PIN and PUK shown" in technician.get(f"/sims/{sim.id}").text
    admin = browser_as(Role.HUB_ADMIN)
    assert admin.submit(f"/sims/{sim.id}/secrets/show").status_code == 403


def test_a_wrong_secret_does_not_come_back_in_the_form(browser_as: Browsers, lending: Lending) -> None:
    sim = lending.sim()
    details = {"iccid": sim.iccid, "network": sim.network, "phone": "", "pin": "40x71"}
    refused = browser_as(Role.TECHNICIAN).submit(f"/sims/{sim.id}/change", details)
    assert ("A PIN has four to eight digits." in refused.text, "40x71" in refused.text) == (True, False)


def test_data_is_bought_from_the_catalogue_and_topped_up(browser_as: Browsers, lending: Lending) -> None:
    browser, sim = browser_as(Role.COORDINATOR), lending.sim(months=None)
    offer = {
        "name": "Sample 20",
        "network": "Sample Mobile",
        "gb_per_month": "20",
        "months": "1",
        "cost": "12.50",
        "ownership": "ours",
        "zero_rated": "999 BSL\nMaps",
        "active": "yes",
    }
    assert browser.submit("/data/catalogue/new", offer).status_code == 303
    assert "has “Sample 20” already" in browser.submit("/data/catalogue/new", offer).text
    assert "999 BSL, Maps" in browser.get("/data/catalogue").text
    offer_id = re.findall(r"/data/catalogue/(\d+)", browser.get("/data/catalogue").text)[0]
    assert 'value="12.50"' in browser.get(f"/data/catalogue/{offer_id}").text
    assert browser.submit(f"/data/catalogue/{offer_id}", {**offer, "cost": "13"}).status_code == 303
    assert browser.submit(f"/sims/{sim.id}/bundle", {"offer_id": offer_id}).status_code == 303
    assert "£13.00" in browser.get(f"/sims/{sim.id}").text
    nothing = browser.submit(f"/sims/{sim.id}/bundle", {})
    assert "Enter the gigabytes a month" in nothing.text
    for name in (SimMove.RESERVE, SimMove.ACTIVATE):
        act(lending, service.move, sim.id, name)
    assert browser.submit(f"/sims/{sim.id}/top-up", {"gb": "5", "cost": "4"}).status_code == 303
    assert browser.submit(f"/sims/{sim.id}/usage", {"used_gb": "24,5", "read_on": "2026-06-01"}).status_code == 303
    page = browser.get(f"/sims/{sim.id}").text
    assert "24.5 GB of 25 GB used this month" in page
    assert "98 % of this month" in page
    assert "Enter the gigabytes" in browser.submit(f"/sims/{sim.id}/usage", {"used_gb": "much"}).text


def test_a_file_is_looked_through_before_anything_is_recorded(browser_as: Browsers, lending: Lending) -> None:
    browser, sim = browser_as(Role.COORDINATOR), in_use(lending)
    lines = f"iccid,read_on,used_gb\n{sim.iccid},2026-06-01,17\n"
    looked = browser.submit("/data/usage", files={"file": ("usage.csv", BytesIO(lines.encode()), "text/csv")})
    assert "1 row can be recorded." in looked.text
    bundle = lending.read(queries.current_bundle, sim.id)
    assert bundle is not None
    kept = re.search(r'name="csv" value="([^"]*)"', looked.text)
    assert kept is not None
    assert browser.submit("/data/usage/record", {"csv": kept[1]}).headers["location"] == "/data"
    assert "Nearly used up" in browser.get("/data").text
    wrong = lines + "1,2026-06-01,1\n"
    refused = browser.submit("/data/usage", files={"file": ("usage.csv", BytesIO(wrong.encode()), "text/csv")})
    assert ("1 row cannot be used" in refused.text, "Record all of it" in refused.text) == (True, False)
    assert "1 row cannot be used" in browser.submit("/data/usage/record", {"csv": wrong}).text
    assert "Choose the file." in browser.submit("/data/usage").text


def test_a_file_that_is_none_is_told_every_column(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.TECHNICIAN)
    for text in ("a,b\n1,2\n", "iccid,read_on\n1,2\n"):
        refused = browser.submit("/data/usage", files={"file": ("usage.csv", BytesIO(text.encode()), "text/csv")})
        assert "The columns are iccid, read_on, used_gb." in refused.text


def test_a_list_of_cards_is_taken_in_whole_with_its_pins_sealed(browser_as: Browsers, lending: Lending) -> None:
    browser, known = browser_as(Role.TECHNICIAN), lending.sim()
    good = "iccid,network,phone,pin,puk\n8944100000000000000,Sample Mobile,07700 900001,4071,90817263\n"
    good += "8944100000000000001,Sample Mobile,,,\n"
    upload = {"file": ("cards.csv", BytesIO(good.encode()), "text/csv")}
    looked = browser.submit("/sheets/sims/bring-in", files=upload)
    assert ("2 rows will be kept." in looked.text, "check digit" in looked.text) == (True, True)
    assert looked.headers["cache-control"] == "no-store"
    assert browser.submit("/sheets/sims/bring-in/keep", {"sheet": good}).headers["location"] == "/sheets"
    with lending.database.read() as session:
        sim = queries.sims_by_iccid(session, ["8944100000000000000"])["8944100000000000000"]
        assert sim is not None
        assert (sim.phone, len(service.secrets_kept(session, sim.id))) == ("07700900001", 2)
    wrong = f"iccid;network;kind;phone\n{known.iccid};X;;\n8944100000000000018;X;parrot;\n"
    wrong += "89441000000000000026;X;mifi;07700900001\n8944100000000000034;;;\n8944100000000000042;X;;\n" * 2
    wrong_file = {"file": ("cards.csv", BytesIO(wrong.encode()), "text/csv")}
    refused = browser.submit("/sheets/sims/bring-in", files=wrong_file)
    reasons = ("on record already", "write one of sim, esim", "has this phone number", "network", "A row above")
    assert [words for words in reasons if words.lower() not in refused.text.lower()] == []
    assert browser.submit("/sheets/sims/bring-in/keep", {"sheet": wrong}).status_code == 422
    told = {"csv": wrong, "keep": True}
    answer = browser.post("/api/v1/sheets/sims", json=told, headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, "07700900001" in answer.text) == (422, False)


def test_a_lost_card_is_ticked_off_with_the_time_from_the_list(browser_as: Browsers, lending: Lending) -> None:
    browser, sim = browser_as(Role.COORDINATOR), lending.sim()
    assert browser.submit(f"/sims/{sim.id}/moves/lose", {"reason": "Left on a bus"}).status_code == 303
    assert f"/sims/{sim.id}" in browser.get("/data").text
    assert "have it barred" in browser.get(f"/sims/{sim.id}").text
    assert browser.submit(f"/sims/{sim.id}/moves/bar", {"at": "2026-06-01T11:30"}).status_code == 422
    assert browser.submit(f"/sims/{sim.id}/moves/bar", {"at": "2026-06-01T09:15"}).status_code == 303
    assert "1 June 2026, 09:15" in browser.get(f"/sims/{sim.id}").text
    assert "Nothing needs you." in browser.get("/data").text


def test_a_grant_that_was_let_go_asks_for_the_next_persons_own_day(browser_as: Browsers, lending: Lending) -> None:
    sim, loan = lending.sim(for_one_person=True), lending.request()
    kept_for = service.KeptFor(loan.id, loan.person_id, None)
    browser = browser_as(Role.COORDINATOR)
    question = "When were they asked, and qualified?"
    assert question not in browser.get(f"/sims/{sim.id}").text
    act(lending, service.move, sim.id, SimMove.RESERVE, kept_for=kept_for)
    act(lending, service.move, sim.id, SimMove.RELEASE)
    assert question in browser.get(f"/sims/{sim.id}").text
    assert browser.submit(f"/sims/{sim.id}/eligibility", {"eligible_on": "2999-01-01"}).status_code == 422
    browser.submit(f"/sims/{sim.id}/eligibility", {"eligible_on": "2026-05-30"})
    page = browser.get(f"/sims/{sim.id}").text
    assert question not in page
    assert "Saturday 30 May 2026" in page
    told = browser.post(f"/api/v1/sims/{sim.id}/eligibility", json={"eligible_on": "2026-05-31"})
    assert (told.status_code, told.json()["bundle"]["eligible_on"]) == (200, "2026-05-31")


def test_what_outlives_its_loan_is_decided_on_the_page(browser_as: Browsers, lending: Lending) -> None:
    loan = lending.clock().date()
    browser, sim = browser_as(Role.COORDINATOR), in_use(lending, needed_until=loan.replace(month=7))
    assert "decide whether it is reused or kept" in browser.get(f"/sims/{sim.id}").text
    assert browser.submit(f"/sims/{sim.id}/after-loan", {"decided": "keep"}).status_code == 303
    page = browser.get(f"/sims/{sim.id}").text
    assert ("The person keeps it" in page, "decide whether" in page) == (True, False)


def test_a_size_is_advised_with_its_sum(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.TECHNICIAN)
    page = browser.get("/data/size", params={"gatherings": "2", "minutes": "60", "quality": "720p"}).text
    assert all(words in page for words in ("About 15.1 GB a month", "1.35 GB an hour", "our assumption", "trade pages"))
    assert browser.get("/data/size", params={"gatherings": "99"}).status_code == 422


def test_what_data_cost_is_a_page_and_the_same_as_csv(browser_as: Browsers, lending: Lending) -> None:
    in_use(lending)
    lending.clock.advance(days=6)
    browser = browser_as(Role.COORDINATOR)
    page, csv = browser.get("/data/spending").text, browser.get("/data/spending?format=csv").text
    assert "£12.00" in page
    assert csv.splitlines()[1] == "Ourselves,1,£12.00,0,£0.00,£12.00,1.0,£12.00"
    assert browser.get("/data/spending?since=2026-07-01&until=2026-06-01").status_code == 422
    assert browser.get("/data/spending?since=never").status_code == 422


@pytest.mark.parametrize("asks", list(Asks))
def test_each_thing_that_data_asks_for_can_be_looked_at_alone(
    browser_as: Browsers, lending: Lending, asks: Asks
) -> None:
    act(lending, service.bag_stray, lending.tablet().id, "8944100099999999999")
    answer = browser_as(Role.COORDINATOR).get(f"/data?asks={asks.value}")
    bagged = asks in (Asks.STRAY, Asks.NO_DATA)
    assert (answer.status_code, "Card 8944100099999999999" in answer.text) == (200, bagged)


def test_a_strange_card_is_settled_on_its_page(browser_as: Browsers, lending: Lending) -> None:
    stray = act(lending, service.bag_stray, lending.tablet().id, "8944100099999999999")
    browser = browser_as(Role.TECHNICIAN)
    assert "Say what became of it" in browser.submit(f"/data/strays/{stray.id}").text
    assert browser.submit(f"/data/strays/{stray.id}", {"outcome": "Given back"}).status_code == 303
    assert "Settled: Given back" in browser.get(f"/data/strays/{stray.id}").text


def test_a_program_can_do_all_of_it(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.COORDINATOR)

    def ask(method: str, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
        url = f"/api/v1{path}"
        headers = {"sec-fetch-site": "same-origin"}
        answer = browser.request(method, url, json=body or None, headers=headers)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    offered: dict[str, Any] = {
        "name": "Small",
        "network": "Sample Mobile",
        "gb_per_month": 5,
        "months": 1,
        "cost_pence": 500,
    }
    offer = ask("POST", "/bundles", 201, **offered)
    assert ask("PUT", f"/bundles/{offer['id']}", **offered, active=False)["active"] is False
    taken = {"kind": SimKind.ESIM.value, "iccid": "8944100000000000001", "network": "Sample Mobile"}
    sim = ask("POST", "/sims", 201, **taken, client_id="taken-in-1")
    assert len(sim["warnings"]) == 1
    url = f"/sims/{sim['id']}"
    assert ask("POST", f"{url}/number-answered", client_id="answered-1")["warnings"] == []
    assert ask("PUT", f"{url}/secrets", code="LPA:1$sample$CODE")["id"] == sim["id"]
    assert ask("POST", f"{url}/secrets/show")["code"] == "LPA:1$sample$CODE"
    assert ask("POST", f"{url}/bundle", 201, offer_id=offer["id"])["bundle"] is not None
    for name in (SimMove.RESERVE, SimMove.ACTIVATE):
        act(lending, service.move, sim["id"], name)
    assert ask("POST", f"{url}/usage", 201, used_mb=4_100)["used_mb"] == 4100
    assert ask("GET", url)["data_warnings"] != []
    assert ask("GET", "/bundles/needed")["total"] == 1
    assert ask("POST", f"{url}/top-ups", 201, months=1, cost_pence=100)["bundle"] is not None
    lines = "iccid,read_on,used_mb\n8944100000000000001,2026-06-01,4200\n"
    assert ask("POST", "/sims/usage", csv=lines)["recorded"] == 0
    assert ask("POST", "/sims/usage", csv=lines, preview=False)["recorded"] == 1
    assert ask("POST", "/sims/usage", 422, csv=lines + "1,2,3\n", preview=False)["code"] == "rows_refused"
    assert ask("GET", "/bundles/spending")["total"] is not None
    assert ask("GET", "/bundles/advice?gatherings=2")["mb"] == 15_070
    act(lending, service.move, sim["id"], SimMove.SUSPEND)
    assert ask("POST", f"{url}/moves", move="rest")["state"] == SimState.QUARANTINED.value
    assert ask("POST", f"{url}/moves", 409, move="reuse")["code"] == "move_refused"
