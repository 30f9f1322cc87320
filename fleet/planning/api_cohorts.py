"""Changing a cohort over HTTP: which loans another last day would move, and the change itself."""

from __future__ import annotations

from fleet.cohorts.api_plans import cohort_detail
from fleet.cohorts.schemas import CohortChange
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.planning import service
from fleet.planning.api import SetUp
from fleet.planning.schemas import CohortChanged, CohortChangeIn, CohortMovesOut
from fleet.planning.service import CohortAsked

router = ApiRouter(tags=["programmes and cohorts"])


@router.post("/cohorts/{cohort_id}/preview", responses=responses(404, 409))
def look_at_cohort(
    cohort_id: RowId, asked: CohortChange, session: ReadSession, actor: SetUp, clock: ClockDep
) -> CohortMovesOut:
    """Which loans would follow the cohort's new last day. Writes nothing."""
    return CohortMovesOut.model_validate(
        service.look_at_change(session, cohort_id, _asked(asked), now=clock()), from_attributes=True
    )


@router.put("/cohorts/{cohort_id}", responses=responses(404, 409))
def change_cohort(
    cohort_id: RowId, asked: CohortChangeIn, session: WriteSession, actor: SetUp, clock: ClockDep
) -> CohortChanged:
    """Set its name, its days or its places right. The loans that the preview showed follow where its `digest` is
    given; else due dates that were promised stay. A first day out of order is refused until it has `keep_because`."""
    happening = Happening(now=clock())
    moved = service.change_cohort(
        session, cohort_id, _asked(asked), seen=asked.digest, actor=actor, happening=happening
    )
    return CohortChanged(**cohort_detail(session, cohort_id).model_dump(), loans_moved=moved)


def _asked(asked: CohortChange) -> CohortAsked:
    return CohortAsked(asked.name, asked.starts_on, asked.ends_on, asked.places, asked.keep_because)
