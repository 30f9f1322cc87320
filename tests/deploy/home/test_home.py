"""Doorstep Home's own logic, compiled and run by Debian's JDK, and its words in every language it says it speaks."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from provisioning.profiles.tiles import Gathering, tiles
from provisioning.resources.tiles import HomeTiles, Tile
from tests.gatherings import MUSIC_MORNING

ROOT = Path(__file__).parents[3]
HOME = ROOT / "deploy" / "home"
JSON_JAR = Path("/usr/share/java/com.android.json.jar")
"""Debian's libandroid-json-java, which deploy/install-test-parts.sh installs: the classes that tablets have."""
LANGUAGES = ("cy", "pa", "ur")


def words(folder: str) -> dict[str, str]:
    root = ElementTree.parse(HOME / "res" / folder / "strings.xml").getroot()
    return {each.attrib["name"]: each.text or "" for each in root if each.get("translatable") != "false"}


def test_reading_the_file_opening_links_and_saying_days_hold_on_a_java_machine(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["sh", HOME / "check.sh", JSON_JAR, tmp_path], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "tiles.json: all checks hold",
        "join links: all checks hold",
        "days and times: all checks hold",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_in_every_language_with_the_same_gaps(language: str) -> None:
    english, theirs = words("values"), words(f"values-{language}")
    assert theirs.keys() == english.keys()
    for name, text in english.items():
        assert sorted(re.findall(r"%\d\$s", theirs[name])) == sorted(re.findall(r"%\d\$s", text)), name
        assert not re.search(r"(?<!\\)'", theirs[name]), f"{name}: Android would drop the apostrophe"
        assert theirs[name] != text


def test_the_fields_that_a_bench_writes_are_those_of_the_papers() -> None:
    gathering = Gathering("Music", "music", 2, f"{time(10, 30):%H:%M}", "jitsi", MUSIC_MORNING.link)
    look = HomeTiles(
        tiles=(Tile("Photos", "photos", package="org.example.photos"),),
        text_size_sp=32,
        contrast="dark",
        help_text="Ring us",
        language="ur",
        reason="x",
    )
    written = json.loads(tiles([gathering], look))
    papers = (HOME / "README.md").read_text(encoding="utf-8")
    source = (HOME / "src" / "org" / "doorstep" / "home" / "Configuration.java").read_text(encoding="utf-8")
    for field in {*written, *(key for tile in written["tiles"] for key in tile)}:
        assert f"`{field}`" in papers, field
        assert f'"{field}"' in source, field


def test_the_app_asks_for_no_permission_at_all() -> None:
    manifest = (HOME / "AndroidManifest.xml").read_text(encoding="utf-8")
    assert "uses-permission" not in manifest
