"""The readiness forecast of one hub: a few grouped reads, then arithmetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.rules import natural_end
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.planning import queries
from fleet.planning.rules.forecast import Fleet, Forecast, Record, Wanted, forecasts
from fleet.settings import Settings
from fleet.tablets import service as tablets

MOST_COHORTS = 24
RETURNS_LOOKED_AT = 200


def forecast(session: Session, *, hub_id: int, settings: Settings, now: datetime) -> tuple[Forecast, ...]:
    """The outlook of a hub's cohorts that begin today or later, soonest first."""
    hub = partners.get_organisation(session, hub_id)
    today = local_date(now, ZoneInfo(hub.time_zone))
    coming = queries.cohorts_from(session, hub.id, today, limit=MOST_COHORTS)
    if not coming:
        return ()
    filled = queries.filled_places(session, [cohort.id for cohort, _ in coming])
    wanted = [_wanted(cohort, programme, filled.get(cohort.id, 0)) for cohort, programme in coming]
    seen = fleet_on(
        session,
        hub.id,
        today,
        {each.cohort_id for each in wanted},
        with_virtual=settings.demo,
        fresh_since=tablets.fresh_since(settings, now),
    )
    return forecasts(seen, wanted, cohorts.calendar_of(session, hub.id))


def fleet_on(
    session: Session, hub_id: int, today: date, coming: set[int], *, with_virtual: bool, fresh_since: datetime
) -> Fleet:
    """Where the hub's tablets are. `coming`: the cohorts that are still to begin, whose people are not promised one of
    those on the shelf beyond their places."""
    due: dict[date, int] = {}
    fetched = 0
    for (state, due_on), count in queries.due_counts(session, hub_id).items():
        due[due_on] = due.get(due_on, 0) + count
        fetched += count if state is LoanState.RETURN_ARRANGED and due_on < today else 0
    approved = queries.approved_counts(session, hub_id)
    return Fleet(
        today=today,
        stages=queries.tablets_by_stage(session, hub_id, with_virtual=with_virtual, fresh_since=fresh_since),
        held=queries.tablets_held(session, hub_id, with_virtual=with_virtual),
        retiring=queries.tablets_retiring(session, hub_id, with_virtual=with_virtual),
        due=due,
        fetched=fetched,
        stopped=loans.count_stopped(session, hub_id=hub_id),
        leaving=_leaving(session, hub_id, today),
        promised=sum(count for cohort_id, count in approved.items() if cohort_id not in coming),
        record=_record(session, hub_id),
    )


def _wanted(cohort: Cohort, programme: Programme, have_theirs: int) -> Wanted:
    return Wanted(
        cohort_id=cohort.id,
        name=cohort.name,
        programme=programme.name,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        places=cohort.places,
        have_theirs=have_theirs,
        turnaround_days=programme.turnaround_days,
    )


def _leaving(session: Session, hub_id: int, today: date) -> dict[date, int]:
    """When those that are about to go out will be due: with their cohort, or after the programme's usual time."""
    counts = queries.leaving_counts(session, hub_id)
    ends = queries.cohort_ends(session, {cohort_id for cohort_id, _ in counts if cohort_id is not None})
    programmes = cohorts.programmes_by_id(session, [programme_id for _, programme_id in counts])
    leaving: dict[date, int] = {}
    for (cohort_id, programme_id), count in counts.items():
        end = ends.get(cohort_id) if cohort_id is not None else None
        if end is None or end <= today:
            end = natural_end(today, programmes[programme_id].policy)
        leaving[end] = leaving.get(end, 0) + count
    return leaving


def _record(session: Session, hub_id: int) -> Record:
    returns = queries.last_returns(session, hub_id, limit=RETURNS_LOOKED_AT)
    late = sorted(max(timedelta(0), back - due).days for due, back, _ in returns)
    return Record(tuple(late), sum(condition in queries.NEEDS_REPAIR for _, _, condition in returns))
