"""Sheets and rolls by name, and each described for a program: what it carries of every kind of label."""

from __future__ import annotations

from pathlib import Path

from labels.frames import Part, PrintSize
from labels.kinds import KINDS, LabelKind
from labels.layouts import SAMPLE_LOGO, capacity
from labels.roll import Roll
from labels.rolls import find_roll, load_rolls, rolls
from labels.sheet import Sheet
from labels.sheets import find_sheet, load_sheets, presets
from labels.thermal import FAMILIES


def sheet_for(name: str, own: Path | None) -> Sheet:
    """A sheet of the user's file or ours; a roll as a page of one label. Raises SheetInvalid or SheetUnknown."""
    known = {**presets(), **{roll.name: roll.as_sheet() for roll in rolls().values()}}
    return find_sheet(known | dict(load_sheets(own)) if own else known, name)


def roll_for(name: str, own: Path | None) -> Roll:
    """A roll of the user's file or ours. Raises SheetInvalid or RollUnknown."""
    return find_roll({**rolls(), **load_rolls(own)} if own else rolls(), name)


def described(stock: Sheet | Roll) -> dict[str, object]:
    """What `presets --json` says of one. `carries` is of a tablet's label in clear print; `kinds` has every kind."""
    of_tablets = capacity(stock)
    return {
        "name": stock.name,
        "title": stock.title,
        "form": "roll" if isinstance(stock, Roll) else "sheet",
        "labels": 1 if isinstance(stock, Roll) else stock.per_page,
        "width_mm": str(stock.label_width),
        "height_mm": str(stock.label_height),
        "carries": _names(of_tablets.carries),
        "says": of_tablets.sentence,
        "printers": _printers(stock),
        "kinds": {kind.value: _of_kind(stock, kind) for kind in KINDS},
    }


def _of_kind(stock: Sheet | Roll, kind: LabelKind) -> dict[str, object]:
    return {
        "clear": _names(capacity(stock, PrintSize.CLEAR, kind).carries),
        "large": _names(capacity(stock, PrintSize.LARGE, kind).carries),
        "logo": bool(capacity(stock, PrintSize.CLEAR, kind, SAMPLE_LOGO).carries),
        "says": capacity(stock, PrintSize.CLEAR, kind).sentence,
    }


def _printers(stock: Sheet | Roll) -> list[str]:
    """What a stock can be printed with besides a PDF."""
    if isinstance(stock, Sheet):
        return ["pdf"]
    return ["pdf", *(language.value for language, family in FAMILIES.items() if family is stock.family)]


def _names(parts: frozenset[Part]) -> list[str]:
    return sorted(part.value for part in parts)
