"""The list of commands: complete, true to what each says of itself, and quick because nothing else is loaded."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from fleet.cli.main import ENTRIES, load
from tests.fleet.cli.conftest import Installation

WEB = ("fastapi", "starlette", "uvicorn", "jinja2")
PAPERS_AND_BENCHES = ("reportlab", "PIL", "paramiko", "adb_shell")
HEAVY = ("fastapi", "celery", "alembic", "sqlalchemy", "reportlab", "paramiko")


@pytest.mark.parametrize("name", ENTRIES)
def test_the_list_says_of_a_command_what_the_command_says_itself(name: str) -> None:
    first = inspect.cleandoc(load(name).help or "").partition("\n\n")[0]
    assert ENTRIES[name].line == " ".join(first.split())


def test_help_lists_every_command(doorstep: Installation) -> None:
    said = doorstep("--help")
    assert said.code == 0
    assert [name for name in ENTRIES if f" {name} " not in said.out] == []


def test_a_mistyped_command_is_answered_with_the_nearest(doorstep: Installation) -> None:
    said = doorstep("vritual")
    assert (said.code, "virtual" in said.words) == (2, True)


@pytest.mark.parametrize("words", ["--help", "virtual models", "virtual --help"])
def test_a_command_loads_nothing_that_it_does_not_need(doorstep: Installation, words: str) -> None:
    look = f"import sys; from fleet.cli.main import app; app({words.split()}, standalone_mode=False); "
    tell = f"print('LOADED', [name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", look + tell], env=doorstep.environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "LOADED []"


@pytest.mark.parametrize("name", ["user", "token", "db", "sims"])
def test_a_command_about_rows_loads_neither_pages_nor_papers_nor_benches(name: str) -> None:
    look = f"import sys; from fleet.cli.main import load; load({name!r}); "
    tell = f"print([name for name in {WEB + PAPERS_AND_BENCHES} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", look + tell], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
