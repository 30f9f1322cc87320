"""`python -m workers`: one worker process. With `--with-parent` it stops when standard input closes."""

from __future__ import annotations

import os
import signal
import sys
import threading

from fleet.settings import Settings
from workers.app import run_worker


def _stop_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    if "--with-parent" in sys.argv[1:]:
        threading.Thread(target=_stop_with_parent, name="parent-watch", daemon=True).start()
    sys.exit(run_worker(Settings()))
