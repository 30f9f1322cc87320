"""The form of a webhook, to add one or to change one."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request, Response
from pydantic import BaseModel, Field

from fleet.database.lists import ListQuery
from fleet.errors import BadInput
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.web.render import render
from fleet.webhooks import service
from fleet.webhooks.api import SETS_UP, SetsUp
from fleet.webhooks.models import Webhook
from fleet.webhooks.pages.one import shown
from fleet.webhooks.service import Wanted
from fleet.webhooks.words import SUBJECT_WORDS

router = PageRouter(prefix="/webhooks")

SUBJECTS = tuple((f"{subject.value}.*", words) for subject, words in SUBJECT_WORDS.items())


class WebhookForm(BaseModel):
    """A webhook as it is typed."""

    name: str = ""
    url: str = ""
    subjects: list[str] = Field(default_factory=list)
    kinds: str = ""

    def wanted(self) -> Wanted:
        return Wanted(self.name, self.url, (*self.subjects, *self.kinds.replace(",", " ").split()))


@dataclass(frozen=True)
class FormPage:
    typed: Form
    post_to: str
    question: str
    subjects: tuple[tuple[str, str], ...] = SUBJECTS
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "A webhook"


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
    return shown(request, session, made.id, ListQuery(), clock, secret=secret)


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
