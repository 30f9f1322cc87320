"""The locks of several loans, in one order for all of them: whoever then locks them one by one waits for nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.errors import there
from fleet.loans import queries
from fleet.loans.models import Loan, VenueLoan
from fleet.loans.service.writer.locks import get_loan
from fleet.tablets import service as tablets


def lock_all(session: Session, loan_ids: Sequence[int]) -> None:
    """What `lock` takes for each of these."""
    seen = [queries.open_tablet(session, loan_id) for loan_id in loan_ids]
    swaps = [get_loan(session, loan_id).swap_tablet_id for loan_id in loan_ids]
    for tablet_id in sorted({link.tablet_id for link in seen if link} | {each for each in swaps if each is not None}):
        tablets.lock_tablet(session, tablet_id)
    queries.loans_locked(session, sorted(loan_ids))
    cards = [queries.open_sim(session, loan_id) for loan_id in loan_ids]
    for sim_id in sorted(link.sim_id for link in cards if link):
        bundles.lock_sim(session, sim_id)


def known_venue(found: VenueLoan | None, venue_loan_id: int) -> VenueLoan:
    return there(found, f"There is no venue loan number {venue_loan_id}.", next_step="Look for it in the list.")


def locked_venue(session: Session, venue_loan_id: int, wanted: Callable[[Loan], bool]) -> tuple[VenueLoan, list[Loan]]:
    """A venue loan and those of its tablets that are meant, all locked. Raises `NotFound`."""
    venue = known_venue(queries.venue_loan_locked(session, venue_loan_id), venue_loan_id)
    lock_all(session, [loan.id for loan in queries.loans_at_venue(session, venue_loan_id)])
    return venue, [loan for loan in queries.loans_at_venue(session, venue_loan_id) if wanted(loan)]
