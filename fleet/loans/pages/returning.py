"""What comes back to the hub: scanned in by its label, looked over, wiped down. Nothing here is about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim
from fleet.bundles.service import AnotherSim
from fleet.errors import BadInput, Conflict, DoorstepError, NotFound
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api import TabletId, Technician
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of, stage_tag
from fleet.tags import service as tags
from fleet.tags.rules import looks_like_code
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = APIRouter(prefix="/returns")

CONDITION_WORDS: dict[service.Condition, str] = {
    service.Condition.GOOD: "Good",
    service.Condition.WORN: "Worn, but it works",
    service.Condition.DAMAGED: "Damaged, but it works",
    service.Condition.NOT_WORKING: "Does not work",
}


@dataclass(frozen=True)
class Waiting:
    """One tablet in the list: its label, what it is, where it stands."""

    tablet_id: int
    label: str
    name: str
    state: StateTag
    at_hub: bool


@dataclass(frozen=True)
class ReturnsPage:
    waiting: tuple[Waiting, ...]
    typed: str = ""
    problem: str = ""
    title: str = "Coming back"


@dataclass(frozen=True)
class InspectPage:
    title: str
    tablet: Tablet
    label: str
    name: str
    sim: Sim | None
    """The loan's, where it can be taken out and looked at."""
    no_loan: bool = False
    """It was swapped out or found again: no card is expected in it."""
    mixed_up: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[tuple[str, str], ...] = tuple((each.value, CONDITION_WORDS[each]) for each in service.Condition)


@router.get("", dependencies=[Depends(may(Permission.TABLETS_RECORD))])
def returns_page(request: Request, session: ReadSession) -> Response:
    return render(request, "loans/returns.html", ReturnsPage(_waiting(session)))


def _waiting(session: Session) -> tuple[Waiting, ...]:
    found = queries.tablets_coming_back(session)
    labels = tags.codes_of(session, [tablet.id for tablet in found])
    return tuple(
        Waiting(
            tablet.id,
            labels.get(tablet.id, f"Tablet {tablet.id}"),
            name_of(tablet),
            stage_tag(tablet.stage),
            tablet.stage is Stage.RETURNED,
        )
        for tablet in found
    )


@router.post("")
def scan_in(
    request: Request, form: FormDep, session: WriteSession, actor: Technician, settings: SettingsDep, clock: ClockDep
) -> Response:
    """Whatever was scanned or typed: the label's code, the serial, or the tablet's number."""
    try:
        with session.begin_nested():
            tablet = _tablet_typed(session, form.get("label"))
            act = service.found if tablet.stage is Stage.LOST else service.scan_in
            if tablet.stage is not Stage.RETURNED:
                act(session, tablet_id=tablet.id, actor=actor, settings=settings, happening=Happening(now=clock()))
    except (BadInput, NotFound, Conflict) as refusal:
        page = ReturnsPage(_waiting(session), form.get("label"), _sentence(refusal))
        return render(request, "loans/returns.html", page, status=refusal.status)
    if tablets.get_tablet(session, tablet.id).stage is Stage.RETURNED:
        return see_other(f"/returns/{tablet.id}", said="Scanned in. Look it over.")
    return see_other("/returns", said="Back at the hub. It stays kept for its loan.")


def _sentence(refusal: DoorstepError) -> str:
    fields = refusal.fields.values() if isinstance(refusal, BadInput) else ()
    return " ".join((next(iter(fields), refusal.message), refusal.next_step)).strip()


def _tablet_typed(session: Session, text: str) -> Tablet:
    if not text:
        raise BadInput("Nothing was scanned.", fields={"label": "Scan the label, or type its code."})
    tablet_id = tags.tablet_of(session, text)
    if tablet_id is not None:
        return tablets.get_tablet(session, tablet_id)
    by_serial = queries.tablet_with_serial(session, text)
    if by_serial is not None:
        return by_serial
    if text.isdecimal() and len(text) < 10:
        return tablets.get_tablet(session, int(text))
    if looks_like_code(text):
        tags.lookup(session, text)
    raise NotFound(
        "No tablet of ours that is away has this code or serial.", next_step="Scan it again, or look for it."
    )


@router.get("/{tablet_id}", dependencies=[Depends(may(Permission.TABLETS_RECORD))])
def inspect_page(request: Request, tablet_id: TabletId, session: ReadSession) -> Response:
    return render(request, "loans/inspect.html", _inspect_page(session, tablet_id))


@router.post("/{tablet_id}/inspect")
def inspect(
    request: Request,
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Technician,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    try:
        with session.begin_nested():
            _inspect(session, tablet_id, form, actor=actor, settings=settings, happening=Happening(now=clock()))
    except BadInput as refused:
        page = _inspect_page(session, tablet_id, form.values, refused.fields)
        return render(request, "loans/inspect.html", page, status=422)
    except AnotherSim as refused:
        mixed_up = f"{refused.message} {refused.next_step}"
        page = replace(_inspect_page(session, tablet_id, form.values), mixed_up=mixed_up)
        return render(request, "loans/inspect.html", page, status=409)
    return see_other(f"/tablets/{tablet_id}", said="Inspected and cleaned. Its next wipe is due.")


def _inspect(
    session: Session, tablet_id: int, form: Form, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    if service.expected_card(session, tablet_id) is not None and not form.get("sim_in_tray"):
        raise BadInput("Nothing was written down.", fields={"sim_in_tray": "Look into the tray, and say."})
    service.inspect(
        session,
        tablet_id=tablet_id,
        condition=_condition(form.get("condition")),
        cleaned=form.get("cleaned") == "yes",
        kit_missing=form.get("kit_missing"),
        sim_in_tray={"yes": True, "no": False}.get(form.get("sim_in_tray")),
        sim_seen=form.get("sim_seen"),
        stray_bagged=form.get("stray_bagged") == "yes",
        actor=actor,
        settings=settings,
        happening=happening,
    )


def _condition(chosen: str) -> service.Condition:
    if chosen not in list(service.Condition):
        raise BadInput("Nothing was written down.", fields={"condition": "Choose how it came back."})
    return service.Condition(chosen)


def _inspect_page(
    session: Session,
    tablet_id: int,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> InspectPage:
    tablet = tablets.get_tablet(session, tablet_id)
    label = tags.codes_of(session, [tablet_id]).get(tablet_id, f"Tablet {tablet_id}")
    return InspectPage(
        title=f"Look {label} over",
        tablet=tablet,
        label=label,
        name=name_of(tablet),
        sim=service.expected_card(session, tablet_id),
        no_loan=service.open_loan_of_tablet(session, tablet_id) is None,
        values=values or {},
        errors=errors or {},
    )
