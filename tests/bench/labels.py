"""How long, how large and how good 1,000 labels are, beside plain `qrcode` and reportlab doing the same job.

Everything is measured in one run on one machine, so the ratios mean something where the seconds do not. Each way of
making the sheets runs in a process of its own, so that the peak of one is not the peak of the other.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from statistics import mean, median
from typing import BinaryIO

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_H
from qrcode.util import lost_point
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from labels.layouts import TabletLabel, code_lines, frame_for
from labels.qr import QUIET_ZONE, make_symbol, tag_url
from labels.sheet_pdf import write_sheet
from labels.sheets import preset

SHEET = "L7160"
TARGET_RATIO = 0.5
TARGET_MB = 60.0
FLAT_WITHIN_MB = 4.0
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def stream(count: int) -> Iterator[TabletLabel]:
    """Different labels, none kept."""
    for number in range(count):
        digits = [ALPHABET[(number * 2654435761 >> (5 * place)) % 32] for place in range(6)]
        code = f"{''.join(digits[:4])}-{''.join(digits[4:])}"
        yield TabletLabel(code, tag_url("https://tablets.example", code), "Sample Tablet Library", "020 7946 0000")


def ours(count: int, out: BinaryIO) -> None:
    write_sheet(stream(count), preset(SHEET), out)


def plain(count: int, out: BinaryIO) -> None:
    """What the two libraries do by themselves: a matrix from qrcode, its row-runs as one reportlab path a label."""
    sheet = preset(SHEET)
    canvas = Canvas(out, pagesize=(float(sheet.page_width) * mm, float(sheet.page_height) * mm), invariant=1)
    for number, label in enumerate(stream(count)):
        if number and number % sheet.per_page == 0:
            canvas.showPage()
        left, top = (float(axis) for axis in sheet.corner(number % sheet.per_page + 1))
        x, y = left * mm, (float(sheet.page_height) - top) * mm
        frame = frame_for(label, sheet)
        if frame.qr:
            _plain_symbol(canvas, label.url, x + frame.qr.left * mm, y - frame.qr.top * mm, frame.qr.side * mm)
        for line in (*code_lines(label.code_text, frame.code), *frame.lines):
            canvas.setFont("Helvetica", line.points)
            canvas.drawString(x + line.left * mm, y - line.baseline * mm, line.text)
    canvas.save()


def _plain_symbol(canvas: Canvas, url: str, left: float, top: float, side: float) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_H)
    code.add_data(url, optimize=0)
    code.make()
    module = side / (len(code.modules) + 2 * QUIET_ZONE)
    path = canvas.beginPath()
    for row, modules in enumerate(code.modules):
        start = 0
        while start < len(modules):
            end = start + 1
            while end < len(modules) and modules[end] == modules[start]:
                end += 1
            if modules[start]:
                x, y = left + (start + QUIET_ZONE) * module, top - (row + 1 + QUIET_ZONE) * module
                path.rect(x, y, (end - start) * module, module)
            start = end
    canvas.drawPath(path, stroke=0, fill=1)


WAYS: dict[str, Callable[[int, BinaryIO], None]] = {"ours": ours, "plain": plain}


class _Length(BytesIO):
    """Takes a file and keeps only its length, as a socket or a disk would."""

    taken = 0

    def write(self, data: object) -> int:
        assert isinstance(data, bytes | bytearray | memoryview)
        self.taken += len(data)
        return len(data)


def measure(way: str, count: int) -> dict[str, float]:
    """Run one way in this process: seconds of work after a first label, file size and this process's peak in MB."""
    WAYS[way](1, _Length())
    out = _Length()
    began = time.perf_counter()
    WAYS[way](count, out)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "file_mb": out.taken / 1e6, "peak_mb": peak}


def measured_apart(way: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.labels", "--measure", way, str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def penalties(count: int) -> tuple[list[int], list[int]]:
    """Mask penalties by qrcode's own reckoning: our symbols and qrcode's."""
    mine, theirs = [], []
    for label in stream(count):
        rows: list[list[bool | None]] = [list(row) for row in make_symbol(label.url).rows()]
        code = QRCode(error_correction=ERROR_CORRECT_H)
        code.add_data(label.url, optimize=0)
        code.make()
        mine.append(lost_point(rows))
        theirs.append(lost_point(code.modules))
    return mine, theirs


def report(count: int, many: int, rounds: int) -> list[str]:
    """The figures as lines for a person, each with whether its target is met."""
    pairs = [(measured_apart("ours", count), measured_apart("plain", count)) for _ in range(rounds)]
    ratio = median(one["seconds"] / other["seconds"] for one, other in pairs)
    mine, theirs = pairs[0]
    large = measured_apart("ours", many)
    grown = large["peak_mb"] - mine["peak_mb"]
    our_cost, their_cost = penalties(min(count, 300))
    worse = sum(a > b for a, b in zip(our_cost, their_cost, strict=True))
    figures = (
        (ratio <= TARGET_RATIO, "time", f"{mine['seconds']:.2f} / {theirs['seconds']:.2f} s, median ratio {ratio:.3f}"),
        (mine["peak_mb"] < TARGET_MB, "memory", f"peak {mine['peak_mb']:.1f} / {theirs['peak_mb']:.1f} MB"),
        (grown <= FLAT_WITHIN_MB, "flat", f"peak {large['peak_mb']:.1f} MB at {many} labels, {grown:+.1f} MB"),
        (worse == 0, "masks", f"mean penalty {mean(our_cost):.1f} / {mean(their_cost):.1f}, {worse} worse"),
        (mine["file_mb"] <= theirs["file_mb"], "file", f"{mine['file_mb']:.2f} / {theirs['file_mb']:.2f} MB"),
    )
    head = f"labels: {count} on {SHEET}, {rounds} runs each way; ours / plain qrcode with reportlab"
    return [head, *(f"  {'met' if met else 'MISSED':6}  {what:7} {figure}" for met, what, figure in figures)]


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; the exit code is 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("WAY", "COUNT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.measure:
        way, count = chosen.measure
        sys.stdout.write(json.dumps(measure(way, int(count))))
        return 0
    lines = report(chosen.count, chosen.many, chosen.rounds)
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any("MISSED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
