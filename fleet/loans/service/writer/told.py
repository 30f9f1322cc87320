"""What was told before: an act with its own id counts once, and at the time its teller says it happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.service.writer.locks import Locked, get_loan, lock_whole, refuse_another_tablet, refuse_other_hubs

LONGEST_OFFLINE = timedelta(hours=72)
"""A phone may tell of something this long after it happened; an older or future story counts from when it is told."""


class IdUsedBefore(Conflict):
    """A client id was sent before, for something else."""

    code = "id_used_before"


def begin(
    session: Session,
    loan_id: int,
    kinds: tuple[str, ...],
    happening: Happening,
    *,
    tablet_id: int | None = None,
    reserve_tablet_id: int | None = None,
    reserve_sim_id: int | None = None,
) -> Locked | None:
    """`lock`, unless this very act was told before: then None, and whoever asked answers with the loan as it is.

    Raises `Conflict` where what is to be kept for the loan belongs to another hub.
    """
    held = lock_whole(session, loan_id, reserve_tablet_id=reserve_tablet_id, reserve_sim_id=reserve_sim_id)
    if told_before(session, loan_id, kinds, happening):
        return None
    if tablet_id is not None:
        refuse_another_tablet(session, held.loan, held.tablet_link, tablet_id)
    refuse_other_hubs(session, held, reserve_tablet_id, reserve_sim_id)
    return held


def told_before(session: Session, loan_id: int, kinds: tuple[str, ...], happening: Happening) -> bool:
    """Whether this very act was told before. Raises `IdUsedBefore` when its id belongs to another act."""
    if happening.client_id is None:
        return False
    event = queries.event_by_client_id(session, happening.client_id)
    if event is None:
        return False
    if event.loan_id != loan_id or event.kind not in kinds:
        raise IdUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
            details={"loan_id": event.loan_id, "kind": event.kind},
        )
    return True


def told_of_tablet(session: Session, kinds: tuple[str, ...], happening: Happening) -> Loan | None:
    """The loan to which this very act was told before, for acts that name a tablet and no loan."""
    event = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if event is None:
        return None
    told_before(session, event.loan_id, kinds, happening)
    return get_loan(session, event.loan_id)


def happened_at(happening: Happening) -> datetime:
    """When it happened, by the phone's story where that can be believed."""
    told = happening.client_at
    if told is None or not happening.now - LONGEST_OFFLINE <= told <= happening.now:
        return happening.now
    return told
