"""`doorstep tablet capture` and `inspect`, as a person types them, on a virtual tablet."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.virtual import person
from provisioning.virtual.serve import listening
from provisioning.virtual.tablet import VirtualTablet
from tests.fleet.cli.conftest import Installation

MAIL = "sample.one@example.org"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A tablet that somebody has used, with a person who taps Allow."""
    tablet = VirtualTablet.open(tmp_path / "tablet", "samsung-tab-a9-14", serial="VIRTSAMPLE7", boot_seconds=0.1)
    person.finish_setup_wizard(tablet)
    person.switch_on_debugging(tablet)
    person.add_account(tablet, MAIL, "com.google")

    def tap() -> None:
        if tablet.wait_for(lambda: tablet.prompt is not None, 10):
            person.accept_key(tablet)

    try:
        with listening(tablet) as port:
            threading.Thread(target=tap, daemon=True).start()
            yield f"tcp:127.0.0.1:{port}"
    finally:
        tablet.close()


def test_what_is_captured_can_be_inspected_and_names_nobody(
    doorstep: Installation, address: str, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    told = doorstep("tablet", "capture", "--connect", address, "--out", str(bundle))
    assert told.code == 0, told.words
    assert "Look into it before you send it" in told.out
    said = doorstep("tablet", "inspect", str(bundle), "--json")
    facts = said.json["facts"]
    assert facts["accounts"] == {"by_user": {"0": {"com.google": 1}}}
    assert facts["software"]["layer"] == "One UI"
    live = doorstep("tablet", "facts", "--connect", address, "--json")
    assert live.json["facts"]["battery"] == facts["battery"]
    assert "VIRTSAMPLE7" in live.out
    assert "VIRTSAMPLE7" not in said.out
    assert MAIL not in said.out + live.out
    assert "of them could not be read" in doorstep("tablet", "inspect", str(bundle)).out


def test_facts_are_said_in_words_and_never_as_a_program_spells_them(
    doorstep: Installation, address: str, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    assert doorstep("tablet", "capture", "--connect", address, "--out", str(bundle)).code == 0
    live, kept = doorstep("tablet", "facts", "--connect", address), doorstep("tablet", "inspect", str(bundle))
    for said in (live.out, kept.out):
        assert re.findall(r"\w+\([^)]|<\w+\.|\bNone\b|\bTrue\b|\bFalse\b|\w+='|…", said) == []
        assert "status: charging" in said
        assert "charge limit: not given" in said
        assert "facing: back, front" in said
        assert "user 0: com.google: 1" in said


def test_a_damaged_bundle_is_refused_with_a_sentence(doorstep: Installation, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(b"PK\x03\x04 cut off")
    told = doorstep("tablet", "inspect", str(bundle), "--json")
    assert told.code == 1
    assert "is damaged or is not a support bundle" in told.words


def test_a_bundle_that_is_not_there_is_said_to_be_missing(doorstep: Installation, tmp_path: Path) -> None:
    told = doorstep("tablet", "inspect", str(tmp_path / "none.zip"))
    assert told.code == 1
    assert "No such file" in told.words


def test_nothing_at_the_address_writes_no_bundle(doorstep: Installation, tmp_path: Path) -> None:
    told = doorstep("tablet", "capture", "--connect", "tcp:127.0.0.1:9", "--out", str(tmp_path / "b.zip"))
    assert told.code == 3
    assert not (tmp_path / "b.zip").exists()
