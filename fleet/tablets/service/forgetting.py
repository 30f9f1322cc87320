"""Where finders and others said that a tablet was is given up once it was settled and nobody can need it any more: it
may be somebody's home, and it stands in no list that an erasure of that somebody could find."""

from __future__ import annotations

from datetime import datetime, timedelta

from fleet.jobs.service import Handler, JobContext
from fleet.logs import get_logger
from fleet.settings import Settings
from fleet.tablets import queries

PLACES_JOB = "tablets.places"

log = get_logger(__name__)


def places_handler(settings: Settings) -> Handler:
    """What does `tablets.places` jobs."""

    def forget(context: JobContext) -> None:
        """Empties what was settled more days ago than the settings name. That it was seen, and when, stays."""
        before = context.clock() - timedelta(days=settings.sighting_days)
        count = 0
        while some := _forget_some(context, before):
            count += some
        if count:
            log.info("sightings_forgotten", count=count)

    return forget


def _forget_some(context: JobContext, before: datetime) -> int:
    with context.write() as session:
        found = queries.settled_places(session, before)
        for sighting in found:
            queries.forget_words_of(session, sighting)
            sighting.place, sighting.settle_reason = "", ""
        return len(found)
