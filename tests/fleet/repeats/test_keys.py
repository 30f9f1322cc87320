"""The same request with the same key is done once, on both engines, however often and however fast it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from httpx2 import Response
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import OperationalError
from starlette.routing import BaseRoute

from fleet.database.session import Database
from fleet.http.routes import ApiRoute
from fleet.http.session import write_session
from fleet.intake.models import DonationBatch
from fleet.jobs.service import JobContext
from fleet.partners.models import Organisation, OrganisationKind
from fleet.repeats import queries
from fleet.repeats.models import KeptAnswer
from fleet.repeats.rules import digest_of, fingerprint, key_in
from fleet.settings import Settings
from fleet.users import queries as users
from fleet.users import service
from fleet.users.rules import Permission, Role
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE
from tests.lending import lending_at
from tests.people import Browser, FakeClock
from workers.handlers import handlers

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
DONATION = {"donor_id": 1, "received_on": "2026-06-01", "expected_count": 2, "note": "Two in a Sample box"}
"""The same twice is two donations, without a key."""


@pytest.fixture
def admin(browser_as: Callable[..., Browser], database: Database, clock: FakeClock) -> Browser:
    donor = Organisation(kind=OrganisationKind.DONOR, name="Sample donor", covers=[], created_at=clock())
    with database.write() as session:
        session.add(donor)
    assert donor.id == DONATION["donor_id"]
    return browser_as(Role.HUB_ADMIN)


def send(browser: Browser, key: str, json: dict[str, Any] | None = None) -> Response:
    return browser.post("/api/v1/donations", json=json or DONATION, headers={"Idempotency-Key": key})


def donations(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(DonationBatch)) or 0


def rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(KeptAnswer)) or 0


def test_the_first_answer_is_given_again_and_the_work_is_not_done_again(admin: Browser, database: Database) -> None:
    first, again, quoted = send(admin, KEY), send(admin, KEY), send(admin, f'"{KEY}"')
    assert (first.status_code, again.status_code, quoted.status_code) == (201, 201, 201)
    assert first.json() == again.json() == quoted.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == quoted.headers["Idempotency-Replayed"] == "true"
    assert donations(database) == 1


def test_many_at_once_do_the_work_once(admin: Browser, database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(admin, KEY), range(16)))
    assert donations(database) == 1
    done = [each for each in answers if each.status_code == 201]
    assert {each.json()["id"] for each in done} == {done[0].json()["id"]}
    assert sum("Idempotency-Replayed" not in each.headers for each in done) == 1
    rest = [each for each in answers if each.status_code != 201]
    assert [each.text for each in rest if each.json()["code"] != "request_in_progress"] == []


@ON_POSTGRESQL
def test_a_request_that_comes_while_the_first_is_worked_on_is_told_so(admin: Browser, database: Database) -> None:
    assert admin.actor is not None
    assert admin.actor.user_id is not None
    with database.write() as at_work:
        assert queries.claim(at_work, admin.actor.user_id, digest_of(KEY))
        meanwhile = send(admin, KEY)
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "request_in_progress")
    assert send(admin, KEY).status_code == 201, "a transaction that ended frees the key"
    assert donations(database) == 1


@ON_SQLITE
@pytest.mark.parametrize("other", [DONATION | {"note": ""}, DONATION | {"expected_count": 3}])
def test_a_key_with_another_body_is_refused(admin: Browser, database: Database, other: dict[str, Any]) -> None:
    send(admin, KEY)
    refused = send(admin, KEY, other)
    assert (refused.status_code, refused.json()["code"]) == (422, "key_used_before")
    elsewhere = admin.post("/api/v1/programmes", json=DONATION, headers={"Idempotency-Key": KEY})
    assert elsewhere.json()["code"] == "key_used_before"
    assert donations(database) == 1


@ON_SQLITE
def test_what_was_refused_changed_nothing_so_the_key_may_try_again(admin: Browser, database: Database) -> None:
    assert send(admin, KEY, DONATION | {"donor_id": 99}).status_code in (404, 422)
    assert send(admin, KEY).status_code == 201
    assert donations(database) == 1


def test_a_commit_that_fails_keeps_neither_the_work_nor_the_answer(admin: Browser, database: Database) -> None:
    def fail(_connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, ConnectionResetError("the database went away"))

    event.listen(database.engine, "commit", fail)
    try:
        assert send(admin, KEY).status_code == 503
    finally:
        event.remove(database.engine, "commit", fail)
    assert donations(database) == 0
    after = send(admin, KEY)
    assert (after.status_code, "Idempotency-Replayed" in after.headers) == (201, False)
    assert donations(database) == 1


Asking = tuple[str, str]
"""A key, and the note of the donation."""


@ON_SQLITE
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["", "one", "two"])), max_size=8))
def test_whatever_comes_in_whatever_order_each_key_does_one_thing(
    admin: Browser, database: Database, asked: list[Asking]
) -> None:
    before, run, first = donations(database), f"{uuid4()}", dict[str, tuple[str, Any]]()
    for key, note in asked:
        answer = send(admin, f"{run}-{key}", DONATION | {"note": note})
        if key not in first:
            assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)
            first[key] = (note, answer.json())
        elif first[key][0] == note:
            assert (answer.status_code, answer.json()) == (201, first[key][1])
        else:
            assert answer.json()["code"] == "key_used_before"
    assert donations(database) - before == len(first)


@ON_SQLITE
def test_somebody_elses_key_is_another_key(browser_as: Callable[..., Browser], admin: Browser) -> None:
    send(admin, KEY)
    other = send(browser_as(Role.COORDINATOR), KEY, DONATION | {"note": "Another"})
    assert (other.status_code, "Idempotency-Replayed" in other.headers) == (201, False)


@ON_SQLITE
def test_an_answer_is_not_given_again_to_a_token_that_may_do_less(
    admin: Browser, database: Database, settings: Settings, clock: FakeClock
) -> None:
    assert send(admin, KEY).status_code == 201
    assert admin.actor is not None
    assert admin.actor.user_id is not None
    with database.write() as session:
        owner = users.user_by_id(session, admin.actor.user_id)
        assert owner is not None
        token = service.make_token(
            session, owner=owner, name="t", scopes=[Permission.DONATIONS_SEE], days=1, now=clock(), settings=settings
        )
    admin.cookies.clear()
    headers = {"Idempotency-Key": KEY, "Authorization": f"Bearer {token}"}
    answer = admin.post("/api/v1/donations", json=DONATION, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_used_before")


@ON_SQLITE
def test_nothing_of_an_answer_or_a_key_stands_in_the_database_in_clear(admin: Browser, database: Database) -> None:
    send(admin, KEY)
    with database.read() as session:
        kept = session.scalars(select(KeptAnswer)).one()
        row = {column.key: str(getattr(kept, column.key)) for column in KeptAnswer.__table__.columns}
    assert not [name for name, value in row.items() if "Sample" in value or KEY in value]
    assert kept.sealed


@ON_SQLITE
def test_nobody_finds_a_pin_by_trying_them_all_against_what_is_kept_of_a_request(
    browser_as: Callable[..., Browser], database: Database, hub: Organisation, clock: FakeClock, settings: Settings
) -> None:
    """Rule R25: a digest without a key is a PIN in clear to whoever has the database."""
    sim = lending_at(database, hub.id, clock, settings).sim()
    technician, asked = browser_as(Role.TECHNICIAN), f"/api/v1/sims/{sim.id}/secrets"
    technician.put(asked, json={"pin": "0042"}, headers={"Idempotency-Key": KEY})
    with database.read() as session:
        kept = session.scalars(select(KeptAnswer)).one().fingerprint
    parts = ("PUT", asked, "", "application/json", Role.TECHNICIAN.value)
    tried = {fingerprint(parts, f'{{"pin":"{pin:04d}"}}'.encode()) for pin in range(100)}
    assert fingerprint(parts, b'{"pin":"0042"}') in tried
    assert kept not in tried


@ON_SQLITE
def test_pins_are_kept_nowhere_and_shown_again_to_nobody_unwritten(
    browser_as: Callable[..., Browser], database: Database, hub: Organisation, clock: FakeClock, settings: Settings
) -> None:
    sim = lending_at(database, hub.id, clock, settings).sim()
    technician = browser_as(Role.TECHNICIAN)
    technician.put(f"/api/v1/sims/{sim.id}/secrets", json={"pin": "0000"})
    asked = f"/api/v1/sims/{sim.id}/secrets/show"
    first, again = (technician.post(asked, headers={"Idempotency-Key": KEY}) for _ in range(2))
    assert first.json()["pin"] == "0000"
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept")
    with database.read() as session:
        assert session.scalars(select(KeptAnswer)).one().sealed is None


@ON_SQLITE
def test_a_key_is_forgotten_after_a_day(
    admin: Browser, database: Database, settings: Settings, clock: FakeClock
) -> None:
    send(admin, KEY)
    for _ in range(2):
        clock.advance(hours=11)
        assert "Idempotency-Replayed" in send(admin, KEY).headers
    clock.advance(hours=3)
    assert "Idempotency-Replayed" not in send(admin, KEY, DONATION | {"note": "Another"}).headers
    clock.advance(hours=25)
    context = JobContext(database, clock, 1, {}, "worker", lambda _: None, threading.Event())
    handlers(settings)["repeats.forget"](context)
    assert rows(database) == 0


@ON_SQLITE
@pytest.mark.parametrize("key", ["", " ", "a b", '"open', "x" * 256, "é"])
def test_a_key_that_is_none_is_refused_and_nothing_is_done(admin: Browser, database: Database, key: str) -> None:
    answer = admin.post("/api/v1/donations", json=DONATION, headers=[(b"Idempotency-Key", key.encode("latin-1"))])
    assert (answer.status_code, answer.json()["code"]) == (400, "key_unreadable")
    assert donations(database) == 0


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=100))
def test_a_quoted_key_is_read_back_as_it_was_meant(key: str) -> None:
    quoted = '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert key_in(quoted) == key


@ON_SQLITE
def test_without_a_key_nothing_is_kept_or_asked_about(admin: Browser, database: Database) -> None:
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        for _ in range(2):
            assert admin.post("/api/v1/donations", json=DONATION).status_code == 201
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    assert donations(database) == 2
    assert [statement for statement in asked if "kept_answer" in statement] == []


@ON_SQLITE
def test_a_look_ahead_keeps_its_answer_too(browser_as: Callable[..., Browser], database: Database) -> None:
    chaser = browser_as(Role.COORDINATOR)
    first, again = (chaser.post("/api/v1/chasing/tick", headers={"Idempotency-Key": KEY}) for _ in range(2))
    assert first.json() == again.json()
    assert "Idempotency-Replayed" in again.headers
    assert rows(database) == 1


def test_every_write_takes_a_key_and_all_but_seven_carry_it_in_their_own_transaction(routes: FastAPI) -> None:
    """The seven: three look ahead and write nothing; the tick, and the letter of a task, go out once by their own
    ledger; a database counts again once; and a file being kept is stopped beside the transaction that keeps it."""
    writes = [(path, route) for path, route in _api(routes.routes, "") if route.methods - {"GET", "HEAD"}]
    assert len(writes) > 100
    assert [path for path, route in writes if not isinstance(route, ApiRoute)] == []
    apart = {path for path, route in writes if write_session not in _calls(route.dependant)}
    assert apart == {
        "/api/v1/programmes/{programme_id}/plan/preview",
        "/api/v1/closures/preview",
        "/api/v1/cohorts/{cohort_id}/preview",
        "/api/v1/chasing/tick",
        "/api/v1/chasing/this-is-ours",
        "/api/v1/chasing/loans/{loan_id}/letter",
        "/api/v1/sheets/coming/{file_id}/stop",
    }


def test_the_document_names_the_key_at_every_write_and_at_nothing_else(routes: FastAPI) -> None:
    for path, operations in routes.openapi()["paths"].items():
        for method, operation in operations.items():
            named = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"]
            assert ("Idempotency-Key" in named) is (method != "get"), f"{method} {path}"
            assert method == "get" or {"409", "422"} <= set(operation["responses"]), f"{method} {path}"


def _api(routes: Iterable[BaseRoute], prefix: str) -> Iterator[tuple[str, Any]]:
    for route in routes:
        if isinstance(route, APIRoute):
            if (prefix + route.path).startswith("/api/v1/"):
                yield prefix + route.path, route
        elif isinstance(included := getattr(route, "original_router", None), APIRouter):
            yield from _api(included.routes, prefix + vars(route)["include_context"].prefix)


def _calls(dependant: Dependant) -> set[Any]:
    return {dependant.call}.union(*(_calls(each) for each in dependant.dependencies))
