"""The lines of a programme's form in which its funders stand: how they are filled in, and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fleet.cohorts.rules import MOST_FUNDERS, PaidBy
from fleet.http.forms import Form

FEWEST_ROWS = 2


def typed_funders(form: Form) -> tuple[PaidBy, ...]:
    """Those that were chosen; a line without a funder is left out."""
    rows = ((form.row(f"funder_{row}"), form.get(f"funder_note_{row}")) for row in range(1, MOST_FUNDERS + 1))
    return tuple(PaidBy(number, note) for number, note in rows if number is not None)


def funder_values(funders: Iterable[PaidBy]) -> dict[str, str]:
    """What stands in the lines of a programme on record."""
    values: dict[str, str] = {}
    for row, each in enumerate(funders, 1):
        values |= {f"funder_{row}": str(each.funder_id), f"funder_note_{row}": each.note}
    return values


def funder_rows(values: Mapping[str, str]) -> tuple[int, ...]:
    """The lines to show: those that are filled in and one more."""
    filled = max((row for row in range(1, MOST_FUNDERS + 1) if values.get(f"funder_{row}")), default=0)
    return tuple(range(1, min(MOST_FUNDERS, max(FEWEST_ROWS, filled + 1)) + 1))
