"""What commands print is what was meant: no letters become pictures, no brackets vanish."""

from __future__ import annotations

import pytest

from fleet.cli.console import err, fail, out

FINGERPRINT = "24:54:75:AB:BE:91:AB:BC:ID:OK"


def test_a_fingerprint_is_printed_letter_for_letter(capsys: pytest.CaptureFixture[str]) -> None:
    out.print(FINGERPRINT)
    err.print(FINGERPRINT)
    printed = capsys.readouterr()
    assert printed.out.strip() == printed.err.strip() == FINGERPRINT


def test_a_refusal_keeps_its_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    fail("Nothing answered at tcp:[::1]:5555.", "Look at [1].")
    assert capsys.readouterr().err.split("\n")[:2] == ["Nothing answered at tcp:[::1]:5555.", "Look at [1]."]
