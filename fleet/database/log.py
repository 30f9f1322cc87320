"""The columns of every log that rows are only added to: what was done, by whom, when, and from where it was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class Logged:
    """Something that was done. `actor_name` and `role` are kept as they were then; `at` is the server's time."""

    kind: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(200))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(20))


class Told(Logged):
    """Something that a phone or a bench may tell of late or twice: `client_at` and `client_id` are its own."""

    client_at: Mapped[datetime | None]
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
