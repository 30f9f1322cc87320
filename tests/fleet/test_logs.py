"""Log lines say what failed and where, and never what was in the variables there or in the words of a library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


REFUSED = """
import sys
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from fleet.logs import configure_logs, get_logger
configure_logs("text")
try:
    with create_engine(sys.argv[1]).begin() as connection:
        connection.execute(text("CREATE TABLE lent (surname VARCHAR(80) PRIMARY KEY)"))
        for _ in range(2):
            connection.execute(text("INSERT INTO lent VALUES (:surname)"), {"surname": sys.argv[2]})
except IntegrityError as error:
    get_logger("test").error("lending_failed", exc_info=error)
"""


def test_a_databases_error_is_told_by_its_code(database_url: str, tmp_path: Path) -> None:
    is_sqlite = database_url.startswith("sqlite")
    url = f"sqlite:///{tmp_path}/lent.sqlite3" if is_sqlite else database_url
    command = [sys.executable, "-c", REFUSED, url, "Invented-Surname"]
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert ("SQLITE_CONSTRAINT_PRIMARYKEY" if is_sqlite else "UniqueViolation 23505") in log
    assert "Invented-Surname" not in log
