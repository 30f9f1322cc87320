"""What somebody agreed to about the account on a tablet: the record, and the form that makes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench import service
from fleet.bench.models import RemovalConsent
from fleet.bench.rules import GivenBy, ToldBy
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/bench/consents")

TabletId = RowId

GIVEN_BY = {
    GivenBy.GIVER: "The person who gave it",
    GivenBy.ORGANISATION: "The organisation that gave it",
    GivenBy.BORROWER: "The person who borrowed it",
}
TOLD_BY = {
    ToldBy.IN_PERSON: "In person",
    ToldBy.PHONE: "On the phone",
    ToldBy.EMAIL: "By email",
    ToldBy.LETTER: "By letter",
}


@dataclass(frozen=True)
class ConsentPage:
    title: str
    tablet: Tablet
    code: str
    standing: RemovalConsent | None
    records: Sequence[RemovalConsent]
    may_record: bool
    today: date
    given_by: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in GIVEN_BY.items())
    told_by: tuple[tuple[str, str], ...] = tuple((each.value, words) for each, words in TOLD_BY.items())
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


@router.get("/{tablet_id}")
def consent_page(
    request: Request,
    tablet_id: TabletId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.BENCH_SEE))],
    clock: ClockDep,
) -> Response:
    return render(request, "bench/consent.html", _page(session, tablet_id, actor, local_date(clock())))


@router.post("/{tablet_id}")
def record(
    request: Request,
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.DONATIONS_RECORD))],
    clock: ClockDep,
) -> Response:
    try:
        service.record_consent(
            session,
            tablet_id,
            given_by=form.get("given_by"),
            told_by=form.get("told_by"),
            given_on=_day(form.get("given_on")),
            actor=actor,
            happening=Happening(now=clock()),
        )
    except BadInput as problem:
        page = _page(session, tablet_id, actor, local_date(clock()), form, problem)
        return render(request, "bench/consent.html", page, status=422)
    return see_other(f"/bench/consents/{tablet_id}", said="It is recorded. The wipe can be begun.")


@router.post("/{tablet_id}/withdraw")
def withdraw(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.DONATIONS_RECORD))],
    clock: ClockDep,
) -> Response:
    service.withdraw_consent(session, tablet_id, actor=actor, happening=Happening(now=clock()))
    return see_other(f"/bench/consents/{tablet_id}", said="It is taken back. The account blocks a wipe again.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(
    session: Session,
    tablet_id: int,
    actor: Actor,
    today: date,
    form: Form | None = None,
    problem: BadInput | None = None,
) -> ConsentPage:
    tablet = tablets.get_tablet(session, tablet_id)
    return ConsentPage(
        title=f"The account on {service.asset_code(tablet)}",
        tablet=tablet,
        code=service.asset_code(tablet),
        standing=service.standing_consent(session, tablet_id),
        records=service.consents_of(session, tablet_id),
        may_record=actor.may(Permission.DONATIONS_RECORD),
        today=today,
        errors=problem.fields if problem else {},
        typed=dict(form.values) if form else {},
    )
