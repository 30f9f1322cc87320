"""Log lines say what failed and where, and never what was in the variables there or in the words of a library."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAILS = """
import logging, sys
from fleet.logs import configure_logs, get_logger
configure_logs(sys.argv[1])
def lend(surname):
    try:
        raise KeyError(f"DETAIL: Key (surname)=({surname}) already exists.")
    except KeyError as error:
        raise RuntimeError(f"{surname} cannot be lent to") from error
try:
    lend(sys.argv[2])
except RuntimeError as error:
    get_logger("test").error("lending_failed", loan=12, exc_info=error)
logging.getLogger("library").warning("library line")
try:
    lend(sys.argv[2])
except RuntimeError:
    logging.getLogger("library").exception("library failed")
"""


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_traceback_in_the_log_shows_places_and_kinds_and_no_words(log_format: str) -> None:
    command = [sys.executable, "-c", FAILS, log_format, "Invented-Surname"]
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "lending_failed" in log
    assert log.count("RuntimeError") == log.count("KeyError") == 2
    assert "in lend" in log
    assert "library failed" in log
    assert "library line" in log
    assert "Invented-Surname" not in log
