"""The `doorstep` command as somebody types it, on an installation of its own in a scratch folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fleet.cli.main import app
from fleet.logs import configure_logs

SECRET = "a secret that only tests use, and only here"


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """What it said on standard error, on one line."""
        return " ".join(self.err.split())


class Installation:
    """One installation: its settings, and commands run against it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {
            "DOORSTEP_DATA_DIR": str(folder / "var"),
            "DOORSTEP_SECRET_KEY": SECRET,
            "DOORSTEP_PUBLIC_URL": "https://t.example",
            "DOORSTEP_HUB_NAME": "Test hub",
            "DOORSTEP_HUB_PHONE": "020 7946 0000",
        }

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
        return kept | self.settings | {"NO_COLOR": "1", "COLUMNS": "160"}

    def __call__(self, *words: str, stdin: str = "") -> Said:
        """Run one command in this process, with this installation's settings."""
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("DOORSTEP_")]:
                patch.delenv(name)
            for name, value in (self.settings | {"NO_COLOR": "1", "COLUMNS": "160"}).items():
                patch.setenv(name, value)
            ended = CliRunner().invoke(app, words, input=stdin, catch_exceptions=False)
        return Said(ended.exit_code, ended.stdout, ended.stderr)

    def start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Start one command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "fleet.cli", *words],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )


@pytest.fixture
def doorstep(tmp_path: Path) -> Iterator[Installation]:
    """An installation with nothing in it, not even a database."""
    yield Installation(tmp_path)
    configure_logs("text")


@pytest.fixture
def installed(doorstep: Installation, sqlite_template: Path) -> Installation:
    """An installation whose database is up to date and empty."""
    (doorstep.folder / "var").mkdir()
    shutil.copy(sqlite_template, doorstep.folder / "var" / "doorstep.sqlite3")
    return doorstep


@pytest.fixture
def with_admin(installed: Installation) -> Installation:
    """An installation with one hub admin."""
    assert add_user(installed).code == 0
    return installed


def add_user(installation: Installation, email: str = "one@doorstep.example", password: str = "") -> Said:
    return installation(
        *("user", "add", "--name", "Sample One", "--email", email, "--role", "hub_admin", "--password-stdin"),
        stdin=f"{password or 'three random words'}\n",
    )


@pytest.fixture
def started(doorstep: Installation) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`started("serve")`: a command in a process of its own, which does not outlive the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str, **options: Any) -> subprocess.Popen[str]:
        running.append(doorstep.start(*words, **options))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()
