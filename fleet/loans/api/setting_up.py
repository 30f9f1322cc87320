"""What a loan's tablet is to be, over HTTP: its gatherings, and the tablet that is made for it."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.http.acts import ReasonedAct
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.models import Loan

router = ApiRouter(prefix="/loans", tags=["loans"])


class SettingUpIn(ReasonedAct):
    """The whole of what is wanted; what is left out is not wanted any more."""

    gathering_ids: list[RowId] = Field(
        default_factory=list, max_length=20, description="In the order of the tiles; none for the programme's own."
    )
    tablet_id: RowId | None = Field(None, description="Which clean tablet is made so, before it is allocated.")


class SettingUpOut(BaseModel):
    """What the bench makes of this loan's tablet."""

    gathering_ids: list[int]
    own: bool = Field(description="False where they are the programme's own, because nobody chose.")
    tablet_id: int | None


@router.get("/{loan_id}/setting-up", responses=responses(404))
def see_setting_up(loan_id: LoanId, session: ReadSession, _actor: Decider) -> SettingUpOut:
    """What this loan's tablet is to be."""
    return _shown(session, service.get_loan(session, loan_id))


@router.put("/{loan_id}/setting-up", responses=responses(404, 409))
def change_setting_up(
    loan_id: LoanId, asked: SettingUpIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> SettingUpOut:
    """Choose the gatherings on its tiles, and the tablet that is made for it. A tablet that stands ready goes back
    to the bench."""
    happening = asked.happening(clock())
    loan = service.set_up(
        session,
        loan_id,
        asked.gathering_ids,
        asked.tablet_id,
        actor=actor,
        settings=settings,
        happening=happening,
    )
    return _shown(session, loan)


def _shown(session: Session, loan: Loan) -> SettingUpOut:
    chosen, own = service.chosen_gatherings(session, loan)
    made = queries.set_up_tablet_id(session, loan.id)
    return SettingUpOut(gathering_ids=list(chosen), own=own, tablet_id=made)
