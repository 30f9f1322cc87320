"""A tablet that came back is looked over and wiped down, and its loan closes."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove
from fleet.loans.service.returning.taking_back import Condition, write_what_was_seen
from fleet.loans.service.returning.trays import Tray, look_into_tray, put_sim_away
from fleet.loans.service.writer.locks import Locked, lock_by_tablet
from fleet.loans.service.writer.moves import let_go, make, move_tablet
from fleet.loans.service.writer.told import told_of_tablet
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor


def inspect(
    session: Session,
    *,
    tablet_id: int,
    condition: Condition,
    cleaned: bool,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    kit_missing: str = "",
    sim_in_tray: bool | None = None,
    sim_seen: str = "",
    stray_bagged: bool = False,
) -> Loan | None:
    """A technician has looked the returned tablet over and wiped it down: the tablet is cleaned and its loan closes.

    Missing parts are listed and block nothing. The card in the tray is compared with the record by `sim_seen`, the
    digits read from it (rule R28); a strange one is bagged, and ours counts as lost then, as when the tray is empty.
    The data on the tablet is still the person's until the next verified wipe. None for a tablet that no loan has (one
    that was found again, or swapped out): a card in it is bagged. Raises `BadInput` before it was cleaned,
    `AnotherSim`.
    """
    if not cleaned:
        raise BadInput(
            "Nothing was changed. The tablet is not clean yet.",
            fields={"cleaned": "Wipe it down first: a cloth, 70 % isopropyl, unplugged."},
        )
    held = lock_by_tablet(session, tablet_id)
    told = told_of_tablet(session, (LoanMove.CLOSE_RETURNED.value,), happening)
    if told is not None:
        return told
    tray = Tray(sim_in_tray, sim_seen, stray_bagged)
    if held is None:
        _bag_what_nobody_expects(session, tablet_id, tray, actor=actor, happening=happening)
        tablets.move(session, tablet_id, Move.CLEAN, actor=actor, settings=settings, happening=happening)
    else:
        look_into_tray(session, held, tray, tablet_id=tablet_id, actor=actor, happening=happening)
        _close(session, held, tablet_id, actor=actor, settings=settings, happening=happening)
        put_sim_away(session, held, tray, actor=actor, settings=settings, happening=happening)
        write_what_was_seen(held.loan, condition, sim_in_tray, kit_missing)
        let_go(held, happening.now)
    tablets.check_kit(
        session, tablet_id, actor=actor, happening=replace(happening, client_id=None), missing=kit_missing
    )
    return held.loan if held is not None else None


def _bag_what_nobody_expects(
    session: Session, tablet_id: int, tray: Tray, *, actor: Actor, happening: Happening
) -> None:
    """A card in a tablet that no loan has, swapped out or found: somebody finds out whose it is (rule R28)."""
    waits = tablets.get_tablet(session, tablet_id).stage is Stage.RETURNED
    if waits and (tray.stray_bagged or tray.seen.strip()):
        bundles.bag_stray(session, tablet_id, tray.seen, actor=actor, happening=replace(happening, client_id=None))


def _close(
    session: Session, held: Locked, tablet_id: int, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    _refuse_unreturned(held)
    make(session, held, LoanMove.CLOSE_RETURNED, actor=actor, happening=happening)
    move_tablet(session, tablet_id, Move.CLEAN, loan=held.loan, actor=actor, settings=settings, happening=happening)


def _refuse_unreturned(held: Locked) -> None:
    if held.tablet is not None and held.tablet.stage is not Stage.RETURNED:
        raise Conflict(
            f"Nothing was changed. Tablet {held.tablet.id} has not been scanned in at the hub yet.",
            next_step="Scan it in first, then inspect it.",
        )
