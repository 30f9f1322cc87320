"""A sheet of labels as a value in millimetres: where each label is, not what is on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from labels.errors import SheetInvalid

LARGEST_NUDGE = Decimal(10)
"""A printer further off than this is set to the wrong paper."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class Sheet:
    """One kind of label sheet. All measurements are millimetres from the page's top left corner.

    The nudge moves everything right and down for a printer that prints off. Raises SheetInvalid.
    """

    name: str
    title: str
    page_width: Decimal
    page_height: Decimal
    across: int
    down: int
    label_width: Decimal
    label_height: Decimal
    pitch_x: Decimal
    pitch_y: Decimal
    margin_left: Decimal
    margin_top: Decimal
    material: str = "paper"
    nudge_x: Decimal = ZERO
    nudge_y: Decimal = ZERO

    def __post_init__(self) -> None:
        for refusal in _contradictions(self):
            raise SheetInvalid(f"Nothing was printed. Sheet {self.name} cannot be as it is described: {refusal}")

    @property
    def per_page(self) -> int:
        return self.across * self.down

    @property
    def dot(self) -> float:
        """0: a sheet goes through any printer, so nothing on it lies on the dots of one."""
        return 0.0

    def corner(self, position: int) -> tuple[Decimal, Decimal]:
        """The top left corner (x, y) of a label; positions count from 1, row by row."""
        down, across = divmod(position - 1, self.across)
        left = self.margin_left + self.nudge_x + across * self.pitch_x
        return left, self.margin_top + self.nudge_y + down * self.pitch_y

    def nudged(self, x: Decimal, y: Decimal) -> Sheet:
        """The same sheet for a printer that needs everything `x` further right and `y` further down."""
        return replace(self, nudge_x=x, nudge_y=y)

    def check_start(self, start_at: int) -> None:
        """Refuse a first position that the sheet does not have."""
        if not 1 <= start_at <= self.per_page:
            raise SheetInvalid(
                f"Nothing was printed. Sheet {self.name} has positions 1 to {self.per_page}, so printing cannot "
                f"start at {start_at}. Count the labels already used, row by row from the top left, and add one."
            )


def _contradictions(sheet: Sheet) -> list[str]:
    found = []
    sizes = {
        "page width": sheet.page_width,
        "page height": sheet.page_height,
        "label width": sheet.label_width,
        "label height": sheet.label_height,
    }
    found += [f"its {what} is {size} mm, but must be more than 0." for what, size in sizes.items() if size <= 0]
    if sheet.across < 1 or sheet.down < 1:
        found.append(f"its grid is {sheet.across} x {sheet.down}, but needs at least one label each way.")
    found += _axis(
        "across", sheet.across, sheet.label_width, sheet.pitch_x, sheet.margin_left, sheet.page_width, sheet.nudge_x
    )
    found += _axis(
        "down", sheet.down, sheet.label_height, sheet.pitch_y, sheet.margin_top, sheet.page_height, sheet.nudge_y
    )
    return found


def _axis(
    way: str, count: int, label: Decimal, pitch: Decimal, margin: Decimal, page: Decimal, nudge: Decimal
) -> list[str]:
    found = []
    if margin < 0:
        found.append(f"its margin {way} is {margin} mm, but cannot be less than 0.")
    if count > 1 and pitch < label:
        found.append(f"its labels {way} are {label} mm but only {pitch} mm apart, so they would overlap.")
    needed = margin + (count - 1) * pitch + label
    if needed > page:
        found.append(f"{count} labels {way} end at {needed} mm, but the page is {page} mm.")
    if abs(nudge) > LARGEST_NUDGE:
        found.append(f"a nudge of {nudge} mm {way} is more than {LARGEST_NUDGE} mm; check the printer's paper size.")
    return found
