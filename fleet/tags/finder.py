"""What the address on a label shows: a stranger who found a tablet how to give it back, and staff the tablet itself.

What a finder says waits for a coordinator; so does the bare scan of a tablet that is lost by our books.

Nothing here may tell a stranger anything about a person, a loan or a programme: not even that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from limits import parse as parse_limit
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.forms import FormDep
from fleet.http.limits import client_address, slow_down
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession, get_database
from fleet.partners.service import HelpLine, help_line
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tags import service
from fleet.tags.rules import parse, shown
from fleet.tags.words import FinderWords, finder_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter()

CodeText = Annotated[str, Path(max_length=200)]

_LOOKS = parse_limit("60/minute")
"""Codes a stranger may look up from one address: guessing one of 33 million that exist would take years."""
_NOTES = parse_limit("5/hour")
_NOTES_ON_ONE = parse_limit("10/day")
A_FINDER = "A finder"


@dataclass(frozen=True)
class FinderPage:
    """`known` is false for a code we never made; then there is nothing to write a note about."""

    help: HelpLine
    words: tuple[FinderWords, ...]
    post_to: str = ""
    known: bool = False
    told: bool = False
    where: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "Thank you for finding this tablet"


@dataclass(frozen=True)
class TypeCodePage:
    """A code that cannot be read, or none yet."""

    help: HelpLine
    code: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    title: str = "Which tablet is it?"


@router.get("/t", dependencies=[Depends(may(Permission.PUBLIC))])
def type_a_code(request: Request, session: ReadSession, settings: SettingsDep, code: str = "") -> Response:
    if code.strip():
        return _code_read(request, session, settings, code) or RedirectResponse(
            f"/t/{shown(parse(code).code)}", status_code=303
        )
    return render(request, "tags/type_code.html", TypeCodePage(help_line(session, settings=settings)))


@router.get("/T/{code}")
@router.get("/t/{code}")
def open_label(
    request: Request,
    code: CodeText,
    session: ReadSession,
    settings: SettingsDep,
    viewer: Annotated[Actor, Depends(may(Permission.PUBLIC))],
    clock: ClockDep,
) -> Response:
    """Staff are sent to the tablet, a courier to the run, and everybody else sees how to give it back."""
    if not viewer.may(Permission.TABLETS_SEE):
        slow_down(request, _LOOKS, "labels", client_address(request), message="Too many labels were looked up at once.")
    unreadable = _code_read(request, session, settings, code)
    if unreadable is not None:
        return unreadable
    tablet_id = service.tablet_of(session, code)
    if tablet_id is not None:
        lost = tablets.get_tablet(session, tablet_id).stage is Stage.LOST
        if own_page := _own_page(viewer, tablet_id, lost=lost):
            return RedirectResponse(own_page, status_code=303)
        if lost:
            _tell_of_scan(request, tablet_id, clock())
    return render(request, "tags/finder.html", _finder(session, settings, code, known=tablet_id is not None))


def _own_page(viewer: Actor, tablet_id: int, *, lost: bool) -> str:
    """Where one of us is sent; nowhere for a stranger, and for those of us who have nothing to do with tablets."""
    if lost and viewer.may(Permission.LOST_REPORT):
        return f"/desk/lost/{tablet_id}"
    if viewer.may(Permission.TABLETS_SEE):
        return f"/tablets/{tablet_id}"
    return "/run" if viewer.may(Permission.DELIVERIES_DO) else ""


def _tell_of_scan(request: Request, tablet_id: int, now: datetime) -> None:
    """Once, until somebody has seen to it: a stranger has a lost tablet in hand and has not said where."""
    with get_database(request).write() as session:
        if not tablets.open_sightings(session, tablet_id=tablet_id):
            happening = Happening(now, source="finder")
            tablets.tell_sighting(session, tablet_id, place=_ONLY_SCANNED, by=A_FINDER, happening=happening)


_ONLY_SCANNED = "Its label was scanned by somebody who is not one of us, and who has not said where."


@router.post("/T/{code}", dependencies=[Depends(may(Permission.PUBLIC))])
@router.post("/t/{code}", dependencies=[Depends(may(Permission.PUBLIC))])
def tell_where(
    request: Request, code: CodeText, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep
) -> Response:
    unreadable = _code_read(request, session, settings, code)
    if unreadable is not None:
        return unreadable
    where, address = form.get("where"), client_address(request)
    try:
        service.check_finder_note(where)
        said = "We have several notes from you already, thank you."
        slow_down(request, _NOTES, "notes", address, message=said, next_step="Please ring us instead.")
        slow_down(request, _NOTES_ON_ONE, "notes", parse(code).code, message=said, next_step="Please ring us instead.")
        happening = Happening(now=clock(), source="finder")
        service.note_from_finder(session, code, where=where, happening=happening)
        tablet_id = service.tablet_of(session, code)
        assert tablet_id is not None, "a note was left on it"
        tablets.tell_sighting(session, tablet_id, place=where, by=A_FINDER, happening=happening)
    except BadInput as error:
        page = _finder(session, settings, code, known=True, where=where, errors=error.fields)
        return render(request, "tags/finder.html", page, status=422)
    return render(request, "tags/finder.html", _finder(session, settings, code, known=True, told=True))


def _code_read(request: Request, session: Session, settings: Settings, code: str) -> Response | None:
    """The page that asks for the code again when it cannot be read; None when it can."""
    reading = parse(code)
    if reading.good:
        return None
    page = TypeCodePage(help_line(session, settings=settings), code, {"code": reading.problem})
    return render(request, "tags/type_code.html", page)


def _words(settings: Settings) -> tuple[FinderWords, ...]:
    """English, then the hub's own languages in its order; one that has no words here is left out."""
    by_language = {words.language: words for words in finder_words()}
    wanted = dict.fromkeys((finder_words()[0].language, *settings.finder_languages_wanted))
    return tuple(by_language[language] for language in wanted if language in by_language)


def _finder(
    session: Session,
    settings: Settings,
    code: str,
    *,
    known: bool,
    told: bool = False,
    where: str = "",
    errors: dict[str, str] | None = None,
) -> FinderPage:
    tablet_id = service.tablet_of(session, code)
    hub_id = tablets.get_tablet(session, tablet_id).hub_id if tablet_id is not None else None
    return FinderPage(
        help=help_line(session, settings=settings, hub_id=hub_id),
        words=_words(settings),
        post_to=f"/t/{shown(parse(code).code)}",
        known=known,
        told=told,
        where=where,
        errors=errors or {},
    )
