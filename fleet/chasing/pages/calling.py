"""What is pressed in the coordinator's list: how a call went, and that a tablet is to be fetched."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Response

from fleet.chasing import service
from fleet.chasing.api import Chaser, LoanId
from fleet.chasing.rules import CallOutcome
from fleet.chasing.words import OUTCOME_WORDS
from fleet.database.base import row_number
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service as loans
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = PageRouter(prefix="/chasing")


@router.post("/loans/{loan_id}/calls")
def record_call(loan_id: LoanId, form: FormDep, session: WriteSession, actor: Chaser, clock: ClockDep) -> Response:
    if form.get("reason") not in list(CallOutcome):
        raise BadInput("The call was not written down.", fields={"reason": "Choose how it went."})
    outcome = CallOutcome(form.get("reason"))
    named = form.day("gives_back_on", refused="The call was not written down.")
    told, others = Happening(now=clock()), _others(form)
    service.record_call_about(session, loan_id, others, outcome, gives_back_on=named, actor=actor, happening=told)
    return see_other(_back(form), said=f"The call is written down: {OUTCOME_WORDS[outcome].lower()}.")


def _others(form: Form) -> tuple[int, ...]:
    """The other loans that the row stood for."""
    numbers = (row_number(each) for each in form.get("others").split())
    return tuple(number for number in numbers if number is not None)


def _back(form: Form) -> str:
    """The list that somebody came from, at the row that follows."""
    asked = {name: form.get(name) for name in ("show", "stage", "page", "at")}
    kept = {name: value for name, value in asked.items() if value.isascii() and value.isalnum()}
    return f"/chasing?{urlencode(kept)}" if kept else "/chasing"


@router.post("/loans/{loan_id}/arrange-return")
def arrange_return(
    loan_id: LoanId,
    form: FormDep,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.LOANS_DECIDE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    fetched = service.with_others(session, loan_id, _others(form))
    for number in fetched:
        loans.arrange_return(session, number, actor=actor, settings=settings, happening=Happening(now=clock()))
    about = f"loan {loan_id}" if len(fetched) == 1 else f"loans {', '.join(str(number) for number in fetched)}"
    return see_other("/chasing", said=f"A collection is arranged for {about}.")
