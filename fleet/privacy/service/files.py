"""Files about a person: what couriers photographed at the door, and messages that lie in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from fleet.deliveries.service.proofs import photo_of
from fleet.privacy import queries
from fleet.settings import Settings

OUTBOXES = ("outbox", "outbox/letters")
"""Where messages lie for somebody to pass on: a day's folder in it, and a file a message, named by its reference."""


def photos_of(session: Session, person_ids: Sequence[int], settings: Settings) -> tuple[Path, ...]:
    """The photos there are."""
    named = (photo_of(settings, fact_id) for fact_id in queries.proofs_of(session, person_ids))
    return tuple(path for path in named if path.exists())


def messages_of(session: Session, person_ids: Sequence[int], settings: Settings) -> dict[str, tuple[Path, ...]]:
    """reference -> the files of that message in the outbox, for those that still lie there."""
    found = {
        reference: tuple(file for folder in OUTBOXES for file in _named(settings.data_dir / folder / reference))
        for reference in queries.messages_of(session, person_ids)
    }
    return {reference: files for reference, files in found.items() if files}


def _named(place: Path) -> list[Path]:
    """The files of this name, whatever their kind."""
    return sorted(place.parent.glob(f"{place.name}.*"))


def forget_files(session: Session, person_ids: Sequence[int], settings: Settings) -> int:
    """Delete them; how many there were."""
    messages = messages_of(session, person_ids, settings).values()
    found = [*photos_of(session, person_ids, settings), *(path for files in messages for path in files)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
