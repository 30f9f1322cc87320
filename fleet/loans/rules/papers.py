"""What a borrower's papers are like: how large, in which language, and what happens where that language is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from fleet.people.rules import NeedCode, PrintFormat

_POINTS = {PrintFormat.PRINT_14: 14, PrintFormat.PRINT_18: 18, PrintFormat.PRINT_24: 24, PrintFormat.EASY_READ: 18}
LARGE_PRINT = 18

GB_PER_VIDEO_HOUR = 1.35
"""A meeting with pictures takes about 1.5 Mbit/s each way: 3 Mbit/s for 3,600 s, by 8."""


class MissingLanguage(StrEnum):
    """What somebody answers where there are no papers in a person's language."""

    ENGLISH = "english"
    WAIT = "wait"


@dataclass(frozen=True)
class PaperLanguage:
    """The language papers are in, or None while somebody must answer for the one that is `missing`."""

    language: str | None
    missing: str = ""


def language_for(read: str, known: Collection[str], answer: MissingLanguage | None) -> PaperLanguage:
    """The language of a person's papers. English only where they read it, or where somebody answered so."""
    if read in known:
        return PaperLanguage(read)
    return PaperLanguage("en" if answer is MissingLanguage.ENGLISH else None, missing=read)


def points_for(print_format: PrintFormat, needs: Collection[NeedCode]) -> int:
    """The text size in points; who needs large text on a screen is not given small print."""
    points = _POINTS.get(print_format, LARGE_PRINT)
    return max(points, LARGE_PRINT) if NeedCode.LARGE_TEXT in needs else points


def reads_no_print(print_format: PrintFormat) -> bool:
    return print_format in (PrintFormat.BRAILLE, PrintFormat.AUDIO)


def video_hours(gb_each_month: int) -> int:
    """About how many hours of meetings a month's data lasts, in whole hours and rather too few."""
    return int(gb_each_month / GB_PER_VIDEO_HOUR)
