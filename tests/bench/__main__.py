"""Runs every benchmark beside this file and says which targets were met: `python -m tests.bench`, or `make bench`.

A benchmark is a module here with `main() -> int`, which prints its figures and answers 1 where a target is missed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def benchmarks() -> list[str]:
    """The names of the modules here that can be run."""
    return sorted(file.stem for file in HERE.glob("*.py") if not file.stem.startswith("_"))


def main() -> int:
    """Each in a process of its own, one after another, so that none weighs on the next."""
    missed = []
    for name in benchmarks():
        began = time.perf_counter()
        ended = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], cwd=HERE.parents[1], check=False)
        sys.stdout.write(f"  took {time.perf_counter() - began:.0f} s\n\n")
        if ended.returncode:
            missed.append(name)
    sys.stdout.write(f"Targets missed in: {', '.join(missed)}.\n" if missed else "Every target is met.\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
