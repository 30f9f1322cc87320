"""Ends this process when its parent ends, however that happens: the parent holds the other end of standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading


def stop_with_parent() -> None:
    """Watch standard input from a thread; when it closes, send this process SIGTERM."""

    def watch() -> None:
        sys.stdin.buffer.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
