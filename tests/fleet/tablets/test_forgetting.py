"""Where somebody said that a tablet was goes some time after it was settled, from the note and from the log."""

from __future__ import annotations

from collections.abc import Callable

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.jobs.service import JobContext
from fleet.settings import Settings
from fleet.tablets import queries, service
from fleet.tablets.models import Sighting, Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service.forgetting import places_handler
from fleet.tags.rules import shown
from fleet.tags.service import make_tags
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser, FakeClock

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@ON_SQLITE
def test_what_a_finder_wrote_goes_some_time_after_somebody_saw_to_it(
    database: Database,
    stock: Callable[..., Tablet],
    actor: Callable[..., Actor],
    browser_as: Callable[..., Browser],
    settings: Settings,
    clock: FakeClock,
) -> None:
    tablet, technician, coordinator = stock(Stage.LOST), actor(Role.TECHNICIAN), actor(Role.COORDINATOR)
    with database.write() as session:
        tag = make_tags(session, [tablet.id], actor=technician, happening=Happening(clock()))[0]
    stranger = browser_as()
    for where in ("With Mrs Sample, 2 Sample Street", "On the 4 bus"):
        clock.advance(minutes=1)
        assert stranger.post(f"/t/{shown(tag.code)}", data={"where": where}, headers=SAME_ORIGIN).is_success
    with database.write() as session:
        first = service.open_sightings(session)[0]
        told = Happening(clock(), reason="She has given it to us")
        service.settle_sighting(session, first.id, actor=coordinator, happening=told)
    clock.advance(days=settings.sighting_days)
    assert forgotten(database, settings, clock, tablet.id) == 0
    clock.advance(seconds=1)
    assert forgotten(database, settings, clock, tablet.id) == 1
    with database.read() as session:
        gone = session.get_one(Sighting, first.id)
        assert (gone.place, gone.settle_reason, gone.settled_at is None) == ("", "", False)
        assert [each.place for each in service.open_sightings(session)] == ["On the 4 bus"]


def forgotten(database: Database, settings: Settings, clock: FakeClock, tablet_id: int) -> int:
    """Does the day's job; how many finders' words are gone from the tablet's log."""
    context = JobContext(
        database=database,
        clock=clock,
        job_id=1,
        args={},
        holder="test",
        nudge=lambda _: None,
        lease_lost=None,  # type: ignore[arg-type]  # this handler never asks whether to stop
    )
    places_handler(settings)(context)
    with database.read() as session:
        return sum(not each.reason for each in queries.events(session, tablet_id) if each.kind == "finder")
