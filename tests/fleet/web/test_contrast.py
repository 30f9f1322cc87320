"""The colours of the tokens can be read on the grounds they are used on (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from fleet.web.assets import STATIC_FOLDER

TEXT = 4.5
PARTS = 3.0
PAIRS = (
    ("ink", "paper", 7.0),
    ("ink", "mist", 7.0),
    ("muted", "paper", TEXT),
    ("muted", "mist", TEXT),
    ("paper", "pine", TEXT),
    ("paper", "pine-dark", TEXT),
    ("paper", "brick", TEXT),
    ("paper", "brick-dark", TEXT),
    ("pine", "paper", TEXT),
    ("pine", "mist", TEXT),
    ("leaf", "leaf-soft", TEXT),
    ("amber", "amber-soft", TEXT),
    ("brick", "brick-soft", TEXT),
    ("sky", "sky-soft", TEXT),
    ("ink", "focus", TEXT),
    ("edge", "paper", PARTS),
    ("edge", "mist", PARTS),
    ("sky", "paper", PARTS),
    ("focus", "pine", PARTS),
)


def tokens() -> dict[str, str]:
    text = (STATIC_FOLDER / "css" / "tokens.css").read_text()
    found = dict(re.findall(r"^  --([a-z-]+): (#[0-9a-f]{3,6});", text, flags=re.MULTILINE))
    return {
        name: value if len(value) == 7 else "#" + "".join(2 * each for each in value[1:])
        for name, value in found.items()
    }


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_a_colour_stands_out_from_its_ground(front: str, ground: str, least: float) -> None:
    lighter, darker = sorted((luminance(tokens()[front]), luminance(tokens()[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least
