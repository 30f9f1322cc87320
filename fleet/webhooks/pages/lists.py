"""The list of webhooks, each with how it is doing in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession
from fleet.web.render import render
from fleet.web.shapes import StateTag
from fleet.webhooks import queries
from fleet.webhooks.api import SETS_UP
from fleet.webhooks.models import Webhook
from fleet.webhooks.rules import DeliveryState
from fleet.webhooks.words import kinds_words, standing

router = PageRouter(prefix="/webhooks")


@dataclass(frozen=True)
class WebhookLine:
    id: int
    name: str
    url: str
    kinds: str
    tag: StateTag
    failed: int
    waiting: int


@dataclass(frozen=True)
class ListPage:
    webhooks: tuple[WebhookLine, ...]
    title: str = "Webhooks"


@router.get("", dependencies=SETS_UP)
def webhooks_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    lines = lines_of(session, queries.webhooks(session), clock())
    return render(request, "webhooks/list.html", ListPage(lines))


def lines_of(session: Session, webhooks: Sequence[Webhook], now: datetime) -> tuple[WebhookLine, ...]:
    failed, waiting = (queries.counts(session, state) for state in (DeliveryState.FAILED, DeliveryState.WAITING))
    refused = queries.counts(session, DeliveryState.WAITING, tries=1)
    return tuple(
        WebhookLine(
            each.id,
            each.name,
            each.url,
            kinds_words(each.kinds),
            standing(each, failed.get(each.id, 0), refused.get(each.id, 0), now),
            failed.get(each.id, 0),
            waiting.get(each.id, 0),
        )
        for each in webhooks
    )
