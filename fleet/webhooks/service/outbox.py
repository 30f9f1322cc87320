"""Writes what is to be told, in the transaction of the event: it is told when that commits, and only then.

Who listens is asked once a transaction; where nobody does, that one small question is all it costs.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from fleet.database.log import Logged
from fleet.jobs.service import enqueue
from fleet.webhooks import queries
from fleet.webhooks.models import WebhookDelivery
from fleet.webhooks.rules import UNTOLD, DeliveryState, Subject, wants

DELIVER_JOB = "webhooks.deliver"
SWEEP_JOB = "webhooks.sweep"
_LISTENING = "webhooks listening"

Facts = dict[str, int | str | None]
"""Numbers, codes and states, and nothing about anybody."""


def tell(session: Session, subject: Subject, event: Logged, data: Facts) -> None:
    """Tell whoever listens of an event, by its number and `data`."""
    listening = _listening(session)
    kind = f"{subject.value}.{event.kind}"
    if not listening or kind in UNTOLD:
        return
    session.flush()
    number: Any = inspect(event).identity
    body, message_id = body_of(kind, event.at, {"id": number[0]} | data), new_message_id()
    for webhook_id, kinds in listening:
        if wants(kinds, kind):
            write(session, webhook_id, kind=kind, body=body, message_id=message_id, now=event.at)


def write(
    session: Session, webhook_id: int, *, kind: str, body: str, message_id: str, now: datetime
) -> WebhookDelivery:
    """One message to one webhook, and the job that sends it."""
    delivery = WebhookDelivery(
        webhook_id=webhook_id,
        message_id=message_id,
        kind=kind,
        body=body,
        state=DeliveryState.WAITING,
        made_at=now,
        asked_at=now,
        next_at=now,
    )
    session.add(delivery)
    session.flush()
    ask_for_worker(session, webhook_id, f"{delivery.id}", now=now)
    return delivery


def ask_for_worker(session: Session, webhook_id: int, why: str, *, now: datetime, **after: Any) -> None:
    """A job that delivers whatever is due to this webhook. The same `why` twice is one job."""
    key = f"{DELIVER_JOB}:{webhook_id}:{why}"
    enqueue(session, DELIVER_JOB, key=key, now=now, args={"webhook": webhook_id}, **after)


def body_of(kind: str, at: datetime, data: Facts) -> str:
    """The message as the specification recommends it, with nothing that could be left out."""
    timestamp = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}, separators=(",", ":"))


def new_message_id() -> str:
    """Drawn at random, since a number could come again after a restore. Without a full stop, for the signature."""
    return f"msg_{secrets.token_urlsafe(18)}"


def forget_listening(session: Session) -> None:
    """Ask again who listens: that has just changed."""
    session.info.pop(_LISTENING, None)


def _listening(session: Session) -> Sequence[tuple[int, list[str]]]:
    transaction = session.get_transaction()
    kept = session.info.get(_LISTENING)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_LISTENING] = (transaction, queries.listening(session))
    found: Sequence[tuple[int, list[str]]] = kept[1]
    return found
