"""What a request through the API may say of itself: an id of its own, when it was done, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from fleet.happening import Happening


class Act(BaseModel):
    """An act with an id of its own. The same `client_id` twice changes nothing and gets the same answer."""

    client_id: str | None = Field(None, min_length=8, max_length=64, description="Your own id for this act.")

    def happening(self, now: datetime) -> Happening:
        """As the services take it; `now` is the server's time."""
        return Happening(now=now, source="api", client_id=self.client_id)


class DatedAct(Act):
    """An act that may be told of late."""

    client_at: AwareDatetime | None = Field(None, description="When it happened by your clock.")

    def happening(self, now: datetime) -> Happening:
        return replace(super().happening(now), client_at=self.client_at)


class ReasonedAct(DatedAct):
    """All that an act may say of itself. The same `client_id` twice changes nothing and gets the same answer."""

    reason: str = Field("", max_length=500, description="Why, for the acts that ask for it. Nothing about health.")

    def happening(self, now: datetime) -> Happening:
        return replace(super().happening(now), reason=self.reason)
