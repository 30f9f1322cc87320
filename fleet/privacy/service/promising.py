"""Writing an erasure into the journal before it is committed, and taking the line back where it is rolled back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from fleet.privacy.journal import Line, write_down


def promise(session: Session, journal: Path, line: Line) -> None:
    """Write the line down. When the session's transaction ends without anybody having tried to commit it, the line is
    taken back; where a commit was tried and failed, nobody can say, and the decision stands."""
    write_down(journal, line)
    tried = over = False

    def before_commit(session: Session) -> None:
        nonlocal tried
        tried = tried or not session.in_nested_transaction()

    def ended(_session: Session, transaction: SessionTransaction) -> None:
        nonlocal over
        if transaction.parent is None and not over:
            over = True
            if not tried:
                write_down(journal, replace(line, taken_back=True))

    event.listen(session, "before_commit", before_commit)
    event.listen(session, "after_transaction_end", ended)
