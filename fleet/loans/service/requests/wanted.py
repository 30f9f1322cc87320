"""Which profile a tablet on the bench should get, because somebody waits for one like it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.clock import local_date, utc_now
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import kind_fits
from fleet.loans.service.requests.waiting import queue
from fleet.people.rules import NeedCode
from fleet.tablets import service as tablets

CLEAR_PROFILE = "large-clear"
PLAIN_PROFILE = "standard"


def wanted_profile(session: Session, tablet_id: int, *, clock: Callable[[], datetime] = utc_now) -> str:
    """The profile for the loan this tablet is to be made for, else for whoever is next in turn of
    those approved that no tablet on the shelf, or on its way there, would suit.

    Empty where every one of them is provided for: then the bench's own choice counts. Reads only.
    """
    asked = queries.loan_to_set_up_for(session, tablet_id)
    if asked is not None:
        return _profile_for(frozenset(need.code for need in queries.needs_of(session, asked.person_id)))
    hub_id = tablets.get_tablet(session, tablet_id).hub_id
    stock = list(queries.profiles_in_stock(session, hub_id=hub_id))
    for loan in _in_turn(session, hub_id, local_date(clock())):
        needs = frozenset(need.code for need in queries.needs_of(session, loan.person_id))
        suitable = next((profile for profile in stock if kind_fits(profile, needs)), None)
        if suitable is None:
            return _profile_for(needs)
        stock.remove(suitable)
    return ""


def _in_turn(session: Session, hub_id: int, today: date) -> list[Loan]:
    """Approved loans without a tablet, whoever is next on the waiting list in front."""
    approved = {loan.id: loan for loan in queries.loans_without_a_tablet(session, hub_id=hub_id)}
    return [approved[turn.loan_id] for turn in queue(session, hub_id, today) if turn.loan_id in approved]


def _profile_for(needs: frozenset[NeedCode]) -> str:
    return CLEAR_PROFILE if kind_fits(CLEAR_PROFILE, needs) else PLAIN_PROFILE
