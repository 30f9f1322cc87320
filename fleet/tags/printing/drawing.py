"""Drawing labels of tags: a PDF of sheets, or a label printer's own language. The pictures are the labels package's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.partners.service import get_hub, get_organisation, help_line
from fleet.settings import Settings
from fleet.tags import queries
from fleet.tags.models import Printer, Tag
from fleet.tags.printers import THERMAL
from fleet.tags.rules import shown
from fleet.tags.rules.printing import BatchKind, Language
from labels.errors import AddressUnfit, LabelError, RollUnknown, SheetUnknown
from labels.frames import PrintSize
from labels.kinds import CODE_LABELS, Label, LabelKind
from labels.layouts import capacity, frame_for
from labels.qr import check_public_base, tag_url
from labels.roll import Roll
from labels.rolls import roll_of, rolls
from labels.sheet import Sheet
from labels.sheet_pdf import render_sheet
from labels.sheets import preset, presets
from labels.thermal import render_job

MOST_COPIES = 4
"""Back of the tablet, charger, case, bag."""
MOST_LABELS = 2_000
"""In one batch; more would keep a browser waiting."""

_KINDS = {
    BatchKind.TABLET: LabelKind.TABLET,
    BatchKind.BLANK: LabelKind.BLANK,
    BatchKind.CHARGER: LabelKind.CHARGER,
    BatchKind.KIT_BAG: LabelKind.KIT_BAG,
    BatchKind.SIM_ENVELOPE: LabelKind.SIM_ENVELOPE,
}
_TENTHS = Decimal(10)


@dataclass(frozen=True)
class Wanted:
    """How labels are to be printed. `start_at` is the first unused position of the sheet, from 1; a roll has one."""

    sheet: str = "L7160"
    start_at: int = 1
    copies: int = 1
    print_size: PrintSize = PrintSize.CLEAR
    hub_id: int | None = None
    """Whose name and phone stand on labels that are on no tablet yet; None for the first hub."""


@dataclass(frozen=True)
class SheetChoice:
    """A sheet to choose, with what its labels can carry."""

    name: str
    title: str
    sentence: str
    per_page: int


def sheet_choices() -> tuple[SheetChoice, ...]:
    """The sheets there are, in the order of their file."""
    return tuple(
        SheetChoice(name, sheet.title, capacity(sheet).sentence, sheet.per_page)
        for name, sheet in presets().items()
        if capacity(sheet).carries
    )


def check_public_url(settings: Settings) -> str | None:
    """The sentence that says why labels with this public address could not be scanned well, or None."""
    try:
        check_public_base(settings.public_url)
    except AddressUnfit as error:
        return str(error)
    return None


def is_roll(sheet: str) -> bool:
    """Whether this is the name of a roll, which no browser prints."""
    return any(sheet.casefold() == name.casefold() for name in rolls())


def check_wanted(session: Session, tags: Sequence[Tag], wanted: Wanted, kind: BatchKind, *, settings: Settings) -> str:
    """The name of the sheet or roll. Raises `BadInput`, before anything is written down, for what cannot be drawn."""
    stock = _stock(wanted)
    if isinstance(stock, Sheet):
        draw_pdf(session, tags, wanted, kind, settings=settings)
        return stock.name
    try:
        for label in _labels(session, tags, wanted, kind, settings=settings):
            frame_for(label, stock, wanted.print_size)
    except LabelError as error:
        raise BadInput("Nothing was printed.", fields={"sheet": str(error)}) from error
    return stock.name


def draw(
    session: Session, tags: Sequence[Tag], wanted: Wanted, kind: BatchKind, printer: Printer, *, settings: Settings
) -> bytes:
    """The bytes for this printer. Raises `BadInput` or `Conflict` for what it cannot print."""
    if printer.language is Language.PDF:
        right, down = (Decimal(tenths) / _TENTHS for tenths in (printer.nudge_right, printer.nudge_down))
        return draw_pdf(session, tags, wanted, kind, settings=settings, nudge=(right, down))
    labels = _labels(session, tags, wanted, kind, settings=settings)
    try:
        roll = roll_of(printer.media)
        return render_job(labels, roll, THERMAL[printer.language], print_size=wanted.print_size)
    except LabelError as error:
        raise BadInput("Nothing was printed.", fields={"sheet": str(error)}) from error


def draw_pdf(
    session: Session,
    tags: Sequence[Tag],
    wanted: Wanted,
    kind: BatchKind,
    *,
    settings: Settings,
    nudge: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0)),
) -> bytes:
    """The sheets as PDF. Raises `BadInput`, or `Conflict` for labels that were meant for a roll."""
    sheet = _stock(wanted)
    if isinstance(sheet, Roll):
        raise Conflict(
            f"Nothing was printed. These labels were made for a roll ({sheet.name}), which no browser prints.",
            next_step="Send them to the label printer, or print them again on a sheet.",
        )
    labels = _labels(session, tags, wanted, kind, settings=settings)
    try:
        return render_sheet(labels, sheet.nudged(*nudge), start_at=wanted.start_at, print_size=wanted.print_size)
    except LabelError as error:
        raise BadInput("Nothing was printed.", fields={"sheet": str(error)}) from error


def draw_test(session: Session, printer: Printer, *, settings: Settings) -> bytes:
    """One label that belongs to nothing, to see where the printer puts it."""
    sample = Tag(code="K7F3QX")
    wanted = Wanted(sheet=printer.media, hub_id=printer.hub_id)
    return draw(session, [sample], wanted, BatchKind.BLANK, printer, settings=settings)


def _stock(wanted: Wanted) -> Sheet | Roll:
    try:
        stock = roll_of(wanted.sheet) if is_roll(wanted.sheet) else preset(wanted.sheet)
    except (RollUnknown, SheetUnknown) as error:
        raise BadInput("Nothing was printed.", fields={"sheet": str(error)}) from error
    last = stock.per_page if isinstance(stock, Sheet) else 1
    if not 1 <= wanted.start_at <= last:
        start = f"This sheet has positions 1 to {last}. Count the labels already used, and add one."
        raise BadInput("Nothing was printed.", fields={"start_at": start})
    return stock


def _labels(
    session: Session, tags: Sequence[Tag], wanted: Wanted, kind: BatchKind, *, settings: Settings
) -> list[Label]:
    if not 1 <= wanted.copies <= MOST_COPIES:
        raise BadInput("Nothing was printed.", fields={"copies": f"Choose 1 to {MOST_COPIES} copies."})
    make = CODE_LABELS[_KINDS[kind]]
    hubs = queries.hubs_of_tablets(session, [tag.tablet_id for tag in tags if tag.tablet_id is not None])
    whose = {tag.code: hubs.get(tag.tablet_id or 0, wanted.hub_id) for tag in tags}
    says = {hub_id: _whom_to_ring(session, hub_id, settings=settings) for hub_id in set(whose.values())}
    try:
        return [
            make(shown(tag.code), tag_url(settings.public_url, shown(tag.code)), *says[whose[tag.code]])
            for tag in tags
            for _ in range(wanted.copies)
        ]
    except LabelError as error:
        raise BadInput("Nothing was printed.", fields={"sheet": str(error)}) from error


def _whom_to_ring(session: Session, hub_id: int | None, *, settings: Settings) -> tuple[str, str]:
    """The hub's name and phone. Raises `Conflict` while it has none."""
    hub = get_hub(session) if hub_id is None else get_organisation(session, hub_id)
    phone = help_line(session, settings=settings, hub_id=hub.id).phone
    if not phone:
        raise Conflict(
            f"Nothing was printed. A label says whom to ring, and {hub.name} has no help phone yet.",
            next_step="Give the hub its help phone on the partners page, then print.",
        )
    return hub.name, phone
