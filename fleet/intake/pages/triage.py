"""The page where a tablet is looked at and triaged: the quick look, the stolen check, the grade and the route."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput, MoveRefused
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.intake import queries, service
from fleet.intake.api import AtTheTable
from fleet.intake.models import Intake
from fleet.intake.rules import Answer, BatteryLook, QuickLook, Route, StolenResult
from fleet.intake.words import (
    ANSWER_WORDS,
    BATTERY_WORDS,
    CONFIDENCE_WORDS,
    ROUTE_WORDS,
    STOLEN_WORDS,
)
from fleet.tablets.api import TabletId
from fleet.tablets.health import HealthRead, latest_health
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, Stage
from fleet.tablets.service import get_tablet
from fleet.tablets.words import name_of, stage_tag
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/intake")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class TriagePage:
    tablet: Tablet
    kind: str
    state: StateTag
    record: Intake | None
    typed: Form
    may_record: bool
    may_decide: bool
    stolen_words: str
    health: HealthRead | None
    sure: str
    errors: dict[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in ANSWER_WORDS.items())
    batteries: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in BATTERY_WORDS.items())
    routes: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in ROUTE_WORDS.items())
    grades: tuple[tuple[str, str], ...] = (
        ("A", "A, good"),
        ("B", "B, marked"),
        ("C", "C, works with a fault we accept"),
        ("X", "X, unusable"),
    )
    title: str = "Triage"


@router.get("/{tablet_id}")
def triage_page(
    request: Request,
    tablet_id: TabletId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_SEE))],
) -> Response:
    return render(request, "intake/triage.html", _triage_page(session, tablet_id, actor, Form()))


@router.post("/{tablet_id}/look")
def record_look(
    request: Request, tablet_id: TabletId, form: FormDep, session: WriteSession, actor: AtTheTable, clock: ClockDep
) -> Response:
    try:
        look = QuickLook(
            accounts_left=_chosen(Answer, form, "accounts_left"),
            locked=_chosen(Answer, form, "locked"),
            battery=_chosen(BatteryLook, form, "battery"),
            condition=form.get("condition")[:500],
        )
    except BadInput as error:
        page = _triage_page(session, tablet_id, actor, form, errors=error.fields)
        return render(request, "intake/triage.html", page, status=422)
    holds = service.record_look(session, tablet_id, look, actor=actor, happening=Happening(clock()))
    said = " ".join(["The quick look is written down.", *(f"Held: {hold.reason}" for hold in holds)])
    return see_other(f"/intake/{tablet_id}", said=said)


@router.post("/{tablet_id}/stolen-check")
def record_stolen_check(
    request: Request, tablet_id: TabletId, form: FormDep, session: WriteSession, actor: AtTheTable, clock: ClockDep
) -> Response:
    try:
        service.record_stolen_check(
            session,
            tablet_id,
            provider=form.get("provider")[:60],
            result=_chosen(StolenResult, form, "result"),
            ref=form.get("ref")[:60],
            actor=actor,
            happening=Happening(clock()),
        )
    except BadInput as error:
        page = _triage_page(session, tablet_id, actor, form, errors=error.fields)
        return render(request, "intake/triage.html", page, status=422)
    return see_other(f"/intake/{tablet_id}", said="The stolen check is written down.")


@router.post("/{tablet_id}/stolen-check/waiver")
def waive_stolen_check(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    clock: ClockDep,
) -> Response:
    service.waive_stolen_check(session, tablet_id, reason=form.get("reason"), actor=actor, happening=Happening(clock()))
    return see_other(f"/intake/{tablet_id}", said="The stolen check is waived, with your reason on record.")


@router.post("/{tablet_id}/triage")
def close_triage(
    request: Request,
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: AtTheTable,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        with session.begin_nested():
            tablet = service.triage(
                session,
                tablet_id,
                grade=_chosen(Grade, form, "grade"),
                route=_chosen(Route, form, "route"),
                reason=form.get("why"),
                actor=actor,
                settings=settings,
                happening=Happening(clock()),
            )
    except (BadInput, MoveRefused) as error:
        fields = error.fields if isinstance(error, BadInput) else {}
        reasons = error.reasons if isinstance(error, MoveRefused) else ()
        page = _triage_page(session, tablet_id, actor, form, errors=fields, reasons=reasons)
        return render(request, "intake/triage.html", page, status=error.status)
    if tablet.stage is Stage.TRIAGED:
        return see_other(f"/tablets/{tablet_id}", said="Triaged. It is not in the queue for its wipe yet: see why.")
    return see_other("/intake", said=f"Tablet {tablet_id}: {stage_tag(tablet.stage).word.lower()}.")


def _triage_page(
    session: Session,
    tablet_id: int,
    actor: Actor,
    typed: Form,
    *,
    errors: dict[str, str] | None = None,
    reasons: tuple[str, ...] = (),
) -> TriagePage:
    tablet = get_tablet(session, tablet_id)
    record = queries.intake_of(session, tablet_id)
    stolen = record.stolen_result if record else None
    health = latest_health(session, tablet_id)
    return TriagePage(
        tablet=tablet,
        kind=name_of(tablet),
        state=stage_tag(tablet.stage),
        record=record,
        typed=typed,
        may_record=actor.may(Permission.INTAKE_RECORD) and tablet.stage in (Stage.RECEIVED, Stage.TRIAGED),
        may_decide=actor.may(Permission.TABLETS_DECIDE),
        stolen_words=STOLEN_WORDS[stolen] if stolen else "",
        health=health,
        sure=CONFIDENCE_WORDS[health.suggestion.confidence] if health else "",
        errors=errors or {},
        reasons=reasons,
    )


def _chosen(choices: type[Choice], form: Form, name: str) -> Choice:
    if form.get(name) not in list(choices):
        raise BadInput("Some answers need another look.", fields={name: "Choose one."})
    return choices(form.get(name))
