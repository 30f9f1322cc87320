"""A loan of data alone, for somebody who has a device: the card is handed over, and lasts as long as its data.

No due date runs, so nobody is reminded of anything; what the data asks for is said by its own warnings.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import CODE_SPENT, SimMove
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import CardAfter, HandedTo, LoanMove
from fleet.loans.service.writer.locks import Locked, get_loan, local_day
from fleet.loans.service.writer.moves import let_go, make, move_sim
from fleet.loans.service.writer.told import begin, happened_at
from fleet.settings import Settings
from fleet.users.actor import Actor

_WORDS = {
    CardAfter.BACK: "Loan of data ended: it came back to us",
    CardAfter.KEPT: "Loan of data ended: they keep it",
    CardAfter.LOST: "Loan of data ended: it is lost",
}


def give_data(
    session: Session, loan_id: int, *, handed_to: HandedTo, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """They have the card, at the hub or by post, and their data runs from this day. Raises `MoveRefused`."""
    held = begin(session, loan_id, (LoanMove.GIVE_DATA.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.GIVE_DATA, actor=actor, happening=happening)
    start = local_day(held, happened_at(happening))
    move_sim(session, held, SimMove.ACTIVATE, actor=actor, happening=happening, on=start)
    held.loan.started_on, held.loan.handed_to = start, handed_to
    session.flush()
    return held.loan


def end_data(
    session: Session, loan_id: int, *, card: CardAfter, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """The data is over or not wanted any more; `card` says what became of the SIM or the MiFi.

    One that is lost is to be barred; one that came back rests before the next person, where its grant allows that.
    """
    held = begin(session, loan_id, (LoanMove.END_DATA.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.END_DATA, actor=actor, happening=happening, words=_WORDS[card])
    held.loan.returned_on = local_day(held, happened_at(happening))
    _settle_card(session, held, card, actor=actor, settings=settings, happening=happening)
    let_go(held, happening.now)
    session.flush()
    return held.loan


def _settle_card(
    session: Session, held: Locked, card: CardAfter, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    if held.sim_link is None:
        return
    told = replace(happening, reason=happening.reason or _WORDS[card])
    match card:
        case CardAfter.KEPT:
            move_sim(session, held, SimMove.KEEP, actor=actor, happening=told)
        case CardAfter.LOST:
            move_sim(session, held, SimMove.LOSE, actor=actor, happening=told)
        case CardAfter.BACK:
            day = held.loan.returned_on
            move_sim(session, held, SimMove.SUSPEND, actor=actor, happening=told, on=day)
            if bundles.is_spent(bundles.get_sim(session, held.sim_link.sim_id)):
                spent = replace(happening, reason=happening.reason or CODE_SPENT)
                move_sim(session, held, SimMove.KEEP, actor=actor, happening=spent)
            elif bundles.may_rest(session, held.sim_link.sim_id):
                rest = settings.sim_rest_days
                move_sim(session, held, SimMove.REST, actor=actor, happening=told, rest_days=rest)
