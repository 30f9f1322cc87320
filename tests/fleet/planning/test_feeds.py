"""The hub's plan in somebody's own calendar: right by the RFC, counts only, and gone when it should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from icalendar import Calendar

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.rfc5545 import read
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE


def events(written: bytes) -> dict[str, tuple[date, date]]:
    """Summary -> first day and the day after the last."""
    found = {}
    for each in read(written).inside:
        if each.name == "VEVENT":
            found[each.text("SUMMARY")] = (each.moment("DTSTART"), each.moment("DTEND"))
    return found


def addresses(reader: Browser) -> dict[str, str]:
    page = reader.submit("/plan/calendar").text
    kinds = ("hub", "lending")
    return {kind: found.split(".ics")[0] + ".ics" for kind in kinds if (found := _after(page, f"/calendar/{kind}/"))}


def _after(page: str, start: str) -> str:
    return start + page.split(start, 1)[1] if start in page else ""


def test_the_plan_stands_in_the_calendar_without_anybodys_name(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    programme = lending.programme("Sample months", bundle_required=False)
    cohort = lending.cohort(programme, date(2026, 7, 6), date(2026, 8, 31), places=12)
    for _ in range(2):
        lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 30))
    actor, told = lending.actor(Role.COORDINATOR), lending.happening()
    christmas = SpecialDays(date(2026, 12, 24), date(2027, 1, 3), "Christmas", yearly=True)
    with lending.database.write() as session:
        cohorts.add_collection(session, cohort.id, date(2026, 8, 31), words="End", actor=actor, now=lending.clock())
        cohorts.add_closure(session, lending.hub_id, christmas, actor=actor, happening=told)
    coordinator, anybody = browser_as(Role.COORDINATOR), browser_as()
    told_at = addresses(coordinator)
    answer = anybody.get(told_at["hub"])
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    seen = events(answer.content)
    parsed = Calendar.from_ical(answer.content)
    assert {str(each["SUMMARY"]) for each in parsed.walk("VEVENT")} == set(seen)
    assert parsed.errors == []
    assert seen[f"{cohort.name} begins, 12 places"] == (date(2026, 7, 6), date(2026, 7, 7))
    assert seen[f"{cohort.name} ends: tablets due"] == (date(2026, 9, 1), date(2026, 9, 2)), "31 August is closed"
    assert seen["Sample months: End"] == (date(2026, 9, 1), date(2026, 9, 2))
    assert seen["Closed: Christmas"] == (date(2026, 12, 24), date(2027, 1, 4))
    assert [day for summary, (day, _) in seen.items() if "Summer" in summary] == [date(2026, 8, 31)]
    assert "2 tablets due back" not in seen
    lent = anybody.get(told_at["lending"])
    assert events(lent.content)["2 tablets due back"] == (date(2026, 6, 30), date(2026, 7, 1))
    assert "Sample Person" not in lent.text.replace("\r\n ", "")
    again = anybody.get(told_at["lending"], headers={"if-none-match": lent.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_address_holds_what_its_owner_may_see_and_ends_with_it(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    technician, anybody = browser_as(Role.TECHNICIAN), browser_as()
    told_at = addresses(technician)
    assert set(told_at) == {"hub"}
    assert anybody.get(told_at["hub"]).status_code == 200
    assert anybody.get(told_at["hub"].replace("/hub/", "/lending/")).status_code == 404
    assert anybody.get(told_at["hub"].replace("/hub/", "/")).status_code == 404, "it is no courier's"
    assert technician.submit("/plan/calendar/end").status_code == 303
    assert anybody.get(told_at["hub"]).status_code == 404
    tries = [anybody.get(f"/calendar/hub/guess{number}.ics").status_code for number in range(25)]
    assert tries[-1] == 429
