"""Every select of the webhooks, and the conditional updates by which one job at a time delivers to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.webhooks.models import Webhook, WebhookDelivery
from fleet.webhooks.rules import BY_MOVE, DeliveryMove, DeliveryState

_WAITING = WebhookDelivery.state == DeliveryState.WAITING
_TABLE = cast(Table, Webhook.__table__)
_LISTENING = select(_TABLE.c.id, _TABLE.c.kinds).where(_TABLE.c.stopped_at.is_(None))


def webhook(session: Session, webhook_id: int) -> Webhook | None:
    return session.get(Webhook, webhook_id)


def webhook_locked(session: Session, webhook_id: int) -> Webhook | None:
    return session.get(Webhook, webhook_id, with_for_update=True, populate_existing=True)


def webhooks(session: Session) -> Sequence[Webhook]:
    """All of them, by name: there are at most `MOST_WEBHOOKS`."""
    return session.scalars(select(Webhook).order_by(Webhook.name, Webhook.id)).all()


def find_webhooks(session: Session, query: ListQuery) -> Found[Webhook]:
    sorts = {"id": Webhook.id, "name": Webhook.name}
    return find(session, select(Webhook), query, sorts=sorts, tie=Webhook.id, default_sort="name")


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Webhook)) or 0


def listening(session: Session) -> Sequence[tuple[int, list[str]]]:
    """(number, chosen kinds) of those that are told at all. Asked of the connection itself: each event waits for it."""
    found = session.connection().execute(_LISTENING).all()
    return [(webhook_id, kinds) for webhook_id, kinds in found]


def find_deliveries(session: Session, webhook_id: int, query: ListQuery) -> Found[WebhookDelivery]:
    """Newest first. Filters: `state`, `kind`."""
    statement = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if (state := query.choice("state", DeliveryState)) is not None:
        statement = statement.where(WebhookDelivery.state == state)
    if query.filter("kind"):
        statement = statement.where(WebhookDelivery.kind == query.filter("kind"))
    return find(
        session,
        statement,
        query,
        sorts={"id": WebhookDelivery.id},
        tie=WebhookDelivery.id,
        default_sort="id",
        default_descending=True,
    )


def delivery_locked(session: Session, delivery_id: int) -> WebhookDelivery | None:
    return session.get(WebhookDelivery, delivery_id, with_for_update=True, populate_existing=True)


def move(session: Session, name: DeliveryMove, *asked: ColumnElement[bool], **values: Any) -> int:
    """Make a move of the table with the messages that `asked` picks out and that stand where it begins; how many."""
    row = BY_MOVE[name]
    moved = update(WebhookDelivery).where(WebhookDelivery.state.in_(row.sources), *asked)
    return len(session.scalars(moved.values(state=row.target, **values).returning(WebhookDelivery.id)).all())


def counts(session: Session, state: DeliveryState, *, tries: int = 0) -> Mapping[int, int]:
    """How many deliveries of each webhook stand so after that many tries or more; asked of `waiting` and `failed` only,
    which have an index."""
    grouped = (
        select(WebhookDelivery.webhook_id, func.count().label("number"))
        .where(WebhookDelivery.state == state, WebhookDelivery.tries >= tries)
        .group_by(WebhookDelivery.webhook_id)
    )
    return {row.webhook_id: row.number for row in session.execute(grouped)}


def take(session: Session, webhook_id: int, *, job_id: int, now: datetime, until: datetime) -> Webhook | None:
    """Deliver to this webhook alone until `until`; None while it is stopped, left alone, or another job does."""
    free = or_(Webhook.busy_until.is_(None), Webhook.busy_until <= now, Webhook.busy_job == job_id)
    awake = or_(Webhook.rests_until.is_(None), Webhook.rests_until <= now)
    taken = (
        update(Webhook)
        .where(Webhook.id == webhook_id, Webhook.stopped_at.is_(None), free, awake)
        .values(busy_job=job_id, busy_until=until)
        .returning(Webhook)
    )
    return session.scalars(taken, execution_options={"populate_existing": True}).first()


def next_due(session: Session, webhook_id: int, now: datetime) -> WebhookDelivery | None:
    due = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id, _WAITING, WebhookDelivery.next_at <= now
    )
    return session.scalars(due.order_by(WebhookDelivery.next_at, WebhookDelivery.id).limit(1)).first()


def let_go(session: Session, webhook_id: int, *, job_id: int) -> None:
    session.execute(
        update(Webhook)
        .where(Webhook.id == webhook_id, Webhook.busy_job == job_id)
        .values(busy_job=None, busy_until=None)
    )


def waiting_webhooks(session: Session, now: datetime) -> Sequence[int]:
    """Those with something due that nobody delivers."""
    due = exists().where(WebhookDelivery.webhook_id == Webhook.id, _WAITING, WebhookDelivery.next_at <= now)
    awake = or_(Webhook.rests_until.is_(None), Webhook.rests_until <= now)
    free = or_(Webhook.busy_until.is_(None), Webhook.busy_until <= now)
    return session.scalars(select(Webhook.id).where(Webhook.stopped_at.is_(None), awake, free, due)).all()


def give_up_old(session: Session, *, before: datetime, said: str) -> None:
    """Those that wait and were asked for before this moment have failed."""
    move(session, DeliveryMove.GIVE_UP, WebhookDelivery.asked_at < before, said=said)


def forget(session: Session, *, before: datetime) -> None:
    """Delete what was last asked for before this moment, and is over."""
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.asked_at < before, ~_WAITING))
