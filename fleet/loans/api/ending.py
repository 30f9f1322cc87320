"""Endings over HTTP: lost, given for good, data alone given and ended, and what people go on to."""

from __future__ import annotations

from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, SettingsDep, WriteSession
from fleet.loans import service
from fleet.loans.api.access import Decider, LoanId
from fleet.loans.api.second import shown_look
from fleet.loans.api.seeing import shown
from fleet.loans.schemas import EndDataIn, GiveDataIn, GiveIn, GoesOnIn, LoanOut, LoseIn, SecondLookOut

router = ApiRouter(prefix="/loans", tags=["loans"])


@router.post("/{loan_id}/lose", status_code=202, responses=responses(404, 409))
def ask_to_lose(
    loan_id: LoanId, asked: LoseIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> SecondLookOut:
    """Say that the tablet is lost. Nothing changes until somebody else agrees, at `/second-looks/{look_id}/agree`:
    then the loan ends, its SIM is to be barred, and its visits leave their runs."""
    look = service.ask_to_lose(
        session,
        loan_id,
        reference=asked.reference,
        of_swap=asked.of_swap,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return shown_look(session, look)


@router.post("/{loan_id}/give", responses=responses(404, 409))
def give(
    loan_id: LoanId, asked: GiveIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """The tablet becomes the person's own, with its data. This cannot be taken back."""
    loan = service.mark_gifted(
        session, loan_id, authority=asked.authority, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/give-data", responses=responses(404, 409))
def give_data(
    loan_id: LoanId, asked: GiveDataIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """They have the card, at the hub or by post, and their data runs from this day."""
    loan = service.give_data(
        session, loan_id, handed_to=asked.handed_to, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/end-data", responses=responses(404, 409))
def end_data(
    loan_id: LoanId, asked: EndDataIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """A loan of data alone is over; `card` says what became of the SIM or the MiFi."""
    loan = service.end_data(
        session, loan_id, card=asked.card, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)


@router.post("/{loan_id}/goes-on", responses=responses(404, 409))
def say_what_next(
    loan_id: LoanId, asked: GoesOnIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> LoanOut:
    """What the person goes on to when the loan ends."""
    loan = service.say_what_next(
        session, loan_id, asked.to, actor=actor, settings=settings, happening=asked.happening(clock())
    )
    return shown(session, loan, clock)
