"""The simulated year, day by day: what staff do in the morning, couriers at noon, the reminders in the afternoon."""

from __future__ import annotations

from datetime import date

from fleet.chasing import service as chasing
from tests.year import bench, cards
from tests.year.afterwards import find_the_lost, forget
from tests.year.closing import close_days
from tests.year.days import SUNDAY, moment
from tests.year.mornings import allocate, approved, ask_for_tablets, begins_soon, look_over_what_came_back, take_in
from tests.year.play import Play, Scale
from tests.year.programmes import set_up_programmes
from tests.year.rounds import late_at_night, lend_and_take_back
from tests.year.town import Town


def begin(town: Town, scale: Scale) -> Play:
    town.clock.now = moment(scale.first, 8)
    set_up_programmes(town, scale)
    return Play(town, bench.set_up_benches(town), scale)


def play_day(play: Play, day: date) -> None:
    """Everything that happens on a day, but the restores."""
    town = play.town
    number = play.number(day)
    _at(town, day, 8)
    if number % 30 == 10:
        _nothing_leaves_before_nine(town)
    _at(town, day, 9, 30)
    close_days(town, day)
    open_hubs = [hub for hub in town.hubs if hub.is_open(day)]
    for hub in open_hubs:
        take_in(play, hub, number)
        look_over_what_came_back(play, hub)
        soon = [each for each in town.read(approved, hub.id) if begins_soon(hub, each.cohort_id, day)]
        ask_for_tablets(play, hub, number)
        if soon or number % 4 == 0:
            bench.make_ready(town, play.benches, hub, wanted=[*(each.large for each in soon), False])
        allocate(play, hub, soon)
    _at(town, day, 11)
    if open_hubs:
        if number % 3 == 0:
            cards.look_after_cards(town)
        lend_and_take_back(play, open_hubs, number)
        if number % 3 == 1:
            find_the_lost(town)
        forget(play, day)
    late_at_night(town, day)
    _at(town, day, 16)
    town.ticked = not _worker_is_down(number) and (day.weekday() != SUNDAY or number % 3 == 0)
    if town.ticked:
        town.seen["rounds made twice"] += number % 9 == 0
        for _ in range(2 if number % 9 == 0 else 1):
            chasing.tick(town.database, clock=town.clock, settings=town.settings, channel=town.post)
    town.seen["rounds left out"] += _worker_is_down(number)
    _at(town, day, 23, 45)


def _at(town: Town, day: date, hour: int, minute: int = 0) -> None:
    """Never backwards."""
    town.clock.now = max(town.clock.now, moment(day, hour, minute))


def _worker_is_down(number: int) -> bool:
    """Three days in a row, every seven weeks."""
    return number % 49 in (30, 31, 32)


def _nothing_leaves_before_nine(town: Town) -> None:
    before = len(town.post.left)
    chasing.tick(town.database, clock=town.clock, settings=town.settings, channel=town.post)
    town.seen["ticks before nine"] += 1
    if len(town.post.left) != before:
        town.wrong.append(f"R9: a message left at 08:00 on {town.today}")
