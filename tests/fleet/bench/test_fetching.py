"""A bench's own worker fetches what it lacks from a real hub, and from one whose line breaks, lies or is another's."""

from __future__ import annotations

import hashlib
import random
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as some
from pydantic import SecretStr

from fleet.bench import service
from fleet.bench.fetching import Hub, HubRefuses, HubUnreachable, fetch, missing
from fleet.bench.licences import Licence
from fleet.bench.rules import RunState
from fleet.bench.service.app_files import SIGNATURE, sign
from fleet.bench.service.apps import library_folder, path_of
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from tests.apks import ApkRecipe, build_apk
from tests.browser import served
from tests.fleet.bench.workbench import Workbench
from tests.people import FakeClock

BYTES = random.Random(7).randbytes(300_000)
DIGEST = hashlib.sha256(BYTES).hexdigest()
SECRET = SecretStr("a secret that only tests use, and only here")


@dataclass
class Line:
    """What the next requests meet, in order, and what was asked; a request beyond them gets the file."""

    faults: list[str | int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)


class _Answers(BaseHTTPRequestHandler):
    """A hub of few lines. An int among the faults is after how many bytes the line breaks."""

    line: Line

    def do_GET(self) -> None:
        wanted = self.headers.get("range", "")
        self.line.asked.append(wanted)
        self.line.gate.wait(10)
        fault = self.line.faults.pop(0) if self.line.faults else ""
        begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and fault != "no ranges" else 0
        if fault == "hang up":
            return
        if fault == "elsewhere":
            self._head(302, 0, ("location", "http://127.0.0.1:1/"))
        elif fault == "out of order":
            self._head(502, 0)
        elif fault == "another site":
            self._head(404, 0)
        elif fault == "without end":
            self._head(200, None)
            self.wfile.write(BYTES * 20)
        elif fault == "no number":
            self._head(200, None, ("content-length", "many"))
            self.wfile.write(BYTES)
        elif wanted and begin >= len(BYTES):
            self._head(416, 0)
        else:
            data = BYTES[::-1] if fault == "other bytes" else BYTES[begin:]
            self._head(206 if begin else 200, len(data))
            self.wfile.write(data[:fault] if isinstance(fault, int) else data)

    def _head(self, status: int, length: int | None, *more: tuple[str, str]) -> None:
        self.send_response(status)
        told = () if length is None else (("content-length", str(length)),)
        for name, value in (*told, *more):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in the library
        """Nothing is written on a test's output."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def hub_with(line: Line, *, waits: bool = False) -> Iterator[str]:
    if not waits:
        line.gate.set()
    handler = type("Answers", (_Answers,), {"line": line})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            line.gate.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub that stumbles is asked again at once here."""
    monkeypatch.setattr("fleet.bench.fetching._PAUSE_SECONDS", 0.01)


def bench_of(folder: Path, url: str) -> Settings:
    return Settings(data_dir=folder, secret_key=SECRET, hub_url=url)


def fetched(folder: Path, line: Line) -> tuple[Settings, Exception | None]:
    """Fetch over this line; where, and what was raised."""
    with hub_with(line) as url:
        settings = bench_of(folder, url)
        try:
            assert fetch(DIGEST, Hub(settings, FakeClock()))
        except (HubUnreachable, HubRefuses) as error:
            return settings, error
    return settings, None


def in_library(settings: Settings) -> set[str]:
    """What a run would take for an app's file."""
    return {path.name for path in library_folder(settings).glob("*.apk")}


@pytest.mark.parametrize(
    ("faults", "asked"),
    [
        ([], [""]),
        ([100_000], ["", "bytes=100000-"]),
        ([100_000, 50_000, 0], ["", "bytes=100000-", "bytes=150000-", "bytes=150000-"]),
        (["hang up"], ["", ""]),
        (["out of order"], None),
        (["other bytes"], ["", ""]),
        ([100_000, "no ranges"], ["", "bytes=100000-"]),
        ([100_000, "other bytes"], ["", "bytes=100000-", ""]),
    ],
)
def test_a_stumbling_line_is_gone_on_with_where_it_broke(
    tmp_path: Path, faults: list[str | int], asked: list[str] | None
) -> None:
    line = Line(list(faults))
    settings, error = fetched(tmp_path, line)
    if asked is None:
        assert isinstance(error, HubUnreachable)
        assert missing([DIGEST], settings) == (DIGEST,)
        return
    assert error is None
    assert path_of(DIGEST, settings).read_bytes() == BYTES
    assert (line.asked, missing([DIGEST], settings)) == (asked, ())


@pytest.mark.parametrize(
    ("faults", "kind", "words"),
    [
        (["other bytes"] * 4, HubRefuses, "what came is another file than the library names"),
        (["another site"], HubRefuses, "It answered 404"),
        (["elsewhere"], HubRefuses, "It answered 302"),
        (["out of order"], HubUnreachable, "It answered 502"),
        (["hang up"] * 4, HubUnreachable, "did not give a whole app file"),
        ([0, 0, 0, 0], HubUnreachable, "0 of 300000 bytes came"),
    ],
)
def test_what_is_not_to_be_had_is_said_and_leaves_nothing_to_install(
    tmp_path: Path, faults: list[str | int], kind: type[Exception], words: str
) -> None:
    settings, error = fetched(tmp_path, Line(list(faults)))
    assert isinstance(error, kind)
    assert words in str(error)
    assert str(error).startswith("Nothing was changed.")
    assert in_library(settings) == set()


def test_an_answer_without_a_length_is_taken_up_to_the_largest_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, error = fetched(tmp_path / "whole", Line(["no number"]))
    assert error is None
    assert path_of(DIGEST, settings).read_bytes() == BYTES
    monkeypatch.setattr("fleet.bench.fetching.LARGEST_APP_BYTES", 1_000_000)
    monkeypatch.setattr("fleet.bench.fetching._CHUNK", 100_000)
    line = Line(["without end"])
    settings, error = fetched(tmp_path / "endless", line)
    assert isinstance(error, HubRefuses)
    assert "an app has 1 MB at most" in str(error)
    assert (line.asked, list(library_folder(settings).glob("*.apk"))) == ([""], [])
    assert all(left.stat().st_size == 0 for left in library_folder(settings).iterdir())


def test_what_came_whole_before_a_worker_died_is_not_fetched_again(tmp_path: Path) -> None:
    line = Line()
    draft = path_of(DIGEST, bench_of(tmp_path, "")).with_name(f".coming-{DIGEST}")
    draft.parent.mkdir(parents=True)
    draft.write_bytes(BYTES)
    settings, error = fetched(tmp_path, line)
    assert (error, line.asked) == (None, [f"bytes={len(BYTES)}-"])
    assert path_of(DIGEST, settings).read_bytes() == BYTES


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(HubUnreachable, match="refused"):
        fetch(DIGEST, Hub(bench_of(tmp_path, "http://127.0.0.1:1"), FakeClock()))


@examples(max_examples=25, deadline=None)
@given(
    cuts=some.lists(some.one_of(some.integers(0, 300_000), some.sampled_from(["hang up", "other bytes"])), max_size=9)
)
def test_wherever_a_line_breaks_a_file_is_whole_or_not_there(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[str | int]
) -> None:
    line, folder = Line(list(cuts)), tmp_path_factory.mktemp("bench")
    for _ in range(len(cuts) + 1):
        settings, error = fetched(folder, line)
        if error is None:
            break
        assert in_library(settings) == set()
    assert path_of(DIGEST, settings).read_bytes() == BYTES


def test_two_workers_fetch_a_file_once(tmp_path: Path) -> None:
    line, done = Line(), []
    with hub_with(line, waits=True) as url:
        hub = Hub(bench_of(tmp_path, url), FakeClock())
        both = [threading.Thread(target=lambda: done.append(fetch(DIGEST, hub))) for _ in range(2)]
        for each in both:
            each.start()
        assert in_library(hub.settings) == set()
        line.gate.set()
        for each in both:
            each.join()
    assert (done, line.asked) == ([True, True], [""])
    assert path_of(DIGEST, hub.settings).read_bytes() == BYTES


def test_a_run_that_is_stopped_fetches_no_further(tmp_path: Path) -> None:
    with hub_with(Line()) as url:
        settings = bench_of(tmp_path, url)
        assert not fetch(DIGEST, Hub(settings, FakeClock(), should_stop=lambda: True))
    assert in_library(settings) == set()


@pytest.fixture
def imported(workbench: Workbench) -> str:
    """The SHA-256 of an app that the hub has."""
    with workbench.database.write() as session:
        return service.import_app(
            session,
            build_apk(ApkRecipe(package="org.doorstep.home", home=True)),
            licence=Licence.OURS,
            note="",
            actor=workbench.technician,
            settings=workbench.settings,
            now=workbench.clock(),
        ).sha256


def test_the_hub_gives_a_file_to_its_own_and_to_nobody_else(
    app: FastAPI, workbench: Workbench, imported: str, tmp_path: Path
) -> None:
    hub, bench = workbench.settings, tmp_path / "bench"
    with served(app) as url:
        own = hub.model_copy(update={"data_dir": bench, "hub_url": url})
        stranger = own.model_copy(update={"secret_key": SecretStr("another secret, long enough to be taken for one")})
        late = FakeClock(workbench.clock())
        late.advance(hours=-1)
        with pytest.raises(HubRefuses, match="not signed with its secret key"):
            fetch(imported, Hub(stranger, workbench.clock))
        with pytest.raises(HubRefuses, match="signed for an earlier time"):
            fetch(imported, Hub(own, late))
        with pytest.raises(HubRefuses, match="has no such app file"):
            fetch(DIGEST, Hub(own, workbench.clock))
        path_of(imported, own).with_name(f".coming-{imported}").write_bytes(path_of(imported, hub).read_bytes()[:1000])
        assert fetch(imported, Hub(own, workbench.clock))
    assert path_of(imported, own).read_bytes() == path_of(imported, hub).read_bytes()


def test_no_cache_between_the_two_keeps_a_file_for_strangers(app: FastAPI, workbench: Workbench, imported: str) -> None:
    signature = sign(imported, settings=workbench.settings, now=workbench.clock())
    answer = TestClient(app).get(f"/api/v1/apps/files/{imported}", headers={SIGNATURE: signature})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_a_bench_elsewhere_installs_what_it_fetched(
    app: FastAPI, workbench: Workbench, imported: str, tmp_path: Path
) -> None:
    place = workbench.place(stage=Stage.WIPED)
    with served(app) as url:
        workbench.settings = workbench.settings.model_copy(update={"data_dir": tmp_path / "bench", "hub_url": url})
        ended = workbench.finish(workbench.start_provision(place), place)
    assert (ended.state, ended.problem) == (RunState.PASSED, "")
    assert in_library(workbench.settings) == {f"{imported}.apk"}
