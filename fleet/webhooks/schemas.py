"""What the API says of webhooks and their messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fleet.webhooks.rules import DeliveryState
from fleet.webhooks.service import Wanted


class WebhookIn(BaseModel):
    """Who is told of what."""

    name: str = Field(max_length=120, examples=["Council's dashboard"])
    url: str = Field(max_length=500, examples=["https://example.org/doorstep"])
    kinds: list[Annotated[str, Field(max_length=60)]] = Field(
        max_length=200, description="Kinds of event, such as `loan.extend`, or `loan.*` for all of a subject."
    )

    def wanted(self) -> Wanted:
        return Wanted(self.name, self.url, tuple(self.kinds))


class WebhookOut(BaseModel):
    """A webhook as it stands. Its secret is never told again."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    url: str
    kinds: list[str]
    made_at: datetime
    stopped_at: datetime | None
    stopped_because: str
    rests_until: datetime | None = Field(description="Left alone until then: it was away or busy.")
    old_until: datetime | None = Field(description="Until then messages are signed with the secret before, too.")


class WebhookMade(WebhookOut):
    """A webhook with its secret, told this once."""

    secret: str = Field(description="`whsec_` and base64: the key of the signatures (Standard Webhooks).")


class WebhookSecret(BaseModel):
    """Another secret, told this once; the one before is used as well until `old_until`."""

    secret: str
    old_until: datetime | None


class WebhookList(BaseModel):
    """One page of webhooks."""

    items: list[WebhookOut]
    total: int
    page: int
    page_count: int


class DeliveryOut(BaseModel):
    """One message to one webhook."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    webhook_id: int
    message_id: str = Field(description="The header `webhook-id`; the same for every try.")
    kind: str
    body: str = Field(description="The JSON that is sent.")
    state: DeliveryState
    made_at: datetime
    next_at: datetime
    tries: int
    tried_at: datetime | None
    status: int | None
    said: str


class DeliveryList(BaseModel):
    """One page of messages."""

    items: list[DeliveryOut]
    total: int
    page: int
    page_count: int
