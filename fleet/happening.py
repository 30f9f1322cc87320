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

    def told(self) -> dict[str, Any]:
        """The columns of a log that say when and from where, as `fleet.database.log.Told` names them."""
        return {"at": self.now, "client_at": self.client_at, "client_id": self.client_id, "source": self.source}
