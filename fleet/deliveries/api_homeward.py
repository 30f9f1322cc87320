"""The way home of what lies at another hub than its own (rule R16), for programs."""

from __future__ import annotations

from fastapi import Query

from fleet.deliveries import queries, service
from fleet.deliveries.api import Id, Planner
from fleet.deliveries.queries import Homeward
from fleet.deliveries.schemas import JobOut
from fleet.deliveries.schemas.homeward import BringHomeIn, HomewardList, HomewardOut, JobsOut, KeptOut, StayIn
from fleet.deliveries.service import Window
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners import service as partners

router = ApiRouter(tags=["deliveries"])

PER_PAGE = 100


@router.get("/way-home", responses=responses())
def list_homeward(session: ReadSession, actor: Planner, page: int = Query(1, ge=1, le=1_000_000)) -> HomewardList:
    """What lies at your hub and belongs to another, and what of yours lies at others; 100 at a time, the longest there
    first. `run_id` is the run that is to bring it home."""
    hub = partners.hub_of(session, actor)
    found = queries.homeward(session, hub_id=hub.id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    total = queries.count_homeward(session, hub_id=hub.id)
    return HomewardList(
        items=[_out(each) for each in found], total=total, page=page, page_count=max(1, -(-total // PER_PAGE))
    )


def _out(found: Homeward) -> HomewardOut:
    return HomewardOut(
        tablet_id=found.tablet.id,
        lies_at_hub_id=found.tablet.guest_hub_id or 0,
        home_hub_id=found.tablet.hub_id,
        since=found.tablet.changed_at,
        run_id=found.stop.run_id if found.stop is not None else None,
    )


@router.post("/courier-runs/{run_id}/way-home", status_code=201, responses=responses(404, 409))
def bring_home(run_id: Id, asked: BringHomeIn, session: WriteSession, actor: Planner, clock: ClockDep) -> JobsOut:
    """Put tablets that lie at another hub on a run of that hub or of their own: a stop each, all of them or none."""
    jobs = service.bring_home(
        session,
        run_id,
        tablet_ids=asked.tablet_ids,
        window=Window(asked.window_from, asked.window_to),
        actor=actor,
        happening=Happening(now=clock(), source="api"),
    )
    return JobsOut(jobs=[JobOut.model_validate(job) for job in jobs])


@router.post("/way-home/{tablet_id}/stay", responses=responses(404, 409))
def stay_here(
    tablet_id: Id, asked: StayIn, session: WriteSession, actor: Planner, settings: SettingsDep, clock: ClockDep
) -> KeptOut:
    """Your hub, where the tablet lies, keeps it: from here on it is looked over, wiped and lent there."""
    happening = Happening(now=clock(), source="api", reason=asked.reason)
    tablet = service.keep_here(session, tablet_id, actor=actor, settings=settings, happening=happening)
    return KeptOut(tablet_id=tablet.id, hub_id=tablet.hub_id, stage=tablet.stage.value)
