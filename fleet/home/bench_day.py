"""A technician's day: hands needed first, then what waits on the shelf and what is done to it next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import queries as bench_queries
from fleet.bench.pages.wall import Wall, draw_wall
from fleet.bench.wall_words import wants_hands
from fleet.home import queries
from fleet.home.day import Day, Go, Line, Number, Section, loud
from fleet.partners.service import hub_of
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tablets.words import stage_tag
from fleet.users.actor import Actor
from fleet.web.shapes import Shape

NEXT: tuple[tuple[Stage, str, str], ...] = (
    (Stage.EXPECTED, "Book them in", "/intake"),
    (Stage.RECEIVED, "Look them over and decide", "/intake"),
    (Stage.TRIAGED, "Send them to be wiped", "/tablets?stage=triaged"),
    (Stage.REPAIR, "Mend them, or retire them", "/tablets?stage=repair"),
    (Stage.AWAITING_WIPE, "Plug them in to be wiped", "/bench/waiting"),
    (Stage.WIPED, "Plug them in to be set up", "/bench/waiting"),
    (Stage.PROVISIONED, "Print the label, check the kit", "/tablets?stage=provisioned"),
    (Stage.RETURNED, "Look them over and wipe them down", "/returns"),
    (Stage.CLEANED, "Queue them to be wiped", "/tablets?stage=cleaned"),
    (Stage.AWAITING_RECYCLE, "Hand them to the waste carrier", "/tablets?stage=awaiting_recycle"),
)
"""Where a tablet waits for somebody at the hub, what is done next, and where. In the order of its life."""


TO_PLUG_IN = (Stage.AWAITING_WIPE, Stage.WIPED)
"""Where only those count that the wall's own queue has: not held, and in no slot yet."""
MOST_HANDS = 12


def bench_day(session: Session, settings: Settings, actor: Actor, *, now: datetime) -> Day:
    hub = hub_of(session, actor)
    here = queries.of_hub(session, hub.id)
    stages = queries.tablets_by_stage(session, hub_id=hub.id, with_virtual=settings.demo)
    to_plug_in = bench_queries.waiting_by_stage(session, hub_id=hub.id)
    stages |= {stage: to_plug_in.get(stage, 0) for stage in TO_PLUG_IN}
    benches = [bench for bench in bench_queries.benches(session) if bench.hub_id == hub.id]
    walls = [draw_wall(session, bench.id, settings, now) for bench in benches]
    hands = sum(wall.counts.hands for wall in walls)
    held, working = queries.held_tablets(session), queries.runs_under_way(session)
    old = queries.ready_too_long(
        session, hub_id=hub.id, with_virtual=settings.demo, fresh_since=tablets.fresh_since(settings, now)
    )
    ready = stages.get(Stage.READY, 0) - old
    lines = tuple(
        Line(
            f"{stages[stage]} {stage_tag(stage).word.lower()}",
            words,
            f"{href}{here}" if href.startswith("/tablets") else href,
            str(stages[stage]),
            stage_tag(stage).shape,
        )
        for stage, words, href in NEXT
        if stages.get(stage)
    )
    if old:
        line = Line(
            f"{old} verified too long ago", "Plug each in: it is checked again", "/bench", str(old), Shape.WAITING
        )
        lines = (*lines, line)
    stale = queries.tablets_out_of_date(session)
    if stale:
        words = "Provision them again: a gathering changed"
        line = Line(f"{stale} with tiles out of date", words, "/tablets?tiles=out_of_date", str(stale), Shape.WAITING)
        lines = (*lines, line)
    cards = queries.cards_left_in_tablets(session)
    if cards:
        words = "Take it out, before anybody else has the tablet"
        title = f"{cards} {'card' if cards == 1 else 'cards'} left in a tablet"
        lines = (*lines, Line(title, words, "/data?asks=left_in", str(cards), Shape.HANDS))
    return Day(
        question="What waits at the bench?",
        numbers=(
            Number(hands, "needs hands" if hands == 1 else "need hands", "/bench", loud(hands, Shape.HANDS)),
            Number(
                working,
                "run under way" if working == 1 else "runs under way",
                "/bench/runs?open=yes",
                loud(working, Shape.WORKING),
            ),
            Number(ready, "ready to lend", f"/tablets?stage=ready{here}", loud(ready, Shape.DONE)),
            Number(held, "held", "/tablets?held=yes", loud(held, Shape.DANGER)),
        ),
        hands=_hands_lines(walls)[:MOST_HANDS],
        sections=(Section("On the shelf", lines, "Nothing waits on the shelf. Book in the next tablets at intake."),),
        starts=(Go("Open the bench wall", "/bench"), Go("Scan at intake", "/intake"), Go("Take a return", "/returns")),
    )


def _hands_lines(walls: list[Wall]) -> tuple[Line, ...]:
    """Each slot that needs hands, in the words of its wall."""
    return tuple(
        Line(f"{wall.bench.name}, slot {view.place}: {view.code or view.name}", view.first or view.word, view.href)
        for wall in walls
        for view in wall.slots
        if wants_hands(view)
    )
