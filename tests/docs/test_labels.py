"""docs/labels.md names every kind of label, every sheet, every roll and every printer there is."""

from __future__ import annotations

from pathlib import Path

from labels.kinds import LabelKind
from labels.rolls import rolls
from labels.sheets import presets

PAGE = (Path(__file__).parents[2] / "docs" / "labels.md").read_text(encoding="utf-8")


def test_the_page_names_everything_that_can_be_printed() -> None:
    names = [*(f"`{kind}`" for kind in LabelKind), *presets(), *rolls()]
    assert [name for name in names if name not in PAGE] == []
