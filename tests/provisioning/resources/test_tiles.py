"""The file that Doorstep Home reads: only what was said, and never more tiles than there should be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from provisioning.facts.files import FileOnTablet, file_on_tablet
from provisioning.resources.step import PushText
from provisioning.resources.tiles import HomeTiles, Tile
from tests.provisioning.observations import observed

PATH = "/sdcard/Android/data/org.doorstep.home/files/tiles.json"
MUSIC = Tile("Music", "music", link="https://example.org/radio")
CALLS = Tile("Video calls", "video", package="org.jitsi.meet")


def test_the_file_says_what_was_said_and_leaves_the_rest_to_the_app() -> None:
    assert json.loads(HomeTiles(tiles=(CALLS, MUSIC), reason="x").text) == {
        "tiles": [
            {"label": "Video calls", "picture": "video", "package": "org.jitsi.meet"},
            {"label": "Music", "picture": "music", "link": "https://example.org/radio"},
        ]
    }
    said = json.loads(HomeTiles(tiles=(CALLS,), text_size_sp=32, contrast="dark", help_text="Ring", reason="x").text)
    assert (said["text_size_sp"], said["contrast"], said["help_text"]) == (32, "dark", "Ring")


def test_the_fewest_that_anybody_asked_for_are_shown_and_help_is_one_of_them() -> None:
    assert [
        tile["label"] for tile in json.loads(HomeTiles(tiles=(CALLS, MUSIC), most=2, reason="x").text)["tiles"]
    ] == ["Video calls"]


def test_the_app_is_started_before_its_file_is_written_and_a_right_file_is_left_alone() -> None:
    tiles = HomeTiles(tiles=(CALLS,), reason="Large tiles", origins=("profile:x",))
    (step,) = tiles.steps(observed({file_on_tablet(PATH): FileOnTablet(None)}))
    assert (step.resource, step.reason, step.origins) == ("tiles", "Large tiles", ("profile:x",))
    start, push = step.actions
    assert "am start -n org.doorstep.home/.HomeActivity" in start.shown()
    assert push == PushText(PATH, tiles.text)
    assert tiles.steps(observed({file_on_tablet(PATH): FileOnTablet(tiles.file.sha256)})) == ()


@pytest.mark.parametrize("parts", [{"most": 7}, {"most": 1}, {"text_size_sp": 12}, {"text_size_sp": 90}])
def test_what_the_app_would_not_show_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a"):
        HomeTiles(reason="x", **parts)


@pytest.mark.parametrize("parts", [{"weekday": 8}, {"at": "24:00"}, {"at": "9:30"}])
def test_a_day_or_time_that_there_is_not_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a day or time that there is not"):
        Tile("Odd", link="https://example.org/", **parts)


def test_a_tile_opens_one_thing() -> None:
    cases: tuple[dict[str, Any], ...] = ({}, {"package": "org.example.a", "link": "https://example.org"})
    for parts in cases:
        with pytest.raises(ValueError, match="either an app"):
            Tile("Odd", **parts)
