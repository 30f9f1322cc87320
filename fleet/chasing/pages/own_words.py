"""A programme's own words for one step in another language: written, and read by somebody whose language it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy.orm import Session

from fleet.chasing import service
from fleet.chasing.api import Chaser
from fleet.chasing.rules import OwnText, Rung
from fleet.chasing.wording import ENGLISH, languages, messages
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, there
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.people.words import language_words
from fleet.web.render import render

router = PageRouter(prefix="/chasing")

Language = Annotated[str, Query(max_length=16, description="A language that has messages, other than English.")]


@dataclass(frozen=True)
class OwnWordsPage:
    programme_id: int
    programme: str
    rung: Rung
    written_in: str
    rtl: bool
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The language in words."""
        return language_words(self.written_in)

    @property
    def title(self) -> str:
        return f"What do we say in {self.name}?"


@router.get("/programmes/{programme_id}/words/{key}")
def own_words_page(
    request: Request, programme_id: RowId, key: str, session: ReadSession, actor: Chaser, language: Language = "cy"
) -> Response:
    return render(request, "chasing/own_words.html", _page(session, programme_id, key, language))


@router.post("/programmes/{programme_id}/words/{key}")
def set_own_words(
    request: Request,
    programme_id: RowId,
    key: str,
    form: FormDep,
    session: WriteSession,
    actor: Chaser,
    clock: ClockDep,
) -> Response:
    """Keep the words; emptied, they are taken away."""
    language = form.get("language")
    body = form.get("body").replace("\r\n", "\n").strip()
    easy = form.get("easy").replace("\r\n", "\n").strip()
    text = OwnText(language, form.get("subject"), body, form.get("read_by"), easy, form.get("easy_read_by"))
    try:
        service.set_words(session, programme_id, key, text, actor=actor, happening=Happening(now=clock()))
    except BadInput as error:
        page = _page(session, programme_id, key, language, form.values, error.fields)
        return render(request, "chasing/own_words.html", page, status=422)
    said = f"The words in {language_words(language)} are kept." if body else "The words were taken away."
    return see_other(f"/chasing/programmes/{programme_id}/words?language={language}", said=said)


def _page(
    session: Session,
    programme_id: int,
    key: str,
    asked: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> OwnWordsPage:
    programme = cohorts.get_programme(session, programme_id)
    rung = service.ladder_of(session, programme.id).own_rung(key)
    found = there(rung, "The ladder has no such step.", next_step="Look for it on the programme's ladder.")
    language = asked if asked in languages() and asked != ENGLISH else "cy"
    own = found.in_language(language) or OwnText(language, "", "")
    values = typed or asdict(own)
    return OwnWordsPage(programme.id, programme.name, found, language, messages(language).rtl, values, errors or {})
