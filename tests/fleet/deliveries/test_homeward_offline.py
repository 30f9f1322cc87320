"""A way home from another hub on a phone without signal: loaded and handed in by scanning, and told of later."""

from __future__ import annotations

from datetime import time

import pytest
from playwright.sync_api import Page, expect

from fleet.database.session import Database
from fleet.deliveries import service
from fleet.deliveries.rules import Answer, JobEnd
from fleet.deliveries.service import Window
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.browser import axe, sideways_scroll
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.in_hand import open_today, scan, told, wait_until
from tests.two_hubs import firth_hub

pytestmark = [pytest.mark.browser, ON_SQLITE]


def test_it_is_loaded_and_handed_in_without_signal(
    phone: Page, address: str, delivering: Delivering, database: Database
) -> None:
    lending, run = delivering.lending, delivering.run()
    tablet_id = lending.tablet_id(lending.loan_at(LoanState.ACTIVE).id)
    lending.do(loans.scan_in, tablet_id=tablet_id, at=firth_hub(lending).id, role=Role.TECHNICIAN)
    (stop,) = delivering.do(service.bring_home, run.id, tablet_ids=[tablet_id], window=Window(time(11), time(13)))
    code = delivering.code(tablet_id)
    open_today(phone, address, delivering)
    phone.context.set_offline(True)
    phone.get_by_role("link", name="To Test hub").click()
    expect(phone.get_by_role("heading", name=f"Load {code} at Firth hub")).to_be_visible()
    assert (axe(phone), sideways_scroll(phone)) == ([], 0)
    scan(phone, code)
    expect(phone.get_by_text("waiting to send").last).to_be_visible()
    phone.get_by_role("link", name="At Test hub with it already? Hand it in").click()
    expect(phone.get_by_role("heading", name=f"Hand in {code} at Test hub")).to_be_visible()
    assert (axe(phone), sideways_scroll(phone)) == ([], 0)
    scan(phone, code)
    expect(phone.get_by_text("0 of 1 left")).to_be_visible()
    assert told(database) == []
    phone.context.set_offline(False)
    wait_until(phone, lambda: len(told(database)) == 2)
    assert [each.answer for each in told(database)] == [Answer.APPLIED, Answer.APPLIED]
    assert delivering.again(stop).ended is JobEnd.BROUGHT_HOME
