"""A voucher's code is spent by whoever has it: it comes in sealed, and is nobody's to pass on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from fleet.bundles import queries, service
from fleet.bundles.rules import SimKind, SimMove
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bundles.stocked import act
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
Browsers = Callable[..., Browser]


def test_vouchers_come_in_with_their_codes_sealed(browser_as: Browsers, lending: Lending) -> None:
    browser = browser_as(Role.TECHNICIAN)
    good = "iccid,network,kind,code\nVCH-77,Sample Mobile,voucher,1234-5678\n"
    looked = browser.submit("/sheets/sims/bring-in", files={"file": ("v.csv", BytesIO(good.encode()), "text/csv")})
    assert ("1 row will be kept." in looked.text, "Not kept from this file" in looked.text) == (True, False)
    browser.submit("/sheets/sims/bring-in/keep", {"sheet": good})
    with lending.database.read() as session:
        voucher = queries.sims_by_iccid(session, ["VCH-77"])["VCH-77"]
        assert voucher is not None
    file = browser.get("/sheets/sims.csv")
    assert ("VCH-77" in file.text, "1234-5678" in file.text) == (True, False)
    assert "1234-5678" in browser.submit(f"/sims/{voucher.id}/secrets/show").text


def test_of_a_voucher_nobody_decides_what_becomes_of_its_data(browser_as: Browsers, lending: Lending) -> None:
    sim, card = lending.sim(months=3), lending.sim(months=3)
    with lending.database.write() as session:
        service.get_sim(session, sim.id).kind = SimKind.VOUCHER
    soon = lending.clock().date() + timedelta(days=20)
    for each in (sim, card):
        loan = lending.request()
        kept_for = service.KeptFor(loan.id, loan.person_id, soon - timedelta(days=10))
        act(lending, service.move, each.id, SimMove.RESERVE, kept_for=kept_for)
        act(lending, service.move, each.id, SimMove.ACTIVATE)
        with lending.database.write() as session:
            service.needed_until(session, each.id, soon)
    browser = browser_as(Role.COORDINATOR)
    asks = "After the loan, what becomes of the data?"
    assert (asks in browser.get(f"/sims/{card.id}").text, asks in browser.get(f"/sims/{sim.id}").text) == (True, False)
    assert "lent to one person after another" not in browser.get(f"/sims/{sim.id}").text
    listed = browser.get("/data").text
    assert (f"/sims/{card.id}" in listed, f"/sims/{sim.id}" in listed) == (True, False)
