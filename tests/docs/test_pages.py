"""What stands in the README and in docs/ can be followed, and carries nothing of the machine it was written on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, anchors, links, markdown_files

FILES = markdown_files()
NAMES = [str(file.relative_to(ROOT)) for file in FILES]

_OF_A_MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|tmp|home)/|\b(?:index|files|registry|deb|proxy)\.[a-z]+\.(?:org|io|com)\b|--index-url"
)
_PHONE = re.compile(r"(?<!\d)0[1-9]\d(?:[ -]?\d){7,8}(?!\d)")
_DRAMA = re.compile(r"^(?:07700900\d{3}|02079460\d{3})$")


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_link_of_a_page_leads_somewhere(file: Path) -> None:
    broken = [target for target in links(file) if not _leads_somewhere(file, target)]

    assert broken == []


def _leads_somewhere(file: Path, target: str) -> bool:
    if target.startswith(("https://", "http://", "mailto:")):
        return True
    path, _, anchor = target.partition("#")
    place = (file.parent / path).resolve() if path else file
    if not place.exists():
        return False
    return not anchor or anchor in anchors(place)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_page_names_no_registry_and_no_path_of_somebody_s_machine(file: Path) -> None:
    assert _OF_A_MACHINE.findall(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_phone_number_is_one_that_nobody_has(file: Path) -> None:
    numbers = [re.sub(r"[ -]", "", found) for found in _PHONE.findall(file.read_text(encoding="utf-8"))]

    assert [number for number in numbers if not _DRAMA.match(number)] == []


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_file_named_in_code_type_exists(file: Path) -> None:
    """Paths such as `fleet/tablets/rules.py`: a page that points at a moved file would send a newcomer nowhere."""
    named = re.findall(r"`((?:fleet|provisioning|labels|workers|tests|deploy|docs)/[\w./-]+)`", file.read_text("utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_project_s_pages_are_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        file = waiting.pop()
        if file in reached:
            continue
        reached.add(file)
        for target in links(file):
            place = (file.parent / target.partition("#")[0]).resolve()
            if place.suffix == ".md" and place.exists():
                waiting.append(place)
            elif place.is_dir() and place.is_relative_to(ROOT):
                waiting.extend(place.glob("*.md"))

    assert {file.name for file in FILES if file.resolve() not in {each.resolve() for each in reached}} == set()


@pytest.mark.parametrize("package", ["fleet", "provisioning", "labels", "workers"])
def test_every_module_opens_by_saying_what_it_is_for(package: str) -> None:
    modules = [file for file in (ROOT / package).rglob("*.py") if "versions" not in file.parts]
    silent = [str(file.relative_to(ROOT)) for file in modules if _says_nothing(file)]

    assert modules
    assert silent == []


def _says_nothing(file: Path) -> bool:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return bool(tree.body) and not ast.get_docstring(tree)
