"""The folder on disk: whole files, never twice, nothing personal in a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.chasing.channels.base import ChannelFailed, Outgoing
from fleet.chasing.channels.folder import FolderChannel

MESSAGE = Outgoing(
    reference="2026-06-29/12",
    channel="text",
    to="07700 900001",
    subject="Your tablet",
    body="Hello Sample,\n\nThank you.",
    language="en",
    print_format="print_14",
)


def test_a_message_is_one_whole_file_named_by_its_number(tmp_path: Path) -> None:
    way_out = FolderChannel(tmp_path / "outbox")
    assert not way_out.has_left(MESSAGE.reference, MESSAGE.channel)
    way_out.deliver(MESSAGE)
    files = [path for path in (tmp_path / "outbox").rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["outbox/2026-06-29/12.txt"]
    text = files[0].read_text(encoding="utf-8")
    assert text.startswith("Reference: 2026-06-29/12\nSend by: text\nTo: 07700 900001\n")
    assert text.endswith("\n\nHello Sample,\n\nThank you.\n")
    assert way_out.has_left(MESSAGE.reference, MESSAGE.channel)


def test_delivering_again_changes_nothing(tmp_path: Path) -> None:
    way_out = FolderChannel(tmp_path)
    way_out.deliver(MESSAGE)
    path = tmp_path / "2026-06-29" / "12.txt"
    path.write_text("taken up by somebody", encoding="utf-8")
    way_out.deliver(MESSAGE)
    assert path.read_text(encoding="utf-8") == "taken up by somebody"


def test_a_folder_that_cannot_be_made_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be", encoding="utf-8")
    way_out = FolderChannel(tmp_path / "outbox")
    with pytest.raises(ChannelFailed, match="The outbox folder could not be written to"):
        way_out.deliver(MESSAGE)
    assert not way_out.has_left(MESSAGE.reference, MESSAGE.channel)
