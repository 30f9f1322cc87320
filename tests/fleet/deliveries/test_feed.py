"""A courier's runs in their own calendar: right by the RFC, silent about people, and gone when they should be."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]  # it has no types, and is no part of what writes the file
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.calendar_file import Standing
from fleet.deliveries import queries, service
from fleet.deliveries.calendar import Entry, calendar_file
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.rfc5545 import Component, read
from tests.fleet.deliveries.test_sight import FIRST, HIDDEN, MARKED, NOTE, STREET, phone
from tests.people import Browser

LONDON = ZoneInfo("Europe/London")
ENTRY = Entry(
    run_id=3,
    day=date(2026, 6, 1),
    stops=3,
    areas=("N19",),
    begins=datetime(2026, 6, 1, 10, 30, tzinfo=LONDON),
    ends=datetime(2026, 6, 1, 15, tzinfo=LONDON),
    standing=Standing.TAKEN_ON,
    revision=4,
    changed_at=datetime(2026, 5, 30, 8, tzinfo=UTC),
)


def events(written: bytes) -> list[Component]:
    return [each for each in read(written).inside if each.name == "VEVENT"]


def written(*entries: Entry) -> bytes:
    return calendar_file(entries, zone=LONDON, public_url="https://t.example")


def test_a_run_stands_in_the_calendar_by_area_and_hours() -> None:
    [event] = events(written(ENTRY))
    assert (event.text("SUMMARY"), event.value("STATUS"), event.value("SEQUENCE")) == ("3 stops, N19", "CONFIRMED", "4")
    assert event.value("URL") == "https://t.example/run"
    assert (event.moment("DTSTART"), event.moment("DTEND")) == (ENTRY.begins, ENTRY.ends)
    assert event.properties["DTSTART"][1] == {"TZID": "Europe/London"}


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)])
def test_another_programs_reading_of_the_zone_tells_the_same_hour(day: date) -> None:
    """Calendars go by the rules in the file, not by their own: either side of both changes of the clock."""
    begins = datetime.combine(day, time(9), LONDON)
    file = written(replace(ENTRY, begins=begins, ends=begins + timedelta(hours=1))).decode()
    rules = file[file.index("BEGIN:VTIMEZONE") : file.index("END:VTIMEZONE") + len("END:VTIMEZONE")]
    zone = tzical(io.StringIO(rules)).get("Europe/London")
    assert begins.replace(tzinfo=zone).utcoffset() == begins.utcoffset()


def test_a_run_without_stops_fills_its_day() -> None:
    [event] = events(written(replace(ENTRY, stops=0, areas=(), begins=None, ends=None)))
    assert (event.moment("DTSTART"), event.moment("DTEND")) == (date(2026, 6, 1), date(2026, 6, 2))


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            lambda areas, stops, standing, when: replace(
                ENTRY,
                areas=tuple(areas),
                stops=stops,
                standing=standing,
                begins=datetime.combine(when, time(9), LONDON),
                ends=datetime.combine(when, time(17), LONDON),
            ),
            st.lists(st.text(max_size=60), max_size=30),
            st.integers(0, 99),
            st.sampled_from(Standing),
            st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        ),
        max_size=4,
    )
)
def test_whatever_an_area_is_called_the_file_keeps_to_the_rfc(entries: list[Entry]) -> None:
    numbered = [replace(entry, run_id=number) for number, entry in enumerate(entries)]
    file = written(*numbered)
    assert [event.moment("DTSTART") for event in events(file)] == [entry.begins for entry in numbered]
    assert file == written(*numbered)


def address_of(courier: Browser) -> str:
    page = courier.submit("/run/calendar").text
    return page.split("https://t.example")[1].split(".ics")[0] + ".ics"


@ON_SQLITE
def test_a_feed_follows_a_run_from_the_asking_to_the_handing_on(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier, anybody = phone(browser_as, delivering), browser_as()
    address = address_of(courier)
    run = delivering.run(accepted=False)
    delivering.delivery(run, **MARKED)
    delivering.delivery(run, postcode="N1 9GU")
    told = []
    for step in (
        None,
        lambda: delivering.do(service.accept_run, run.id, actor=delivering.courier),
        lambda: delivering.do(service.assign_run, run.id, courier_id=delivering.another_courier().user_id),
    ):
        if step is not None:
            step()
        answer = anybody.get(address)
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        hidden = (*HIDDEN, FIRST, STREET, NOTE, "5XX", "Test Courier")
        assert [mark for mark in hidden if mark in answer.content.replace(b"\r\n ", b"").decode()] == []
        [event] = events(answer.content)
        told.append((event.text("SUMMARY"), event.value("STATUS"), int(event.value("SEQUENCE"))))
    assert [(words, status) for words, status, _ in told] == [
        ("Can you? 2 stops, N1, N19", "TENTATIVE"),
        ("2 stops, N1, N19", "CONFIRMED"),
        ("Run called off", "CANCELLED"),
    ]
    assert told[0][2] < told[1][2] < told[2][2]


@ON_SQLITE
def test_a_calendar_that_has_the_latest_is_told_so(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    courier, anybody = phone(browser_as, delivering), browser_as()
    address = address_of(courier)
    tag = anybody.get(address).headers["etag"]
    again = anybody.get(address, headers={"if-none-match": f"W/{tag}"})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    delivering.run()
    assert anybody.get(address, headers={"if-none-match": tag}).status_code == 200


@ON_SQLITE
def test_an_address_is_told_once_and_stops_working_when_renewed_or_switched_off(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier, anybody = phone(browser_as, delivering), browser_as()
    first = address_of(courier)
    assert first not in courier.get("/run/calendar").text
    second = address_of(courier)
    assert (anybody.get(first).status_code, anybody.get(second).status_code) == (404, 200)
    courier.submit("/run/calendar/end")
    assert anybody.get(second).status_code == 404
    third = address_of(courier)
    assert anybody.get(third).status_code == 200


@ON_SQLITE
def test_who_guesses_addresses_is_slowed_down_and_a_calendar_that_knows_its_own_is_not(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier, anybody = phone(browser_as, delivering), browser_as()
    address = address_of(courier)
    answers = [anybody.get(f"/calendar/guess{number}.ics").status_code for number in range(25)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert anybody.get(address).status_code == 200


@ON_SQLITE
def test_a_courier_who_left_has_no_calendar(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    courier, anybody = phone(browser_as, delivering), browser_as()
    address = address_of(courier)
    assert courier.actor is not None
    with delivering.lending.database.write() as session:
        user = queries.user(session, courier.actor.user_id or 0)
        assert user is not None
        user.active = False
    assert anybody.get(address).status_code == 404
