"""The fonts of papers are the ones that VERSIONS lists, carry their licence, and stay small."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from labels.script.faces import Family

NOTO = Path(__file__).parents[2] / "labels" / "fonts" / "noto"

LARGEST_BYTES = 3_000_000


def listed() -> dict[str, str]:
    lines = (NOTO / "VERSIONS").read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: line.split()[-1] for line in lines if not line.startswith("#")}


@pytest.mark.parametrize("name", listed())
def test_a_font_is_byte_for_byte_the_listed_one(name: str) -> None:
    assert hashlib.sha256((NOTO / name).read_bytes()).hexdigest() == listed()[name]


def test_every_family_is_there_in_both_weights_and_nothing_else() -> None:
    wanted = {f"{family}-{weight}.ttf" for family in Family for weight in ("Regular", "Bold")}
    assert set(listed()) == wanted
    assert {path.name for path in NOTO.glob("*.ttf")} == wanted


def test_all_of_them_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in NOTO.glob("*.ttf")) < LARGEST_BYTES


def test_their_licence_lies_beside_them() -> None:
    assert "SIL Open Font License, Version 1.1" in (NOTO / "OFL.txt").read_text(encoding="utf-8")
