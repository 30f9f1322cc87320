"""The folder on disk: whole files, never twice, nothing personal in a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.chasing.channels.base import ChannelFailed, Outgoing
from fleet.chasing.channels.folder import FolderChannel
from fleet.chasing.channels.mail_journal import MailJournal, Step

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
    files = sorted(path for path in (tmp_path / "outbox").rglob("*") if path.is_file())
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [
        "outbox/2026-06-29/12.txt",
        "outbox/journal/mail-2026-06-29.log",
    ]
    text = files[0].read_text(encoding="utf-8")
    assert "Sample" not in files[1].read_text(encoding="utf-8")
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


def test_what_somebody_took_out_of_the_folder_to_pass_it_on_has_left(tmp_path: Path) -> None:
    way_out = FolderChannel(tmp_path)
    assert way_out.has_left(MESSAGE.reference, MESSAGE.channel) is False
    way_out.deliver(MESSAGE)
    (tmp_path / "2026-06-29" / "12.txt").unlink()
    assert way_out.has_left(MESSAGE.reference, MESSAGE.channel) is True


def test_a_file_that_nobody_can_say_was_written_may_have_left_and_one_taken_back_has_not(tmp_path: Path) -> None:
    way_out = FolderChannel(tmp_path)
    MailJournal(tmp_path / "journal").note(MESSAGE.reference, Step.HANDED_OVER)
    assert way_out.has_left(MESSAGE.reference, MESSAGE.channel) is None
    way_out.deliver(MESSAGE)
    assert way_out.take_back(MESSAGE.reference)
    assert way_out.has_left(MESSAGE.reference, MESSAGE.channel) is False


def test_a_folder_that_cannot_be_made_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be", encoding="utf-8")
    way_out = FolderChannel(tmp_path / "outbox")
    with pytest.raises(ChannelFailed, match="The outbox folder could not be written to"):
        way_out.deliver(MESSAGE)
    assert not way_out.has_left(MESSAGE.reference, MESSAGE.channel)
