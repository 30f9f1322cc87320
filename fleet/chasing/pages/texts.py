"""What our messages say: each step of a ladder on a real loan, in any language and format, before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from fleet.chasing import service
from fleet.chasing.api import Chaser, LoanId
from fleet.chasing.rules import LanguageChoice, TextState
from fleet.chasing.service import Words
from fleet.chasing.wording import languages, text_state
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.people.service import viewed_all
from fleet.people.sight import seen
from fleet.people.words import language_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/chasing")

LANGUAGES = tuple((code, language_words(code)) for code in languages())
STATES = {
    TextState.READY: "",
    TextState.DRAFT: (
        "Nobody whose language it is has read our words in it yet. They leave only where somebody decided so."
    ),
    TextState.MISSING: "We have no words in this language.",
}


@dataclass(frozen=True)
class TextsPage:
    programme_id: int
    programme: str
    chosen: str
    easy: bool
    name: str
    loan_id: int | None
    state: str
    words: tuple[Words, ...]
    loans: tuple[tuple[str, str], ...] = ()
    """The loans that the words may be tried on: (number, name)."""
    may_do: bool = False
    languages: tuple[tuple[str, str], ...] = LANGUAGES
    title: str = "What do our messages say?"

    @property
    def language_name(self) -> str:
        """The chosen language in words."""
        return language_words(self.chosen)


@router.get("/programmes/{programme_id}/words")
def texts_page(
    request: Request,
    programme_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.CHASING_SEE))],
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
    language: Annotated[str, Query(max_length=16, description="A language that has messages.")] = "en",
    easy: Annotated[str, Query(max_length=3, description="yes: easy read.")] = "",
    loan: Annotated[int | None, Query(description="The loan to try them on; one of the programme's.")] = None,
) -> Response:
    programme = cohorts.get_programme(session, programme_id)
    chosen = language if language in languages() else "en"
    ladder = service.ladder_of(session, programme.id)
    previewed = service.preview_loans(session, programme.id, ladder, at=clock())
    words = service.preview_words(previewed, ladder, settings, loan_id=loan, language=chosen, easy=easy == "yes")
    names = {each.situation.loan.id: seen(each.situation.person, (), actor).name for each in previewed}
    shown = words[0].loan_id if words else next(iter(names), None)
    viewed_all(database, [each.situation.person.id for each in previewed], actor=actor, now=clock())
    page = TextsPage(
        programme.id,
        programme.name,
        chosen,
        easy == "yes",
        names[shown] if shown is not None else "",
        shown,
        STATES[text_state(chosen)],
        words,
        tuple((str(number), name) for number, name in names.items()),
        actor.may(Permission.CHASING_DO),
    )
    return render(request, "chasing/texts.html", page)


@router.post("/loans/{loan_id}/language")
def answer_language(loan_id: LoanId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep) -> Response:
    if form.get("choice") not in list(LanguageChoice):
        raise BadInput("Nothing was decided.", fields={"choice": "Choose how they hear from us."})
    choice = LanguageChoice(form.get("choice"))
    service.answer_language(session, loan_id, choice, actor=actor, happening=Happening(now=clock()))
    return see_other(f"/chasing/loans/{loan_id}", said="It is decided how they hear from us.")
