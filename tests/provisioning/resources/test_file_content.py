"""Files: written where the shell may write, compared by digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioning.facts.files import FileOnTablet, file_on_tablet
from provisioning.resources.file_content import MOST_BYTES, FileContent
from tests.provisioning.observations import observed

TILES = FileContent(path="/sdcard/Doorstep/tiles.json", text='{"tiles": []}\n', means="Tiles are known", reason="x")


def test_a_file_is_written_unless_it_holds_exactly_the_text() -> None:
    fact = file_on_tablet(TILES.path)
    assert TILES.steps(observed({fact: FileOnTablet(None)}))
    assert TILES.steps(observed({fact: FileOnTablet("0" * 64)}))
    assert TILES.steps(observed({fact: FileOnTablet(TILES.sha256)})) == ()


def test_the_app_that_owns_the_folder_is_started_before_its_file_is_written() -> None:
    owned = replace(TILES, start_first="org.doorstep.home/.HomeActivity")
    (step,) = owned.steps(observed({file_on_tablet(TILES.path): FileOnTablet(None)}))
    assert step.shown() == ("am start -n org.doorstep.home/.HomeActivity", f"push 14 bytes to {TILES.path}")
    with pytest.raises(ValueError, match="not an activity"):
        replace(TILES, start_first="org.doorstep.home")


@pytest.mark.parametrize("path", ["/system/x", "/sdcard/../data/x", "/data/local/tmp/a;b", "/sdcard/"])
def test_a_file_goes_only_where_the_shell_may_write(path: str) -> None:
    with pytest.raises(ValueError, match="not a place"):
        FileContent(path=path, text="x", means="x", reason="y")


def test_a_text_too_long_for_a_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        FileContent(path="/sdcard/a", text="x" * (MOST_BYTES + 1), means="x", reason="y")
