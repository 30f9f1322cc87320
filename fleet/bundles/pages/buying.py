"""Data for one SIM: a bundle from the catalogue or by its figures, a top-up, and what the network says was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from fleet.bundles import queries, service
from fleet.bundles.api.seeing import Recorder, SimId
from fleet.bundles.api.sims import figures_of
from fleet.bundles.models import BundleOffer, Sim
from fleet.bundles.rules import MB_PER_GB, Ownership
from fleet.bundles.schemas.sims import BundleForm, TopUpForm
from fleet.bundles.words import OWNERSHIP_WORDS, bundle_words, name_of, pounds, size_words
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.partners.models import OrganisationKind
from fleet.partners.service import choices
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/sims", dependencies=[Depends(may(Permission.BUNDLES_RECORD))])


@dataclass(frozen=True)
class DataPage:
    """One of three forms about a SIM's data."""

    title: str
    sim: Sim
    name: str
    now: str
    offers: tuple[tuple[str, str, str], ...]
    funders: tuple[tuple[str, str], ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    ownerships: tuple[tuple[str, str], ...] = tuple((each.value, OWNERSHIP_WORDS[each]) for each in Ownership)


class ReadOn(BaseModel):
    """The day of a reading."""

    read_on: date | None = None


@router.get("/{sim_id}/bundle")
def bundle_page(request: Request, sim_id: SimId, session: ReadSession) -> Response:
    return render(request, "bundles/bundle.html", _page(session, sim_id, "Add data"))


@router.post("/{sim_id}/bundle")
def attach_bundle(
    request: Request, sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    try:
        with session.begin_nested():
            asked = form.parse(BundleForm).model_dump()
            figures = figures_of(session, **(asked | {"cost_pence": asked["cost"]}))
            figures.pop("cost", None)
            service.attach_bundle(session, sim_id, **figures, actor=actor, happening=Happening(now=clock()))
    except BadInput as refused:
        errors = {"cost" if name == "cost_pence" else name: words for name, words in refused.fields.items()}
        page = _page(session, sim_id, "Add data", form, errors)
        return render(request, "bundles/bundle.html", page, status=422)
    return see_other(f"/sims/{sim_id}", said="The data is on record.")


@router.get("/{sim_id}/top-up")
def top_up_page(request: Request, sim_id: SimId, session: ReadSession) -> Response:
    return render(request, "bundles/top_up.html", _page(session, sim_id, "Top up"))


@router.post("/{sim_id}/top-up")
def top_up(
    request: Request, sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    try:
        with session.begin_nested():
            asked = form.parse(TopUpForm)
            service.top_up(
                session,
                sim_id,
                gb=asked.gb,
                months=asked.months,
                cost_pence=asked.cost,
                funder_id=asked.funder_id,
                on=asked.added_on,
                actor=actor,
                happening=Happening(now=clock()),
            )
    except BadInput as refused:
        page = _page(session, sim_id, "Top up", form, refused.fields)
        return render(request, "bundles/top_up.html", page, status=422)
    return see_other(f"/sims/{sim_id}", said="Topped up.")


@router.get("/{sim_id}/usage")
def usage_page(request: Request, sim_id: SimId, session: ReadSession, clock: ClockDep) -> Response:
    form = Form({"read_on": local_date(clock()).isoformat()})
    return render(request, "bundles/reading.html", _page(session, sim_id, "How much was used?", form))


@router.post("/{sim_id}/usage")
def record_usage(
    request: Request, sim_id: SimId, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep
) -> Response:
    happening = Happening(now=clock())
    try:
        with session.begin_nested():
            used_mb, on = _megabytes(form.get("used_gb")), form.parse(ReadOn).read_on
            day = on or local_date(happening.now)
            service.record_usage(session, sim_id, used_mb=used_mb, on=day, actor=actor, happening=happening)
    except BadInput as refused:
        errors = {"used_gb" if name == "used_mb" else name: words for name, words in refused.fields.items()}
        page = _page(session, sim_id, "How much was used?", form, errors)
        return render(request, "bundles/reading.html", page, status=422)
    return see_other(f"/sims/{sim_id}", said="Written down.")


def _megabytes(typed: str) -> int:
    try:
        amount = Decimal(typed.replace(",", "."))
        if amount.is_finite() and 0 <= amount <= 10_000:
            return int(amount * MB_PER_GB)
    except InvalidOperation:
        pass
    raise BadInput("Nothing was recorded.", fields={"used_gb": "Enter the gigabytes, such as 16.2."})


def _page(
    session: Session, sim_id: int, title: str, form: Form | None = None, errors: Mapping[str, str] | None = None
) -> DataPage:
    sim = service.get_sim(session, sim_id)
    return DataPage(
        title=title,
        sim=sim,
        name=name_of(sim),
        now=bundle_words(queries.current_bundle(session, sim_id)),
        offers=tuple(_offer(offer) for offer in service.catalogue(session)),
        funders=choices(session, OrganisationKind.FUNDER),
        values=form.values if form else {},
        errors=errors or {},
    )


def _offer(offer: BundleOffer) -> tuple[str, str, str]:
    own = ", for one person only" if offer.ownership is Ownership.PERSONS_OWN else ""
    words = f"{size_words(offer.gb_per_month, offer.months)}, {pounds(offer.cost_pence)}{own}"
    return (str(offer.id), f"{offer.name} ({offer.network})", words)
