"""Choosing a QR mask by arithmetic on whole symbols: every module is one bit of one large integer.

The rules are those of ISO/IEC 18004 section 7.8.3, weighed as `qrcode` weighs them; a test compares the two.
Module (row, column) is bit ``row * size + column``; a set bit is dark.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

LONG_RUN = 5
FINDER_LIKE_COST = 40
BLOCK_COST = 3


class _Fields(NamedTuple):
    """Which modules have the neighbours that a rule looks at."""

    everything: int
    has_right: int
    has_below: int
    has_ten_right: int
    has_ten_below: int


@lru_cache(maxsize=40)
def _fields(size: int) -> _Fields:
    def rectangle(rows: int, columns: int) -> int:
        row = (1 << columns) - 1
        return sum(row << (size * index) for index in range(rows))

    return _Fields(
        everything=rectangle(size, size),
        has_right=rectangle(size, size - 1),
        has_below=rectangle(size - 1, size),
        has_ten_right=rectangle(size, size - 10),
        has_ten_below=rectangle(size - 10, size),
    )


def penalty(bits: int, size: int) -> int:
    """How hard a symbol is to read: the sum of the four rules, lower is better."""
    fields = _fields(size)
    alike_right = ~(bits ^ (bits >> 1)) & fields.has_right
    alike_below = ~(bits ^ (bits >> size)) & fields.has_below
    blocks = alike_right & (alike_right >> size) & alike_below
    light = fields.everything & ~bits
    finder_like = _finder_like(bits, light, 1, fields.has_ten_right)
    finder_like += _finder_like(bits, light, size, fields.has_ten_below)
    return (
        _long_runs(alike_right, 1)
        + _long_runs(alike_below, size)
        + BLOCK_COST * blocks.bit_count()
        + FINDER_LIKE_COST * finder_like
        + _imbalance(bits.bit_count(), size * size)
    )


def _long_runs(alike: int, step: int) -> int:
    """A run of n >= 5 equal modules costs n - 2; `alike` marks modules equal to the next one `step` bits on."""
    pairs = alike & (alike >> step)
    starts = pairs & (pairs >> (2 * step))
    first_of_run = starts & ~(starts << step)
    return starts.bit_count() + (LONG_RUN - 3) * first_of_run.bit_count()


def _finder_like(dark: int, light: int, step: int, room: int) -> int:
    """How often dark-light-dark dark dark-light-dark stands with four light modules before or after it."""
    two = light & (light >> step)
    four_light = two & (two >> (2 * step))
    core = (
        dark
        & (light >> step)
        & (dark >> (2 * step))
        & (dark >> (3 * step))
        & (dark >> (4 * step))
        & (light >> (5 * step))
        & (dark >> (6 * step))
    )
    light_after = core & (four_light >> (7 * step)) & room
    light_before = four_light & (core >> (4 * step)) & room
    return light_after.bit_count() + light_before.bit_count()


def _imbalance(dark: int, modules: int) -> int:
    """Ten for every whole five per cent that the dark share is away from a half."""
    return int(abs(float(dark) / modules * 100 - 50) / 5) * 10
