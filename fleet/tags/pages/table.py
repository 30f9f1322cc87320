"""The labelling table: one field that takes serials and labels, claims blank ones and proves the others right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.errors import BadInput, DoorstepError
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.tablets.api import TabletId
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of
from fleet.tags import queries, service
from fleet.tags.models import Tag
from fleet.tags.rules import TagState, parse, shown
from fleet.tags.scanning import Came, Step, scan_back
from fleet.tags.words import TAG_STATES
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/labels")

Records = Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))]
Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]


@dataclass(frozen=True)
class OwnLabel:
    """A label that this tablet carries or carried."""

    code: str
    state: str
    shape: str
    story: str


@dataclass(frozen=True)
class ScanPage:
    """The one field, and where the work stands: a tablet in hand, a code that was scanned, both or neither."""

    tablet: Tablet | None = None
    code: str = ""
    blank: bool = False
    """Whether the code is a blank label's, which will be claimed."""
    own_code: str = ""
    confirmed: bool = False
    may_take_back: bool = False
    labels: tuple[OwnLabel, ...] = ()
    kind: str = ""
    wrong: str = ""
    what_next: str = ""
    title: str = "Scan labels back"


@router.get("/scan", dependencies=[Depends(may(Permission.TABLETS_RECORD))])
def scan_page(
    request: Request,
    session: ReadSession,
    tablet: RowId | None = None,
    code: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    return render(request, "tags/scan.html", _scan_page(session, tablet, code))


@router.post("/scan")
def scan(request: Request, form: FormDep, session: WriteSession, clock: ClockDep, actor: Records) -> Response:
    in_hand = form.row("tablet")
    try:
        with session.begin_nested():
            step = scan_back(
                session,
                form.get("scan"),
                in_hand=in_hand,
                code=form.get("code"),
                actor=actor,
                happening=Happening(clock()),
            )
    except DoorstepError as error:
        why = next(iter(error.fields.values()), "") if isinstance(error, BadInput) else error.next_step
        page = _scan_page(session, in_hand, form.get("code"), wrong=error.message, what_next=why)
        return render(request, "tags/scan.html", page, status=error.status)
    return _next(step)


@router.post("/replace/{tablet_id}")
def replace_label(
    tablet_id: TabletId, form: FormDep, session: WriteSession, clock: ClockDep, actor: Prints
) -> Response:
    blank = form.get("blank")
    made = service.replace(
        session, tablet_id, reason=form.get("reason"), with_code=blank, actor=actor, happening=Happening(clock())
    )
    said = f"{shown(made.code)} replaces the old label."
    if blank.strip():
        return see_other(f"/labels/scan?tablet={tablet_id}", said=f"{said} Stick it on, then scan it once more.")
    return see_other(f"/labels?tablet={tablet_id}", said=f"{said} Print it, stick it on, and scan it back.")


@router.post("/take-back/{tablet_id}")
def take_back(tablet_id: TabletId, form: FormDep, session: WriteSession, clock: ClockDep, actor: Records) -> Response:
    happening = Happening(clock(), reason=form.get("reason"))
    tag = service.take_back(session, tablet_id, actor=actor, happening=happening)
    said = f"{shown(tag.code)} is blank again. Scan the label that tablet {tablet_id} carries."
    return see_other(f"/labels/scan?tablet={tablet_id}", said=said)


def _next(step: Step) -> Response:
    if step.came is Came.CONFIRMED:
        return see_other("/labels/scan", said=f"{step.code} is on its own tablet, number {step.tablet_id}.")
    if step.came is Came.CLAIMED:
        said = f"{step.code} is the label of tablet {step.tablet_id} from here on. Scan it once more from the tablet."
        return see_other(f"/labels/scan?tablet={step.tablet_id}", said=said)
    half = f"tablet={step.tablet_id}" if step.tablet_id is not None else ""
    return see_other("/labels/scan?" + "&".join(filter(None, (half, f"code={step.code}" if step.code else ""))))


def _scan_page(session: Session, tablet_id: int | None, code: str, *, wrong: str = "", what_next: str = "") -> ScanPage:
    found = queries.tablets_by_id(session, [tablet_id]).get(tablet_id) if tablet_id is not None else None
    if found is None:
        blank = bool(code) and service.is_blank(session, code)
        return ScanPage(code=shown(parse(code).code) if blank else "", blank=blank, wrong=wrong, what_next=what_next)
    tags = queries.tags_of_tablet(session, found.id)
    own = next((tag for tag in tags if tag.state is TagState.ATTACHED), None)
    return ScanPage(
        tablet=found,
        code=code,
        blank=bool(code) and service.is_blank(session, code),
        own_code=shown(own.code) if own else "",
        confirmed=found.label_confirmed_at is not None,
        may_take_back=own is not None and not service.mistake_refusals(own, found),
        labels=_labels(session, tags),
        kind=name_of(found),
        wrong=wrong,
        what_next=what_next,
    )


def _labels(session: Session, tags: Sequence[Tag]) -> tuple[OwnLabel, ...]:
    codes = queries.codes_by_id(session, [tag.replaced_by_id for tag in tags if tag.replaced_by_id])
    return tuple(
        OwnLabel(
            shown(tag.code),
            TAG_STATES[tag.state].word,
            TAG_STATES[tag.state].shape,
            _story(tag, codes.get(tag.replaced_by_id or 0, "")),
        )
        for tag in tags
    )


def _story(tag: Tag, replaced_by: str) -> str:
    since = tag.attached_at or tag.made_at
    parts = [f"since {since.astimezone(LONDON):%-d %b %Y}"]
    if tag.confirmed_at is not None:
        parts.append(f"scanned back {tag.confirmed_at.astimezone(LONDON):%-d %b %Y}")
    if tag.replaced_at is not None:
        by = f" by {replaced_by}" if replaced_by else ""
        parts.append(f"replaced {tag.replaced_at.astimezone(LONDON):%-d %b %Y}{by}: {tag.replace_reason}")
    return ", ".join(parts)
