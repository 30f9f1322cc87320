"""The queue in a folder: kombu's own filesystem transport, with messages that appear whole or not at all.

Stock, a message's file can be seen before it is written; a reader that comes in between gets an empty one, and the
worker ends. Here it is written aside and renamed into place (docs/decisions/0005).
"""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem

SCHEME = "folder"


class WholeMessages(filesystem.Channel):
    """A channel whose readers never see half a message."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]  # kombu disagrees itself
        folder = Path(self.data_folder_out)
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        aside = folder / f".{name}.part"
        aside.write_text(json.dumps(payload), encoding="utf-8")
        aside.rename(folder / name)


class Transport(filesystem.Transport):
    """What ``folder://`` as a broker's address means."""

    Channel = WholeMessages


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:{Transport.__name__}"
