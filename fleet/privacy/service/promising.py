"""Writing an erasure into the journal before it is committed, and taking the line back where it is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from fleet.logs import get_logger
from fleet.privacy.journal import Line, write_down

log = get_logger(__name__)


def promise(session: Session, journals: Sequence[Path], line: Line) -> None:
    """Write the line down, in the first journal at any rate and in the others where that can be.

    When the session's transaction ends without anybody having tried to commit it, the line is taken back; where a
    commit was tried and failed, nobody can say, and the decision stands."""
    _write_down(journals, line)
    tried = over = False

    def before_commit(session: Session) -> None:
        nonlocal tried
        tried = tried or not session.in_nested_transaction()

    def ended(_session: Session, transaction: SessionTransaction) -> None:
        nonlocal over
        if transaction.parent is None and not over:
            over = True
            if not tried:
                _write_down(journals, replace(line, taken_back=True))

    event.listen(session, "before_commit", before_commit)
    event.listen(session, "after_transaction_end", ended)


def _write_down(journals: Sequence[Path], line: Line) -> None:
    write_down(journals[0], line)
    for copy in journals[1:]:
        try:
            write_down(copy, line)
        except OSError as error:
            log.warning("erasure_copy_not_written", error=type(error).__name__)
