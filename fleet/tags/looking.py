"""Looking labels up: the tag behind what was typed or scanned, and the codes that tablets carry or carried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from fleet.database.locking import count_as_locked
from fleet.errors import BadInput, Conflict, there
from fleet.tablets.models import Tablet
from fleet.tags import queries
from fleet.tags.models import Tag
from fleet.tags.rules import TagState, looks_like_code, parse, shown

Found = TypeVar("Found")


def lookup(session: Session, text: str) -> Tag:
    """The tag whose code this is, however it was typed, or scanned as an address.

    Raises `BadInput` when it cannot be a code, saying what to look at, and `NotFound` when we never made it.
    """
    code = _code(text)
    return _known(queries.tag_by_code(session, code), code, text)


def lookup_tablet(session: Session, text: str) -> tuple[Tag, Tablet | None]:
    """The same, with the tablet it is on, for somebody who is about to do something with that."""
    code = _code(text)
    tag, tablet = _known(queries.tag_and_tablet(session, code), code, text)
    count_as_locked(session, tablet)
    return tag, tablet


def _code(text: str) -> str:
    reading = parse(text)
    if not reading.good:
        raise BadInput("Nothing was changed. The code could not be used.", fields={"code": reading.problem})
    return reading.code


def _known(found: Found | None, code: str, text: str) -> Found:
    said = f"{shown(code)} reads well, but it is not one of our labels."
    return there(found, said, next_step=_whose(text))


def tablet_of(session: Session, text: str) -> int | None:
    """The tablet that a scanned or typed code belongs to, of an old label too; None when it is no code of ours."""
    reading = parse(text)
    found = queries.tag_by_code(session, reading.code) if looks_like_code(text) and reading.good else None
    return found.tablet_id if found else None


def tablet_with_serial(session: Session, serial: str) -> int:
    """The only tablet of the fleet with this serial. Raises `NotFound`, or `Conflict` where there are two."""
    found = queries.tablets_by_serial(session, serial)
    if len(found) > 1:
        raise Conflict(
            f"Nothing was changed. {len(found)} tablets have the serial {serial.strip()}.",
            next_step="Name the right one by its number.",
        )
    said = f"No tablet in the fleet has the serial {serial.strip()}."
    return there(next(iter(found), None), said, next_step="Scan it again, or book it in first.").id


def is_blank(session: Session, text: str) -> bool:
    """Whether this is the code of a label that can be claimed."""
    reading = parse(text)
    found = queries.tag_by_code(session, reading.code) if reading.good else None
    return found is not None and found.state is TagState.BLANK


def codes_of(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, str]:
    """The code on each tablet's label as people see it (K7F3-QX), by tablet id; those without a label are left out."""
    return {tablet_id: shown(tag.code) for tablet_id, tag in queries.attached_tags(session, tablet_ids).items()}


def printed(session: Session, tablet_ids: Sequence[int]) -> frozenset[int]:
    """Those whose present label has been printed."""
    tags = queries.attached_tags(session, tablet_ids)
    return frozenset(tablet_id for tablet_id, tag in tags.items() if tag.printed_at is not None)


def replaced_by(session: Session, tag: Tag) -> str:
    """The code that took the place of this one, as people see it; empty for a label that was not replaced."""
    return queries.codes_by_id(session, [tag.replaced_by_id]).get(tag.replaced_by_id, "") if tag.replaced_by_id else ""


def _whose(text: str) -> str:
    host = urlsplit(text.strip().lower()).hostname or ""
    if host:
        return f"It is a label of another lender, who answers at {host}. Put the tablet aside and tell a coordinator."
    return "Look at the name on the label: it may belong to another lender."
