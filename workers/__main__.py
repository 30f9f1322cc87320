"""`python -m workers`: one worker process.

With `--with-parent` it stops when standard input closes; with `--lane NAME` it takes the jobs of that lane only.
"""

from __future__ import annotations

import argparse
import sys

from fleet.parent import stop_with_parent
from fleet.settings import Settings
from workers.app import run_worker
from workers.rooms import work_of_rooms


def asked_for() -> argparse.Namespace:
    """What the command line asks for."""
    words = argparse.ArgumentParser(prog="python -m workers")
    words.add_argument("--with-parent", action="store_true")
    words.add_argument("--lane", default="")
    return words.parse_args()


if __name__ == "__main__":
    asked = asked_for()
    if asked.with_parent:
        stop_with_parent()
    sys.exit(run_worker(Settings(), work_of_rooms, lane=asked.lane))
