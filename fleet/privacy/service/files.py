"""Files about a person: what couriers photographed at the door, and messages that lie in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from fleet.deliveries.service.proofs import photo_of
from fleet.privacy import queries
from fleet.settings import Settings

OUTBOX = "outbox"


def photos_of(session: Session, person_ids: Sequence[int], settings: Settings) -> tuple[Path, ...]:
    """The photos there are."""
    named = (photo_of(settings, fact_id) for fact_id in queries.proofs_of(session, person_ids))
    return tuple(path for path in named if path.exists())


def messages_of(session: Session, person_ids: Sequence[int], settings: Settings) -> dict[str, Path]:
    """reference -> the message in the outbox, for those that still lie there."""
    folder = settings.data_dir / OUTBOX
    named = {reference: folder / f"{reference}.txt" for reference in queries.messages_of(session, person_ids)}
    return {reference: path for reference, path in named.items() if path.exists()}


def forget_files(session: Session, person_ids: Sequence[int], settings: Settings) -> int:
    """Delete them; how many there were."""
    found = (*photos_of(session, person_ids, settings), *messages_of(session, person_ids, settings).values())
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
