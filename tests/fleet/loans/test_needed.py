"""Giving somebody longer while others need a tablet like theirs: said before, refused, or done with a reason kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from fleet.errors import MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.loans.rules.needed import Month, Wanting, met_on, who_needs_it
from fleet.people.rules import NeedCode
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

NOBODY = Wanting(waiting=0, waiting_for_its_kind=0, stock=0, stock_of_its_kind=0)
SOON = Month("Sample month", date(2026, 7, 13), places=3, back=2)


@pytest.mark.parametrize(
    ("wanting", "sentence"),
    [
        (NOBODY, ""),
        (Wanting(2, 2, 2, 2), ""),
        (Wanting(1, 1, 5, 0), "1 person waits for a tablet like this one, and no other is at the hub for them."),
        (Wanting(3, 3, 2, 2), "3 people wait for a tablet like this one, and only 2 others are at the hub for them."),
        (Wanting(4, 0, 4, 0, (SOON,)), "“Sample month” begins on Monday 13 July 2026 with 3 places to fill"),
        (Wanting(3, 0, 4, 0, (SOON,)), ""),
    ],
)
def test_others_need_it_only_where_no_other_stock_can_be_theirs(wanting: Wanting, sentence: str) -> None:
    said = who_needs_it(wanting)
    assert said.startswith(sentence) if sentence else said == ""


JULY = [date(2026, 7, day) for day in range(1, 32)]


@pytest.mark.parametrize(
    ("wanting", "ready", "day"),
    [
        (Wanting(1, 1, 0, 0), {}, None),
        (Wanting(1, 1, 0, 0), {JULY[6]: 1}, JULY[6]),
        (Wanting(3, 3, 1, 1), {JULY[6]: 1, JULY[7]: 5}, JULY[7]),
        (Wanting(3, 0, 0, 0, (SOON,)), {JULY[0]: 4, JULY[10]: 1}, None),
        (Wanting(3, 0, 0, 0, (SOON,)), {JULY[0]: 2, JULY[19]: 4}, JULY[19]),
        (Wanting(1, 1, 0, 0), {JULY[14]: 3, JULY[20]: 1}, JULY[20]),
    ],
)
def test_it_is_told_when_others_are_there_for_all_that_has_begun_by_then(
    wanting: Wanting, ready: dict[date, int], day: date | None
) -> None:
    """A month of three places begins on the 13th, whether or not it was the reason."""
    assert met_on(wanting, [SOON], ready) == day


def test_an_extension_waits_for_a_reason_while_somebody_waits_for_a_tablet_like_it(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.loan_at(LoanState.APPROVED, person=lending.person(needs=frozenset({NeedCode.LARGE_TEXT})))
    lending.do(loans.extend, loan.id, reason="Who waits needs another kind")
    lending.loan_at(LoanState.APPROVED)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="The gatherings go on")
    (reason,) = refused.value.reasons
    assert reason == (
        "1 person waits for a tablet like this one, and no other is at the hub for them."
        " From what is due back, nobody can tell when there will be enough."
    )
    lending.do(loans.extend, loan.id, reason="The lead agrees", override_cap=True)
    first, second, third = lending.read(queries.due_versions, loan.id)
    assert [each.beyond_need for each in (first, second, third)] == [False, False, True]
    assert (third.beyond_number, third.reason) == (False, "The lead agrees")
    assert lending.read(queries.events, loan.id)[0].words.startswith("Extended though others need one, due on")
    lending.tablet()
    assert lending.do(loans.extend, loan.id, reason="Another is there", override_cap=True).due_version == 4
    assert lending.read(queries.due_versions, loan.id)[3].beyond_need is False


def test_an_extension_waits_for_a_reason_while_a_month_would_lack_the_tablet(lending: Lending) -> None:
    programme = lending.programme()
    loan, other = lending.loan_at(LoanState.ACTIVE, programme), lending.loan_at(LoanState.ACTIVE, programme)
    month = lending.cohort(programme, date(2026, 7, 13), date(2026, 8, 10), places=2)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="The gatherings go on")
    (reason,) = refused.value.reasons
    assert reason.startswith(f"“{month.name}” begins on Monday 13 July 2026 with 2 places to fill")
    assert reason.endswith("From what is due back, nobody can tell when there will be enough.")
    lending.do(loans.extend, other.id, reason="Until the day before", due_on=date(2026, 7, 3))
    lending.tablet()
    assert lending.do(loans.extend, loan.id, reason="The gatherings go on").due_version == 2


def test_an_extension_leaves_the_days_in_which_a_tablet_is_made_ready_for_a_month(lending: Lending) -> None:
    programme = lending.programme(turnaround_days=3)
    loan = lending.loan_at(LoanState.ACTIVE, programme)
    lending.cohort(programme, date(2026, 7, 13), date(2026, 8, 10), places=1)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="Until three days before", due_on=date(2026, 7, 9))
    assert refused.value.codes == ("nobody_needs_it",)
    assert lending.do(loans.extend, loan.id, reason="In time", due_on=date(2026, 7, 8)).due_version == 2


def test_beyond_the_longest_loan_of_its_programme_goes_only_who_says_why(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(longest_days=42))
    lending.tablet()
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="The gatherings go on")
    assert refused.value.reasons == (
        "This programme's loans end on Monday 13 July 2026 at the latest; choose a day until then.",
    )
    lending.do(loans.extend, loan.id, reason="As long as it goes", due_on=date(2026, 7, 13))
    lending.do(loans.extend, loan.id, reason="The lead agrees", override_cap=True)
    _, until, past = lending.read(queries.due_versions, loan.id)
    assert [(each.beyond_number, each.beyond_length) for each in (until, past)] == [(False, False), (False, True)]


def test_it_is_said_when_others_will_be_back_for_who_waits(lending: Lending) -> None:
    """The other is due on Monday 29 June; four working days later it stands ready."""
    loan, _ = lending.loan_at(LoanState.ACTIVE), lending.loan_at(LoanState.ACTIVE, due_on=date(2026, 6, 29))
    lending.loan_at(LoanState.APPROVED)
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="The gatherings go on")
    assert refused.value.reasons[0].endswith("By what is due back, there are enough on Friday 3 July 2026.")
    assert refused.value.details["earliest"] == {"nobody_needs_it": "2026-07-03"}


@ON_SQLITE
def test_nothing_is_forecast_unless_it_is_refused(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.tablet()
    asked: list[str] = []
    event.listen(lending.database.engine, "before_cursor_execute", note := lambda *told: asked.append(told[2]))

    def looked_ahead() -> bool:
        found = any("GROUP BY loan.due_on" in each for each in asked)
        asked.clear()
        return found

    lending.do(loans.extend, loan.id, reason="Nobody waits")
    assert not looked_ahead()
    for _ in range(2):
        lending.loan_at(LoanState.APPROVED)
    with pytest.raises(MoveRefused):
        lending.do(loans.extend, loan.id, reason="The gatherings go on")
    assert looked_ahead()
    lending.do(loans.extend, loan.id, reason="The lead agrees", override_cap=True)
    assert not looked_ahead()
    event.remove(lending.database.engine, "before_cursor_execute", note)


def test_sooner_than_it_may_be_asked_for_goes_only_who_says_why(lending: Lending) -> None:
    """Due on Monday 29 June, and to be asked for from a week before."""
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(extend_from_days=7), due_on=date(2026, 6, 29))
    lending.tablet()
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.extend, loan.id, reason="The gatherings go on")
    assert refused.value.reasons == ("This programme lets it be extended from Monday 22 June 2026 on; ask again then.",)
    assert refused.value.details["earliest"] == {"too_early": "2026-06-22"}
    lending.do(loans.extend, loan.id, reason="The lead agrees", override_cap=True, due_on=date(2026, 7, 6))
    assert [each.beyond_early for each in lending.read(queries.due_versions, loan.id)] == [False, True]
    assert "sooner than it may be asked for" in lending.read(queries.events, loan.id)[0].words
    lending.clock.now = datetime(2026, 6, 29, 9, tzinfo=UTC)
    lending.do(loans.extend, loan.id, reason="A week before the other day")
    assert lending.read(queries.due_versions, loan.id)[2].beyond_early is False


@ON_SQLITE
def test_the_page_warns_before_and_the_loan_says_who_went_beyond_a_cap(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(max_extensions=0))
    lending.loan_at(LoanState.APPROVED)
    coordinator = browser_as(Role.COORDINATOR)
    assert f"/loans/{loan.id}/extend" in coordinator.get(f"/loans/{loan.id}").text
    page = coordinator.get(f"/loans/{loan.id}/extend").text
    assert "1 person waits for a tablet like this one" in page
    assert "this programme allows 0" in page
    assert "override_cap" in page
    asked = {"reason": "Asked for longer"}
    assert coordinator.submit(f"/loans/{loan.id}/extend", asked).status_code == 409
    assert coordinator.submit(f"/loans/{loan.id}/extend", {**asked, "override_cap": "yes"}).status_code == 303
    seen = coordinator.get(f"/loans/{loan.id}").text
    assert "Extended, beyond the number allowed and though others need one, by " in seen
    listed = coordinator.get("/loans?beyond=yes").text
    assert "1 loan" in listed
    assert f'href="/loans/{loan.id}"' in listed


@ON_SQLITE
def test_the_page_says_beforehand_that_their_data_would_not_last_as_long(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=lending.sim(months=1).id)
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE):
        lending.step(loan.id, step)
    page = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}/extend").text
    assert "The data ends on Wednesday 1 July 2026, before the tablet is due on Monday 27 July 2026" in page
    assert "override_cap" not in page
