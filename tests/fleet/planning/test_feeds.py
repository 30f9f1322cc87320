"""The hub's plan in somebody's own calendar: right by the RFC, counts only, and gone when it should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from icalendar import Calendar

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.loans import service as loans
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


def versions(written: bytes) -> dict[str, tuple[date, int, datetime]]:
    """UID without its host -> first day, SEQUENCE and LAST-MODIFIED."""
    found = {}
    for each in read(written).inside:
        if each.name == "VEVENT":
            last = each.moment("LAST-MODIFIED")
            assert isinstance(last, datetime)
            name = each.text("UID").partition("@")[0]
            found[name] = (each.moment("DTSTART"), int(each.value("SEQUENCE")), last)
    return found


def test_what_moves_to_another_day_is_told_as_a_later_version_and_nothing_else_is(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    programme = lending.programme("Sample months", bundle_required=False)
    moved, stays = (
        lending.cohort(programme, date(2026, 7, 6), date(2026, 8, 28)),
        lending.cohort(programme, date(2026, 9, 7), date(2026, 10, 5)),
    )
    actor = lending.actor(Role.COORDINATOR)
    anybody, told_at = browser_as(), addresses(browser_as(Role.COORDINATOR))["hub"]
    first = versions(anybody.get(told_at).content)
    assert (first[f"cohort-{moved.id}-begins"][1], first[f"cohort-{moved.id}-ends"][1]) == (0, 0)
    lending.clock.advance(days=1)
    with lending.database.write() as session:
        cohorts.change_cohort(
            session,
            moved.id,
            name=moved.name,
            starts_on=date(2026, 7, 8),
            ends_on=date(2026, 8, 27),
            places=moved.places,
            actor=actor,
            now=lending.clock(),
        )
    second = versions(anybody.get(told_at).content)
    later(first, second, f"cohort-{moved.id}-begins", f"cohort-{moved.id}-ends")
    assert second[f"cohort-{stays.id}-ends"] == first[f"cohort-{stays.id}-ends"]
    lending.clock.advance(days=1)
    closed = SpecialDays(date(2026, 8, 27), date(2026, 8, 28), "Painting")
    with lending.database.write() as session:
        closure = cohorts.add_closure(session, lending.hub_id, closed, actor=actor, happening=lending.happening())
    third = versions(anybody.get(told_at).content)
    later(second, third, f"cohort-{moved.id}-ends")
    assert third[f"cohort-{moved.id}-begins"] == second[f"cohort-{moved.id}-begins"]
    lending.clock.advance(days=1)
    with lending.database.write() as session:
        cohorts.withdraw_closure(session, closure.id, actor=actor, now=lending.clock())
    later(third, versions(anybody.get(told_at).content), f"cohort-{moved.id}-ends")


def later(
    before: dict[str, tuple[date, int, datetime]], after: dict[str, tuple[date, int, datetime]], *names: str
) -> None:
    """Each has moved, and says so by a higher SEQUENCE and a later LAST-MODIFIED."""
    for name in names:
        assert after[name][0] != before[name][0], name
        assert after[name][1] > before[name][1], name
        assert after[name][2] > before[name][2], name


def test_a_day_on_which_fewer_tablets_are_due_is_told_as_changed_when_one_was_extended(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    programme = lending.programme("Sample months", bundle_required=False)
    loan, _other = (lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 30)) for _ in range(2))
    anybody, told_at = browser_as(), addresses(browser_as(Role.COORDINATOR))["lending"]
    before = versions(anybody.get(told_at).content)["due-2026-06-30"]
    lending.clock.advance(days=1)
    lending.do(loans.extend, loan.id, due_on=date(2026, 7, 14), reason="They are in the middle of a course")
    answer = anybody.get(told_at).content
    assert "2 tablets due back" not in events(answer)
    assert versions(answer)["due-2026-06-30"][2] > before[2]


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
