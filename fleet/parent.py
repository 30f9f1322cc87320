"""Ends this process when its parent ends, however that happens: the parent holds the other end of standard input."""

from __future__ import annotations

import os
import signal
import threading


def stop_with_parent() -> None:
    """Watch standard input from a thread; when it closes, send this process SIGTERM.

    It reads past Python's own buffer, whose lock a waiting thread would still hold when the interpreter ends.
    """

    def watch() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
