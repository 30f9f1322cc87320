"""Whether one cohort's first day fits the others: asked about, never sorted."""

from __future__ import annotations

from datetime import date

from fleet.cohorts.plan import DateKind, PlanLine, beginning

FIRST, THIRD = date(2026, 10, 5), date(2027, 3, 1)


def begins(number: int, cohort: str, day: date, kept_because: str = "") -> PlanLine:
    return PlanLine(number, day, cohort, DateKind.COHORT_STARTS, cohort, kept_because=kept_because)


OTHERS = (begins(1, "Cohort 1", FIRST), begins(2, "Cohort 3", THIRD))


def test_a_cohort_between_its_neighbours_is_not_asked_about() -> None:
    assert beginning(begins(3, "Cohort 2", date(2027, 1, 4)), OTHERS) is None
    assert beginning(begins(3, "Spring", date(2027, 4, 5)), OTHERS) is None


def test_a_mistyped_year_is_asked_about_and_what_would_fit_is_said() -> None:
    asked = beginning(begins(3, "Cohort 2", date(2026, 1, 4)), OTHERS)
    assert asked is not None
    assert asked.why == "Cohort 2 would begin before Cohort 1, Monday 5 October 2026."
    assert date(2027, 1, 4) in asked.fitting


def test_one_that_is_counted_earlier_is_asked_why_it_begins_later() -> None:
    asked = beginning(begins(3, "Cohort 2", date(2027, 6, 7)), OTHERS)
    assert asked is not None
    assert asked.why == "Cohort 2 would begin after Cohort 3, Monday 1 March 2027."


def test_one_without_a_count_follows_those_written_down_before_it() -> None:
    asked = beginning(begins(3, "Extra month", date(2026, 11, 2)), OTHERS)
    assert asked is not None
    assert "before Cohort 3" in asked.why


def test_what_somebody_kept_with_a_reason_is_no_measure() -> None:
    kept = (OTHERS[0], begins(2, "Cohort 3", THIRD, "The hall was free"))
    assert beginning(begins(3, "Extra month", date(2026, 11, 2)), kept) is None
