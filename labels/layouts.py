"""What labels of a sheet or roll can carry, said in a sentence, and the frame for a label on it.

The fullest set of parts that the stock holds is chosen once for a kind, so that all its labels look alike; a label
that then does not fit is refused with what to change, never printed without a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from labels.arranging import LEAST_QR, Room, arrange
from labels.errors import LabelDoesNotFit
from labels.fonts import Face, printable, width_mm
from labels.frames import CodePlace, Frame, Part, PrintSize, TextLine
from labels.kinds import (
    CODE_LABELS,
    KINDS,
    Kind,
    Label,
    LabelKind,
    ModeCard,
    RunSheetLabel,
    ShelfLabel,
    Wording,
)
from labels.kinds import TabletLabel as TabletLabel
from labels.logo import Logo
from labels.words_block import Said, pieces_of, shape_of


class Stock(Protocol):
    """What labels are printed on: a sheet or a roll. `dot` is a thermal head's dot in millimetres, else 0."""

    @property
    def name(self) -> str: ...
    @property
    def label_width(self) -> Decimal: ...
    @property
    def label_height(self) -> Decimal: ...
    @property
    def dot(self) -> float: ...


@dataclass(frozen=True)
class Capacity:
    """What a stock's labels can carry, with a sentence for the person who chooses it."""

    carries: frozenset[Part]
    sentence: str


_SAID_OF_SAMPLES = ("Sample Tablet Library", "020 7946 0000")
_SAMPLE_CODE = ("K7F3-QX", "HTTPS://TABLETS.EXAMPLE/T/K7F3-QX")

SAMPLE = TabletLabel(*_SAMPLE_CODE, *_SAID_OF_SAMPLES)
"""Stands for a usual label when a sheet's capacity is asked for."""

SAMPLES: Mapping[LabelKind, Label] = MappingProxyType(
    {
        **{kind: made(*_SAMPLE_CODE, *_SAID_OF_SAMPLES) for kind, made in CODE_LABELS.items()},
        LabelKind.SHELF: ShelfLabel("A-12"),
        LabelKind.MODE_CARD: ModeCard("DESK-PUT-AWAY"),
        LabelKind.RUN_SHEET: RunSheetLabel(1234, date(2026, 11, 25), 12, *_SAID_OF_SAMPLES),
    }
)
"""A usual label of every kind."""

SAMPLE_LOGO = Logo(3, 2, 0b111111)
"""Stands for a logo half as wide again as high."""


def layouts(kind: LabelKind, *, with_logo: bool = False) -> Iterator[frozenset[Part]]:
    """Every layout of a kind by the parts it carries, the fullest first."""
    spec = KINDS[kind]
    always = {Part.CODE} | ({Part.HEADING} if spec.heading else set()) | ({Part.DETAILS} if spec.has_details else set())
    always |= {Part.LOGO} if with_logo else set()
    finder = ({Part.FINDER}, set[Part]()) if spec.leaves_hub else (set[Part](),)
    for qr in ({Part.QR},) if spec.needs_qr else ({Part.QR}, set[Part]()):
        for whose in finder:
            yield frozenset(always | qr | whose)


def capacity(
    stock: Stock,
    print_size: PrintSize = PrintSize.CLEAR,
    kind: LabelKind = LabelKind.TABLET,
    logo: Logo | None = None,
) -> Capacity:
    """What the stock carries of a kind, tried with a usual label: a code of seven characters, an owner's of twenty-one.

    Large print never costs a label its QR code, nor does a logo cost it anything: what would is not carried.
    """
    must_have = frozenset[Part]()
    if logo:
        without = capacity(stock, print_size, kind)
        if not without.carries:
            return without
        must_have = without.carries
    elif print_size is PrintSize.LARGE:
        must_have = capacity(stock, kind=kind).carries & {Part.QR}
    room = _room(SAMPLES[kind], stock, print_size, logo)
    for parts in layouts(kind, with_logo=bool(logo)):
        if must_have <= parts and arrange(room, parts):
            return Capacity(parts, _sentence(KINDS[kind], parts))
    if logo:
        return Capacity(frozenset(), _no_logo(stock))
    return Capacity(frozenset(), _too_small(stock, print_size, KINDS[kind]))


def frame_for(label: Label, stock: Stock, print_size: PrintSize = PrintSize.CLEAR, logo: Logo | None = None) -> Frame:
    """The frame for a label on a sheet or roll.

    Raises LabelDoesNotFit, or TextNotPrintable for letters the font lacks.
    """
    can = capacity(stock, print_size, label.kind, logo)
    if not can.carries:
        raise LabelDoesNotFit(can.sentence)
    frame = arrange(_room(label, stock, print_size, logo), can.carries)
    if frame is None:
        said = label.wording()
        raise LabelDoesNotFit(
            f"Nothing was printed. {_size(stock)} cannot hold {said.code_text}, {said.owner_name!r} and "
            f"{said.help_phone!r} in letters that can be read. Use a shorter form of the owner's name, or a sheet "
            "with larger labels."
        )
    return frame


def code_lines(code_text: str, place: CodePlace) -> Iterator[TextLine]:
    """The code where its frame wants it, smaller where it is unusually wide. Raises LabelDoesNotFit."""
    pieces = [code_text] if len(place.baselines) == 1 else pieces_of(code_text)
    natural = max(width_mm(piece, Face.BOLD, place.points) for piece in pieces)
    points = min(place.points, place.points * place.width / natural)
    if points < place.least_points:
        raise LabelDoesNotFit(
            f"Nothing was printed. The code {code_text} would be {points:.1f} points high, and "
            f"{place.least_points:.0f} is the least that can be read. Choose a sheet with wider labels."
        )
    for piece, baseline in zip(pieces, place.baselines, strict=True):
        yield TextLine(piece, place.left, baseline, Face.BOLD, points)


def lines_of(wording: Wording, frame: Frame) -> Iterator[TextLine]:
    """Every line of a label from the top. Raises LabelDoesNotFit."""
    yield from frame.above
    yield from code_lines(wording.code_text, frame.code)
    yield from frame.lines


def _room(label: Label, stock: Stock, print_size: PrintSize, logo: Logo | None) -> Room:
    wording = label.wording()
    return Room(
        width=float(stock.label_width),
        height=float(stock.label_height),
        said=Said(
            code_shape=shape_of(printable(wording.code_text)),
            heading=KINDS[label.kind].heading,
            details=wording.details,
            owner_name=printable(wording.owner_name),
            help_phone=printable(wording.help_phone),
            logo_aspect=logo.aspect if logo else 0.0,
        ),
        print_size=print_size,
        dot=stock.dot,
    )


def _sentence(kind: Kind, parts: frozenset[Part]) -> str:
    logo = " And the logo." if Part.LOGO in parts else ""
    if Part.QR not in parts:
        whom, each_way = (" and whom to ring", "") if Part.FINDER in parts else ("", " each way")
        return f"Text only: {kind.main}{whom}. A QR code needs {LEAST_QR:.0f} mm{each_way}.{logo}"
    main = f"{kind.main} in words" if kind.main == "the code" else kind.main
    if Part.FINDER in parts:
        return f"Carries the QR code, {main}, and whom to ring if found.{logo}"
    too_small = "; too small to say whom to ring" if kind.leaves_hub else ""
    return f"Carries the QR code and {main}{too_small}.{logo}"


def _too_small(stock: Stock, print_size: PrintSize, kind: Kind) -> str:
    main = "a code" if kind.main == "the code" else kind.main
    what = f"{main} in 12 points"
    if kind.needs_qr:
        what = f"a QR code of {LEAST_QR:.0f} mm beside {main}"
    if print_size is PrintSize.LARGE:
        what = f"{main} in 16 points for large print, with its QR code where clear print has one"
    return f"Nothing was printed. {_size(stock)} cannot hold {what}. Choose a sheet with larger labels."


def _no_logo(stock: Stock) -> str:
    return (
        f"Nothing was printed. {_size(stock)} cannot hold a logo beside what it must say. Print without the logo, or "
        "choose a sheet with larger labels."
    )


def _size(stock: Stock) -> str:
    noun = "roll" if stock.dot else "sheet"
    return f"A label of {stock.label_width} x {stock.label_height} mm ({noun} {stock.name})"
