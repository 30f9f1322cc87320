"""Gatherings from the catalogue to a tile on a virtual tablet, and what an edit makes of the tablets with that tile."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from fleet.bench.api import see_run
from fleet.bench.models import Run
from fleet.bench.rules import RunState
from fleet.cohorts import service as cohorts
from fleet.gatherings import queries, service
from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import Entry, GatheringMove, Platform
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.loans.service.requests.wanted import wanted_profile
from fleet.people.rules import NeedCode
from fleet.tablets import queries as tablet_queries
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move, Stage
from fleet.users.rules import Role
from tests.fleet.bench.piloting import Pilot
from tests.fleet.bench.test_provisioning import with_home_app
from tests.fleet.bench.workbench import Place, Workbench
from tests.gatherings import CHAIR_EXERCISE, CURRENT_AFFAIRS, MUSIC_MORNING
from tests.lending import Lending, lending_at

TILES = "/sdcard/Android/data/org.doorstep.home/files/tiles.json"
MOVED = "https://meet.example.org/MusicMorningMoved#config.prejoinConfig.enabled=false"


@pytest.fixture
def lending(workbench: Workbench) -> Lending:
    made = lending_at(workbench.database, workbench.bench.hub_id, workbench.clock, workbench.settings)
    workbench.asks = loans.made_for
    with_home_app(workbench)
    return made


def add(lending: Lending, entry: Entry) -> Gathering:
    with lending.database.write() as session:
        return service.propose(
            session,
            replace(entry, host_id=lending.hub_id),
            actor=lending.actor(Role.COORDINATOR),
            happening=Happening(now=lending.clock()),
        )


def change(lending: Lending, gathering: Gathering, **changes: Any) -> None:
    with lending.database.write() as session:
        found = service.get_gathering(session, gathering.id)
        entry = Entry(**{name: getattr(found, name) for name in Entry.__dataclass_fields__})
        asked = replace(entry, **changes)
        service.edit(
            session,
            gathering.id,
            asked,
            actor=lending.actor(Role.COORDINATOR),
            happening=Happening(now=lending.clock()),
        )


def made_for_a_loan(workbench: Workbench, lending: Lending, *chosen: Gathering, **person: Any) -> Place:
    """A wiped tablet in a slot that is to be made for an approved loan with these gatherings."""
    place = workbench.place(stage=Stage.WIPED)
    loan = lending.loan_at(LoanState.APPROVED, lending.programme(), person=lending.person(**person))
    lending.do(loans.choose_gatherings, loan.id, [each.id for each in chosen])
    lending.do(loans.make_tablet_for, loan.id, place.tablet.id)
    return place


def carrying(lending: Lending, *gatherings: Gathering) -> int:
    """A tablet that was provisioned with these before."""
    tablet = lending.tablet(Stage.READY)
    with lending.database.write() as session:
        shown = [(each.id, each.revision) for each in gatherings]
        tablets.record_gatherings(session, tablet.id, shown, now=lending.clock())
    return tablet.id


def provision(workbench: Workbench, place: Place, profile: str = "large-clear") -> Run:
    ended = workbench.finish(workbench.start_provision(place, profile), place)
    assert ended.state is RunState.PASSED, ended.problem
    return ended


def shown_on(place: Place) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(place.device.files.readable(TILES).read_text())
    return held


def stale(lending: Lending, place: Place) -> bool:
    return lending.read(tablets.out_of_date, place.tablet.id)


def test_a_chosen_gathering_is_a_tile_and_editing_it_makes_every_tablet_out_of_date(
    workbench: Workbench, lending: Lending
) -> None:
    music, *others = [add(lending, each) for each in (MUSIC_MORNING, CURRENT_AFFAIRS, CHAIR_EXERCISE)]
    first = made_for_a_loan(workbench, lending, music)
    second, elsewhere = (carrying(lending, *each) for each in ([music], others))
    provision(workbench, first)
    tile = shown_on(first)["tiles"][0]
    assert (tile["label"], tile["link"], tile["platform"]) == ("Music morning", MUSIC_MORNING.link, "jitsi")
    assert (tile["weekday"], tile["at"], tile["picture"]) == (2, "10:30", "music")
    carriers = (first.tablet.id, second, elsewhere)
    assert not any(lending.read(tablets.out_of_date, each) for each in carriers)

    change(lending, music, link=MOVED)
    assert [lending.read(tablets.out_of_date, each) for each in carriers] == [True, True, False]

    provision(workbench, first)
    assert shown_on(first)["tiles"][0]["link"] == MOVED
    assert [lending.read(tablets.out_of_date, each) for each in carriers] == [False, True, False]


def test_what_no_tile_shows_leaves_tablets_as_they_are_and_an_ended_gathering_does_not(
    workbench: Workbench, lending: Lending
) -> None:
    music = add(lending, MUSIC_MORNING)
    place = made_for_a_loan(workbench, lending, music)
    provision(workbench, place)
    change(lending, music, minutes=90, captions=True)
    assert not stale(lending, place)
    with lending.database.write() as session:
        happening = Happening(now=lending.clock(), reason="Its host has moved away")
        service.move(session, music.id, GatheringMove.END, actor=lending.actor(Role.COORDINATOR), happening=happening)
    assert stale(lending, place)
    with lending.database.read() as session:
        tablet = tablets.get_tablet(session, place.tablet.id)
        facts = tablets.facts_of(session, tablet, settings=workbench.settings, now=workbench.clock())
        offers = tablets.what_may_happen(
            session, tablet, actor=workbench.technician, settings=workbench.settings, now=workbench.clock()
        )
    assert facts.tiles_out_of_date
    ready = next(offer for offer in offers if offer.transition.move is Move.MAKE_READY)
    assert any("provision it again" in refusal for refusal in ready.refusals)
    provision(workbench, place)
    assert not stale(lending, place)
    assert "Music morning" not in [tile["label"] for tile in shown_on(place)["tiles"]]


def test_size_contrast_and_language_are_those_of_the_person(workbench: Workbench, lending: Lending) -> None:
    music = add(lending, MUSIC_MORNING)
    needs = frozenset({NeedCode.LARGE_TEXT, NeedCode.KNOCK_AND_WAIT})
    place = made_for_a_loan(workbench, lending, music, needs=needs)
    ended = provision(workbench, place)
    assert (ended.made_for or {})["needs"] == ["large_text"]
    assert (shown_on(place)["text_size_sp"], shown_on(place)["contrast"]) == (36, "yellow_on_black")


def test_somebody_who_needs_few_things_gets_few_tiles_and_help(workbench: Workbench, lending: Lending) -> None:
    chosen = [add(lending, replace(MUSIC_MORNING, title=f"Music {number}")) for number in range(5)]
    place = made_for_a_loan(workbench, lending, *chosen, needs=frozenset({NeedCode.FEW_CHOICES}))
    provision(workbench, place)
    assert [tile["label"] for tile in shown_on(place)["tiles"]] == ["Music 0", "Music 1", "Music 2"]
    assert lending.read(tablets.carries, place.tablet.id) == tuple(each.id for each in chosen[:3])


def test_a_tablet_for_nobody_yet_carries_what_the_one_programme_usually_has(
    workbench: Workbench, lending: Lending
) -> None:
    music, programme = add(lending, MUSIC_MORNING), lending.programme()
    with lending.database.write() as session:
        cohorts.choose_gatherings(session, programme.id, [music.id], actor=lending.actor(Role.COORDINATOR))
    place = workbench.place(stage=Stage.WIPED)
    provision(workbench, place, "standard")
    assert [tile["label"] for tile in shown_on(place)["tiles"]] == ["Music morning"]
    assert place.device.setting("system", "font_scale") == "1.0"


def test_a_password_in_a_link_is_told_to_the_tablet_and_to_nobody_else(
    workbench: Workbench, lending: Lending, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "https://zoom.us/j/12345678901?pwd=Meadowlark77"
    caplog.set_level(logging.DEBUG)
    music = add(lending, replace(MUSIC_MORNING, platform=Platform.ZOOM, link=secret))
    place = made_for_a_loan(workbench, lending, music)
    ended = provision(workbench, place)
    change(lending, music, link=secret.replace("77", "78"))
    assert shown_on(place)["tiles"][0]["link"] == secret
    with lending.database.read() as session:
        told = see_run(ended.id, session).model_dump_json()
        events = [str(vars(event)) for event in queries.events(session, music.id)]
        timeline = [str(vars(event)) for event in tablet_queries.events(session, place.tablet.id)]
    steps = [f"{step.sentence} {step.said}" for step in workbench.steps(ended)]
    assert "tiles.json" in told
    assert "Meadowlark" not in "".join((told, caplog.text, *events, *timeline, *steps))


def test_the_autopilot_makes_a_tablet_right_whose_gathering_was_changed(workbench: Workbench, lending: Lending) -> None:
    music = add(lending, MUSIC_MORNING)
    place = made_for_a_loan(workbench, lending, music)
    pilot = Pilot(workbench, wanted=wanted_profile)
    pilot.switch_on()
    assert "Music morning" in [tile["label"] for tile in pilot_shows(pilot, place)]
    change(lending, music, title="Music and tea")
    assert stale(lending, place)
    assert "Music and tea" in [tile["label"] for tile in pilot_shows(pilot, place)]
    assert not stale(lending, place)


def pilot_shows(pilot: Pilot, place: Place) -> list[dict[str, Any]]:
    pilot.work(place)
    tiles: list[dict[str, Any]] = shown_on(place)["tiles"]
    return tiles


def test_a_wiped_tablet_carries_nothing(workbench: Workbench, lending: Lending) -> None:
    music = add(lending, MUSIC_MORNING)
    place = workbench.place(stage=Stage.AWAITING_WIPE)
    with lending.database.write() as session:
        tablets.record_gatherings(session, place.tablet.id, [(music.id, 1)], now=lending.clock())
    change(lending, music, link=MOVED)
    assert stale(lending, place)
    ended = workbench.finish(workbench.start_wipe(place), place)
    assert ended.state is RunState.PASSED, ended.problem
    assert lending.read(tablets.carries, place.tablet.id) == ()
    assert not stale(lending, place)
