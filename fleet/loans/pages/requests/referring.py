"""Asking for many people at once: a file goes up, every row is shown with what is wrong with it, then all or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.cohorts import service as cohorts
from fleet.database.base import row_number
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.paging import csv_response
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Requester
from fleet.loans.rules import Barrier, SafeAtHome
from fleet.loans.rules.sheets import COLUMNS, MOST_ROWS, NEEDED
from fleet.loans.seeing import as_referrer
from fleet.loans.service.requests.referring import Looked
from fleet.partners.service import hub_of
from fleet.people.rules import Channel, FamiliarApp, Household, NeedCode, PrintFormat
from fleet.spreadsheet import decoded
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/requests/sheet")
CHOICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("channel", tuple(Channel)),
    ("print_format", tuple(PrintFormat)),
    ("household", tuple(Household)),
    ("apps_used", tuple(FamiliarApp)),
    ("needs", tuple(NeedCode)),
    ("barriers", tuple(Barrier)),
    ("safe_at_home", tuple(SafeAtHome)),
    ("interpreter, needs_asked, consents", ("yes", "no")),
)
_EXAMPLE = {
    "first_name": "Sample",
    "last_name": "One",
    "phone": "07700 900999",
    "postcode": "N1 9GU",
    "channel": "call",
    "print_format": "print_18",
    "language_spoken": "en",
    "language_read": "en",
    "interpreter": "no",
    "household": "alone",
    "apps_used": "whatsapp; youtube",
    "needs_asked": "yes",
    "needs": "large_text; captions",
    "barriers": "device; skills",
    "safe_at_home": "yes",
    "consents": "yes",
}


@dataclass(frozen=True)
class SheetPage:
    """`looked` is None before a file was sent; `sheet` is its text, which comes back with the confirmation."""

    programmes: tuple[str, ...]
    looked: Looked | None = None
    sheet: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = COLUMNS
    needed: tuple[str, ...] = NEEDED
    most: int = MOST_ROWS
    choices: tuple[tuple[str, tuple[str, ...]], ...] = CHOICES
    """What may stand in the cells of a column, where not anything may."""
    title: str = "Ask for many people at once"


@router.get("", dependencies=[Depends(may(Permission.REQUESTS_MAKE))])
def sheet_page(request: Request, session: ReadSession) -> Response:
    return render(request, "loans/sheet.html", _page(session))


@router.get("/example", dependencies=[Depends(may(Permission.REQUESTS_MAKE))])
def example(session: ReadSession) -> Response:
    """A file to begin from: every column, and one made-up person."""
    programmes = _programmes(session)
    row = {**_EXAMPLE, "programme": programmes[0] if programmes else ""}
    return csv_response("people-to-ask-for", COLUMNS, [[row.get(name, "") for name in COLUMNS]])


@router.post("")
def look(
    request: Request,
    form: FormDep,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.REQUESTS_MAKE))],
    clock: ClockDep,
) -> Response:
    """What would be kept, and what is wrong; nothing is kept yet."""
    upload = form.files.get("file")
    if upload is None:
        page = _page(session, errors={"file": "Choose the file."})
        return render(request, "loans/sheet.html", page, status=422)
    with upload.file as file:
        sheet = decoded(file.read())
    looked = service.look_at_sheet(session, sheet, happening=Happening(now=clock()), referrer_id=as_referrer(actor))
    if looked.problem:
        page = _page(session, errors={"file": looked.problem})
        return render(request, "loans/sheet.html", page, status=422)
    return render(request, "loans/sheet.html", _page(session, looked=looked, sheet=sheet))


@router.post("/keep")
def keep(
    request: Request, form: FormDep, session: WriteSession, actor: Requester, settings: SettingsDep, clock: ClockDep
) -> Response:
    happening, referrer_id = Happening(now=clock()), as_referrer(actor)
    sheet = form.get("sheet")
    try:
        with session.begin_nested():
            made = service.keep_sheet(
                session,
                sheet,
                somebody_else=_answered(form, "somebody_else"),
                same_person=_answered(form, "same_person"),
                hub_id=hub_of(session, actor).id,
                referrer_id=referrer_id,
                actor=actor,
                settings=settings,
                happening=happening,
            )
    except BadInput as refused:
        looked = service.look_at_sheet(session, sheet, happening=happening, referrer_id=referrer_id)
        page = _page(
            session, looked=looked, sheet=sheet, errors={"file": " ".join((refused.message, *refused.fields.values()))}
        )
        return render(request, "loans/sheet.html", page, status=422)
    return see_other("/requests", said=_said(len(made)))


def _said(made: int) -> str:
    if not made:
        return "Nobody was left to ask for: everybody in the file was on record already."
    return f"{made} {'request is' if made == 1 else 'requests are'} on {'its' if made == 1 else 'their'} way."


def _answered(form: Form, answer: str) -> frozenset[int]:
    """The rows of which that was said."""
    rows = (name.removeprefix("row_") for name, said in form.values.items() if said == answer)
    return frozenset(number for row in rows if (number := row_number(row)) is not None)


def _programmes(session: Session) -> tuple[str, ...]:
    return tuple(each.name for each in cohorts.active_programmes(session))


def _page(
    session: Session, *, looked: Looked | None = None, sheet: str = "", errors: dict[str, str] | None = None
) -> SheetPage:
    return SheetPage(_programmes(session), looked, sheet, errors or {})
