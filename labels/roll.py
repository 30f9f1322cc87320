"""A roll of a label printer as a value: how large its labels are and which of its head's dots print on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from labels.errors import SheetInvalid
from labels.sheet import Sheet

MM_PER_INCH = 25.4
HEADS = {203: 8 * MM_PER_INCH, 300: 300.0}
"""The exact dots to the inch of the heads there are: what is sold as 203 dpi has 8 dots to the millimetre."""
MOST_DOTS = 3_100
"""A little more than 255 mm at 300 dots to the inch, the longest that a label's length is given with."""


class Family(StrEnum):
    """Whose printers take a roll."""

    ZEBRA = "zebra"
    BROTHER = "brother"
    DYMO = "dymo"


@dataclass(frozen=True)
class Roll:
    """One kind of roll. `across` and `along` are the dots printed, across the head and along the feed.

    `first_dot` dots of the head lie before them. `tape_length` is 0 for a continuous tape. `turned` means that a
    label is read along the feed. Raises SheetInvalid.
    """

    name: str
    title: str
    family: Family
    tape_width: Decimal
    tape_length: Decimal
    across: int
    along: int
    dpi: int
    first_dot: int = 0
    turned: bool = False

    def __post_init__(self) -> None:
        if self.dpi not in HEADS:
            raise SheetInvalid(
                f"Nothing was printed. Roll {self.name} has {self.dpi} dots to the inch; label printers have "
                f"{' or '.join(map(str, HEADS))}."
            )
        if min(self.across, self.along) <= 0 or self.tape_width <= 0 or self.first_dot < 0 or self.tape_length < 0:
            raise SheetInvalid(f"Nothing was printed. Roll {self.name} has a measurement that is not more than 0.")
        if max(self.across, self.along, self.first_dot) > MOST_DOTS or max(self.tape_width, self.tape_length) > 255:
            raise SheetInvalid(
                f"Nothing was printed. Roll {self.name} has labels larger than a label printer makes: at most 255 mm "
                f"and {MOST_DOTS} dots a side."
            )

    @property
    def dot(self) -> float:
        """The size of one dot in millimetres."""
        return MM_PER_INCH / HEADS[self.dpi]

    @property
    def dots_wide(self) -> int:
        """Dots of a label's picture from left to right, as a person reads it."""
        return self.along if self.turned else self.across

    @property
    def dots_high(self) -> int:
        return self.across if self.turned else self.along

    @property
    def label_width(self) -> Decimal:
        """Millimetres that can be printed from left to right, as a person reads a label, to a tenth."""
        return self._millimetres(self.dots_wide)

    @property
    def label_height(self) -> Decimal:
        return self._millimetres(self.dots_high)

    def _millimetres(self, dots: int) -> Decimal:
        return Decimal(int(dots * self.dot * 10 + 1e-6)) / 10

    def dots(self, millimetres: float) -> int:
        """The nearest whole number of dots."""
        return round(millimetres / self.dot)

    def at(self, dpi: int) -> Roll:
        """The same roll in a printer whose head has `dpi` dots to the inch. Raises SheetInvalid."""
        if dpi not in HEADS:
            return replace(self, dpi=dpi)
        finer = HEADS[dpi] / HEADS[self.dpi]
        return replace(
            self,
            dpi=dpi,
            across=int(self.across * finer),
            along=int(self.along * finer),
            first_dot=int(self.first_dot * finer),
        )

    def as_sheet(self) -> Sheet:
        """A page as large as what is printed of one label, for a printer that is reached through a print queue."""
        width, height = self.label_width, self.label_height
        none = Decimal(0)
        return Sheet(
            self.name, self.title, width, height, 1, 1, width, height, width, height, none, none, material="roll"
        )
