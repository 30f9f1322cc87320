"""Setting up programmes and cohorts."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.cohorts import service
from fleet.cohorts.rules import LoanPolicy
from fleet.errors import BadInput, Conflict
from fleet.loans.rules import Barrier, LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending


def test_a_programme_keeps_its_policy(lending: Lending) -> None:
    programme = lending.programme("Sample months", taster_months=1, grace_days=5, bundle_required=False)
    policy = lending.read(service.get_programme, programme.id).policy
    assert (policy.taster_months, policy.grace_days, policy.bundle_required, policy.taster_days) == (1, 5, False, 28)


def test_a_name_is_used_once(lending: Lending) -> None:
    lending.programme("Sample months")
    with pytest.raises(Conflict, match="already"):
        lending.programme("sample months")


def test_a_policy_that_cannot_be_is_refused_field_by_field(lending: Lending) -> None:
    with pytest.raises(BadInput) as refused:
        lending.programme("Sample months", taster_days=0, max_extensions=99)
    assert set(refused.value.fields) == {"taster_days", "max_extensions"}


def test_dates_out_of_order_are_told_and_never_sorted(lending: Lending) -> None:
    programme = lending.programme()
    with pytest.raises(BadInput) as refused:
        lending.cohort(programme, date(2022, 1, 31), date(2022, 1, 3))
    assert refused.value.fields == {"ends_on": "It ends before it starts; check both dates."}
    with pytest.raises(BadInput) as refused:
        lending.cohort(programme, date(2022, 1, 3), date.max)
    assert refused.value.fields == {"ends_on": "It ends more than ten years from now; check the year."}


def test_a_cohort_that_is_over_is_not_offered(lending: Lending) -> None:
    programme = lending.programme()
    lending.cohort(programme, date(2026, 4, 1), date(2026, 5, 1))
    running = lending.cohort(programme, date(2026, 5, 20), date(2026, 6, 20))
    assert [each.id for each in lending.read(service.cohorts_not_over, date(2026, 6, 1))] == [running.id]


def test_a_changed_programme_counts_for_the_next_request_and_keeps_its_name(lending: Lending) -> None:
    programme, other = lending.programme("Sample months", min_age=65), lending.programme("Other months")
    actor = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        changed = LoanPolicy(min_age=18, areas=("N19",), barriers=("skills",), turnaround_days=2)
        service.change_programme(session, programme.id, name="Sample months", policy=changed, actor=actor)
    assert lending.read(service.get_programme, programme.id).policy == changed
    with pytest.raises(Conflict, match="already"), lending.database.write() as session:
        service.change_programme(session, other.id, name="SAMPLE months", policy=LoanPolicy(), actor=actor)


@ON_SQLITE
def test_who_may_be_asked_for_is_the_programmes_data(lending: Lending) -> None:
    programme = lending.programme(areas=("N1",), barriers=("skills",), min_age=65)
    person = lending.person(birth_year=1980)
    with pytest.raises(BadInput) as refused:
        lending.request(programme, person, barriers=[Barrier.DEVICE])
    assert refused.value.fields == {
        "birth_year": "This programme is for people of 65 and over.",
        "postcode": "This programme is for people in N1.",
        "barriers": "This programme is for people who lack the skills.",
    }
    with lending.database.write() as session:
        policy = LoanPolicy(areas=("N",), barriers=("skills", "device"), min_age=18)
        actor = lending.actor(Role.COORDINATOR)
        service.change_programme(session, programme.id, name=programme.name, policy=policy, actor=actor)
    assert lending.request(programme, person, barriers=[Barrier.DEVICE]).state is LoanState.REQUESTED
