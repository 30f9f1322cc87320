"""Loans that were kept elsewhere: told in the order of days, and never against what was proved here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.loans.rules import (
    AskedBefore,
    LentBefore,
    LoanState,
    PersonThen,
    StopReason,
    TabletThen,
    asked_problems,
    lent_problems,
)

TODAY = date(2026, 6, 1)
ALONE = PersonThen(open_loans=0, allowed=1)
NEVER_HERE = TabletThen(never_here=True)
OPEN = LentBefore(
    hub_id=1,
    person_id=1,
    programme_id=1,
    state=LoanState.ACTIVE,
    tablet_id=1,
    started_on=date(2026, 5, 1),
    due_on=date(2026, 6, 1),
)
BACK = replace(OPEN, state=LoanState.CLOSED_RETURNED, returned_on=date(2026, 5, 20))
GIVEN = replace(OPEN, state=LoanState.CLOSED_GIFTED, closed_at=datetime(2026, 5, 20, 12, tzinfo=UTC))
days = st.dates(date(2026, 1, 1), TODAY)


@pytest.mark.parametrize("told", [OPEN, BACK, GIVEN])
def test_what_another_program_kept_comes_in(told: LentBefore) -> None:
    assert lent_problems(told, NEVER_HERE, ALONE, TODAY) == {}


@pytest.mark.parametrize(
    ("told", "tablet", "person", "column"),
    [
        (replace(OPEN, due_on=None), NEVER_HERE, ALONE, "due_on"),
        (replace(OPEN, due_on=date(2026, 4, 1)), NEVER_HERE, ALONE, "due_on"),
        (replace(OPEN, due_on=date(2036, 4, 1)), NEVER_HERE, ALONE, "due_on"),
        (replace(OPEN, started_on=date(2026, 6, 2), due_on=date(2026, 6, 9)), NEVER_HERE, ALONE, "started_on"),
        (replace(BACK, started_on=date(202, 5, 1), due_on=None), NEVER_HERE, ALONE, "started_on"),
        (replace(OPEN, returned_on=date(2026, 5, 20)), NEVER_HERE, ALONE, "returned_on"),
        (replace(BACK, returned_on=None), NEVER_HERE, ALONE, "returned_on"),
        (replace(BACK, returned_on=date(2026, 4, 20)), NEVER_HERE, ALONE, "returned_on"),
        (replace(GIVEN, returned_on=date(2026, 5, 20)), NEVER_HERE, ALONE, "returned_on"),
        (replace(OPEN, state=LoanState.ALLOCATED), NEVER_HERE, ALONE, "state"),
        (OPEN, TabletThen(never_here=False), ALONE, "serial"),
        (GIVEN, TabletThen(never_here=False), ALONE, "serial"),
        (OPEN, NEVER_HERE, PersonThen(open_loans=1, allowed=1), "person"),
        (replace(BACK, tablet_since=date(2020, 1, 1)), NEVER_HERE, ALONE, "tablet_since"),
        (OPEN, NEVER_HERE, replace(ALONE, alive=False), "person"),
    ],
)
def test_what_cannot_have_been_is_said(told: LentBefore, tablet: TabletThen, person: PersonThen, column: str) -> None:
    assert list(lent_problems(told, tablet, person, TODAY)) == [column]


def test_a_loan_of_somebody_who_died_comes_in_stopped() -> None:
    died = replace(OPEN, stop_reason=StopReason.DIED)
    assert lent_problems(died, NEVER_HERE, replace(ALONE, alive=False), TODAY) == {}


@given(days, days, days)
def test_no_loan_that_ended_since_its_wipe_was_proved_comes_in(began: date, ended: date, proved: date) -> None:
    """Rule R22: a certificate counts only while it is newer than the last time a tablet was out."""
    told = replace(BACK, started_on=began, due_on=None, returned_on=max(began, ended))
    refused = "serial" in lent_problems(told, TabletThen(never_here=False, clean_since=proved), ALONE, TODAY)
    assert refused is (max(began, ended) >= proved)


@given(days, days, days, st.booleans())
def test_two_loans_of_a_tablet_never_overlap(began: date, since: date, until: date, still: bool) -> None:
    """Rule R14, for history: it is told in its order, and one that is open is the last."""
    tablet = TabletThen(never_here=False, lent_from=since, lent_until=None if still else max(since, until))
    told = replace(BACK, started_on=began, due_on=None, returned_on=TODAY)
    refused = "serial" in lent_problems(told, tablet, ALONE, TODAY)
    assert refused is (still or began < max(since, until))


def test_a_request_that_is_over_says_when_and_why() -> None:
    asked = AskedBefore(hub_id=1, person_id=1, programme_id=1, state=LoanState.DECLINED)
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert list(asked_problems(asked, ALONE, now)) == ["closed_at", "decline_reason"]
    assert list(asked_problems(replace(asked, state=LoanState.ALLOCATED), ALONE, now)) == ["state"]
    for state in (LoanState.WAITING, LoanState.APPROVED):
        assert asked_problems(replace(asked, state=state), ALONE, now) == {}
