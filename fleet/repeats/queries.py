"""Finding, claiming and forgetting kept answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fleet.repeats.models import KeptAnswer
from fleet.repeats.rules import lock_number


def claim(session: Session, user_id: int, key_digest: str) -> bool:
    """Whether this transaction alone works under the key, until it ends in whatever way; a lost connection ends it too.

    On SQLite always: a writer has waited for every other before it gets here.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock_number(user_id, key_digest)))))


def kept(session: Session, user_id: int, key_digest: str) -> KeptAnswer | None:
    return session.scalar(select(KeptAnswer).where(KeptAnswer.user_id == user_id, KeptAnswer.key_digest == key_digest))


def forget(session: Session, *, before: datetime) -> None:
    """Delete what was kept before this moment."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.at < before))


def empty_all(session: Session) -> None:
    """Keep that the requests were done, and nothing of what they were answered."""
    session.execute(update(KeptAnswer).where(KeptAnswer.sealed.is_not(None)).values(sealed=None))
