"""A tablet that came back is looked over and wiped down. Nothing here is about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim
from fleet.bundles.service import AnotherSim
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import TabletId, Technician
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/returns")
CONDITION_WORDS: dict[service.Condition, str] = {
    service.Condition.GOOD: "Good",
    service.Condition.WORN: "Worn, but it works",
    service.Condition.DAMAGED: "Damaged, but it works",
    service.Condition.NOT_WORKING: "Does not work",
}


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
