"""Setting right what was read from a card or asked about its grant, and keeping its PIN, PUK or code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Depends, Request, Response

from fleet.bundles import service
from fleet.bundles.api.seeing import Recorder, SimId
from fleet.bundles.models import Sim
from fleet.bundles.rules import SecretKind
from fleet.bundles.schemas.sims import EligibilityIn, SimCorrectionIn
from fleet.bundles.words import name_of
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/sims")


@dataclass(frozen=True)
class ChangePage:
    title: str
    sim: Sim
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/{sim_id}/change", dependencies=[Depends(may(Permission.BUNDLES_RECORD))])
def change_page(request: Request, sim_id: SimId, session: ReadSession) -> Response:
    sim = service.get_sim(session, sim_id)
    values = {"iccid": sim.iccid, "network": sim.network, "phone": sim.phone or "", "serial": sim.serial}
    return render(request, "bundles/change.html", ChangePage(f"Change {name_of(sim)}", sim, values))


@router.post("/{sim_id}/change")
def change(
    request: Request,
    sim_id: SimId,
    form: FormDep,
    session: WriteSession,
    actor: Recorder,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock())
    try:
        with session.begin_nested():
            typed = form.parse(SimCorrectionIn).model_dump(exclude={"client_id"})
            service.correct_sim(session, sim_id, actor=actor, happening=happening, **typed)
            secrets = {kind: form.get(kind.value) for kind in SecretKind}
            service.keep_secrets(session, sim_id, secrets, actor=actor, settings=settings, happening=happening)
    except BadInput as refused:
        sim = service.get_sim(session, sim_id)
        values = {name: text for name, text in form.values.items() if name not in list(SecretKind)}
        page = ChangePage(f"Change {name_of(sim)}", sim, values, refused.fields)
        return render(request, "bundles/change.html", page, status=422)
    return see_other(f"/sims/{sim_id}", said="What is on record was set right.")


@router.post("/{sim_id}/eligibility")
def record_eligibility(
    sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    asked = form.parse(EligibilityIn)
    service.record_eligibility(session, sim_id, asked.eligible_on, actor=actor, happening=Happening(now=clock()))
    return see_other(f"/sims/{sim_id}", said="Written down. It may be kept for them.")
