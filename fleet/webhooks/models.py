"""Who is told, and what they were or are still to be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.webhooks.rules import DeliveryState


class Webhook(Base):
    """An address that is told of the chosen kinds of event. `secret` and `old_secret` are sealed."""

    __tablename__ = "webhook"

    id: Mapped[IntId]
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(Text)
    old_secret: Mapped[str | None] = mapped_column(Text)
    old_until: Mapped[datetime | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(String(200), default="")
    troubles: Mapped[int] = mapped_column(default=0)
    """Tries in a row that found it away or busy."""
    rests_until: Mapped[datetime | None]
    busy_job: Mapped[int | None]
    """The job that delivers to it, until `busy_until` at the latest: one at a time."""
    busy_until: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One message to one webhook. Written in the transaction of the event that it tells of; holds no personal data."""

    __tablename__ = "webhook_delivery"

    id: Mapped[IntId]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(40))
    """The same for every try, and for every webhook that is told of the event."""
    kind: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[DeliveryState] = mapped_column(word_column(DeliveryState), default=DeliveryState.WAITING)
    made_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    """When it was made, or somebody last asked for it again."""
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    said: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
        Index(
            "ix_webhook_delivery_waits",
            "webhook_id",
            "next_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_delivery_failed",
            "webhook_id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index("ix_webhook_delivery_asked_at", "asked_at"),
    )
