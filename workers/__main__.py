"""`python -m workers`: one worker process.

With `--with-parent` it stops when standard input closes; with `--lane NAME` it takes the jobs of that lane only.
"""

from __future__ import annotations

import argparse
import sys

from fleet.loading import loaded
from fleet.parent import stop_with_parent
from fleet.settings import Settings


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
    run_worker, rooms = loaded("workers.app", "run_worker"), loaded("workers.rooms", "work_of_rooms")
    sys.exit(run_worker(Settings(), rooms, lane=asked.lane))
