"""What the API asks and says of a person's own data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from fleet.privacy.rules import WhyErase
from fleet.privacy.service import Standing


class EraseIn(BaseModel):
    """Why a record is to go, as a code."""

    why: WhyErase


class ErasureOut(BaseModel):
    """How an erasure stands."""

    person_id: int
    asked_at: datetime | None = Field(description="Empty while nobody asked for it.")
    done_at: datetime | None
    waits_for: list[str] = Field(description="What must end first, a sentence each.")


class SectionOut(BaseModel):
    """The rows of one kind."""

    title: str
    rows: list[dict[str, Any]]


class EverythingOut(BaseModel):
    """All that is kept about one person."""

    about: int
    made_at: datetime
    sections: dict[str, SectionOut]
    photos: dict[str, str] = Field(description="Pictures from the door, in base64, by the name of their file.")


def erasure_out(person_id: int, stands: Standing) -> ErasureOut:
    """As the API says it."""
    erasure = stands.erasure
    return ErasureOut(
        person_id=person_id,
        asked_at=erasure.asked_at if erasure else None,
        done_at=erasure.done_at if erasure else None,
        waits_for=[] if erasure and erasure.done_at else list(stands.waits),
    )
