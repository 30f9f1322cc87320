"""`python -m workers`: one worker process. With `--with-parent` it stops when standard input closes."""

from __future__ import annotations

import sys

from fleet.parent import stop_with_parent
from fleet.settings import Settings
from workers.app import run_worker

if __name__ == "__main__":
    if "--with-parent" in sys.argv[1:]:
        stop_with_parent()
    sys.exit(run_worker(Settings()))
