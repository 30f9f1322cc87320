"""The house rules that no linter knows: contracts that forget no room, edges that stay edges, reasons given."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("fleet", "provisioning", "labels", "workers")
MIGRATIONS = ROOT / "fleet" / "database" / "migrations"
FRAME = frozenset({"cli", "demo", "home", "http", "web", "database"})
"""Folders of fleet/ that are no rooms."""
SEEN_BY_OTHER_ROOMS = frozenset(
    {"service", "rules", "models", "words", "actor", "access", "sight", "calendar", "health"}
    | {"printing", "printers", "print_jobs"}
)
REASON = re.compile(r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s+(?:-|#)\s*\w.{7,}")
TURN_ANYTHING_INTO_THEIR_OWN = {
    "fleet.bench.work.handler",
    "fleet.bench.work.watch",
    "fleet.jobs.service",
    "provisioning.virtual.apk.manifest",
}
"""The tops of the tasks, and a reader of manifests whose library names no errors of its own."""
PASS_OVER_WHAT_FAILS_FOR_ONE = {"fleet.chasing.service.apart"}
"""A tick over many loans logs and counts the one it cannot read, so that all others are still told."""
SHARED_FORMS = frozenset(
    {
        ("fleet.tablets.api", "TabletId"),
        ("fleet.people.schemas", "PersonIn"),
        ("fleet.cohorts.schemas", "CohortChange"),
        ("fleet.cohorts.schemas", "CohortDetail"),
        ("fleet.cohorts.api_plans", "cohort_detail"),
        ("fleet.people.pages", "Answers"),
        ("fleet.people.pages", "typed"),
    }
)
"""A tablet's number in an address, the questions about a person, which a request asks too, and those about a cohort,
whose change shows which loans it moves."""


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if MIGRATIONS not in path.parents:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Every part of a module's syntax."""
    return list(ast.walk(ast.parse(path.read_text())))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in nodes(path) if isinstance(node, ast.Call))


def contracts() -> dict[str, dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def named_in(contract: str, part: str) -> set[str]:
    """The modules that one contract names, one by one."""
    lines = contracts()[contract][part]
    assert isinstance(lines, list)
    return {name.strip(" ()") for line in lines for name in str(line).split("|")}


@cache
def rooms() -> frozenset[str]:
    return frozenset(
        path.parent.name for kind in ("models*", "service*") for path in (ROOT / "fleet").glob(f"*/{kind}")
    )


def test_the_import_contracts_are_kept() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_every_room_stands_in_every_contract_about_rooms() -> None:
    order = named_in("Rooms look only downwards", "layers")
    folders = {path.name for path in (ROOT / "fleet").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders - order == set()
    assert folders - FRAME == rooms()
    for contract, part in (
        ("In a room, routes ask services, services ask queries, and rules ask nobody", "containers"),
        ("What api and pages share knows no room", "forbidden_modules"),
    ):
        assert named_in(contract, part) == {f"fleet.{room}" for room in rooms()}, contract
    ruled = {f"fleet.{path.parent.name}.rules" for path in (ROOT / "fleet").glob("*/rules*")}
    assert named_in("Rules need nothing but Python", "source_modules") == ruled


def test_a_room_sees_another_only_through_what_it_offers() -> None:
    through = []
    for path in sources(*(f"fleet/{room}" for room in rooms())):
        own = path.relative_to(ROOT).parts[1]
        for node in nodes(path):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("fleet."):
                continue
            for alias in node.names:
                parts = f"{node.module}.{alias.name}".split(".")
                if parts[1] in rooms() - {own} and parts[2] not in SEEN_BY_OTHER_ROOMS:
                    through.append((str(node.module), alias.name))
    assert set(through) - SHARED_FORMS == set()
    assert SHARED_FORMS - set(through) == set()


def test_http_errors_are_raised_by_the_http_edge_alone() -> None:
    """`body` raises one because FastAPI, reading JSON, lets no other error through."""
    imported = re.compile(r"from (?:fastapi|starlette)[.\w]* import [^\n]*\bHTTPException\b")
    raising = {name_of(p) for p in sources(*SHIPPED) if imported.search(p.read_text())}
    assert raising == {"fleet/http/body.py", "fleet/http/errors.py"}


def test_only_whoever_opened_a_session_commits_it() -> None:
    committing = [
        name_of(path)
        for path in sources(*SHIPPED)
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]
    assert [name for name in committing if not name.startswith("fleet/database/")] == []


def test_whoever_catches_everything_passes_it_on() -> None:
    kept, changed = set(), set()
    for path in sources(*SHIPPED, "deploy"):
        for node in nodes(path):
            if isinstance(node, ast.ExceptHandler) and catches_everything(node):
                last = node.body[-1]
                if not isinstance(last, ast.Raise):
                    kept.add(module_of(path))
                elif last.exc is not None:
                    changed.add(module_of(path))
    assert kept == PASS_OVER_WHAT_FAILS_FOR_ONE
    assert changed == TURN_ANYTHING_INTO_THEIR_OWN


def catches_everything(handler: ast.ExceptHandler) -> bool:
    kind = handler.type
    return kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))


def test_no_test_waits_for_longer_than_fifty_milliseconds() -> None:
    waits = []
    for path in sources("tests"):
        for call in calls(path):
            sleeps = isinstance(call.func, ast.Attribute) and call.func.attr in ("sleep", "wait_for_timeout")
            if sleeps and call.args and isinstance(call.args[0], ast.Constant):
                seconds = float(call.args[0].value)  # type: ignore[arg-type]  # a number, or the test says so by failing
                limit = 0.05 if call.func.attr == "sleep" else 50  # type: ignore[attr-defined]  # looked at just above
                if seconds > limit:
                    waits.append(f"{name_of(path)}:{call.lineno}")
    assert waits == []


@pytest.mark.parametrize("folder", [*SHIPPED, "tests", "deploy"])
def test_whatever_is_ignored_says_why(folder: str) -> None:
    bare = []
    for path in sources(folder):
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                asks = token.type == tokenize.COMMENT and re.match(r"#\s*(?:noqa|type: ignore)", token.string)
                if asks and not REASON.match(token.string):
                    bare.append(f"{name_of(path)}:{token.start[0]}")
    assert bare == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in sources(*SHIPPED, "tests", "deploy")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
