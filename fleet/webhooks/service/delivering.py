"""One webhook's messages, one after the other: what is due, what came of it, and when it is tried again.

At least once, in no promised order: a worker that dies between the receiver's answer and our note of it sends again,
with the same `webhook-id`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fleet.errors import Conflict, there
from fleet.settings import Settings
from fleet.webhooks import queries
from fleet.webhooks.models import Webhook, WebhookDelivery
from fleet.webhooks.rules import (
    GIVEN_UP_AFTER,
    GONE,
    KEPT_FOR,
    DeliveryMove,
    DeliveryState,
    Outcome,
    rest_after,
    signed,
    wait_before,
)
from fleet.webhooks.service.outbox import ask_for_worker
from fleet.webhooks.service.setting_up import secrets_of, stop

TURN = timedelta(seconds=60)
"""How long a job has a webhook to itself without saying so again; a try takes a third of it at most."""


@dataclass(frozen=True)
class Parcel:
    """One message as it leaves."""

    delivery_id: int
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str


def next_parcel(session: Session, webhook_id: int, *, job_id: int, settings: Settings, now: datetime) -> Parcel | None:
    """What is due next, signed. None when nothing is: then the webhook is let go, in the same transaction."""
    webhook = queries.take(session, webhook_id, job_id=job_id, now=now, until=now + TURN)
    delivery = queries.next_due(session, webhook_id, now) if webhook is not None else None
    if webhook is None or delivery is None:
        queries.let_go(session, webhook_id, job_id=job_id)
        return None
    seconds = int(now.timestamp())
    signature = signed(delivery.message_id, seconds, delivery.body, secrets_of(webhook, settings=settings, now=now))
    headers = (
        ("Content-Type", "application/json"),
        ("User-Agent", "Doorstep"),
        ("webhook-id", delivery.message_id),
        ("webhook-timestamp", str(seconds)),
        ("webhook-signature", signature),
    )
    return Parcel(delivery.id, webhook.url, headers, delivery.body)


def told(session: Session, delivery_id: int, outcome: Outcome, *, now: datetime) -> bool:
    """Write down what came of a try; whether the webhook's next message may go."""
    delivery = queries.delivery_locked(session, delivery_id)
    if delivery is None:  # the webhook was taken away meanwhile
        return False
    webhook = there(queries.webhook_locked(session, delivery.webhook_id), "It is gone.", next_step="")
    delivery.tries += 1
    delivery.tried_at, delivery.status, delivery.said = now, outcome.status, outcome.words[:200]
    session.flush()
    if outcome.is_delivered:
        webhook.troubles, webhook.rests_until = 0, None
        _move(session, delivery, DeliveryMove.ARRIVE)
    else:
        _again_later(session, delivery, outcome, now)
    if outcome.is_trouble:
        _rest(session, webhook, delivery, outcome, now)
    if outcome.status == GONE:
        stop(session, webhook.id, now=now, because="The receiver answered 410: it wants no more messages.")
    session.flush()
    return not outcome.is_trouble and webhook.stopped_at is None


def end(session: Session, webhook_id: int, *, job_id: int, now: datetime, why: str = "") -> None:
    """Let the webhook go. With `why`, another job goes on with what is still due."""
    queries.let_go(session, webhook_id, job_id=job_id)
    if why:
        ask_for_worker(session, webhook_id, why, now=now)


def send_again(session: Session, delivery_id: int, *, now: datetime) -> WebhookDelivery:
    """Send a message once more, whether it was delivered or given up. Raises `NotFound`, `Conflict`."""
    delivery = there(
        queries.delivery_locked(session, delivery_id),
        "There is no such message.",
        next_step="Choose one from the list.",
    )
    if not _move(session, delivery, DeliveryMove.SEND_AGAIN, tries=0, next_at=now, asked_at=now):
        raise Conflict("Nothing was changed. This message waits to be sent already.")
    ask_for_worker(session, delivery.webhook_id, f"{delivery.id} again {now:%Y%m%dT%H%M%S}", now=now)
    return delivery


def failed_count(session: Session) -> int:
    """How many messages were given up, to all webhooks together."""
    return sum(queries.counts(session, DeliveryState.FAILED).values())


def sweep(session: Session, *, now: datetime) -> None:
    """Give up what waited for over a day, forget what is a month old, and go on where a worker was lost."""
    said = "Given up: it could not be delivered for a day."
    queries.give_up_old(session, before=now - GIVEN_UP_AFTER, said=said)
    queries.forget(session, before=now - KEPT_FOR)
    for webhook_id in queries.waiting_webhooks(session, now):
        ask_for_worker(session, webhook_id, f"swept {now:%Y%m%dT%H%M%S}", now=now)


def _again_later(session: Session, delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    wait = wait_before(delivery.tries, chance=random.random())  # noqa: S311 - so that tries spread, not to keep a secret
    if wait is None or now + wait > delivery.asked_at + GIVEN_UP_AFTER:
        _move(session, delivery, DeliveryMove.GIVE_UP)
        return
    _move(session, delivery, DeliveryMove.TRY_AGAIN, next_at=now + wait)
    if not outcome.is_trouble:
        why = f"{delivery.id} try {delivery.tries} {now:%Y%m%dT%H%M%S}"
        ask_for_worker(session, delivery.webhook_id, why, now=now, after=wait)


def _rest(session: Session, webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    webhook.troubles += 1
    rest = rest_after(webhook.troubles, outcome.retry_after, chance=random.random())  # noqa: S311 - as above
    webhook.rests_until = now + rest
    later = max(rest, delivery.next_at - now) if delivery.state is DeliveryState.WAITING else rest
    for wait in {rest, later}:
        why = f"{delivery.id} rested {now:%Y%m%dT%H%M%S} {wait.total_seconds():.0f}"
        ask_for_worker(session, webhook.id, why, now=now, after=wait)


def _move(session: Session, delivery: WebhookDelivery, name: DeliveryMove, **values: Any) -> bool:
    """Make a move of the table, if the message stands where it begins."""
    moved = queries.move(session, name, WebhookDelivery.id == delivery.id, **values)
    session.refresh(delivery)
    return moved == 1
