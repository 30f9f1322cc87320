"""Print batches: which labels are printed together, printed again after a jam, or made void. Never draws one itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, there
from fleet.happening import Happening
from fleet.partners.service import hub_of
from fleet.settings import Settings
from fleet.tags import queries
from fleet.tags.models import PrintBatch, PrintedLabel, Printer, Tag
from fleet.tags.printing.drawing import MOST_LABELS, Wanted, check_wanted, draw, draw_pdf
from fleet.tags.rules import TagState
from fleet.tags.rules.printing import GOES_WITH_IT, BatchKind
from fleet.tags.service import make_blanks, make_tags, make_void
from fleet.users.actor import Actor
from labels.frames import PrintSize


@dataclass(frozen=True)
class _What:
    """What the labels of a batch are for, and the batch it repeats."""

    kind: BatchKind
    again_of_id: int | None = None


_BLANKS = _What(BatchKind.BLANK)


def print_labels(
    session: Session,
    tablet_ids: Sequence[int],
    *,
    wanted: Wanted,
    settings: Settings,
    actor: Actor,
    happening: Happening,
    kind: BatchKind = BatchKind.TABLET,
) -> PrintBatch:
    """Make the tags these tablets lack and write down that they are printed; `pdf_of` gives the sheet.

    `kind` says what the labels are stuck on: the tablets, or what goes with them. Raises `BadInput` when nothing was
    chosen or the sheet cannot carry these labels: then no tag was made either.
    """
    if not tablet_ids:
        raise BadInput("Nothing was printed.", fields={"tablet": "Choose at least one tablet."})
    if len(tablet_ids) * wanted.copies > MOST_LABELS:
        raise BadInput("Nothing was printed.", fields={"tablet": f"Print at most {MOST_LABELS} labels at once."})
    tags = make_tags(session, tablet_ids, actor=actor, happening=happening)
    return _written_down(session, tags, wanted, _What(kind), settings=settings, actor=actor, happening=happening)


def print_blanks(
    session: Session, count: int, *, wanted: Wanted, settings: Settings, actor: Actor, happening: Happening
) -> PrintBatch:
    """Make blank labels, each to be claimed for a tablet later, and write down that they are printed.

    Raises `BadInput`: then no code was made either.
    """
    if not 1 <= count <= MOST_LABELS or count * wanted.copies > MOST_LABELS:
        raise BadInput("Nothing was printed.", fields={"count": f"Print 1 to {MOST_LABELS} labels at once."})
    tags = make_blanks(session, count, happening=happening)
    return _written_down(session, tags, wanted, _BLANKS, settings=settings, actor=actor, happening=happening)


def print_again(
    session: Session,
    batch_id: int,
    *,
    start_at: int,
    settings: Settings,
    actor: Actor,
    happening: Happening,
    last_good: int = 0,
) -> PrintBatch:
    """Print a batch once more as a batch of its own, from the label after number `last_good` on.

    Labels that were replaced, claimed or voided since are left out. Of a code that is printed in several copies, all
    of them come again unless the last of them was good.
    """
    batch = get_batch(session, batch_id)
    total = queries.count_labels(session, batch_id) * batch.copies
    if not 0 <= last_good < total:
        wrong = f"This batch has labels 1 to {total}. Enter the number of the last good one, or 0 when none was."
        raise BadInput("Nothing was printed.", fields={"last_good": wrong})
    tags = _still_to_print(session, batch, after=last_good // batch.copies)
    wanted = replace(_wanted(batch), start_at=start_at)
    what = _What(batch.kind, batch.id)
    return _written_down(session, tags, wanted, what, settings=settings, actor=actor, happening=happening)


def void_labels(
    session: Session, batch_id: int, *, first: int, last: int | None = None, reason: str, happening: Happening
) -> list[Tag]:
    """See to it that the labels from number `first` to `last` that are still blank are claimed by nobody.

    Raises `BadInput` for numbers the batch does not have, `MoveRefused` without a reason, `Conflict` when none is
    blank any more.
    """
    batch = get_batch(session, batch_id)
    tags = queries.tags_of_batch(session, batch_id)
    last = last or len(tags) * batch.copies
    if not 1 <= first <= last <= len(tags) * batch.copies:
        wrong = f"This batch has labels 1 to {len(tags) * batch.copies}."
        raise BadInput("Nothing was made void.", fields={"first": wrong})
    chosen = tags[(first - 1) // batch.copies : (last - 1) // batch.copies + 1]
    voided = make_void(session, chosen, reason=reason, happening=happening)
    if not voided:
        raise Conflict(
            "Nothing was made void. None of these labels is blank any more.",
            next_step="A label that is on a tablet is replaced at the labelling table.",
        )
    return voided


def get_batch(session: Session, batch_id: int) -> PrintBatch:
    """Raises `NotFound`."""
    return there(
        queries.print_batch(session, batch_id),
        "There is no such print batch.",
        next_step="Look for it in the list of what was printed.",
    )


def pdf_of(session: Session, batch_id: int, *, settings: Settings) -> bytes:
    """The batch's sheets as PDF, without labels that were replaced, claimed or voided since. Changes nothing."""
    batch = get_batch(session, batch_id)
    return draw_pdf(session, _still_to_print(session, batch), _wanted(batch), batch.kind, settings=settings)


def job_of(session: Session, batch_id: int, printer: Printer, *, settings: Settings) -> tuple[bytes, int]:
    """What is sent to the printer for this batch, in its language, and how many labels that is."""
    batch = get_batch(session, batch_id)
    tags, wanted = _still_to_print(session, batch), _wanted(batch)
    return draw(session, tags, wanted, batch.kind, printer, settings=settings), len(tags) * batch.copies


@dataclass(frozen=True)
class PrintedTag:
    """A label of a batch: its number from 1 (of its first copy), and what became of it."""

    number: int
    tag: Tag
    replaced_by: str = ""


def labels_of(session: Session, batch: PrintBatch) -> tuple[PrintedTag, ...]:
    """The labels of a batch in the order they were printed, those that are not printed again included."""
    tags = queries.tags_of_batch(session, batch.id)
    codes = queries.codes_by_id(session, [tag.replaced_by_id for tag in tags if tag.replaced_by_id])
    return tuple(
        PrintedTag(place * batch.copies + 1, tag, codes.get(tag.replaced_by_id or 0, ""))
        for place, tag in enumerate(tags)
    )


def is_printable(batch: PrintBatch, tag: Tag) -> bool:
    """Whether this label would be printed again with its batch: a blank that was claimed may be on a tablet already."""
    return tag.state is (TagState.BLANK if batch.kind is BatchKind.BLANK else TagState.ATTACHED)


def _still_to_print(session: Session, batch: PrintBatch, *, after: int = 0) -> list[Tag]:
    tags = [tag for tag in queries.tags_of_batch(session, batch.id)[after:] if is_printable(batch, tag)]
    if not tags:
        raise Conflict(
            "Nothing was printed. Every label of this batch has been replaced, claimed or made void since.",
            next_step="Print labels for the tablets themselves.",
        )
    return tags


def _wanted(batch: PrintBatch) -> Wanted:
    return Wanted(batch.sheet, batch.start_at, batch.copies, PrintSize(batch.print_size), batch.hub_id)


def _written_down(
    session: Session,
    tags: Sequence[Tag],
    wanted: Wanted,
    what: _What,
    *,
    settings: Settings,
    actor: Actor,
    happening: Happening,
) -> PrintBatch:
    if wanted.hub_id is None:
        wanted = replace(wanted, hub_id=hub_of(session, actor).id)
    sheet = check_wanted(session, tags, wanted, what.kind, settings=settings)
    batch = PrintBatch(
        kind=what.kind,
        hub_id=wanted.hub_id,
        sheet=sheet,
        start_at=wanted.start_at,
        copies=wanted.copies,
        print_size=wanted.print_size.value,
        printed_at=happening.now,
        printed_by=actor.name,
        again_of_id=what.again_of_id,
    )
    session.add(batch)
    session.flush()
    for place, tag in enumerate(tags):
        session.add(PrintedLabel(batch_id=batch.id, place=place, tag_id=tag.id))
        if what.kind not in GOES_WITH_IT:
            tag.printed_at = happening.now
    session.flush()
    return batch
