"""Kills the whole demonstration at ten random moments and lets it go on: the month must end the same every time.

`python -m tests.bench.kills [SEED]`. Each demonstration is killed until it ends by itself; ten kills in all.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.fleet.demo.playing import end_state, play, play_and_kill, play_on

KILLS = 10
FIRST_PART, LAST_PART = 0.1, 0.9
"""A kill falls between these parts of the time that a whole month takes."""


def main() -> int:
    """1 where a killed and resumed month ended otherwise than one played through."""
    chance = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    with tempfile.TemporaryDirectory(prefix="doorstep-kills-") as folder:
        began = time.perf_counter()
        through = end_state(play(Path(folder) / "through"))
        whole = time.perf_counter() - began
        sys.stdout.write(f"Played through in {whole:.0f} s.\n")
        kills, months, wrong = 0, 0, 0
        while kills < KILLS:
            months += 1
            done, ended = _killed_month(Path(folder) / f"month-{months}", chance, whole, KILLS - kills)
            kills += done
            wrong += ended != through
            sys.stdout.write(
                f"Month {months}: {done} kills, {'the same end' if ended == through else 'ANOTHER END'}.\n"
            )
    sys.stdout.write(f"{kills} kills in {months} months; {wrong} ended otherwise.\n")
    return int(bool(wrong))


def _killed_month(folder: Path, chance: random.Random, whole: float, most: int) -> tuple[int, dict[str, Any]]:
    """One month, killed until it gets to its end or `most` kills were done; how many, and its end."""
    kills = 0
    while kills < most and play_and_kill(folder, after_seconds=chance.uniform(FIRST_PART, LAST_PART) * whole):
        kills += 1
    return kills, end_state(play_on(folder))


if __name__ == "__main__":
    sys.exit(main())
