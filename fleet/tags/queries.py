"""Every read of tags and print batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.http.paging import Found, ListQuery, find
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tags.models import PrintBatch, PrintedLabel, Tag
from fleet.tags.rules import TagState


def tag_by_code(session: Session, code: str) -> Tag | None:
    return session.scalar(select(Tag).where(Tag.code == code))


def attached_tags(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, Tag]:
    """The tag each tablet carries, by tablet id."""
    query = select(Tag).where(Tag.tablet_id.in_(tablet_ids), Tag.state == TagState.ATTACHED)
    return {tag.tablet_id: tag for tag in session.scalars(query) if tag.tablet_id is not None}


def print_batch(session: Session, batch_id: int) -> PrintBatch | None:
    return session.get(PrintBatch, batch_id)


def tags_of_batch(session: Session, batch_id: int) -> Sequence[Tag]:
    """In the order they were printed."""
    query = select(Tag).join(PrintedLabel, PrintedLabel.tag_id == Tag.id).where(PrintedLabel.batch_id == batch_id)
    return session.scalars(query.order_by(PrintedLabel.place)).all()


def find_batches(session: Session, query: ListQuery) -> Found[PrintBatch]:
    sorts = {"when": PrintBatch.printed_at, "sheet": PrintBatch.sheet, "id": PrintBatch.id}
    return find(
        session,
        select(PrintBatch),
        query,
        sorts=sorts,
        tie=PrintBatch.id,
        default_sort="when",
        default_descending=True,
    )


def tablets_to_label(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Tablets in the hub whose label was not yet scanned back, those without any label first."""
    gone = ("expected", "recycled", "gifted", "lost", "on_loan", "in_transit_out", "in_transit_back", "retired")
    query = select(Tablet).where(Tablet.label_confirmed_at.is_(None), Tablet.stage.not_in(gone))
    return session.scalars(query.order_by(Tablet.label_code, Tablet.id).limit(limit)).all()


def tablets_by_id(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, Tablet]:
    return {tablet.id: tablet for tablet in session.scalars(select(Tablet).where(Tablet.id.in_(tablet_ids)))}


def tablets_by_serial(session: Session, serial: str) -> Sequence[Tablet]:
    """Tablets still in the fleet with this serial, whatever its capitals."""
    query = select(Tablet).where(func.lower(Tablet.serial) == serial.strip().lower())
    return session.scalars(query.where(Tablet.stage.not_in(("recycled", "gifted"))).order_by(Tablet.id)).all()


def told_before(session: Session, client_id: str) -> bool:
    """Whether an event with a client's own id was recorded already."""
    return session.scalar(select(TabletEvent.id).where(TabletEvent.client_id == client_id)) is not None
