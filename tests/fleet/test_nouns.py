"""Every noun of the API can be listed a page at a time, seen by its number, made and changed, as docs/api.md says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.database.session import Database
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.users.walking import doors
from tests.lending import Lending, lending_at
from tests.people import Browser, FakeClock

API = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|$", API, re.MULTILINE)
"""noun, filters, made by, changed by, and what else may be asked of one."""


@pytest.fixture
def lending(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Lending:
    return lending_at(database, hub.id, clock, settings)


@pytest.fixture(scope="module")
def offered(routes: FastAPI) -> set[str]:
    """Such as "GET people/{}"."""
    found = set()
    for door in doors(routes):
        path = re.sub(r"\{[^}]*\}", "{}", door.path)
        if path.startswith("/api/v1/"):
            found.add(f"{door.method} {path.removeprefix('/api/v1/')}")
    return found


def test_the_nouns_that_were_promised_are_in_the_table() -> None:
    promised = {"people", "requests", "programmes", "cohorts", "loans", "bundles", "sims", "chases", "closures"}
    assert promised | {"messages", "chase-holds", "webhooks"} <= {row[0] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_noun_can_be_asked_what_the_table_says(row: tuple[str, ...], offered: set[str]) -> None:
    noun, _, made, changed, acts = row
    wanted = {f"GET {noun}", f"GET {noun}/{{}}"}
    wanted |= {f"{method} {path}" for method, path in re.findall(r"`(POST|PUT|DELETE) /([a-z/{}-]+)`", made + changed)}
    wanted |= {f"POST {noun}/{{}}/{act}" for act in re.findall(r"`([a-z/-]+)`", acts)}
    assert wanted - offered == set()


@ON_SQLITE
def test_a_cohort_is_set_right_and_what_was_promised_stays(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    programme = lending.programme(bundle_required=False)
    cohort = lending.cohort(programme, date(2026, 6, 1), date(2026, 6, 29))
    other = lending.cohort(programme, date(2026, 7, 6), date(2026, 8, 3))
    lent = lending.loan_at(LoanState.ACTIVE, programme, cohort_id=cohort.id)
    api, right = browser_as(Role.COORDINATOR), {"name": "June", "starts_on": "2026-06-01", "places": 12}
    answer = api.put(f"/api/v1/cohorts/{cohort.id}", json={**right, "ends_on": "2026-07-06"})
    assert (answer.status_code, answer.json()["name"], answer.json()["due_on"]) == (200, "June", "2026-07-06")
    assert api.get(f"/api/v1/loans/{lent.id}").json()["due_on"] == "2026-06-29"
    assert api.put(f"/api/v1/cohorts/{cohort.id}", json={**right, "ends_on": "2026-05-06"}).status_code == 422
    taken = {**right, "name": other.name, "ends_on": "2026-07-06"}
    assert api.put(f"/api/v1/cohorts/{cohort.id}", json=taken).status_code == 409


@ON_SQLITE
def test_a_request_is_seen_by_whoever_made_it(
    lending: Lending, browser_as: Callable[..., Browser], actor: Callable[..., Actor]
) -> None:
    with lending.database.write() as session:
        mine, theirs = (
            add_organisation(session, kind=OrganisationKind.REFERRER, name=name, now=lending.clock())
            for name in ("Sample surgery", "Another surgery")
        )
    asked = lending.request(referrer_id=mine.id)
    path = f"/api/v1/requests/{asked.id}"
    assert browser_as(Role.REFERRER, organisation_id=mine.id).get(path).json()["id"] == asked.id
    assert browser_as(Role.REFERRER, organisation_id=theirs.id).get(path).status_code == 404
    assert browser_as(Role.COORDINATOR).get(path).status_code == 200


@ON_SQLITE
def test_closed_days_are_seen_by_their_number(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    days = SpecialDays(date(2026, 12, 24), date(2026, 12, 28), "Christmas")
    who, told = lending.actor(Role.COORDINATOR), lending.happening()
    with lending.database.write() as session:
        closure = cohorts.add_closure(session, lending.hub_id, days, actor=who, happening=told)
    api = browser_as(Role.TECHNICIAN)
    assert api.get(f"/api/v1/closures/{closure.id}").json()["name"] == "Christmas"
    assert api.get("/api/v1/closures/99").status_code == 404
