"""Moving the due dates of many loans at once, because the hub is closed or their cohort ends on another day: new due
versions, never extensions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_THE_PERSON, MovedBecause, overdue_days, said
from fleet.loans.service.lending.due_dates import give_due
from fleet.loans.service.writer.moves import note
from fleet.partners import service as partners
from fleet.users.actor import Actor

MOVED = "moved_for_closure"
MOVED_WITH_COHORT = "moved_with_cohort"


class LoansChanged(Conflict):
    """What was looked at is not how it stands any more."""

    code = "loans_changed"


def move_due_dates(
    session: Session,
    moves: Mapping[int, tuple[date, date]],
    *,
    actor: Actor,
    happening: Happening,
    with_cohort: bool = False,
) -> int:
    """Give each loan another due date: loan -> (the date it has, the date it gets); `happening.reason` says why.

    It uses up no extension. All move or none: raises `LoansChanged` when one has another date by now, or is over.
    """
    found = {loan.id: loan for loan in queries.loans_locked(session, sorted(moves))}
    gone = [loan_id for loan_id, (before, _) in moves.items() if not _still(found.get(loan_id), before)]
    if gone:
        raise LoansChanged(
            f"Nothing was moved. {len(gone)} of the loans changed a moment before you.",
            next_step="Look at what would move once more, then confirm it again.",
            details={"loan_ids": gone[:20]},
        )
    programmes = cohorts.programmes_by_id(session, sorted({loan.programme_id for loan in found.values()}))
    tablets = queries.tablet_ids_of(session, list(found))
    for loan_id, loan in found.items():
        due = moves[loan_id][1]
        today = local_date(happening.now, ZoneInfo(partners.get_organisation(session, loan.hub_id).time_zone))
        late = overdue_days(today, loan.due_on, programmes[loan.programme_id].grace_days)
        because = MovedBecause.COHORT if with_cohort else MovedBecause.CLOSURE
        give_due(session, loan, due, days_late_before=late, actor=actor, happening=happening, moved=because)
        kind, why = (MOVED_WITH_COHORT, "Its cohort ends then") if with_cohort else (MOVED, "The hub is closed")
        words = f"{why}, due on {said(due)}"
        note(session, loan, kind=kind, words=words, actor=actor, happening=happening, tablet_id=tablets.get(loan_id))
    return len(found)


def _still(loan: Loan | None, before: date) -> bool:
    return loan is not None and loan.state in WITH_THE_PERSON and loan.stopped_at is None and loan.due_on == before
