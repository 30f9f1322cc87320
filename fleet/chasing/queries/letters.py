"""The letters of the ledger that somebody prints and posts: each is the first entry of its message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase, ChaseLetter
from fleet.chasing.rules import IN_QUEUE, ChaseState
from fleet.database.among import among
from fleet.database.lists import Found, ListQuery, find
from fleet.people.rules import Channel

SHOWN = {"waiting": ChaseState.TO_PRINT, "printed": ChaseState.PRINTED, "posted": ChaseState.SENT}
"""The parts of the queue, by the state that an entry has in each."""


def find_letters(session: Session, query: ListQuery) -> Found[Chase]:
    """The longest waiting first. Filters: `show` (waiting, printed, posted; in the queue if left out), `loan` (its
    number), `print` (those that were printed together)."""
    state = SHOWN.get(query.filter("show"))
    statement = _letters((state,) if state is not None else IN_QUEUE)
    if state is ChaseState.SENT:
        posted = select(ChaseLetter.chase_id).where(ChaseLetter.posted_on.is_not(None))
        statement = statement.where(Chase.id.in_(posted))
    if (loan_id := query.number("loan")) is not None:
        statement = statement.where(Chase.loan_id == loan_id)
    if query.filter("print"):
        together = select(ChaseLetter.chase_id).where(ChaseLetter.print_ref == query.filter("print"))
        statement = statement.where(Chase.id.in_(together))
    sorts: dict[str, Any] = {"when": Chase.created_at, "loan": Chase.loan_id}
    return find(
        session,
        statement,
        query,
        sorts=sorts,
        tie=Chase.id,
        default_sort="when",
        default_descending=state is ChaseState.SENT,
    )


def _letters(states: Collection[ChaseState]) -> Select[Chase]:
    by_letter = Chase.channel == Channel.LETTER.value
    return select(Chase).where(Chase.state.in_(states), by_letter, Chase.along_with.is_(None))


def letters_waiting(session: Session, *, limit: int) -> Sequence[int]:
    """The entries of the letters that nobody printed, the longest waiting first."""
    query = _letters((ChaseState.TO_PRINT,)).with_only_columns(Chase.id)
    return session.scalars(query.order_by(Chase.id).limit(limit)).all()


def count_letters(session: Session) -> dict[ChaseState, int]:
    """How many letters wait to be printed, and how many to be posted."""
    query = _letters(IN_QUEUE).with_only_columns(Chase.state, func.count()).group_by(Chase.state)
    return dict(session.execute(query).all())


def chases(session: Session, chase_ids: Sequence[int]) -> Sequence[Chase]:
    """These entries, by their numbers."""
    return session.scalars(select(Chase).where(among(Chase.id, chase_ids)).order_by(Chase.id)).all()


def riders_of(session: Session, chase_ids: Sequence[int]) -> Sequence[Chase]:
    """The entries that go along in these letters, in order."""
    return session.scalars(select(Chase).where(Chase.along_with.in_(chase_ids)).order_by(Chase.id)).all()


def printed(session: Session, chase_ids: Sequence[int]) -> dict[int, ChaseLetter]:
    """entry -> when its letter was printed and posted."""
    rows = session.scalars(select(ChaseLetter).where(among(ChaseLetter.chase_id, chase_ids)))
    return {row.chase_id: row for row in rows}


def printed_together(session: Session, print_ref: str) -> Sequence[int]:
    """The entries whose letters were printed together and are not posted yet, in order."""
    query = _letters((ChaseState.PRINTED,)).join(ChaseLetter, ChaseLetter.chase_id == Chase.id)
    chosen = query.where(ChaseLetter.print_ref == print_ref).with_only_columns(Chase.id)
    return session.scalars(chosen.order_by(Chase.id)).all()
