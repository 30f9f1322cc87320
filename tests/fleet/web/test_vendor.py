"""The vendored files are the ones their VERSIONS file says, carry their licence, and reach for nothing outside."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import govuk_frontend_jinja
import pytest

from fleet.web.assets import STATIC_FOLDER

VENDOR = STATIC_FOLDER / "vendor"
TEST_VENDOR = Path(__file__).parents[2] / "vendor"


@dataclass(frozen=True)
class Listed:
    folder: Path
    file: str
    package: str
    version: str
    licence: str
    sha256: str


def listed(folder: Path) -> list[Listed]:
    lines = (folder / "VERSIONS").read_text().splitlines()
    return [Listed(folder, *line.split()) for line in lines if not line.startswith("#")]


EVERY = listed(VENDOR) + listed(TEST_VENDOR)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.file)
def test_a_vendored_file_is_byte_for_byte_the_listed_one(each: Listed) -> None:
    assert hashlib.sha256((each.folder / each.file).read_bytes()).hexdigest() == each.sha256


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.file)
def test_a_vendored_file_holds_something(each: Listed) -> None:
    assert (each.folder / each.file).stat().st_size > 1_000


@pytest.mark.parametrize("folder", [VENDOR, TEST_VENDOR], ids=["shipped", "tests"])
def test_nothing_lies_in_a_vendor_folder_unlisted(folder: Path) -> None:
    code = {path.name for path in folder.iterdir() if path.suffix in {".js", ".css", ".wasm"}}
    assert code == {each.file for each in listed(folder)}


@pytest.mark.parametrize("each", listed(VENDOR), ids=lambda each: each.file)
def test_each_shipped_package_has_its_licence_beside_it(each: Listed) -> None:
    assert "Permission" in (VENDOR / "licences" / f"{each.package}.txt").read_text()


def test_the_stylesheet_matches_the_macros_that_write_its_markup() -> None:
    template = Path(govuk_frontend_jinja.__file__).parent / "templates" / "components" / "button" / "macro.html"
    style = (VENDOR / "govuk-frontend.min.css").read_text()
    for name in set(re.findall(r"govuk-button(?:--[a-z]+|__[a-z-]+)?", template.read_text())):
        assert f".{name}" in style


def test_the_stylesheet_carries_neither_the_font_nor_the_crest_of_gov_uk() -> None:
    style = (VENDOR / "govuk-frontend.min.css").read_text()
    assert "url(" not in style
    assert "GDS Transport" not in style
    assert "@font-face" not in style


def test_no_file_of_ours_names_another_host() -> None:
    for path in STATIC_FOLDER.rglob("*"):
        if path.suffix in {".js", ".css", ".svg"} and VENDOR not in path.parents:
            hosts = re.findall(r"https?://[^\"'\s)]+", path.read_text())
            assert [host for host in hosts if host != "http://www.w3.org/2000/svg"] == [], path.name


def test_only_the_token_file_names_colours() -> None:
    for path in (STATIC_FOLDER / "css").glob("*.css"):
        if path.name != "tokens.css":
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()) == [], path.name
