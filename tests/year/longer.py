"""Somebody would like to keep their tablet for longer: allowed, refused, or decided by a coordinator who says why."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Programme
from fleet.errors import MoveRefused
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanEvent
from fleet.loans.rules import LoanMove
from fleet.users.rules import Role
from tests.year.life import Life
from tests.year.town import Asking, Hub, Town
from tests.year.wanting import Wanted, wanted_by_others

CAP, NEED = "extensions_left", "nobody_needs_it"
"""What the server calls the two refusals."""
_NO_ONE_IN = 3
"""Of those who ask while others wait, every third is told no."""


def extend(town: Town, each: Life) -> bool:
    """They ask for as much longer as the programme gives; whether they may."""
    wanted = _reckoned(town, each)
    codes = _asked(town, each, wanted)
    if not codes:
        town.seen["extended"] += 1
        town.seen["extended as others have enough"] += wanted.waiting > 0
        return True
    town.seen["refused because others wait"] += NEED in codes
    if each.loan_id % _NO_ONE_IN == 0:
        town.told_no.add(each.loan_id)
        return False
    go_beyond(town, each, wanted, codes)
    return True


def go_beyond(town: Town, each: Life, wanted: Wanted, codes: frozenset[str]) -> None:
    """A coordinator decides, and says why; nobody else may, and not without a word."""
    town.refused("R6", loans.extend, each.loan_id, reason="", override_cap=True)
    town.refused("R6", loans.extend, each.loan_id, reason="I may.", override_cap=True, role=Role.COURIER)
    made = town.do(loans.extend, each.loan_id, reason="Agreed by the lead.", override_cap=True)
    town.asked_longer.append(Asking(each.loan_id, made.due_version, town.today, wanted.short, codes, overridden=True))
    if CAP in codes:
        town.overridden.add(each.loan_id)
        town.seen["extended beyond the cap"] += 1
    town.seen["extended though others wait"] += NEED in codes


def extend_beyond_the_cap(town: Town, each: Life) -> None:
    """Once more than the programme allows."""
    wanted = _reckoned(town, each)
    codes = _asked(town, each, wanted)
    if CAP not in codes:
        town.wrong.append(f"R5: loan {each.loan_id} was extended too often on {town.today}, and nobody refused")
    town.seen["refused R5"] += 1
    go_beyond(town, each, wanted, codes)


def _asked(town: Town, each: Life, wanted: Wanted) -> frozenset[str]:
    """What speaks against it, by the server's own codes; nothing where it was done."""
    try:
        version = town.do(loans.extend, each.loan_id, reason="More practice wanted.").due_version
        codes = frozenset[str]()
    except MoveRefused as refused:
        version, codes = each.due_version, frozenset(refused.codes)
    town.asked_longer.append(Asking(each.loan_id, version, town.today, wanted.short, codes))
    return codes


def _reckoned(town: Town, each: Life) -> Wanted:
    hub = next(hub for hub in town.hubs if hub.id == each.hub_id)
    days = town.read(policy, each.loan_id).extension_days
    until = _open(hub, max(each.due_on, town.today) + timedelta(days=days))
    return town.read(wanted_by_others, each, hub, until)


def _open(hub: Hub, day: date) -> date:
    while not hub.is_open(day):
        day += timedelta(days=1)
    return day


def times_extended(session: Session, loan_id: int) -> int:
    """A closure gives a due version too, and is no extension."""
    extensions = select(LoanEvent.id).where(LoanEvent.loan_id == loan_id, LoanEvent.kind == LoanMove.EXTEND)
    return len(session.scalars(extensions).all())


def policy(session: Session, loan_id: int) -> Programme:
    return session.scalars(select(Programme).join(Loan).where(Loan.id == loan_id)).one()
