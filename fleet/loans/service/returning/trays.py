"""The SIM of a loan that came back: compared with the record, and put away, kept by the person, or looked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import CODE_SPENT, SimKind, SimMove
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.service.writer.locks import Locked, get_loan
from fleet.loans.service.writer.moves import move_sim, note
from fleet.loans.service.writer.told import begin
from fleet.settings import Settings
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Tray:
    """What the technician found: whether a card is in the tray (None: nobody looked), and its digits."""

    sim_in_tray: bool | None
    seen: str = ""
    stray_bagged: bool = False

    @property
    def ours_is_missing(self) -> bool:
        return self.sim_in_tray is False or self.stray_bagged


def expected_card(session: Session, tablet_id: int) -> Sim | None:
    """The SIM of the loan that has this tablet, where it lies in a tray or in the bag and can be looked at."""
    loan = queries.open_loan_of_tablet(session, tablet_id)
    link = queries.open_sim(session, loan.id) if loan is not None else None
    sim = bundles.get_sim(session, link.sim_id) if link is not None else None
    return sim if sim is not None and sim.kind in bundles.IN_A_TRAY else None


def has_data_inside(session: Session, loan_id: int) -> bool:
    """Whether the loan's data is in its tablet and may stay behind in it at a swap, which a MiFi does not."""
    link = queries.open_sim(session, loan_id)
    return link is not None and bundles.get_sim(session, link.sim_id).kind in (SimKind.SIM, SimKind.ESIM)


def card_with_them(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The card that came back in a swapped tablet is with its person again."""
    held = begin(session, loan_id, (queries.CARD_WITH_THEM,), happening)
    if held is not None:
        words = "Their SIM is with them again"
        note(session, held.loan, kind=queries.CARD_WITH_THEM, words=words, actor=actor, happening=happening)
    return get_loan(session, loan_id)


def look_into_tray(
    session: Session, held: Locked, tray: Tray, *, tablet_id: int, actor: Actor, happening: Happening
) -> None:
    """Stop the return when another card than the loan's is in the tray, unless it lies in a sealed bag.

    Raises `AnotherSim`, or `BadInput` when a card is there and its number was not read.
    """
    if tray.stray_bagged:
        bundles.bag_stray(session, tablet_id, tray.seen, actor=actor, happening=happening)
    elif tray.sim_in_tray and held.sim_link is not None:
        bundles.check_tray(session, bundles.get_sim(session, held.sim_link.sim_id), tray.seen)


def put_sim_away(
    session: Session, held: Locked, tray: Tray, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    """What becomes of the loan's SIM: it rests, the person keeps it, or it is lost and somebody is asked to bar it.

    An eSIM came back inside the tablet, and a voucher was spent. A card that nobody looked for stays suspended.
    """
    if held.sim_link is None:
        return
    sim_id = held.sim_link.sim_id
    sim = bundles.get_sim(session, sim_id)
    if bundles.is_spent(sim):
        told = replace(happening, reason=happening.reason or CODE_SPENT)
        move_sim(session, held, SimMove.KEEP, actor=actor, happening=told)
        return
    inside = sim.kind is SimKind.ESIM
    if tray.sim_in_tray is None and not inside:
        return
    if tray.ours_is_missing and not inside:
        told = replace(happening, reason=happening.reason or "Not in the tray when the tablet was looked over")
        name = SimMove.KEEP if bundles.is_left_to_the_person(session, sim_id) else SimMove.LOSE
        move_sim(session, held, name, actor=actor, happening=told)
    elif bundles.may_rest(session, sim_id):
        move_sim(session, held, SimMove.REST, actor=actor, happening=happening, rest_days=settings.sim_rest_days)
