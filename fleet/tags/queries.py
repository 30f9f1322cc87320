"""Every read of tags and print batches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from fleet.database.lists import Found, ListQuery, find
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tags.models import PrintBatch, PrintedLabel, Printer, PrintJob, Tag
from fleet.tags.rules import TagState, Transition, shown
from fleet.tags.rules.printing import WAITING, BatchKind, PrintTransition

_BY_CODE = select(Tag).where(Tag.code == bindparam("code"))


def tag_by_code(session: Session, code: str) -> Tag | None:
    return session.scalar(_BY_CODE, {"code": code})


_WITH_TABLET = (
    select(Tag, Tablet)
    .outerjoin(Tablet, Tablet.id == Tag.tablet_id)
    .where(Tag.code == bindparam("code"))
    .execution_options(populate_existing=True)
)


def tag_and_tablet(session: Session, code: str) -> tuple[Tag, Tablet | None] | None:
    """The tag with what it is on, read afresh."""
    row = session.execute(_WITH_TABLET, {"code": code}).first()
    return (row[0], row[1]) if row is not None else None


def codes_in_use(session: Session, codes: Collection[str]) -> set[str]:
    return set(session.scalars(select(Tag.code).where(Tag.code.in_(codes))))


def hubs_of_tablets(session: Session, tablet_ids: Collection[int]) -> dict[int, int]:
    """tablet -> its hub."""
    return dict(session.execute(select(Tablet.id, Tablet.hub_id).where(Tablet.id.in_(tablet_ids))).all())


def codes_by_id(session: Session, tag_ids: Collection[int]) -> Mapping[int, str]:
    """As people see them, by the tag's id."""
    rows = session.execute(select(Tag.id, Tag.code).where(Tag.id.in_(tag_ids)))
    return {tag_id: shown(code) for tag_id, code in rows}


def move_tag(session: Session, tag: Tag, row: Transition, **values: Any) -> bool:
    """Make a move of the tag's table unless somebody else made one first: one statement, and the database decides."""
    given = {"tag_id": tag.id, **{f"given_{name}": value for name, value in values.items()}}
    return session.scalars(_moving(row.source, row.target, tuple(values)), given).first() is not None


@cache
def _moving(source: TagState, target: TagState, names: tuple[str, ...]) -> ReturningUpdate[Tag]:
    values: dict[str, Any] = {name: bindparam(f"given_{name}") for name in names}
    statement = update(Tag).where(Tag.id == bindparam("tag_id"), Tag.state == source).values(state=target, **values)
    return statement.returning(Tag).execution_options(populate_existing=True, synchronize_session=False)


def tags_of_tablet(session: Session, tablet_id: int) -> Sequence[Tag]:
    """Every tag it carries or carried, the latest first."""
    query = select(Tag).where(Tag.tablet_id == tablet_id)
    return session.scalars(query.order_by(Tag.attached_at.desc(), Tag.id.desc())).all()


def attached_tags(session: Session, tablet_ids: Sequence[int]) -> Mapping[int, Tag]:
    """The tag each tablet carries, by tablet id."""
    query = select(Tag).where(Tag.tablet_id.in_(tablet_ids), Tag.state == TagState.ATTACHED)
    return {tag.tablet_id: tag for tag in session.scalars(query) if tag.tablet_id is not None}


_ATTACHED = select(Tag).where(Tag.tablet_id == bindparam("tablet_id"), Tag.state == TagState.ATTACHED)


def attached_tag(session: Session, tablet_id: int) -> Tag | None:
    """The tag this tablet carries."""
    return session.scalar(_ATTACHED, {"tablet_id": tablet_id})


def print_batch(session: Session, batch_id: int) -> PrintBatch | None:
    return session.get(PrintBatch, batch_id)


def tags_of_batch(session: Session, batch_id: int) -> Sequence[Tag]:
    """In the order they were printed."""
    query = select(Tag).join(PrintedLabel, PrintedLabel.tag_id == Tag.id).where(PrintedLabel.batch_id == batch_id)
    return session.scalars(query.order_by(PrintedLabel.place)).all()


def count_labels(session: Session, batch_id: int) -> int:
    """How many codes a batch holds; it prints each in as many copies as it says."""
    query = select(func.count()).select_from(PrintedLabel).where(PrintedLabel.batch_id == batch_id)
    return session.scalar(query) or 0


def find_batches(session: Session, query: ListQuery) -> Found[PrintBatch]:
    sorts = {"when": PrintBatch.printed_at, "sheet": PrintBatch.sheet, "id": PrintBatch.id}
    statement = select(PrintBatch)
    if (kind := query.choice("kind", BatchKind)) is not None:
        statement = statement.where(PrintBatch.kind == kind)
    return find(
        session,
        statement,
        query,
        sorts=sorts,
        tie=PrintBatch.id,
        default_sort="when",
        default_descending=True,
    )


_NOT_IN_THE_HUB = ("expected", "recycled", "gifted", "lost", "on_loan", "in_transit_out", "in_transit_back", "retired")


def tablets_to_label(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Tablets in the hub whose label was not yet scanned back, those without any label first."""
    query = select(Tablet).where(Tablet.label_confirmed_at.is_(None), Tablet.stage.not_in(_NOT_IN_THE_HUB))
    return session.scalars(query.order_by(Tablet.label_code, Tablet.id).limit(limit)).all()


def tablets_with_label(session: Session, *, limit: int = 200) -> Sequence[Tablet]:
    """Tablets in the hub that carry a label, the latest that anything happened to first."""
    query = select(Tablet).where(Tablet.label_code != "", Tablet.stage.not_in(_NOT_IN_THE_HUB))
    return session.scalars(query.order_by(Tablet.changed_at.desc(), Tablet.id.desc()).limit(limit)).all()


def tablets_by_id(session: Session, tablet_ids: Sequence[int]) -> dict[int, Tablet]:
    return {tablet.id: tablet for tablet in session.scalars(select(Tablet).where(Tablet.id.in_(tablet_ids)))}


def tablets_by_serial(session: Session, serial: str) -> Sequence[Tablet]:
    """Tablets still in the fleet with this serial, whatever its capitals."""
    query = select(Tablet).where(func.lower(Tablet.serial) == serial.strip().lower())
    return session.scalars(query.where(Tablet.stage.not_in(("recycled", "gifted"))).order_by(Tablet.id)).all()


def told_before(session: Session, client_id: str) -> bool:
    """Whether an event with a client's own id was recorded already."""
    return session.scalar(select(TabletEvent.id).where(TabletEvent.client_id == client_id)) is not None


def told_of_label(session: Session, client_id: str, tablet_id: int) -> str:
    """The label that this tablet was given under that id, as people see it; empty when the id told something else."""
    query = select(TabletEvent).where(TabletEvent.client_id == client_id, TabletEvent.tablet_id == tablet_id)
    event = session.scalar(query.where(TabletEvent.kind == "label"))
    return str(event.details.get("code", "")) if event else ""


def printer(session: Session, printer_id: int) -> Printer | None:
    return session.get(Printer, printer_id)


def printers(session: Session) -> Sequence[Printer]:
    """All there ever were, by name."""
    return session.scalars(select(Printer).order_by(func.lower(Printer.name))).all()


def print_job(session: Session, job_id: int) -> PrintJob | None:
    return session.get(PrintJob, job_id)


def jobs_of_batch(session: Session, batch_id: int) -> Sequence[PrintJob]:
    """The latest first."""
    return session.scalars(select(PrintJob).where(PrintJob.batch_id == batch_id).order_by(PrintJob.id.desc())).all()


def jobs_of_printer(session: Session, printer_id: int, *, limit: int = 20) -> Sequence[PrintJob]:
    """The latest first."""
    query = select(PrintJob).where(PrintJob.printer_id == printer_id).order_by(PrintJob.id.desc())
    return session.scalars(query.limit(limit)).all()


def waiting_jobs(session: Session) -> Sequence[PrintJob]:
    """Those whose labels have not left, the oldest first."""
    return session.scalars(select(PrintJob).where(PrintJob.state.in_(WAITING)).order_by(PrintJob.id)).all()


def move_print_job(session: Session, job: PrintJob, row: PrintTransition, **values: Any) -> bool:
    """Make a move of a print job's table unless somebody made another first."""
    statement = update(PrintJob).where(PrintJob.id == job.id, PrintJob.state.in_(row.sources))
    statement = statement.values(state=row.target, **values).returning(PrintJob)
    return session.scalars(statement, execution_options={"populate_existing": True}).first() is not None
