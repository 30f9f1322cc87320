"""Printing labels: for chosen tablets and what goes with them, or blank ones to be claimed at intake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, TypedDict, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.database.base import row_number
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of
from fleet.tags import print_jobs, printers, printing, queries
from fleet.tags.models import PrintBatch
from fleet.tags.printing import SheetChoice, Wanted, sheet_choices
from fleet.tags.rules import shown
from fleet.tags.rules.printing import BatchKind
from fleet.tags.words import BATCH_WORDS
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from labels.frames import PrintSize

router = PageRouter(prefix="/labels")

Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]


class HowForm(BaseModel):
    """What is asked whatever is printed. Texts are kept as typed, so that the form can be shown again."""

    sheet: str = Field("L7160", max_length=40)
    start_at: int = 1
    copies: int = 1
    print_size: PrintSize = PrintSize.CLEAR
    printer: int = 0

    def wanted(self, session: Session) -> Wanted:
        """On the sheet that was chosen, or on the roll of the label printer that was."""
        wanted = Wanted(self.sheet, self.start_at, self.copies, self.print_size)
        return print_jobs.on_its_roll(session, wanted, self.printer or None)


class PrintForm(HowForm):
    """Labels of tablets, or of what goes with them."""

    kind: BatchKind = BatchKind.TABLET
    tablet: list[int] = Field(default_factory=list, max_length=500)


class BlanksForm(HowForm):
    """Blank labels."""

    count: int = 0


@dataclass(frozen=True)
class HowPage:
    """What every printing asks."""

    sheets: tuple[SheetChoice, ...]
    printers: tuple[tuple[str, str], ...]
    typed: Form
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class PrintPage:
    how: HowPage
    kind: BatchKind
    tablets: tuple[tuple[str, str, str], ...]
    """(id, kind and code, serial) of each tablet that may be ticked."""
    ticked: tuple[str, ...]
    waiting: int
    """Labels that have not left for their printer."""
    kinds: tuple[tuple[BatchKind, str], ...] = tuple(
        (kind, words) for kind, words in BATCH_WORDS.items() if kind is not BatchKind.BLANK
    )
    title: str = "Print labels"


@dataclass(frozen=True)
class BlanksPage:
    how: HowPage
    title: str = "Blank labels"


@router.get("", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def print_page(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    tablet: Annotated[list[int] | None, Query(max_length=500)] = None,
    kind: BatchKind = BatchKind.TABLET,
) -> Response:
    ticked = tuple(str(each) for each in tablet or ())
    page = _print_page(session, kind, ticked, _how(session, settings))
    return render(request, "tags/print.html", page)


@router.post("")
def print_labels(
    request: Request, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep, actor: Prints
) -> Response:
    def printed(asked: PrintForm, by: By) -> PrintBatch:
        return printing.print_labels(session, asked.tablet, kind=_of_tablets(asked.kind), **by)

    made = _printed(session, form, PrintForm, printed, settings, actor, clock())
    if isinstance(made, PrintBatch):
        return see_other(f"/labels/batches/{made.id}", said="The sheet is ready to print.")
    kind = BatchKind(form.get("kind")) if form.get("kind") in list(BatchKind) else BatchKind.TABLET
    page = _print_page(session, kind, form.lists.get("tablet", ()), _how(session, settings, form, made.fields))
    return render(request, "tags/print.html", page, status=422)


@router.get("/blanks", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def blanks_page(request: Request, session: ReadSession, settings: SettingsDep) -> Response:
    return render(request, "tags/blanks.html", BlanksPage(_how(session, settings)))


@router.post("/blanks")
def print_blanks(
    request: Request, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep, actor: Prints
) -> Response:
    def printed(asked: BlanksForm, by: By) -> PrintBatch:
        return printing.print_blanks(session, asked.count, **by)

    made = _printed(session, form, BlanksForm, printed, settings, actor, clock())
    if isinstance(made, PrintBatch):
        return see_other(f"/labels/batches/{made.id}", said="The blank labels are ready to print.")
    return render(request, "tags/blanks.html", BlanksPage(_how(session, settings, form, made.fields)), status=422)


class By(TypedDict):
    """What every printing is given beside what is printed."""

    wanted: Wanted
    settings: Settings
    actor: Actor
    happening: Happening


Asked = TypeVar("Asked", bound=HowForm)


def _printed(
    session: Session,
    form: Form,
    asks: type[Asked],
    make: Callable[[Asked, By], PrintBatch],
    settings: Settings,
    actor: Actor,
    now: datetime,
) -> PrintBatch | BadInput:
    """The batch, sent to its printer where one was chosen; or why it was not made, and then nothing was."""
    try:
        asked = form.parse(asks)
        with session.begin_nested():
            by = By(wanted=asked.wanted(session), settings=settings, actor=actor, happening=Happening(now))
            batch = make(asked, by)
            if asked.printer:
                print_jobs.send_batch(session, batch.id, asked.printer, actor=actor, now=now)
    except BadInput as refused:
        return refused
    return batch


def _of_tablets(kind: BatchKind) -> BatchKind:
    if kind is BatchKind.BLANK:
        raise BadInput("Nothing was printed.", fields={"tablet": "Blank labels have a page of their own."})
    return kind


def _how(
    session: Session, settings: Settings, typed: Form | None = None, errors: dict[str, str] | None = None
) -> HowPage:
    usable = [each for each in printers.printers_in_use(session) if printers.reached_by_worker(each)]
    return HowPage(
        sheets=sheet_choices(),
        printers=tuple((str(each.id), each.name) for each in usable),
        typed=typed or Form(),
        errors=errors or {},
        problem="" if typed else printing.check_public_url(settings) or "",
    )


def _print_page(session: Session, kind: BatchKind, ticked: Sequence[str], how: HowPage) -> PrintPage:
    offered = queries.tablets_to_label if kind is BatchKind.TABLET else queries.tablets_with_label
    wanted = [number for each in ticked if (number := row_number(each)) is not None]
    tablets = queries.tablets_by_id(session, wanted) | {tablet.id: tablet for tablet in offered(session)}
    return PrintPage(
        how=how,
        kind=kind,
        tablets=tuple((str(each.id), _name(each), f"Serial {each.serial}") for each in tablets.values()),
        ticked=tuple(ticked),
        waiting=sum(each.job.labels for each in print_jobs.waiting(session)),
    )


def _name(tablet: Tablet) -> str:
    code = f", {shown(tablet.label_code)}" if tablet.label_code else ", no label yet"
    return f"Tablet {tablet.id}, {name_of(tablet)}{code}"
