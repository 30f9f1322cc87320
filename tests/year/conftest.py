"""The year, played once for all of its tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.year.play import Scale
from tests.year.whole import Year, play_year


@pytest.fixture(scope="session")
def year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("year")
    copy = shutil.copy(sqlite_template, folder / "doorstep.sqlite3")
    played = play_year(f"sqlite:///{copy}", folder, Scale())
    yield played
    played.town.database.close()
