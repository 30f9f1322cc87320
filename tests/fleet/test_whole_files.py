"""A file is there whole, or as it was before; nothing half written is left beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.whole_files import whole_file, write_whole


def test_a_text_stands_in_a_folder_that_was_not_there(tmp_path: Path) -> None:
    write_whole(tmp_path / "deep" / "said.txt", "Bore da, ŵy")
    assert (tmp_path / "deep" / "said.txt").read_bytes() == "Bore da, ŵy".encode()


def test_what_was_cut_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    write_whole(path, "before")
    with pytest.raises(KeyboardInterrupt):
        _cut_off(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def _cut_off(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"aft")
        file.flush()
        raise KeyboardInterrupt


def test_nobody_sees_the_file_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    with whole_file(path) as file:
        file.write(b"half")
        file.flush()
        assert not path.exists()
        file.write(b" and half")
    assert path.read_text() == "half and half"
