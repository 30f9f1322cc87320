"""The page where a loan's gatherings are chosen, and the tablet that is to be made for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.gatherings import service as gatherings
from fleet.gatherings.rules import MOST_CHOSEN
from fleet.gatherings.words import short_words
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan
from fleet.loans.rules import BEFORE_ALLOCATION
from fleet.people import service as people
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of, stage_words
from fleet.tags import service as tags
from fleet.web.render import render

router = PageRouter(prefix="/loans")
PLACES = ("First", "Second", "Third", "Fourth", "Fifth")[:MOST_CHOSEN]


@dataclass(frozen=True)
class SettingUpPage:
    loan: Loan
    name: str
    choices: tuple[tuple[str, str], ...]
    tablets: tuple[tuple[str, str], ...]
    """Empty once the loan has its tablet."""
    usual: str
    """The programme's own gatherings, in words."""
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = PLACES
    title: str = "Gatherings and tablet"


@router.get("/{loan_id}/gatherings")
def setting_up_page(request: Request, loan_id: LoanId, session: ReadSession, _actor: Decider) -> Response:
    return render(request, "loans/setting_up.html", _page(session, service.get_loan(session, loan_id)))


@router.post("/{loan_id}/gatherings")
def set_up(
    request: Request,
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    loan = service.get_loan(session, loan_id)
    try:
        with session.begin_nested():
            service.set_up(
                session,
                loan_id,
                _chosen(form),
                form.row("tablet_id"),
                actor=actor,
                settings=settings,
                happening=Happening(now=clock()),
            )
    except BadInput as refused:
        return render(request, "loans/setting_up.html", _page(session, loan, form, refused), status=422)
    return see_other(f"/loans/{loan_id}", said="The tiles of their tablet are written down.")


def _chosen(form: Form) -> tuple[int, ...]:
    numbers = (form.row(f"gathering_{place}") for place in range(1, MOST_CHOSEN + 1))
    return tuple(number for number in numbers if number is not None)


def _page(session: Session, loan: Loan, form: Form | None = None, refused: BadInput | None = None) -> SettingUpPage:
    person = people.get_person(session, loan.person_id)
    chosen, own = service.chosen_gatherings(session, loan)
    made = queries.set_up_tablet_id(session, loan.id)
    values = {f"gathering_{place}": str(number) for place, number in enumerate(chosen, 1)} if own else {}
    usual = "" if own else "; ".join(short_words(each) for each in gatherings.in_order(session, chosen))
    return SettingUpPage(
        loan=loan,
        name=f"{person.first_name} {person.last_name}",
        choices=tuple((str(each.id), short_words(each)) for each in gatherings.approved(session)),
        tablets=_tablets(session, loan, made) if loan.state in BEFORE_ALLOCATION else (),
        usual=usual,
        values=form.values if form else values | {"tablet_id": str(made or "")},
        errors=refused.fields if refused else {},
    )


def _tablets(session: Session, loan: Loan, made: int | None) -> tuple[tuple[str, str], ...]:
    free = list(queries.tablets_to_set_up(session, hub_id=loan.hub_id))
    present = session.get(Tablet, made) if made else None
    shown = [*([present] if present else []), *free]
    labels = tags.codes_of(session, [tablet.id for tablet in shown])
    return tuple(
        (
            str(each.id),
            f"{labels.get(each.id, f'Tablet {each.id}')}, {name_of(each)}, {stage_words(each.stage).lower()}",
        )
        for each in shown
    )
