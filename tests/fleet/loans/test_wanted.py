"""What the bench makes a wiped tablet into follows from who waits, one tablet for each of them."""

from __future__ import annotations

from datetime import date

from fleet.loans.rules import LoanState
from fleet.loans.service.requests.wanted import wanted_profile
from fleet.people.rules import NeedCode
from fleet.tablets.rules import Stage
from tests.lending import Lending

LARGE = frozenset({NeedCode.LARGE_TEXT})


def wanted(lending: Lending) -> str:
    tablet = lending.tablet(Stage.WIPED, profile="")
    return lending.read(wanted_profile, tablet.id, clock=lending.clock)


def test_nobody_waits_so_nothing_is_asked_for(lending: Lending) -> None:
    assert wanted(lending) == ""


def test_the_first_who_waits_decides_until_there_is_a_tablet_for_them(lending: Lending) -> None:
    programme = lending.programme("Sample taster month")
    lending.loan_at(LoanState.APPROVED, programme, person=lending.person(needs=LARGE))
    assert wanted(lending) == "large-clear"
    lending.tablet(Stage.PROVISIONING, profile="large-clear")
    assert wanted(lending) == ""
    lending.loan_at(LoanState.APPROVED, programme, person=lending.person(needs=frozenset()))
    assert wanted(lending) == "standard"
    lending.tablet(Stage.READY, profile="standard")
    assert wanted(lending) == ""


def test_two_who_wait_are_not_served_by_one_tablet(lending: Lending) -> None:
    programme = lending.programme("Sample taster month")
    for _ in range(2):
        lending.loan_at(LoanState.APPROVED, programme, person=lending.person(needs=LARGE))
    lending.tablet(Stage.READY, profile="large-clear")
    assert wanted(lending) == "large-clear"


def test_whoever_is_next_on_the_waiting_list_decides_and_not_who_asked_first(lending: Lending) -> None:
    """A taster month that begins within two weeks comes before an earlier request."""
    programme = lending.programme("Sample taster month")
    lending.loan_at(LoanState.APPROVED, programme, person=lending.person(needs=LARGE))
    month = lending.cohort(programme, date(2026, 6, 8), date(2026, 7, 6))
    lending.loan_at(LoanState.APPROVED, programme, person=lending.person(needs=frozenset()), cohort_id=month.id)
    assert wanted(lending) == "standard"
