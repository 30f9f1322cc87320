"""The page of one programme's agreement: its words in every language, whose they are, and another version of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Programme
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.loans import service
from fleet.loans.service.papers.agreements import text_for
from fleet.loans.wording import FOR_VENUES, SHIPPED, Agreement, venue_agreement
from fleet.people.words import language_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from labels.paper.texts import languages, paper_texts

router = PageRouter(prefix="/agreement-texts")

SetsUp = Annotated[Actor, Depends(may(Permission.COHORTS_SET_UP))]


@dataclass(frozen=True)
class ShownText:
    """The words in force in one language."""

    name: str
    text: Agreement
    rtl: bool


@dataclass(frozen=True)
class TextsPage:
    programme: Programme
    shown: tuple[ShownText, ...]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[tuple[str, str], ...] = tuple((code, language_words(code)) for code in languages())
    title: str = "What borrowers agree to"


@router.get("/{programme_id}")
def texts_page(request: Request, programme_id: RowId, session: ReadSession, _actor: SetsUp) -> Response:
    return render(request, "loans/agreement_texts.html", _page(session, programme_id))


@router.post("/{programme_id}")
def add_text(
    request: Request, programme_id: RowId, form: FormDep, session: WriteSession, actor: SetsUp, clock: ClockDep
) -> Response:
    text = Agreement(
        language=form.get("language"),
        source="",
        version=0,
        reviewed=form.get("reviewed") == "yes",
        title=form.get("title"),
        lead=form.get("lead"),
        terms=tuple(form.get("terms").splitlines()),
        accept=form.get("accept"),
    )
    try:
        added = service.add_text(session, programme_id, text, actor=actor, happening=Happening(now=clock()))
    except BadInput as refused:
        page = _page(session, programme_id, form, refused)
        return render(request, "loans/agreement_texts.html", page, status=refused.status)
    said = f"Version {added.version} in {language_words(added.language)} counts from the next tablet that is chosen."
    return see_other(f"/agreement-texts/{programme_id}", said=said)


def _page(session: Session, programme_id: int, form: Form | None = None, refused: BadInput | None = None) -> TextsPage:
    found = [(code, text_for(session, programme_id, code)) for code in languages()]
    at_places = [(code, venue_agreement(code)) for code in languages()]
    shown = tuple(
        ShownText(_named(text), text, paper_texts(code).rtl) for code, text in (*found, *at_places) if text is not None
    )
    english = next(each.text for each in shown if each.text.language == "en")
    given = {
        "language": "en",
        "title": english.title,
        "lead": english.lead,
        "terms": "\n".join(english.terms),
        "accept": english.accept,
    }
    return TextsPage(
        programme=cohorts.get_programme(session, programme_id),
        shown=shown,
        values=form.values if form else given,
        errors=refused.fields if refused else {},
    )


def _named(text: Agreement) -> str:
    whose = {
        SHIPPED: "comes with Doorstep",
        FOR_VENUES: "comes with Doorstep, for whoever looks after several tablets at a place",
    }.get(text.source, "the programme’s")
    read = "" if text.reviewed else ", waits for a reader"
    return f"{language_words(text.language)}: {whose}, version {text.version}{read}"
