"""A demonstration's folder: an interrupted month is gone on with, a finished one is cleared away and said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.demo.command import EARLIER
from fleet.demo.folder import Beginning, DemoFolder, NotOurFolder


def test_a_month_cut_short_is_kept_and_one_played_to_its_end_is_cleared_away(tmp_path: Path) -> None:
    place = DemoFolder(tmp_path / "demo")
    assert place.begin() is Beginning.FRESH
    place.report.write_text("{}")
    assert place.begin() is Beginning.INTERRUPTED
    assert place.report.exists()
    place.finish()
    assert place.begin() is Beginning.FINISHED
    assert not place.report.exists()
    assert "is gone" in EARLIER[Beginning.FINISHED]


def test_a_folder_of_somebody_elses_is_never_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "finished").touch()
    with pytest.raises(NotOurFolder, match="no demonstration made"):
        DemoFolder(tmp_path).begin()
    assert (tmp_path / "finished").exists()
