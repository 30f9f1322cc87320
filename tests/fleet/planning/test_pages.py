"""The pages about planning, as a coordinator uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from fleet.cohorts import queries as cohort_queries
from fleet.cohorts import service as cohorts
from fleet.loans import service as loans
from fleet.loans.rules import LoanState, StopReason
from fleet.people.models import PersonView
from fleet.tablets.models import Hold
from fleet.tablets.rules import HoldKind
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.cohorts.test_plan import SEED, WRONG
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
AskFor = Callable[..., Browser]
CLOSED = date(2026, 6, 24)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


def test_a_coordinator_closes_the_hub_after_seeing_what_moves(browser_as: AskFor, lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    loan = lending.loan_at(LoanState.ACTIVE, programme, due_on=CLOSED)
    coordinator = browser_as(Role.COORDINATOR)
    typed = {"first_on": str(CLOSED), "name": "Staff training", "kind": "closed"}
    seen = coordinator.submit("/closures/new", typed)
    assert "1 loan is due on a day that would be closed" in seen.text
    assert lending.read(loans.get_loan, loan.id).due_on == CLOSED
    done = coordinator.submit("/closures/new", {**typed, "digest": hidden(seen.text, "digest")})
    assert (done.status_code, done.headers["location"]) == (303, "/closures")
    listed = coordinator.get("/closures").text
    assert "Staff training" in listed
    assert "1 loan got another due date" in listed
    assert lending.read(loans.get_loan, loan.id).due_on == date(2026, 6, 25)
    [closure] = lending.read(cohorts.closures, lending.hub_id)
    assert "each person is told of the new day, once" in coordinator.get(f"/closures/{closure.id}/withdraw").text
    coordinator.submit(f"/closures/{closure.id}/withdraw")
    assert lending.read(cohorts.closures, lending.hub_id) == []


def test_the_loans_that_would_move_are_shown_with_their_days(browser_as: AskFor, lending: Lending) -> None:
    programme, person = (
        lending.programme(bundle_required=False),
        lending.person(first_name="Moving", last_name="Person"),
    )
    loan = lending.loan_at(LoanState.ACTIVE, programme, person=person, due_on=CLOSED)
    typed = {"first_on": str(CLOSED), "name": "Staff training", "kind": "closed"}
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.submit("/closures/new", typed).text
    [row] = [each for each in page.split("<tr")[1:] if f'href="/loans/{loan.id}"' in each]
    assert [words in row for words in ("Moving Person", "Wed 24 Jun", "Thu 25 Jun")] == [True] * 3
    with lending.database.read() as session:
        assert session.scalars(select(PersonView.person_id)).all() == [person.id]
    hidden_from = browser_as(Role.HUB_ADMIN).submit("/closures/new", typed).text
    assert (f"Loan {loan.id}" in hidden_from, "Moving Person" in hidden_from) == (True, False)
    assert f'href="/loans/{loan.id}"' not in hidden_from


def test_of_many_loans_that_would_move_the_first_are_shown_and_the_others_counted(
    browser_as: AskFor, lending: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet.planning.pages.moving.MOST_SHOWN", 1)
    programme = lending.programme(bundle_required=False)
    for _each in range(3):
        lending.loan_at(LoanState.ACTIVE, programme, due_on=CLOSED)
    page = browser_as(Role.COORDINATOR).submit("/closures/new", {"first_on": str(CLOSED), "name": "Training"}).text
    assert (page.count('href="/loans/'), "And 2 more loans." in page) == (1, True)


def test_a_confirmation_of_something_else_shows_what_would_move_by_now(browser_as: AskFor, lending: Lending) -> None:
    lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=False), due_on=CLOSED)
    typed = {"first_on": str(CLOSED), "name": "Staff training", "digest": "0" * 32}
    answer = browser_as(Role.COORDINATOR).submit("/closures/new", typed)
    assert answer.status_code == 409
    assert "Other loans would move by now" in answer.text
    assert "1 loan is due" in answer.text


def test_a_closure_confirmed_twice_is_one(browser_as: AskFor, lending: Lending) -> None:
    coordinator, typed = browser_as(Role.COORDINATOR), {"first_on": str(CLOSED), "name": "Staff training"}
    confirmed = {**typed, "digest": hidden(coordinator.submit("/closures/new", typed).text, "digest")}
    assert [coordinator.submit("/closures/new", confirmed).status_code for _press in range(2)] == [303, 303]
    assert len(lending.read(cohorts.closures, lending.hub_id)) == 1


def test_a_closure_whose_loans_changed_meanwhile_is_not_kept_without_its_moves(
    browser_as: AskFor, lending: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=False), due_on=CLOSED)
    coordinator, typed = browser_as(Role.COORDINATOR), {"first_on": str(CLOSED), "name": "Staff training"}
    seen = coordinator.submit("/closures/new", typed)

    def changed(*_given: object, **_told: object) -> int:
        raise loans.LoansChanged("Nothing was moved. 1 of the loans changed a moment before you.")

    monkeypatch.setattr(loans, "move_due_dates", changed)  # a race that only another connection could win
    answer = coordinator.submit("/closures/new", {**typed, "digest": hidden(seen.text, "digest")})
    assert answer.status_code == 409
    assert lending.read(cohorts.closures, lending.hub_id) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first_on": "", "name": "Staff training"}, "Enter an answer."),
        ({"first_on": "someday", "name": "Staff training"}, "Enter a day as year, month and day, such as 2027-06-12."),
        ({"first_on": "2026-06-24", "last_on": "2026-06-23", "name": "Training"}, "It ends before it begins"),
        ({"first_on": "2026-06-24", "name": ""}, "Say in a few words why"),
        ({"first_on": "2026-06-24", "name": "Training", "per_day": "0"}, "Enter a number from 1 to 1,000."),
    ],
)
def test_days_that_cannot_be_meant_are_told(
    browser_as: AskFor, lending: Lending, typed: dict[str, str], said: str
) -> None:
    answer = browser_as(Role.COORDINATOR).submit("/closures/new", typed)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_week_is_typed_and_the_loans_it_strands_are_moved(browser_as: AskFor, lending: Lending) -> None:
    wednesday = lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=False), due_on=CLOSED)
    admin = browser_as(Role.HUB_ADMIN)
    week = {"opens_0": "09:00", "closes_0": "17:00", "opens_4": "10:00", "closes_4": "13:30"}
    assert admin.submit("/closures/week", {**week, "opens_2": "noon"}).status_code == 422
    assert admin.submit("/closures/week", week).status_code == 303
    page = admin.get("/closures").text
    assert "10:00 to 13:30" in page
    assert "1 loan is due on a day when the hub is closed" in page
    shown = browser_as(Role.COORDINATOR).get("/closures").text
    [row] = [each for each in shown.split("<tr")[1:] if f'href="/loans/{wednesday.id}"' in each]
    assert ("Wed 24 Jun" in row, "Fri 26 Jun" in row) == (True, True)
    admin.submit("/closures/stranded", {"digest": hidden(page, "digest")})
    assert lending.read(loans.get_loan, wednesday.id).due_on == date(2026, 6, 26)
    assert (
        "due on a day when the hub is closed" not in admin.get("/closures").text.split("flash")[-1].split("<main")[-1]
    )


def test_the_forecast_is_said_drawn_and_listed(browser_as: AskFor, lending: Lending) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    assert "The next cohort appears here" in coordinator.get("/forecast").text
    programme = lending.programme(bundle_required=False)
    first = lending.cohort(programme, date(2026, 6, 8), date(2026, 7, 6), places=3)
    lending.cohort(programme, date(2026, 9, 7), date(2026, 10, 5), places=1)
    lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 30))
    for _ in range(2):
        lending.tablet()
    page = coordinator.get("/forecast").text
    answer = "Short by 1 on Monday 8 June 2026: 1 back too late to be ready."
    assert page.count(answer) == 2, "as words, and as the picture's own"
    assert 'class="outlook__gap"' in page
    for row in ("Monday 1 June 2026", "Monday 8 June 2026", "Cohorts to come"):
        assert row in page
    assert "Enough on" in coordinator.get("/forecast?cohort=2").text
    assert coordinator.get(f"/forecast?cohort={first.id + 40}").status_code == 404
    csv = coordinator.get("/forecast?format=csv").text
    assert csv.splitlines()[1].endswith(",Mon 8 Jun 2026,3,3,2,Short by 1")


def test_the_forecast_leads_to_the_tablets_that_nobody_is_asked_for_and_that_are_held(
    browser_as: AskFor, lending: Lending
) -> None:
    programme = lending.programme(bundle_required=False)
    lending.cohort(programme, date(2026, 6, 8), date(2026, 7, 6), places=3)
    loan = lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 5))
    lending.do(loans.stop_contact, loan.id, StopReason.WITHDREW)
    held = lending.tablet()
    with lending.database.write() as session:
        told = {"reason": "Sample", "placed_by": "Sample", "placed_at": lending.clock()}
        session.add(Hold(tablet_id=held.id, kind=HoldKind.FAULT, **told))
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get("/forecast").text
    for words, there, found in (
        ("with somebody nobody is to ask", "/loans?stopped=yes", f"/loans/{loan.id}"),
        ("held back", "/tablets?held=yes", f"/tablets/{held.id}"),
    ):
        assert f'href="{there}">Look at them<span class="govuk-visually-hidden">: {words}' in page
        assert f'href="{found}"' in coordinator.get(there).text


def test_a_plan_is_pasted_answered_and_set_up(browser_as: AskFor, lending: Lending) -> None:
    programme = lending.programme()
    coordinator = browser_as(Role.COORDINATOR)
    url = f"/programmes/{programme.id}/plan"
    asked = coordinator.submit(url, {"plan": SEED, "places": "20"})
    assert asked.status_code == 422
    assert "It is earlier than line 6 above it, Monday 9 August 2021." in asked.text
    assert "Monday 4 October 2021, or Tuesday 5 October 2021" in asked.text
    assert "it takes place on Tuesday 4 January 2022" in asked.text
    pressed = coordinator.submit(url, {"plan": SEED, "places": "20", "do": "import"})
    assert pressed.status_code == 422, "nothing is set up while something is asked"
    answered = {"plan": SEED, "places": "20", f"date_{WRONG}": "4 October 2021"}
    assert coordinator.submit(url, answered).status_code == 200
    done = coordinator.submit(url, {**answered, "do": "import"})
    assert done.headers["location"] == "/cohorts"
    assert len(lending.read(cohort_queries.plan_of, programme.id)) == 9
    third = coordinator.get("/cohorts/3").text
    assert "Tuesday 4 January 2022" in third
    assert "New Year" in third


def test_a_wrong_kind_is_counted_once_a_line_and_mended_where_it_stands(browser_as: AskFor, lending: Lending) -> None:
    url = f"/programmes/{lending.programme().id}/plan"
    coordinator = browser_as(Role.COORDINATOR)
    assert "milestone, cohort_starts, cohort_ends, data_collection" in coordinator.get(url).text
    plan = "date,what,kind\n2026-06-01,One,party\n2025-06-08,Two,party\n2026-06-15,Three,party\n"
    asked = coordinator.submit(url, {"plan": plan})
    assert (asked.status_code, "3 lines to look at again" in asked.text) == (422, True)
    assert [f'id="kind_{each}"' in asked.text for each in (1, 2, 3)] == [True] * 3
    assert [f'name="date_{each}"' in asked.text for each in (1, 2, 3)] == [False, True, False]
    kinds = {"kind_1": "milestone", "kind_2": "data_collection", "kind_3": "cohort_ends"}
    mended = coordinator.submit(url, {"plan": plan, **kinds, "date_2": "2026-06-08"})
    assert "1 line to look at again" in mended.text
    assert "It does not name its cohort." in mended.text
    assert [hidden(mended.text, name) for name in ("kind_1", "kind_3", "date_2")] == [
        *("milestone", "cohort_ends", "2026-06-08"),
    ]
    kinds["kind_3"] = "milestone"
    answered = {"plan": plan, **kinds, "date_2": "2026-06-08"}
    assert coordinator.submit(url, answered).status_code == 200
    assert coordinator.submit(url, {**answered, "do": "import"}).headers["location"] == "/cohorts"


def test_a_plan_comes_as_a_file_too(browser_as: AskFor, lending: Lending) -> None:
    url = f"/programmes/{lending.programme().id}/plan"
    coordinator = browser_as(Role.COORDINATOR)
    good = ("plan.csv", "\ufeffdate,what\n1 June 2026,Begin\n".encode(), "text/csv")
    assert "Monday 1 June 2026" in coordinator.submit(url, files={"file": good}).text
    for bad in (b"\xff\xfe\x00", b"x" * 200_001, b"date,what\n1 June 2026," + b"x" * 150_000):
        assert coordinator.submit(url, files={"file": ("plan.csv", bad, "text/csv")}).status_code == 422
    assert coordinator.submit(url, {"plan": "date,what", "places": f"000000001{'9' * 5000}"}).status_code == 422


def test_a_changed_lowest_age_counts_from_the_next_request_on(browser_as: AskFor, lending: Lending) -> None:
    programme = lending.programme("Sample months", min_age=65)
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get(f"/programmes/{programme.id}").text
    assert 'value="65"' in page
    typed = {"name": "Sample months", "min_age": "18", "postcodes": "n19, N1", "barriers": ["device"], "active": "yes"}
    assert coordinator.submit(f"/programmes/{programme.id}", typed).status_code == 303
    policy = lending.read(cohorts.get_programme, programme.id).policy
    assert (policy.min_age, policy.areas, policy.barriers, policy.bundle_required) == (
        18,
        ("N19", "N1"),
        ("device",),
        False,
    )
    assert "18 and over, in N19, N1, no device" in coordinator.get("/cohorts").text
    typed["postcodes"] = "N19 5XX"
    refused = coordinator.submit(f"/programmes/{programme.id}", typed)
    assert (refused.status_code, "5XX is no postcode area" in refused.text) == (422, True)


def test_measures_are_collected_on_days_that_can_be_added_and_taken_out(browser_as: AskFor, lending: Lending) -> None:
    cohort = lending.cohort(lending.programme(), date(2026, 6, 8), date(2026, 7, 6))
    coordinator = browser_as(Role.COORDINATOR)
    url = f"/cohorts/{cohort.id}/collections"
    assert coordinator.submit(url, {"planned_on": "2026-08-31", "words": "Eight weeks on"}).status_code == 303
    page = coordinator.get(f"/cohorts/{cohort.id}").text
    assert "Tuesday 1 September" in page
    assert "Planned for Monday 31 August, which is closed" in page
    assert coordinator.submit(url, {"planned_on": "2026-06-01", "words": "Before"}).status_code == 422
    [day] = lending.read(cohorts.collections_of, cohort.id)
    coordinator.submit(f"{url}/{day.id}/remove")
    assert lending.read(cohorts.collections_of, cohort.id) == []
