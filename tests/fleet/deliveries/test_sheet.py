"""A run on paper holds what a door needs, while it may, and says when to shred it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from fleet.deliveries import service
from fleet.deliveries.pages.sheet import shred_by
from fleet.deliveries.rules import Action, Door, JobState, address_open
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


def test_the_sheet_is_to_be_shredded_when_the_last_address_closes() -> None:
    day = date(2026, 10, 24)
    closes = shred_by(day, LONDON, hours=12)
    for seconds, is_open in ((-1, True), (1, False)):
        at = closes + timedelta(seconds=seconds)
        assert address_open(Door(JobState.ACCEPTED, day, None, at, 12, LONDON)) is is_open
