"""A hub's own days, written down and read as one calendar."""

from __future__ import annotations

from datetime import date, time

import pytest

from fleet.cohorts import service
from fleet.cohorts.calendar import ORDINARY_WEEK, Hours, SpecialDays
from fleet.cohorts.service import NeverOpen
from fleet.errors import BadInput
from fleet.users.rules import Role
from tests.lending import Lending

CHRISTMAS = SpecialDays(date(2030, 12, 24), date(2031, 1, 3), "Christmas", yearly=True)


def add(lending: Lending, days: SpecialDays) -> int:
    with lending.database.write() as session:
        actor, told = lending.actor(Role.COORDINATOR), lending.happening()
        return service.add_closure(session, lending.hub_id, days, actor=actor, happening=told).id


def test_the_calendar_is_the_nations_and_the_hubs_own(lending: Lending) -> None:
    assert lending.read(service.calendar_of, lending.hub_id).week == ORDINARY_WEEK
    week = (Hours(2, time(10), time(15, 30)), Hours(5, time(9), time(12)))
    with lending.database.write() as session:
        actor = lending.actor(Role.HUB_ADMIN)
        service.set_week(session, lending.hub_id, week, actor=actor, now=lending.clock())
    closure_id = add(lending, CHRISTMAS)
    calendar = lending.read(service.calendar_of, lending.hub_id)
    assert (calendar.week, calendar.special) == (week, (CHRISTMAS,))
    with lending.database.write() as session:
        for _twice in range(2):
            service.withdraw_closure(session, closure_id, actor=actor, now=lending.clock())
    assert lending.read(service.calendar_of, lending.hub_id).special == ()


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (SpecialDays(date(2030, 6, 2), date(2030, 6, 1), "Training"), "last_on"),
        (SpecialDays(date(2030, 6, 1), date(2031, 6, 2), "Training"), "last_on"),
        (SpecialDays(date(2020, 6, 1), date(2020, 6, 1), "Training"), "first_on"),
        (SpecialDays(date(2090, 6, 1), date(2090, 6, 1), "Training"), "first_on"),
        (SpecialDays(date(2030, 6, 1), date(2030, 6, 1), "  "), "name"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(lending: Lending, days: SpecialDays, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        add(lending, days)
    assert set(refused.value.fields) == {field}


def test_a_hub_that_would_never_open_again_is_refused(lending: Lending) -> None:
    add(lending, SpecialDays(date(2030, 1, 1), date(2030, 6, 30), "Moving house", yearly=True))
    with pytest.raises(NeverOpen, match="no open day in the year after"):
        add(lending, SpecialDays(date(2030, 7, 1), date(2030, 12, 31), "Moving back", yearly=True))
    with pytest.raises(BadInput), lending.database.write() as session:
        service.set_week(session, lending.hub_id, (), actor=lending.actor(Role.HUB_ADMIN), now=lending.clock())


def test_hours_that_end_before_they_begin_are_refused(lending: Lending) -> None:
    week = (Hours(0, time(17), time(9)),)
    with pytest.raises(BadInput) as refused, lending.database.write() as session:
        service.set_week(session, lending.hub_id, week, actor=lending.actor(Role.HUB_ADMIN), now=lending.clock())
    assert set(refused.value.fields) == {"closes_0"}
