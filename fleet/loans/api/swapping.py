"""A swap over HTTP."""

from __future__ import annotations

from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.api.seeing import shown
from fleet.loans.schemas import LoanOut, SwapDoneIn, SwapIn

router = ApiRouter(prefix="/loans", tags=["loans"])


@router.post("/{loan_id}/swap", responses=responses(404, 409))
def arrange_swap(
    loan_id: LoanId, asked: SwapIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """Arrange a swap: the loan goes on, and another tablet is kept for it. Then put it on a courier's run
    (`POST /api/v1/courier-runs/{run_id}/jobs`) or do it at the hub (`swap/done`); `call_off_swap` is a move."""
    loan = service.arrange_swap(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        override_fit=asked.override_fit,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/swap/done", responses=responses(404, 409))
def swap_at_hub(
    loan_id: LoanId, asked: SwapDoneIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """The swap was done at the hub's counter: both labels scanned there. `due_on` is as it was."""
    loan = service.swap_at_hub(
        session,
        loan_id,
        tablet_id=asked.tablet_id,
        brought_id=asked.brought_id,
        handed_to=asked.handed_to,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
        seen={"condition": asked.condition, "sim_in_tray": asked.sim_in_tray, "kit_missing": asked.kit_missing},
    )
    return shown(session, loan, clock)
