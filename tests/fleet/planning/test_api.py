"""Planning over HTTP: forecast, closures, the hub's week, and plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from httpx2 import Response

from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.users import queries, service
from fleet.users.rules import Permission, Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.cohorts.test_plan import SEED, WRONG
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
CLOSED = {"first_on": "2026-06-24", "last_on": "2026-06-24", "name": "Staff training"}


class Program:
    """A program with a coordinator's token."""

    def __init__(self, browser: Browser, lending: Lending) -> None:
        with lending.database.write() as session:
            owner = queries.user_by_id(session, lending.actor(Role.COORDINATOR).user_id or 0)
            assert owner is not None
            scopes = [Permission.COHORTS_SEE, Permission.COHORTS_SET_UP]
            token = service.make_token(
                session, owner=owner, name="test", scopes=scopes, days=1, now=lending.clock(), settings=lending.settings
            )
        self._browser, self._headers = browser, {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, **body: Any) -> Response:
        json = body or None
        return self._browser.request(method, f"/api/v1{path}", headers=self._headers, json=json)


def test_a_closure_is_previewed_added_once_and_withdrawn(browser_as: Callable[..., Browser], lending: Lending) -> None:
    program = Program(browser_as(), lending)
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=False), due_on=date(2026, 6, 24))
    seen = program("POST", "/closures/preview", **CLOSED).json()
    assert seen["moves"] == [{"loan_id": loan.id, "before": "2026-06-24", "after": "2026-06-25"}]
    refused = program("POST", "/closures", **CLOSED)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_what_was_seen")
    asked = {**CLOSED, "digest": seen["digest"], "client_id": "closure-1"}
    first, again = program("POST", "/closures", **asked), program("POST", "/closures", **asked)
    assert (first.status_code, first.json()) == (201, again.json())
    assert (first.json()["loans_moved"], lending.read(loans.get_loan, loan.id).due_version) == (1, 2)
    assert program("GET", "/closures").json()["total"] == 1
    assert program("POST", f"/closures/{first.json()['id']}/withdraw").json()["withdrawn_at"]
    assert program("GET", "/closures").json()["total"] == 0
    assert program("GET", "/closures?withdrawn=yes").json()["total"] == 1


def test_the_week_is_written_whole_and_tells_what_it_strands(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    program = Program(browser_as(), lending)
    lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=False), due_on=date(2026, 6, 24))
    assert len(program("GET", "/hub/week").json()["hours"]) == 5
    week = [{"weekday": 0, "opens_at": "10:00", "closes_at": "12:00"}]
    written = program("PUT", "/hub/week", hours=week).json()
    assert written == {"nation": "ENG", "hours": week, "stranded": 1}
    digest = program("GET", "/closures/stranded").json()["digest"]
    assert program("POST", "/closures/stranded", digest=digest).json() == {"moved": 1}
    assert program("PUT", "/hub/week", hours=[{**week[0], "closes_at": "09:00"}]).status_code == 422


def test_the_forecast_says_what_the_page_says(browser_as: Callable[..., Browser], lending: Lending) -> None:
    program, programme = Program(browser_as(), lending), lending.programme()
    cohort = lending.cohort(programme, date(2026, 6, 8), date(2026, 7, 6), places=2)
    lending.tablet()
    [item] = program("GET", f"/forecast?cohort={cohort.id}").json()["items"]
    assert (item["need"], item["ready"], item["short"]) == (2, 1, 1)
    assert item["outlook"].startswith("Short by 1 on Monday 8 June 2026")
    assert program("GET", f"/forecast?cohort={cohort.id + 1}").status_code == 404


def test_a_plan_is_looked_at_refused_and_imported_whole(browser_as: Callable[..., Browser], lending: Lending) -> None:
    program, programme = Program(browser_as(), lending), lending.programme()
    path = f"/programmes/{programme.id}/plan"
    seen = program("POST", f"{path}/preview", csv=SEED, places=20).json()
    [doubted] = [line for line in seen["lines"] if line["question"]]
    assert (doubted["number"], doubted["fitting"], seen["may_be_imported"]) == (
        *(WRONG, ["2021-10-04", "2021-10-05"], False),
    )
    assert seen["lines"][9]["takes_place_on"] == "2022-01-04"
    refused = program("POST", path, csv=SEED, places=20)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, [f"line_{WRONG}"])
    lines = [{"date": line["day"], "what": line["words"]} for line in seen["lines"]]
    lines[WRONG - 1]["keep_because"] = "A trial with two people"
    done = program("POST", path, lines=lines, places=20)
    assert (done.status_code, done.json()["dates"]) == (201, 9)
    third = program("GET", f"/cohorts/{done.json()['cohorts'][2]['id']}").json()
    assert (third["ends_on"], third["due_on"]) == ("2022-01-03", "2022-01-04")
    assert [each["takes_place_on"] for each in third["collections"]] == ["2022-01-04"]
    assert len(program("GET", path).json()["items"]) == 9


def test_a_programme_is_changed_and_days_of_a_cohort_come_and_go(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    program, programme = Program(browser_as(), lending), lending.programme("Sample months")
    changed = program("PUT", f"/programmes/{programme.id}", name="Sample months", areas=["n19"], min_age=18).json()
    assert (changed["areas"], changed["min_age"]) == (["N19"], 18)
    assert program("GET", f"/programmes/{programme.id}").json() == changed
    cohort = lending.cohort(programme, date(2026, 6, 8), date(2026, 7, 6))
    day = {"planned_on": "2026-07-06", "words": "End of the month"}
    for _twice in range(2):
        [kept] = program("POST", f"/cohorts/{cohort.id}/collections", **day).json()["collections"]
    gone = program("DELETE", f"/cohorts/{cohort.id}/collections/{kept['id']}")
    assert gone.json()["collections"] == []


def test_the_loans_of_a_cohort_follow_its_last_day_as_the_preview_showed(
    browser_as: Callable[..., Browser], lending: Lending
) -> None:
    program, programme = Program(browser_as(), lending), lending.programme(bundle_required=False)
    cohort = lending.cohort(programme, date(2026, 6, 1), date(2026, 6, 29))
    loan = lending.loan_at(LoanState.ACTIVE, programme, cohort_id=cohort.id)
    asked = {"name": "June", "starts_on": "2026-06-01", "ends_on": "2026-07-06", "places": 12}
    path = f"/cohorts/{cohort.id}"
    seen = program("POST", f"{path}/preview", **asked).json()
    assert seen["moves"] == [{"loan_id": loan.id, "before": "2026-06-29", "after": "2026-07-06"}]
    assert (seen["due_after"], seen["own_day"], seen["taken"]) == ("2026-07-06", 0, 1)
    refused = program("PUT", path, **asked, digest="0" * 32)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_what_was_seen")
    assert program("GET", path).json()["ends_on"] == "2026-06-29"
    done = program("PUT", path, **asked, digest=seen["digest"])
    assert (done.status_code, done.json()["loans_moved"], done.json()["due_on"]) == (200, 1, "2026-07-06")
    assert lending.read(loans.get_loan, loan.id).due_on == date(2026, 7, 6)
