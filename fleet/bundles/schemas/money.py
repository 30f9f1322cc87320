"""Amounts as they are asked for: gigabytes, months, pence, and pounds as people type them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

GB = Annotated[int, Field(ge=1, le=1000, description="Gigabytes a month, decimal.", examples=[20])]
MONTHS = Annotated[int, Field(ge=1, le=36, examples=[3])]
PENCE = Annotated[int, Field(ge=0, le=1_000_000, description="In pence.", examples=[1200])]


def pence_of(typed: object) -> object:
    """Pounds as people type them (12, 12.5, £12.50) in pence. What cannot be read stays as it is, to be refused."""
    found = re.fullmatch(r"£?\s*(\d{1,5})(?:\.(\d{1,2}))?", str(typed).strip())
    if found is None:
        raise ValueError("Enter the cost in pounds, such as 12 or 12.50.")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


Pounds = Annotated[int, BeforeValidator(pence_of)]
