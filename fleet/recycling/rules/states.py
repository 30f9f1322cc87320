"""What a consignment can be, and how its codes and weights are written."""

from __future__ import annotations

import re
from enum import StrEnum


class ConsignmentState(StrEnum):
    OPEN = "open"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    CALLED_OFF = "called_off"


class ConsignmentKind(StrEnum):
    """Whole tablets travel together; one with a hot, swollen or leaking battery never travels among them."""

    TABLETS = "tablets"
    DAMAGED_BATTERIES = "damaged_batteries"


class ReceiverBasis(StrEnum):
    """By what right the receiving site may take it."""

    PERMIT = "permit"
    EXEMPTION = "exemption"


class ConsignmentMove(StrEnum):
    PACK = "pack"
    UNPACK = "unpack"
    HAND_OVER = "hand_over"
    RECEIVE = "receive"
    CALL_OFF = "call_off"


_CODE = re.compile(r"(\d{2})\s?(\d{2})\s?(\d{2})\s?(\*?)")
_SIC = re.compile(r"\d{2}(?:\.?\d{1,3})?(?:/\d)?")
HEAVIEST_GRAMS = 20_000
"""More than any one tablet with its kit weighs: a larger number was typed in the wrong unit."""
KEEP_YEARS = {False: 2, True: 3}
"""How long the hub keeps its copy, by whether the waste is hazardous (Duty of Care Regulations 1991, regulation 3;
three years for a consignment note)."""


EXEMPT_GRAMS = 1_000_000_000
"""What a site that repairs or refurbishes under exemption T11 may take in twelve months: 1,000 tonnes (Environmental
Permitting Regulations 2016, schedule 3). The other exemptions for such waste allow less or as much."""
EXEMPT_DAYS = 366


def tidy_code(text: str) -> str:
    """A waste code as it is written, "16 02 13*"; empty when it is none."""
    found = _CODE.fullmatch(text.strip())
    return f"{found[1]} {found[2]} {found[3]}{found[4]}" if found else ""


def is_hazardous(code: str) -> bool:
    return code.endswith("*")


def sic_problem(text: str) -> str | None:
    """Why this is no industry code (SIC 2007), or None."""
    return None if _SIC.fullmatch(text.strip()) else "Enter a SIC 2007 code, such as 88.99."


def weight_problem(grams: int) -> str | None:
    if 1 <= grams <= HEAVIEST_GRAMS:
        return None
    return f"Enter its weight in grams, from 1 to {HEAVIEST_GRAMS:,}."


def weight_words(grams: int) -> str:
    """Kilograms as a note says them: 9.42 kg."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".") + " kg"
