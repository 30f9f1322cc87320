"""A return that nobody saw: it came through the letter-box, or was left while the hub was closed (rule R2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove, unseen_problem
from fleet.loans.rules.claims import CAME_ON
from fleet.loans.service.returning.taking_back import Condition, hand_in
from fleet.loans.service.writer.locks import label_of
from fleet.loans.service.writer.told import told_of_tablet
from fleet.machine import SAY_WHY
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.users.actor import Actor


def came_unseen(
    session: Session,
    *,
    tablet_id: int,
    came_on: date | None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    condition: Condition | None = None,
    sim_in_tray: bool | None = None,
    kit_missing: str = "",
    at: int | None = None,
) -> Loan:
    """The tablet lay at a hub before anybody scanned it: its loan's clock stopped on the day on which it came.

    `at` is the hub where it lay, None for the tablet's own (rule R16).
    `happening.reason` says how it came. Raises `BadInput` for a day that cannot be it and without a reason, `Conflict`
    when nobody has the tablet.
    """
    told = told_of_tablet(session, (LoanMove.HAND_IN.value,), happening)
    if told is not None:
        return told
    loan = _loan_of(session, tablet_id)
    today = local_date(happening.now, ZoneInfo(partners.get_organisation(session, loan.hub_id).time_zone))
    problems = {
        "came_on": unseen_problem(came_on, today=today, handed_over_on=loan.started_on),
        "reason": "" if happening.reason.strip() else SAY_WHY,
    }
    fields = {name: sentence for name, sentence in problems.items() if sentence}
    if fields or came_on is None:
        raise BadInput("Nothing was changed.", fields=fields)
    return hand_in(
        session,
        loan.id,
        tablet_id=tablet_id,
        condition=condition,
        sim_in_tray=sim_in_tray,
        kit_missing=kit_missing,
        came_on=came_on,
        at=at,
        actor=actor,
        settings=settings,
        happening=replace(happening, details={**happening.details, CAME_ON: came_on.isoformat()}),
    )


def _loan_of(session: Session, tablet_id: int) -> Loan:
    tablets.get_tablet(session, tablet_id)
    loan = queries.open_loan_of_tablet(session, tablet_id)
    if loan is None or loan.started_on is None or loan.returned_on is not None:
        raise Conflict(
            f"Nothing was changed. {label_of(session, tablet_id)} is not on loan to anybody.",
            next_step="Look at the tablet's own page to see where it stands.",
        )
    return loan
