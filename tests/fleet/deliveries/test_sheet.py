"""A run on paper holds what a door needs, while it may, and says when to shred it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind
from fleet.deliveries import service
from fleet.deliveries.pages.sheet import shred_by
from fleet.deliveries.rules import Action, Door, JobState, address_open
from fleet.loans import service as loans
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.test_sight import FIRST, HIDDEN, MARKED, NOTE, STREET
from tests.people import Browser

LONDON = ZoneInfo("Europe/London")


@ON_SQLITE
def test_a_sheet_has_addresses_from_the_yes_on_and_never_a_surname(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    planner, run = browser_as(Role.COORDINATOR), delivering.run(accepted=False)
    job = delivering.delivery(run, **MARKED)

    def sheet() -> str:
        answer = planner.get(f"/courier-runs/{run.id}/sheet")
        assert answer.status_code == 200
        text = answer.text
        assert [
            mark for mark in (*HIDDEN, delivering.loan_of(job).doorstep_phrase, "Text on arrival") if mark in text
        ] == []
        for always in (delivering.code(job.tablet_id), "10:30 to 11:00", "N19", "Handed over"):
            assert always in text
        assert (STREET in text) is (NOTE in text) is (FIRST in text) is ("Shred this sheet" in text)
        return text

    assert STREET not in sheet()
    delivering.do(service.accept_run, run.id, actor=delivering.courier)
    assert "and by Wed 3 Jun, 00:00 at the latest" in sheet()
    delivering.tell(delivering.fact(Action.LOAD, job), delivering.fact(Action.FAILED, job))
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job))
    assert STREET not in sheet()


@ON_SQLITE
@pytest.mark.parametrize(
    ("carrier", "handed", "brought"),
    [(SimKind.SIM, "guide<", "guide<"), (SimKind.MIFI, "MiFi<", "MiFi<"), (SimKind.VOUCHER, "voucher<", "guide<")],
)
def test_what_carries_the_data_beside_the_tablet_is_not_left_behind(
    browser_as: Callable[..., Browser], delivering: Delivering, carrier: SimKind, handed: str, brought: str
) -> None:
    planner, run = browser_as(Role.COORDINATOR), delivering.run()
    for job in (delivering.delivery(run), delivering.collection(run)):
        with delivering.lending.database.write() as session:
            link = loans.open_sim(session, job.loan_id or 0)
            assert link is not None
            bundles.get_sim(session, link.sim_id).kind = carrier
    sheet = planner.get(f"/courier-runs/{run.id}/sheet").text
    kits = re.findall(r"(Hand over|Bring back): .*, (?:data )?(\w+<)", sheet)
    assert kits == [("Hand over", handed), ("Bring back", brought)]


def test_the_sheet_is_to_be_shredded_when_the_last_address_closes() -> None:
    day = date(2026, 10, 24)
    closes = shred_by(day, LONDON, hours=12)
    for seconds, is_open in ((-1, True), (1, False)):
        at = closes + timedelta(seconds=seconds)
        assert address_open(Door(JobState.ACCEPTED, day, None, at, 12, LONDON)) is is_open
