"""What every act says of itself, whatever it is done to; who did it is said beside it, as an `Actor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Happening:
    """Where and when something happened: the server's time, and the phone's or bench's own story of it."""

    now: datetime
    source: str = "page"
    client_at: datetime | None = None
    client_id: str | None = None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
