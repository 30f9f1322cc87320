"""Whatever is done to the catalogue in any order, exactly the tablets that show something else are out of date."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pydantic import SecretStr

from fleet.database.session import open_database
from fleet.errors import MoveRefused
from fleet.gatherings import service
from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import SHOWN_ON_A_TABLET, Entry, GatheringMove, GatheringState, Theme
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.gatherings import CHAIR_EXERCISE, CURRENT_AFFAIRS, MUSIC_MORNING
from tests.lending import lending_at
from tests.people import FakeClock

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"title": "Music and tea"},
    {"title": " Music and tea "},
    {"title": "Something else"},
    {"weekday": 4},
    {"starts_at": time(16, 45)},
    {"theme": Theme.COMPANY},
    {"minutes": 90},
    {"captions": True},
    {"bsl": True, "language": "pa"},
)
"""What somebody types over an entry: nothing, what a tile shows, and what none does."""

gathering_numbers = st.integers(0, 2)
tablet_numbers = st.integers(0, 2)


class CatalogueMachine(RuleBasedStateMachine):
    """Three gatherings and three tablets, on SQLite. Revisions are not looked at here, only what stands on a tile."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="doorstep-catalogue-"))
        copy = self.folder / "doorstep.sqlite3"
        shutil.copy(self.template, copy)
        url = f"sqlite:///{copy}"
        self.database = open_database(url)
        clock = FakeClock()
        chosen = Settings(database_url=url, data_dir=self.folder, secret_key=SecretStr("only for this test, and long"))
        with self.database.write() as session:
            hub = Organisation(kind=OrganisationKind.HUB, name="Test hub", covers=[], created_at=clock())
            session.add(hub)
            session.flush()
            hub_id = hub.id
        self.lending = lending_at(self.database, hub_id, clock, chosen)
        self.entries = [replace(each, host_id=hub_id) for each in (MUSIC_MORNING, CURRENT_AFFAIRS, CHAIR_EXERCISE)]
        self.ids = [self.ask(service.propose, entry).id for entry in self.entries]
        self.states = [GatheringState.APPROVED] * 3
        self.tablets = [self.lending.tablet(Stage.PROVISIONED).id for _ in range(3)]
        self.carried: list[dict[int, bool]] = [{} for _ in range(3)]
        """By tablet: the gatherings on it, and whether each was changed since the tablet was provisioned."""

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def ask(self, function: Callable[..., Gathering], *given: Any) -> Gathering:
        """A coordinator asks for it."""
        happening, coordinator = self.lending.happening(reason="Tried"), self.lending.actor(Role.COORDINATOR)
        with self.database.write() as session:
            return function(session, *given, actor=coordinator, happening=happening)

    @rule(number=gathering_numbers, change=st.sampled_from(CHANGES))
    def edit(self, number: int, change: dict[str, Any]) -> None:
        before, after = self.entries[number], replace(self.entries[number], **change)
        after = replace(after, title=after.title.strip())
        self.ask(service.edit, self.ids[number], replace(after, **change))
        self.entries[number] = after
        if shown(before) != shown(after):
            for tiles in self.carried:
                if number in tiles:
                    tiles[number] = True

    @rule(number=gathering_numbers, move=st.sampled_from(list(GatheringMove)))
    def move(self, number: int, move: GatheringMove) -> None:
        try:
            self.ask(service.move, self.ids[number], move)
        except MoveRefused:
            return
        ends = move in (GatheringMove.END, GatheringMove.DECLINE)
        self.states[number] = GatheringState.ENDED if ends else GatheringState.APPROVED

    @rule(tablet=tablet_numbers, wanted=st.lists(gathering_numbers, unique=True))
    def provision(self, tablet: int, wanted: list[int]) -> None:
        """What the bench writes down when a provision passes: the gatherings that are held, as they stand."""
        with self.database.write() as session:
            held = service.in_order(session, [self.ids[number] for number in wanted])
            told = [(each.id, each.revision) for each in held]
            tablets.record_gatherings(session, self.tablets[tablet], told, now=self.lending.clock())
        self.carried[tablet] = {number: False for number in wanted if self.states[number] is GatheringState.APPROVED}

    @invariant()
    def exactly_the_tablets_that_show_something_else_are_out_of_date(self) -> None:
        for tablet, tiles in zip(self.tablets, self.carried, strict=True):
            assert self.lending.read(tablets.carries, tablet) == tuple(self.ids[number] for number in tiles)
            stale = any(
                changed or self.states[number] is not GatheringState.APPROVED for number, changed in tiles.items()
            )
            assert self.lending.read(tablets.out_of_date, tablet) is stale


def shown(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in SHOWN_ON_A_TABLET}


def test_no_order_of_edits_leaves_a_tile_wrong_and_unnoticed(sqlite_template: Path) -> None:
    CatalogueMachine.template = sqlite_template
    run_state_machine_as_test(
        CatalogueMachine,
        settings=settings(
            max_examples=4, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
