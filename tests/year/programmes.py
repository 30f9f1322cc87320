"""What each hub lends under, and the six cohorts of the year: policies that differ, one with its own ladder."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from fleet.chasing import service as chasing
from fleet.chasing.ladder import default_ladder
from fleet.cohorts import service as cohorts
from fleet.cohorts.rules import LoanPolicy
from fleet.users.rules import Role
from tests.year.play import Scale
from tests.year.town import Hub, Town

COHORT_STARTS = (
    *(date(2026, 7, 6), date(2026, 10, 5)),
    *(date(2026, 9, 28), date(2027, 3, 8)),
    *(date(2026, 12, 7), date(2027, 3, 1)),
)
"""Two for each hub in turn; of these, three run across a change of the clocks and one over New Year."""
WEEKS = 4
OWN_LADDER = ("two_days_before", "days_after", "week_after", "review")
"""The steps of the programme that follows a shorter ladder of its own."""


def set_up_programmes(town: Town, scale: Scale) -> None:
    """Cohorts last 28 days. Of the rolling programmes one lends by calendar months, one without data, one may give."""
    with town.database.write() as session:
        days = scale.lends_for
        for number, hub in enumerate(town.hubs):
            hub.cohort_programme = _add(
                session,
                town,
                hub,
                "taster",
                LoanPolicy(taster_days=days, max_extensions=1, gifts_allowed=number == 0),
            )
            policy = (
                LoanPolicy(taster_days=days, taster_months=1 if scale.by_months else None, extension_days=14),
                LoanPolicy(taster_days=days * 3 // 4, bundle_required=False, grace_days=0),
                LoanPolicy(taster_days=days, gifts_allowed=True, max_extensions=1, grace_days=4),
            )[number]
            hub.rolling_programme = _add(session, town, hub, "rolling", policy)
            for starts_on in COHORT_STARTS[2 * number : 2 * number + 2]:
                _add_cohort(session, town, hub, starts_on, scale.places)
        _shorter_ladder(session, town, town.hubs[1].rolling_programme)


def _add(session: Session, town: Town, hub: Hub, name: str, policy: LoanPolicy) -> int:
    made = cohorts.add_programme(
        session,
        hub_id=hub.id,
        name=f"Sample {name} {hub.id}",
        policy=policy,
        actor=town.actors[Role.COORDINATOR],
        now=town.clock(),
    )
    return made.id


def _add_cohort(session: Session, town: Town, hub: Hub, starts_on: date, places: int) -> None:
    ends_on = starts_on + timedelta(weeks=WEEKS)
    made = cohorts.add_cohort(
        session,
        programme_id=hub.cohort_programme,
        name=f"Cohort of {starts_on:%B %Y}",
        starts_on=starts_on,
        ends_on=ends_on,
        places=places,
        actor=town.actors[Role.COORDINATOR],
        now=town.clock(),
    )
    hub.cohorts.append((made.id, starts_on, ends_on, places))


def _shorter_ladder(session: Session, town: Town, programme_id: int) -> None:
    rungs = [rung for rung in default_ladder().rungs if rung.key in OWN_LADDER]
    chasing.set_ladder(
        session,
        programme_id,
        rungs,
        grace_days=0,
        actor=town.actors[Role.COORDINATOR],
        happening=town.happening(),
    )
