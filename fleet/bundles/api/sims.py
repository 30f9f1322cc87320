"""SIMs over HTTP: the stock, one of them, its secrets, its data and its moves."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.api.seeing import Recorder, SecretsSeer, SimId, all_shown, see, shown
from fleet.bundles.schemas.sims import (
    ActivationIn,
    AfterLoanIn,
    BundleIn,
    EligibilityIn,
    SecretsIn,
    SecretsOut,
    SimCorrectionIn,
    SimIn,
    SimList,
    SimMoveIn,
    SimOut,
    TopUpIn,
)
from fleet.clock import local_date
from fleet.happening import Happening
from fleet.http.acts import Act
from fleet.http.errors import responses
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import get_organisation, hub_of

router = ApiRouter(prefix="/sims", tags=["SIMs"])


@router.get("", dependencies=see, responses=responses())
def list_sims(session: ReadSession, query: Listed, clock: ClockDep) -> SimList:
    """SIMs, a page at a time. Filters: `state`, `kind`, `q` (part of the number, phone number or network)."""
    found = queries.find_sims(session, query)
    items = all_shown(session, found.items, local_date(clock()))
    return SimList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(409, 503))
def add_sim(asked: SimIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """Take one into stock. A check digit that does not fit is a warning; a number on record is refused."""
    sim = service.add_sim(
        session,
        hub_id=hub_of(session, actor).id,
        actor=actor,
        happening=asked.happening(clock()),
        **asked.model_dump(exclude={"client_id"}),
    )
    return shown(session, sim, local_date(clock()))


@router.get("/{sim_id}", dependencies=see, responses=responses(404))
def see_sim(sim_id: SimId, session: ReadSession, clock: ClockDep) -> SimOut:
    """One SIM, its data, and what that asks of somebody."""
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))


@router.put("/{sim_id}", responses=responses(404, 409))
def correct_sim(
    sim_id: SimId, asked: SimCorrectionIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> SimOut:
    """Set right what was read wrongly: the numbers and the network."""
    told = asked.happening(clock())
    typed = asked.model_dump(exclude={"client_id"})
    sim = service.correct_sim(session, sim_id, actor=actor, happening=told, **typed)
    return shown(session, sim, local_date(clock()))


@router.post("/{sim_id}/number-answered", responses=responses(404, 409))
def answer_number(sim_id: SimId, asked: Act, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """The number was read once more and is printed so, although its check digit does not fit."""
    sim = service.answer_number(session, sim_id, actor=actor, happening=asked.happening(clock()))
    return shown(session, sim, local_date(clock()))


@router.put("/{sim_id}/secrets", responses=responses(404, 409))
def keep_secrets(
    sim_id: SimId, asked: SecretsIn, session: WriteSession, actor: Recorder, settings: SettingsDep, clock: ClockDep
) -> SimOut:
    """Keep PIN, PUK or code, sealed. The answer does not repeat them."""
    told = asked.happening(clock())
    sim = service.keep_secrets(session, sim_id, asked.given(), actor=actor, settings=settings, happening=told)
    return shown(session, sim, local_date(clock()))


@router.post("/{sim_id}/secrets/show", responses=responses(404))
def show_secrets(
    sim_id: SimId, response: Response, session: WriteSession, actor: SecretsSeer, settings: SettingsDep, clock: ClockDep
) -> SecretsOut:
    """PIN, PUK and code in clear, in this one answer. Who saw them stands in the SIM's log from then on."""
    response.headers["Cache-Control"] = "no-store"
    told = Happening(now=clock(), source="api")
    found = service.show_secrets(session, sim_id, actor=actor, settings=settings, happening=told)
    return SecretsOut(**{kind.value: text for kind, text in found.items()})


@router.post("/{sim_id}/bundle", status_code=201, responses=responses(404, 409))
def attach_bundle(sim_id: SimId, asked: BundleIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """Buy data for a SIM that nobody is using. The bundle before stays on record."""
    figures = figures_of(session, **asked.model_dump(exclude={"client_id"}))
    service.attach_bundle(session, sim_id, **figures, actor=actor, happening=asked.happening(clock()))
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))


def figures_of(session: Session, *, offer_id: int | None, **typed: Any) -> dict[str, Any]:
    """What is bought: the catalogue's figures where an entry is named, with whatever was typed beside it."""
    if typed.get("funder_id") is not None:
        get_organisation(session, typed["funder_id"])
    given = {name: value for name, value in typed.items() if value is not None}
    if offer_id is None:
        return {"gb_per_month": 0, "months": 0, "cost_pence": -1} | given
    offer = service.get_offer(session, offer_id)
    names = ("gb_per_month", "months", "cost_pence", "funder_id", "ownership")
    own = {name: getattr(offer, name) for name in names}
    return own | {"offer_id": offer.id, "eligible_on": given.get("eligible_on")}


@router.post("/{sim_id}/top-ups", status_code=201, responses=responses(404, 409))
def top_up(sim_id: SimId, asked: TopUpIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> SimOut:
    """Add gigabytes to a month, months at the end, or both. Data that had ended goes on from that day."""
    if asked.funder_id is not None:
        get_organisation(session, asked.funder_id)
    service.top_up(
        session,
        sim_id,
        gb=asked.gb,
        months=asked.months,
        cost_pence=asked.cost_pence,
        funder_id=asked.funder_id,
        on=asked.added_on,
        actor=actor,
        happening=asked.happening(clock()),
    )
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))


@router.post("/{sim_id}/activation", responses=responses(404, 409))
def record_activation(
    sim_id: SimId, asked: ActivationIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> SimOut:
    """The network switched the data on, on another day than is on record. Its end follows."""
    service.record_activation(session, sim_id, asked.activated_on, actor=actor, happening=asked.happening(clock()))
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))


@router.post("/{sim_id}/eligibility", responses=responses(404, 409))
def record_eligibility(
    sim_id: SimId, asked: EligibilityIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> SimOut:
    """A grant that was kept for somebody and never used is for another person, who was asked and qualified."""
    service.record_eligibility(session, sim_id, asked.eligible_on, actor=actor, happening=asked.happening(clock()))
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))


@router.post("/{sim_id}/after-loan", responses=responses(404, 409))
def decide_after_loan(
    sim_id: SimId, asked: AfterLoanIn, session: WriteSession, actor: Recorder, clock: ClockDep
) -> SimOut:
    """Decide what becomes of data that lasts longer than its loan. An extension asks again."""
    service.decide_after_loan(session, sim_id, asked.decided, actor=actor, happening=asked.happening(clock()))
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))


@router.post("/{sim_id}/moves", responses=responses(404, 409))
def move_sim(
    sim_id: SimId, asked: SimMoveIn, session: WriteSession, actor: Recorder, settings: SettingsDep, clock: ClockDep
) -> SimOut:
    """Move a SIM along its life: resting, back in stock, lost, barred, a bar lifted, kept, expired, destroyed."""
    told = asked.happening(clock())
    service.press(session, sim_id, asked.move, actor=actor, settings=settings, happening=told)
    return shown(session, service.get_sim(session, sim_id), local_date(clock()))
