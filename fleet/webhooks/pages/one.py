"""One webhook with its messages, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.clock import LONDON, Clock
from fleet.database.lists import ListQuery
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.web.render import render
from fleet.webhooks import queries, service
from fleet.webhooks.api import SETS_UP
from fleet.webhooks.models import Webhook, WebhookDelivery
from fleet.webhooks.pages.lists import WebhookLine, lines_of
from fleet.webhooks.rules import DeliveryState
from fleet.webhooks.words import STATES

router = PageRouter(prefix="/webhooks")

COLUMNS = (
    Column("What was told", "id"),
    Column("When"),
    Column("State"),
    Column("Tries", numeric=True),
    Column("The last answer"),
)


@dataclass(frozen=True)
class WebhookPage:
    line: WebhookLine
    facts: tuple[tuple[str, str], ...]
    stopped: bool
    because: str
    table: Table
    again: tuple[tuple[int, str], ...]
    """(number, what) of the messages on this page that failed, for the button that sends each again."""
    title: str
    secret: str = ""
    """Shown on this page and never again: it was just made."""


@router.get("/{webhook_id}", dependencies=SETS_UP)
def webhook_page(request: Request, webhook_id: RowId, session: ReadSession, query: Listed, clock: ClockDep) -> Response:
    if query.as_csv:
        webhook = service.get_webhook(session, webhook_id)
        return table_csv(f"webhook-{webhook_id}", _table(session, webhook, query))
    return shown(request, session, webhook_id, query, clock)


@router.post("/{webhook_id}/ping", dependencies=SETS_UP)
def ping_webhook(webhook_id: RowId, _form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    service.ping(session, webhook_id, now=clock())
    return see_other(f"/webhooks/{webhook_id}", said="A message is on its way. Open this page again in a moment.")


@router.post("/{webhook_id}/secret", dependencies=SETS_UP)
def rotate_secret(
    request: Request,
    webhook_id: RowId,
    _form: FormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    secret = service.rotate_secret(session, webhook_id, settings=settings, now=clock())
    return shown(request, session, webhook_id, ListQuery(), clock, secret=secret)


@router.post("/{webhook_id}/stop", dependencies=SETS_UP)
def stop_webhook(webhook_id: RowId, _form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    service.stop(session, webhook_id, now=clock())
    return see_other(f"/webhooks/{webhook_id}", said="It is told nothing more.")


@router.post("/{webhook_id}/resume", dependencies=SETS_UP)
def resume_webhook(webhook_id: RowId, _form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    service.resume(session, webhook_id, now=clock())
    return see_other(f"/webhooks/{webhook_id}", said="It is told again, and what waited is on its way.")


@router.post("/{webhook_id}/remove", dependencies=SETS_UP)
def remove_webhook(webhook_id: RowId, _form: FormDep, session: WriteSession) -> Response:
    service.remove_webhook(session, webhook_id)
    return see_other("/webhooks", said="The webhook is taken away.")


@router.post("/deliveries/{delivery_id}/again", dependencies=SETS_UP)
def send_again(delivery_id: RowId, _form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    delivery = service.send_again(session, delivery_id, now=clock())
    return see_other(f"/webhooks/{delivery.webhook_id}", said="It is on its way once more.")


def shown(
    request: Request, session: Session, webhook_id: int, query: ListQuery, clock: Clock, *, secret: str = ""
) -> Response:
    webhook, now = service.get_webhook(session, webhook_id), clock()
    (line,) = lines_of(session, [webhook], now)
    facts = [("Address", webhook.url), ("Told of", line.kinds)]
    if webhook.old_until is not None and webhook.old_until > now:
        facts.append(("Signed with both secrets", f"until {webhook.old_until.astimezone(LONDON):%-d %b, %H:%M}"))
    shown = queries.find_deliveries(session, webhook_id, query).items
    page = WebhookPage(
        line=line,
        facts=tuple(facts),
        stopped=webhook.stopped_at is not None,
        because=webhook.stopped_because,
        table=_table(session, webhook, query),
        again=tuple((each.id, _what(each)) for each in shown if each.state is DeliveryState.FAILED),
        title=webhook.name,
        secret=secret,
    )
    return render(request, "webhooks/one.html", page)


def _table(session: Session, webhook: Webhook, query: ListQuery) -> Table:
    states = (("", "Any"), *((state.value, tag.word) for state, tag in STATES.items()))
    return table(
        queries.find_deliveries(session, webhook.id, query),
        caption="Messages",
        columns=COLUMNS,
        row=lambda delivery: _row(delivery, webhook),
        path=f"/webhooks/{webhook.id}",
        empty="Each message to this webhook is listed here, with what came of it.",
        filters=(Filter("state", "State", query.filter("state"), states),),
    )


def _row(delivery: WebhookDelivery, webhook: Webhook) -> tuple[Cell, ...]:
    tag = STATES[delivery.state]
    return (
        Cell(delivery.kind),
        Cell(f"{delivery.made_at.astimezone(LONDON):%-d %b, %H:%M}"),
        Cell(tag.word, state=tag.shape.value),
        Cell(str(delivery.tries)),
        Cell(f"{delivery.said or 'Not tried so far.'}{_next_try(delivery, webhook)}"),
    )


def _next_try(delivery: WebhookDelivery, webhook: Webhook) -> str:
    """When it is tried again, for what waits after a try and while its webhook is told anything."""
    if delivery.state is not DeliveryState.WAITING or not delivery.tries or webhook.stopped_at is not None:
        return ""
    at = max(delivery.next_at, webhook.rests_until or delivery.next_at)
    return f" Next try on {at.astimezone(LONDON):%-d %b, %H:%M}."


def _what(delivery: WebhookDelivery) -> str:
    return f"{delivery.kind} of {delivery.made_at.astimezone(LONDON):%-d %b, %H:%M}"
