"""What the address on a label shows: a stranger who found a tablet how to give it back, and staff the tablet itself.

Nothing here may tell a stranger anything about a person, a loan or a programme: not even that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from limits import parse as parse_limit
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.forms import FormDep
from fleet.http.limits import client_address, slow_down
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import HelpLine, help_line
from fleet.settings import Settings
from fleet.tags import service
from fleet.tags.rules import parse, shown
from fleet.tags.words import FinderWords, finder_words
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = APIRouter()

CodeText = Annotated[str, Path(max_length=200)]

_LOOKS = parse_limit("60/minute")
"""Codes a stranger may look up from one address: guessing one of 33 million that exist would take years."""
_NOTES = parse_limit("5/hour")
_NOTES_ON_ONE = parse_limit("10/day")


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
) -> Response:
    """Staff are sent to the tablet, a courier to the run, and everybody else sees how to give it back."""
    if not viewer.may(Permission.TABLETS_SEE):
        slow_down(request, _LOOKS, "labels", client_address(request), message="Too many labels were looked up at once.")
    unreadable = _code_read(request, session, settings, code)
    if unreadable is not None:
        return unreadable
    tablet_id = service.tablet_of(session, code)
    if tablet_id is not None and viewer.may(Permission.TABLETS_SEE):
        return RedirectResponse(f"/tablets/{tablet_id}", status_code=303)
    if tablet_id is not None and viewer.may(Permission.DELIVERIES_DO):
        return RedirectResponse("/run", status_code=303)
    return render(request, "tags/finder.html", _finder(session, settings, code, known=tablet_id is not None))


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
        service.note_from_finder(session, code, where=where, happening=Happening(now=clock(), source="finder"))
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
    return FinderPage(
        help=help_line(session, settings=settings),
        words=finder_words(),
        post_to=f"/t/{shown(parse(code).code)}",
        known=known,
        told=told,
        where=where,
        errors=errors or {},
    )
