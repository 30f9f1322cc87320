"""Files of usage over HTTP, and what was used of one SIM by hand."""

from __future__ import annotations

from datetime import date

from fleet.bundles import queries, service
from fleet.bundles.api.seeing import Recorder, SimId, see
from fleet.bundles.queries import usage
from fleet.bundles.schemas.data import ReadingOut, UsageFileIn, UsageFileOut, UsageIn, UsageRowOut, WhyIn
from fleet.clock import local_date
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession

router = ApiRouter(prefix="/sims", tags=["SIMs"])


@router.post("/usage", responses=responses(409))
def record_file(asked: UsageFileIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> UsageFileOut:
    """A file of usage: looked through with `preview`, else recorded whole or not at all. Twice changes nothing."""
    now = clock()
    checked = service.check_file(session, asked.csv, today=local_date(now))
    recorded = 0
    if not asked.preview:
        recorded = service.import_usage(session, asked.csv, actor=actor, happening=Happening(now=now, source="api"))
    return UsageFileOut(recorded=recorded, rows=[row_shown(each) for each in checked])


def row_shown(checked: service.CheckedRow) -> UsageRowOut:
    row = checked.row
    readable = not row.problem
    return UsageRowOut(
        line=row.line,
        iccid=row.iccid,
        read_on=row.read_on if readable and row.read_on != date.min else None,
        used_mb=row.used_mb if readable else None,
        sim_id=checked.sim.id if checked.sim else None,
        problem=checked.problem,
    )


@router.get("/{sim_id}/usage", dependencies=see, responses=responses(404))
def list_usage(sim_id: SimId, session: ReadSession) -> list[ReadingOut]:
    """The readings of the bundle that the SIM has, newest first; at most 200."""
    bundle = queries.current_bundle(session, service.get_sim(session, sim_id).id)
    found = usage.readings(session, bundle.id) if bundle else ()
    return [ReadingOut.model_validate(each) for each in found]


@router.post("/{sim_id}/usage", status_code=201, responses=responses(404, 409))
def record_usage(sim_id: SimId, asked: UsageIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> ReadingOut:
    """What was used of a month by the end of a day. The same day once more takes the place of the first."""
    told = asked.happening(clock())
    on = asked.read_on or local_date(told.now)
    reading = service.record_usage(session, sim_id, used_mb=asked.used_mb, on=on, actor=actor, happening=told)
    return ReadingOut.model_validate(reading)


@router.post("/{sim_id}/used-at-rest", status_code=204, responses=responses(404, 409))
def answer_use_at_rest(sim_id: SimId, asked: WhyIn, session: WriteSession, actor: Recorder, clock: ClockDep) -> None:
    """Say what was found out about data that was used while nobody had the SIM."""
    happening = Happening(now=clock(), source="api", client_id=asked.client_id, reason=asked.reason)
    service.answer_use_at_rest(session, sim_id, actor=actor, happening=happening)
