"""What a person presses on a loan without a page of its own: decisions, and stopping all contact."""

from __future__ import annotations

from fastapi import Response

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.rules import BY_MOVE, DeclineReason, LoanMove, SafeAtHome, StopReason
from fleet.loans.seeing import cards_left_in

router = PageRouter(prefix="/loans")


@router.post("/{loan_id}/moves/{move}")
def press_move(
    loan_id: LoanId,
    move: LoanMove,
    form: FormDep,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    happening = Happening(now=clock(), reason=form.get("reason"))
    service.press(session, loan_id, move, actor=actor, settings=settings, happening=happening)
    left = cards_left_in(session, [loan_id]).get(loan_id, [])
    return see_other(f"/loans/{loan_id}", said=" ".join((f"{BY_MOVE[move].words}.", *left)))


@router.post("/{loan_id}/decline")
def decline(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    if form.get("reason") not in list(DeclineReason):
        raise BadInput("Nothing was decided.", fields={"reason": "Choose why."})
    why, happening = DeclineReason(form.get("reason")), Happening(now=clock())
    service.decline(session, loan_id, why, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}", said="Declined.")


@router.post("/{loan_id}/safe-at-home")
def answer_safe(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    if form.get("answer") not in list(SafeAtHome):
        raise BadInput("Nothing was written down.", fields={"answer": "Choose what they said."})
    answer, happening = SafeAtHome(form.get("answer")), Happening(now=clock())
    service.answer_safe_at_home(session, loan_id, answer, actor=actor, settings=settings, happening=happening)
    return see_other(f"/loans/{loan_id}", said="The answer is on record.")


@router.post("/{loan_id}/stop")
def stop(
    loan_id: LoanId, form: FormDep, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> Response:
    if form.get("reason") not in list(StopReason):
        raise BadInput("Nothing was stopped.", fields={"reason": "Choose why."})
    why, happening = StopReason(form.get("reason")), Happening(now=clock())
    service.stop_contact(session, loan_id, why, actor=actor, settings=settings, happening=happening)
    left = cards_left_in(session, [loan_id]).get(loan_id, [])
    return see_other(f"/loans/{loan_id}", said=" ".join(("All automatic contact has stopped.", *left)))
