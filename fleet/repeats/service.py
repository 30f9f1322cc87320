"""What other rooms ask of the answers that are kept; `fleet.repeats.answering` keeps and gives them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.repeats import queries


def empty_kept_answers(session: Session) -> None:
    """Give no answer of the last day again: somebody is erased, and only whoever has its key can tell which tell of
    them. A request that is repeated is told that it was done."""
    queries.empty_all(session)
