"""What happened to one tablet, as JSON lines beside its state: the witness a report is checked against."""

from __future__ import annotations

import datetime
import json
import threading
from pathlib import Path

FILE_NAME = "wire.jsonl"


class WireLog:
    """Appends one line for each event. It belongs to the observer, not the tablet, so a wipe leaves it alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, kind: str, **details: object) -> None:
        """Write one event at once, so that a killed process loses none."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "kind": kind, **details}, ensure_ascii=False)
        with self._lock, self.path.open("a", encoding="utf-8", errors="surrogateescape") as log:
            log.write(line + "\n")

    def events(self, kind: str | None = None) -> list[dict[str, object]]:
        """Everything so far, or everything of one kind. A line cut short by a kill is left out."""
        return [event for event in read_events(self.path) if kind is None or event["kind"] == kind]


def read_events(path: Path) -> list[dict[str, object]]:
    """The events of a log file, oldest first. A last line that a kill cut short is left out."""
    if not path.exists():
        return []
    events: list[dict[str, object]] = []
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return events
