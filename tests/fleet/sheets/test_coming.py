"""A long file comes in as a job: whole or not at all whatever happens, with a bar that moves, and stopped at a word."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import event, func, select

from fleet.database.session import Database
from fleet.intake.models import PurchaseLot
from fleet.jobs.models import Job
from fleet.jobs.rules import MAX_ATTEMPTS
from fleet.jobs.service import JobFailed, run_job
from fleet.partners.models import Organisation
from fleet.people.models import Person
from fleet.privacy.service.erasing import forget
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.beside import beside
from fleet.sheets.kinds import KINDS, KindName
from fleet.sheets.models import FileComing
from fleet.sheets.rules.coming import WAITS_FOR, ComingState, Progress
from fleet.sheets.work import coming_handler, forget_handler
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.sheets.world import ORDER, a_file, bring_in, numbers_in, same_again, taken_out, world
from tests.people import Browser, FakeClock

LEASE = timedelta(seconds=60)


@dataclass
class Hub:
    """An installation whose jobs are done when a test says so."""

    database: Database
    clock: FakeClock
    settings: Settings
    who: Actor

    def send(self, name: KindName, text: str, *, keep: bool = True) -> int:
        with self.database.write() as session:
            kind, now = KINDS[name], self.clock()
            return service.send(session, kind, text, keep=keep, actor=self.who, settings=self.settings, now=now).id

    def keep(self, file_id: int) -> None:
        with self.database.write() as session:
            service.keep_it(session, file_id, actor=self.who, now=self.clock())

    def work(self, settings: Settings | None = None) -> None:
        """Do every job that is due and not done."""
        with self.database.read() as session:
            due = list(session.scalars(select(Job.id).where(Job.finished_at.is_(None), Job.run_after <= self.clock())))
        for job_id in due:
            run_job(
                job_id,
                database=self.database,
                clock=self.clock,
                handlers={
                    service.COMING_JOB: coming_handler(settings or self.settings, every=0),
                    service.FORGET_JOB: forget_handler(),
                },
                holder="a worker",
                lease=LEASE,
                nudge=lambda _job: None,
            )

    def file(self, file_id: int) -> FileComing:
        with self.database.read() as session:
            found = session.get(FileComing, file_id)
            assert found is not None
            return found

    def stop(self, file_id: int) -> ComingState:
        return service.stop(self.database, file_id, actor=self.who, now=self.clock())

    def bought(self) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(PurchaseLot)) or 0


@pytest.fixture
def installation(
    database: Database, hub: Organisation, clock: FakeClock, settings: Settings, actor: Callable[..., Actor]
) -> Hub:
    return Hub(database, clock, settings, actor(Role.COORDINATOR))


def purchases(count: int, *, first: int = 0, day: str = "2026-02-01") -> str:
    return a_file(
        *(
            {"supplier": "Sample", "order_number": f"PO-{number}", "purchase_date": day, "cost": "1"}
            for number in range(first, first + count)
        )
    )


@contextmanager
def at_each_statement(database: Database, do: Callable[[], None]) -> Iterator[None]:
    """Something happens while a worker is in the middle of its work; what it does itself does not count."""
    within = threading.local()

    def told(*_given: Any) -> None:
        if not getattr(within, "it", False):
            within.it = True
            try:
                do()
            finally:
                within.it = False

    event.listen(database.engine, "before_cursor_execute", told)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", told)


@ON_SQLITE
def test_a_worker_keeps_of_every_kind_what_is_kept_at_once(installation: Hub) -> None:
    files, now = world("Sample word", "another"), installation
    with now.database.write() as session, session.begin_nested() as kept:
        for name in ORDER:
            bring_in(session, name, files[name], actor=now.who, settings=now.settings, clock=now.clock)
        at_once = {name: taken_out(session, name) for name in ORDER}
        kept.rollback()
    for name in ORDER:
        sent = now.send(name, files[name])
        now.work()
        assert now.file(sent).state is ComingState.KEPT, (name, now.file(sent).why)
    with now.database.read() as session:
        by_worker = {name: taken_out(session, name) for name in ORDER}
    everybody = zip(numbers_in(at_once[KindName.PEOPLE]), numbers_in(by_worker[KindName.PEOPLE]), strict=True)
    for name in ORDER:
        assert same_again(at_once[name], name, dict(everybody)) == same_again(by_worker[name], name, {}), name


@ON_SQLITE
def test_a_file_is_checked_first_and_kept_once_somebody_says_so(installation: Hub) -> None:
    sent = installation.send(KindName.PURCHASES, purchases(3), keep=False)
    installation.work()
    assert installation.file(sent).state is ComingState.CHECKED
    assert installation.bought() == 0
    found = service.found_in(installation.file(sent), installation.settings)
    assert found is not None
    assert [row.number for row in found.rows] == [2, 3, 4]
    installation.keep(sent)
    installation.keep(sent)
    installation.work()
    ended = installation.file(sent)
    assert (ended.state, ended.kept, ended.content, ended.found) == (ComingState.KEPT, 3, None, None)
    assert installation.bought() == 3


def test_how_far_it_is_can_be_seen_while_nothing_of_it_can(installation: Hub) -> None:
    seen: list[Progress] = []
    sent = installation.send(KindName.PURCHASES, purchases(5))
    told = beside(installation.database, sent)

    def look() -> None:
        seen.append(told.told())
        assert installation.bought() in (0, 5)

    with at_each_statement(installation.database, look):
        installation.work()
    far = [(each.doing, each.done, each.of) for each in dict.fromkeys(seen)]
    assert ("Keeping", 2, 5) in far
    assert ("Keeping", 4, 5) in far
    assert far.index(("Keeping", 2, 5)) < far.index(("Keeping", 4, 5))


@ON_SQLITE
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_keeps_all(installation: Hub) -> None:
    sent = installation.send(KindName.PURCHASES, purchases(8))
    with installation.database.read() as session:
        job_id = session.scalar(select(Job.id).where(Job.kind == service.COMING_JOB))
    key = installation.settings.secret_key.get_secret_value()
    moment = installation.clock().isoformat()
    given = (installation.settings.database, key, str(job_id), moment, "5")
    ended = subprocess.run([sys.executable, "-m", "tests.fleet.sheets.keeping_worker", *given], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert service.progress_of(installation.database, installation.file(sent)) == Progress(5, 8, "Keeping")
    assert installation.bought() == 0
    installation.work()
    assert installation.file(sent).state is ComingState.KEEPING, "its worker's time is not over"
    installation.clock.advance(seconds=61)
    installation.work()
    assert (installation.file(sent).state, installation.bought()) == (ComingState.KEPT, 8)


def test_of_two_files_at_once_the_second_is_told_of_what_the_first_brought(installation: Hub) -> None:
    first = installation.send(KindName.PURCHASES, purchases(3))
    other = installation.send(KindName.PURCHASES, purchases(3, first=10))
    same = installation.send(KindName.PURCHASES, purchases(3, first=2))
    installation.work()
    states = [installation.file(each).state for each in (first, other, same)]
    assert states == [ComingState.KEPT, ComingState.KEPT, ComingState.REFUSED]
    found = service.found_in(installation.file(same), installation.settings)
    assert found is not None
    assert [bool(row.problems) for row in found.rows] == [True, False, False]
    assert installation.bought() == 6


@ON_SQLITE
def test_a_refusal_keeps_what_is_wrong_with_every_row_and_forgets_the_file(installation: Hub) -> None:
    text = purchases(2) + purchases(2, first=5, day="2027-01-01").split("\r\n", 1)[1]
    with installation.database.read() as session:
        at_once = service.look(
            session,
            KINDS[KindName.PURCHASES],
            text,
            actor=installation.who,
            settings=installation.settings,
            now=installation.clock(),
        )
    for keep in (False, True):
        sent = installation.send(KindName.PURCHASES, text, keep=keep)
        installation.work()
        ended = installation.file(sent)
        assert (ended.state, ended.content) == (ComingState.REFUSED, None)
        assert service.found_in(ended, installation.settings) == at_once
    assert installation.bought() == 0
    installation.clock.advance(seconds=WAITS_FOR.total_seconds())
    installation.work()
    assert installation.file(sent).found is None


def test_stopping_it_in_the_middle_leaves_nothing_of_it(installation: Hub) -> None:
    sent = installation.send(KindName.PURCHASES, purchases(8))
    told = beside(installation.database, sent)
    stopping = threading.Thread(target=installation.stop, args=[sent])

    def stop_at_row_four() -> None:
        if told.told().done == 4 and stopping.ident is None:
            stopping.start()
            deadline = time.monotonic() + 20
            while not told.is_to_stop() and time.monotonic() < deadline:
                time.sleep(0.01)

    with at_each_statement(installation.database, stop_at_row_four):
        installation.work()
        stopping.join()
    ended = installation.file(sent)
    assert (ended.state, ended.content, installation.bought()) == (ComingState.STOPPED, None, 0)
    assert ended.why == f"Stopped by {installation.who.name}."


@ON_SQLITE
def test_what_is_stopped_before_its_turn_is_not_begun_and_what_is_kept_stays(installation: Hub) -> None:
    stopped, kept = (installation.send(KindName.PURCHASES, purchases(2, first=each)) for each in (0, 5))
    assert installation.stop(stopped) is ComingState.STOPPED
    installation.work()
    assert installation.bought() == 2
    assert installation.stop(kept) is ComingState.KEPT


@ON_SQLITE
def test_a_file_that_nobody_decides_about_is_gone_after_a_day(installation: Hub) -> None:
    sent = installation.send(KindName.PURCHASES, purchases(2), keep=False)
    installation.work()
    installation.clock.advance(seconds=WAITS_FOR.total_seconds())
    installation.work()
    ended = installation.file(sent)
    assert (ended.state, ended.content, ended.found, ended.why) == (
        ComingState.STOPPED,
        None,
        None,
        service.NOBODY_SAID,
    )


@ON_SQLITE
def test_the_file_stands_in_the_database_sealed_and_goes_when_somebody_is_erased(installation: Hub) -> None:
    person = {"first_name": "Sample", "last_name": "Somebody", "phone": "07700 900002", "consent_at": "2026-01-05"}
    waits = installation.send(KindName.PEOPLE, a_file(person | {"phone": "07700 900003"}), keep=False)
    installation.work()
    for sealed in (installation.file(waits).content, installation.file(waits).found):
        assert sealed is not None
        assert "Somebody" not in sealed
    kept = installation.send(KindName.PEOPLE, a_file(person))
    installation.work()
    assert installation.file(kept).state is ComingState.KEPT, installation.file(kept).why
    with installation.database.write() as session:
        (recorded,) = session.scalars(select(Person)).all()
        forget(session, recorded, at=installation.clock(), settings=installation.settings)
    ended = installation.file(waits)
    assert (ended.state, ended.content, ended.found) == (ComingState.STOPPED, None, None)


@ON_SQLITE
def test_what_no_worker_can_do_says_why_and_is_tried_again(
    installation: Hub, browser_as: Callable[..., Browser]
) -> None:
    browser = browser_as(Role.COORDINATOR)
    assert browser.actor is not None
    installation.who = browser.actor
    sent = installation.send(KindName.PURCHASES, purchases(2), keep=False)
    elsewhere = installation.settings.model_copy(update={"secret_key": SecretStr("another key of another computer")})
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(JobFailed):
            installation.work(elsewhere)
        installation.clock.advance(minutes=1)
    page = browser.get(f"/sheets/coming/{sent}").text
    assert "sealed under another secret key" in page
    assert browser.submit(f"/sheets/coming/{sent}/again").status_code == 303
    installation.work()
    assert installation.file(sent).state is ComingState.CHECKED


@ON_SQLITE
def test_who_may_not_bring_it_in_any_more_brings_nothing_in(installation: Hub, actor: Callable[..., Actor]) -> None:
    installation.who = actor(Role.EVALUATOR)
    sent = installation.send(KindName.PURCHASES, purchases(2))
    installation.work()
    assert (installation.file(sent).state, installation.bought()) == (ComingState.REFUSED, 0)
    assert "evaluator" in installation.file(sent).why


@ON_SQLITE
def test_a_long_file_is_followed_on_its_page(installation: Hub, browser_as: Callable[..., Browser]) -> None:
    browser = browser_as(Role.COORDINATOR)
    given = {"file": ("purchases.csv", purchases(201).encode(), "text/csv")}
    answer = browser.submit("/sheets/purchases/bring-in", files=given)
    page = answer.headers["location"]
    assert answer.status_code == 303
    assert '<noscript><meta http-equiv="refresh"' in browser.get(page).text
    beside(installation.database, 1).tell(Progress(50, 200, "Checking"))
    asks_again = {"HX-Request": "true"}
    bar = browser.get(page, headers=asks_again)
    assert "HX-Refresh" not in bar.headers
    assert "Checking: row 50 of 200" in bar.text
    assert 'value="25"' in bar.text
    assert "aria-live" not in bar.text, "a bar that moves every second is not read out"
    assert page in browser.get("/sheets").text
    assert browser_as(Role.COORDINATOR).get(page).status_code == 404
    installation.work()
    assert browser.get(page, headers=asks_again).headers["HX-Refresh"] == "true"
    assert "201 rows will be kept" in browser.get(page).text
    assert browser.submit(f"{page}/keep").headers["location"] == page
    installation.work()
    assert "201 rows were kept" in browser.get(page).text
    assert installation.bought() == 201


@ON_SQLITE
def test_a_program_is_given_a_job_to_look_at_and_the_same_key_is_the_same_job(
    installation: Hub, browser_as: Callable[..., Browser]
) -> None:
    program, where = browser_as(Role.COORDINATOR), "/api/v1/sheets/purchases"
    asked = {"csv": purchases(201), "keep": False}
    key = {"Idempotency-Key": "one-file"}
    first, again = (program.post(where, json=asked, headers=key) for _ in range(2))
    assert (first.status_code, first.json()["state"], first.json()["of"]) == (202, "checking", 201)
    assert again.json() == first.json()
    href = first.headers["location"]
    installation.work()
    checked = program.get(href).json()
    assert (checked["state"], checked["found"]["may_be_kept"]) == ("checked", True)
    assert program.post(f"{href}/keep").json()["state"] == "keeping"
    installation.work()
    assert program.get(href).json()["kept"] == installation.bought() == 201
    assert program.post(f"{href}/stop").json()["state"] == "kept"
    refused = program.post(where, json=asked | {"keep": True}).json()["href"]
    installation.work()
    ended = program.get(refused).json()
    assert ended["found"], ended
    assert (ended["state"], len([row for row in ended["found"]["rows"] if row["problems"]])) == ("refused", 201)
    assert program.post(where, json={"csv": purchases(2), "keep": False}).status_code == 200
