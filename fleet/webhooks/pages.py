"""Webhooks for hub admins: the list, the form, and one webhook with its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.clock import LONDON, Clock
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Filter, Listed, ListQuery, Table, table, table_csv
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag
from fleet.webhooks import queries, service
from fleet.webhooks.models import Webhook, WebhookDelivery
from fleet.webhooks.rules import DeliveryState
from fleet.webhooks.service import Wanted
from fleet.webhooks.words import STATES, SUBJECT_WORDS, kinds_words, standing

router = APIRouter(prefix="/webhooks")

SetsUp = Annotated[Actor, Depends(may(Permission.WEBHOOKS_SET_UP))]
SETS_UP = [Depends(may(Permission.WEBHOOKS_SET_UP))]
SUBJECTS = tuple((f"{subject.value}.*", words) for subject, words in SUBJECT_WORDS.items())
COLUMNS = (
    Column("What was told", "id"),
    Column("When"),
    Column("State"),
    Column("Tries", numeric=True),
    Column("The last answer"),
)


class WebhookForm(BaseModel):
    """A webhook as it is typed."""

    name: str = ""
    url: str = ""
    subjects: list[str] = Field(default_factory=list)
    kinds: str = ""

    def wanted(self) -> Wanted:
        return Wanted(self.name, self.url, (*self.subjects, *self.kinds.replace(",", " ").split()))


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


@dataclass(frozen=True)
class FormPage:
    typed: Form
    post_to: str
    question: str
    subjects: tuple[tuple[str, str], ...] = SUBJECTS
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "A webhook"


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


@router.get("", dependencies=SETS_UP)
def webhooks_page(request: Request, session: ReadSession, clock: ClockDep) -> Response:
    lines = _lines(session, queries.webhooks(session), clock())
    return render(request, "webhooks/list.html", ListPage(lines))


@router.get("/new", dependencies=SETS_UP)
def new_page(request: Request) -> Response:
    return _form(request, Form(), "/webhooks/new")


@router.post("/new")
def add_webhook(
    request: Request, form: FormDep, session: WriteSession, actor: SetsUp, settings: SettingsDep, clock: ClockDep
) -> Response:
    wanted = form.parse(WebhookForm).wanted()
    try:
        made, secret = service.add_webhook(session, wanted, actor=actor, settings=settings, now=clock())
    except BadInput as error:
        return _form(request, form, "/webhooks/new", error.fields)
    return _page(request, session, made.id, ListQuery(), clock, secret=secret)


@router.get("/{webhook_id}", dependencies=SETS_UP)
def webhook_page(request: Request, webhook_id: RowId, session: ReadSession, query: Listed, clock: ClockDep) -> Response:
    if query.as_csv:
        service.get_webhook(session, webhook_id)
        return table_csv(f"webhook-{webhook_id}", _table(session, webhook_id, query))
    return _page(request, session, webhook_id, query, clock)


@router.get("/{webhook_id}/change", dependencies=SETS_UP)
def change_page(request: Request, webhook_id: RowId, session: ReadSession) -> Response:
    return _form(request, _as_typed(service.get_webhook(session, webhook_id)), f"/webhooks/{webhook_id}/change")


@router.post("/{webhook_id}/change", dependencies=SETS_UP)
def change_webhook(
    request: Request, webhook_id: RowId, form: FormDep, session: WriteSession, settings: SettingsDep
) -> Response:
    try:
        service.change_webhook(session, webhook_id, form.parse(WebhookForm).wanted(), settings=settings)
    except BadInput as error:
        return _form(request, form, f"/webhooks/{webhook_id}/change", error.fields)
    return see_other(f"/webhooks/{webhook_id}", said="The webhook is changed.")


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
    return _page(request, session, webhook_id, ListQuery(), clock, secret=secret)


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


def _lines(session: Session, webhooks: Sequence[Webhook], now: datetime) -> tuple[WebhookLine, ...]:
    failed, waiting = (queries.counts(session, state) for state in (DeliveryState.FAILED, DeliveryState.WAITING))
    return tuple(
        WebhookLine(
            each.id,
            each.name,
            each.url,
            kinds_words(each.kinds),
            standing(each, failed.get(each.id, 0), now),
            failed.get(each.id, 0),
            waiting.get(each.id, 0),
        )
        for each in webhooks
    )


def _page(
    request: Request, session: Session, webhook_id: int, query: ListQuery, clock: Clock, *, secret: str = ""
) -> Response:
    webhook, now = service.get_webhook(session, webhook_id), clock()
    (line,) = _lines(session, [webhook], now)
    facts = [("Address", webhook.url), ("Told of", line.kinds)]
    if webhook.old_until is not None and webhook.old_until > now:
        facts.append(("Signed with both secrets", f"until {webhook.old_until.astimezone(LONDON):%-d %b, %H:%M}"))
    shown = queries.find_deliveries(session, webhook_id, query).items
    page = WebhookPage(
        line=line,
        facts=tuple(facts),
        stopped=webhook.stopped_at is not None,
        because=webhook.stopped_because,
        table=_table(session, webhook_id, query),
        again=tuple((each.id, _what(each)) for each in shown if each.state is DeliveryState.FAILED),
        title=webhook.name,
        secret=secret,
    )
    return render(request, "webhooks/one.html", page)


def _table(session: Session, webhook_id: int, query: ListQuery) -> Table:
    states = (("", "Any"), *((state.value, tag.word) for state, tag in STATES.items()))
    return table(
        queries.find_deliveries(session, webhook_id, query),
        caption="Messages",
        columns=COLUMNS,
        row=_row,
        path=f"/webhooks/{webhook_id}",
        empty="Each message to this webhook is listed here, with what came of it.",
        filters=(Filter("state", "State", query.filter("state"), states),),
    )


def _row(delivery: WebhookDelivery) -> tuple[Cell, ...]:
    tag = STATES[delivery.state]
    return (
        Cell(delivery.kind),
        Cell(f"{delivery.made_at.astimezone(LONDON):%-d %b, %H:%M}"),
        Cell(tag.word, state=tag.shape.value),
        Cell(str(delivery.tries)),
        Cell(delivery.said or "Not tried so far."),
    )


def _what(delivery: WebhookDelivery) -> str:
    return f"{delivery.kind} of {delivery.made_at.astimezone(LONDON):%-d %b, %H:%M}"


def _form(request: Request, typed: Form, post_to: str, errors: dict[str, str] | None = None) -> Response:
    question = "Who is told, and of what?" if post_to.endswith("/new") else "What is to be changed?"
    errors = dict(errors or {})
    if "kinds" in errors and not typed.get("kinds"):
        errors["subjects"] = errors.pop("kinds")
    page = FormPage(typed, post_to, question, errors=errors)
    return render(request, "webhooks/form.html", page, status=422 if errors else 200)


def _as_typed(webhook: Webhook) -> Form:
    whole = tuple(kind for kind in webhook.kinds if kind.endswith(".*"))
    single = " ".join(kind for kind in webhook.kinds if not kind.endswith(".*"))
    return Form({"name": webhook.name, "url": webhook.url, "kinds": single}, lists={"subjects": whole})
