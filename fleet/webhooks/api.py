"""Webhooks for programs: who is told of what, and what became of each message."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.webhooks import queries, service
from fleet.webhooks.schemas import (
    DeliveryList,
    DeliveryOut,
    WebhookIn,
    WebhookList,
    WebhookMade,
    WebhookOut,
    WebhookSecret,
)

router = ApiRouter(tags=["webhooks"])

SetsUp = Annotated[Actor, Depends(may(Permission.WEBHOOKS_SET_UP))]
SETS_UP = [Depends(may(Permission.WEBHOOKS_SET_UP))]


@router.get("/webhooks", dependencies=SETS_UP, responses=responses())
def list_webhooks(session: ReadSession, query: Listed) -> WebhookList:
    """Webhooks by name, a page at a time."""
    found = queries.find_webhooks(session, query)
    items = [WebhookOut.model_validate(each) for each in found.items]
    return WebhookList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/webhooks", status_code=201, responses=responses(409))
def add_webhook(
    asked: WebhookIn, session: WriteSession, actor: SetsUp, settings: SettingsDep, clock: ClockDep
) -> WebhookMade:
    """Add a webhook. The answer holds its secret, which is told this once."""
    made, secret = service.add_webhook(session, asked.wanted(), actor=actor, settings=settings, now=clock())
    return WebhookMade(**WebhookOut.model_validate(made).model_dump(), secret=secret)


@router.get("/webhooks/{webhook_id}", dependencies=SETS_UP, responses=responses(404))
def see_webhook(webhook_id: RowId, session: ReadSession) -> WebhookOut:
    """One webhook."""
    return WebhookOut.model_validate(service.get_webhook(session, webhook_id))


@router.put("/webhooks/{webhook_id}", dependencies=SETS_UP, responses=responses(404, 409))
def change_webhook(webhook_id: RowId, asked: WebhookIn, session: WriteSession, settings: SettingsDep) -> WebhookOut:
    """Tell another address, or of other kinds."""
    return WebhookOut.model_validate(service.change_webhook(session, webhook_id, asked.wanted(), settings=settings))


@router.delete("/webhooks/{webhook_id}", status_code=204, dependencies=SETS_UP, responses=responses(404, 409))
def remove_webhook(webhook_id: RowId, session: WriteSession) -> None:
    """Take a webhook away, with the list of what it was told."""
    service.remove_webhook(session, webhook_id)


@router.post("/webhooks/{webhook_id}/stop", dependencies=SETS_UP, responses=responses(404, 409))
def stop_webhook(webhook_id: RowId, session: WriteSession, clock: ClockDep) -> WebhookOut:
    """Tell it nothing of what happens from here on. Stopping twice is stopping once."""
    return WebhookOut.model_validate(service.stop(session, webhook_id, now=clock()))


@router.post("/webhooks/{webhook_id}/resume", dependencies=SETS_UP, responses=responses(404, 409))
def resume_webhook(webhook_id: RowId, session: WriteSession, clock: ClockDep) -> WebhookOut:
    """Tell it again, and send what waited."""
    return WebhookOut.model_validate(service.resume(session, webhook_id, now=clock()))


@router.post("/webhooks/{webhook_id}/secret", dependencies=SETS_UP, responses=responses(404, 409))
def rotate_secret(webhook_id: RowId, session: WriteSession, settings: SettingsDep, clock: ClockDep) -> WebhookSecret:
    """Make another secret. For a day messages are signed with both."""
    secret = service.rotate_secret(session, webhook_id, settings=settings, now=clock())
    return WebhookSecret(secret=secret, old_until=service.get_webhook(session, webhook_id).old_until)


@router.post("/webhooks/{webhook_id}/ping", status_code=202, dependencies=SETS_UP, responses=responses(404, 409))
def ping_webhook(webhook_id: RowId, session: WriteSession, clock: ClockDep) -> DeliveryOut:
    """Send a message of kind `doorstep.ping`, which tells of nothing."""
    return DeliveryOut.model_validate(service.ping(session, webhook_id, now=clock()))


@router.get("/webhooks/{webhook_id}/deliveries", dependencies=SETS_UP, responses=responses(404))
def list_deliveries(webhook_id: RowId, session: ReadSession, query: Listed) -> DeliveryList:
    """What one webhook was told, newest first. Filters: `state`, `kind`."""
    service.get_webhook(session, webhook_id)
    found = queries.find_deliveries(session, webhook_id, query)
    items = [DeliveryOut.model_validate(each) for each in found.items]
    return DeliveryList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post(
    "/webhook-deliveries/{delivery_id}/again", status_code=202, dependencies=SETS_UP, responses=responses(404, 409)
)
def send_again(delivery_id: RowId, session: WriteSession, clock: ClockDep) -> DeliveryOut:
    """Send a message once more that was delivered or given up."""
    return DeliveryOut.model_validate(service.send_again(session, delivery_id, now=clock()))
