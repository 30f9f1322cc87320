"""The journal of erasures survives what happens to files: half a line, a spoilt line, two writers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.privacy.journal import JournalUnreadable, Line, lines, lines_of_all, write_down
from fleet.privacy.rules import WhyErase

FIRST = Line(7, datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), datetime(2026, 6, 1, 9, 0, tzinfo=UTC), WhyErase.ASKED)
SECOND = Line(8, FIRST.recorded_at, FIRST.erased_at, WhyErase.KEPT_LONG_ENOUGH)


def test_what_is_written_down_is_read_again_in_order(tmp_path: Path) -> None:
    journal = tmp_path / "kept" / "erasures.jsonl"
    write_down(journal, FIRST)
    write_down(journal, SECOND)
    assert list(lines(journal)) == [FIRST, SECOND]
    assert journal.stat().st_mode & 0o077 == 0


def test_there_is_nothing_to_do_again_where_nobody_was_erased(tmp_path: Path) -> None:
    assert list(lines(tmp_path / "erasures.jsonl")) == []


def test_two_journals_tell_each_erasure_once_and_none_that_either_took_back(tmp_path: Path) -> None:
    one, other = tmp_path / "erasures.jsonl", tmp_path / "copy.jsonl"
    write_down(one, FIRST)
    assert list(lines_of_all((one, other))) == [FIRST]
    write_down(other, FIRST)
    write_down(other, SECOND)
    assert list(lines_of_all((one, other))) == [FIRST, SECOND]
    write_down(other, replace(FIRST, taken_back=True))
    assert list(lines_of_all((one, other))) == [SECOND]
    write_down(one, SECOND)
    write_down(one, replace(SECOND, taken_back=True))
    assert list(lines_of_all((one, other))) == []


def test_half_a_line_of_a_crash_counts_as_not_written_and_harms_no_later_one(tmp_path: Path) -> None:
    journal = tmp_path / "erasures.jsonl"
    write_down(journal, FIRST)
    whole = journal.read_bytes()
    for cut in range(1, len(whole)):
        journal.write_bytes(whole + whole[:cut])
        assert list(lines(journal)) == [FIRST]
    write_down(journal, SECOND)
    assert list(lines(journal)) == [FIRST, SECOND]


@pytest.mark.parametrize("spoilt", [b"{}", b"\xff\xfe", b'{"person": "seven"}', b"", b"null"])
def test_a_line_that_cannot_be_read_starts_nothing(tmp_path: Path, spoilt: bytes) -> None:
    journal = tmp_path / "erasures.jsonl"
    write_down(journal, FIRST)
    journal.write_bytes(journal.read_bytes() + spoilt + b"\n")
    with pytest.raises(JournalUnreadable, match="Line 2") as refused:
        list(lines(journal))
    assert "no record was changed" in refused.value.message
