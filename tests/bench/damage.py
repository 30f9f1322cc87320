"""How many labels of every sheet and roll are still read after blur, rotation, fading, and 15 % of the symbol covered.

Each label is rendered by a program that is not ours (pdfium for sheets), damaged as `tests.labels.damage` says, and
read by zxing-cpp. The target is that every label as printed is read; the rest is what to expect of a worn label.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from statistics import mean

from labels.frames import Part
from labels.layouts import capacity
from labels.roll import Roll
from labels.rolls import rolls
from labels.sheet import Sheet
from labels.sheets import presets
from tests.labels.damage import DAMAGES, on_roll, on_sheet, share_read
from tests.labels.samples import labels


def stocks() -> Iterator[tuple[str, Sheet | Roll]]:
    """Every sheet, and every roll in each head it is printed with."""
    yield from presets().items()
    for name, roll in rolls().items():
        yield f"{name} ({roll.dpi} dpi)", roll
        if roll.dpi != 300:
            yield f"{name} (300 dpi)", roll.at(300)


def shares(stock: Sheet | Roll, count: int) -> dict[str, float]:
    """For each damage the share of `count` different labels that is read."""
    wanted = labels(count)
    made = list(on_roll(wanted, stock) if isinstance(stock, Roll) else on_sheet(wanted, stock))
    return {damage: share_read(made, damage) for damage in DAMAGES}


def report(count: int) -> tuple[list[str], bool]:
    """The table as lines of Markdown, and whether every label was read as printed."""
    lines = [f"| sheet or roll | module, mm | {' | '.join(DAMAGES)} |", "|---" * (len(DAMAGES) + 2) + "|"]
    found: list[dict[str, float]] = []
    for name, stock in stocks():
        can = capacity(stock)
        if Part.QR not in can.carries:
            lines.append(f"| {name} | | {can.sentence} |{' |' * (len(DAMAGES) - 1)}")
            continue
        found.append(shares(stock, count))
        cells = " | ".join(_percent(share) for share in found[-1].values())
        lines.append(f"| {name} | {_module(stock):.2f} | {cells} |")
    means = " | ".join(_percent(mean(each[damage] for each in found)) for damage in DAMAGES)
    return [*lines, f"| all | | {means} |"], all(each["as printed"] == 1 for each in found)


def _percent(share: float) -> str:
    return "100 %" if share == 1 else f"{share * 100:.1f} %"


def _module(stock: Sheet | Roll) -> float:
    """Millimetres of one module as it is printed."""
    (one,) = on_roll(labels(1), stock) if isinstance(stock, Roll) else on_sheet(labels(1), stock)
    return (one.symbol[2] - one.symbol[0]) / 29 / one.dots_per_mm


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit code is 1 where a label as printed was not read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    chosen = parser.parse_args(arguments)
    lines, met = report(chosen.count)
    target = f"  {'met' if met else 'MISSED':6}  every label as printed is read"
    sys.stdout.write("\n".join([f"damage: {chosen.count} different labels a row", *lines, target]) + "\n")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
