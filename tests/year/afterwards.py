"""What comes after a loan: lost tablets that turn up, and people who ask to be forgotten."""

from __future__ import annotations

import threading
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.jobs.service import JobContext
from fleet.loans import service as loans
from fleet.loans.models import Loan, LoanTablet
from fleet.loans.rules import LoanState
from fleet.people.models import Person
from fleet.privacy.rules import WhyErase
from fleet.privacy.service import ask_to_erase, erase_handler
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.year.fates import Fate, fate_of
from tests.year.play import Play
from tests.year.restoring import BACKUPS, FORGOTTEN_AFTER
from tests.year.town import Town


def find_the_lost(town: Town) -> None:
    """Nine days after it was given up, somebody brings one in."""
    for tablet_id, loan_id in town.read(_lost_for_long, town):
        if fate_of(loan_id) is Fate.LOST_AND_FOUND:
            town.do(loans.found, tablet_id=tablet_id, role=Role.TECHNICIAN)
            town.refused("R20", loans.extend, loan_id, reason="They would like it again.")
            town.seen["found"] += 1


def _lost_for_long(session: Session, town: Town) -> list[tuple[int, int]]:
    query = (
        select(Tablet.id, LoanTablet.loan_id)
        .join(LoanTablet, LoanTablet.tablet_id == Tablet.id)
        .join(Loan, Loan.id == LoanTablet.loan_id)
        .where(Tablet.stage == Stage.LOST, Loan.state == LoanState.CLOSED_LOST)
        .where(Loan.closed_at < town.clock() - timedelta(days=9))
    )
    return [(*row,) for row in session.execute(query.order_by(Tablet.id))]


def forget(play: Play, day: date) -> None:
    """Every twelfth day somebody whose loan is over asks to be forgotten, and every thirtieth somebody who has one."""
    town, number = play.town, play.number(day)
    for every, having_one in ((12, False), (30, True)):
        if number % every == 5 or (day - FORGOTTEN_AFTER in BACKUPS and not having_one):
            for person_id in town.read(_to_be_forgotten, having_one):
                standing = town.do(ask_to_erase, person_id, WhyErase.ASKED, role=Role.DATA_PROTECTION)
                town.seen["erasures that wait" if standing.waits else "erased at once"] += 1
    if number % 3 == 0:
        erase_handler(town.settings)(
            JobContext(town.database, town.clock, 1, {}, "worker", lambda _: None, threading.Event())
        )


def _to_be_forgotten(session: Session, having_one: bool) -> list[int]:
    ended = (LoanState.CLOSED_RETURNED, LoanState.CLOSED_LOST)
    theirs = select(Loan.person_id).where(Loan.state == LoanState.ACTIVE if having_one else Loan.state.in_(ended))
    query = select(Person.id).where(Person.id.in_(theirs), Person.erased_at.is_(None))
    return list(session.scalars(query.order_by(Person.id).limit(1)))
