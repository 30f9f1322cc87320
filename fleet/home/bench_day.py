"""A technician's day: hands needed first, then what waits on the shelf and what is done to it next."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bench.models import Run
from fleet.bench.words import KIND_WORDS
from fleet.home import queries
from fleet.home.day import Day, Go, Line, Number, Section, loud
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.tablets.words import stage_tag
from fleet.tags.service import codes_of
from fleet.web.shapes import Shape

NEXT: tuple[tuple[Stage, str, str], ...] = (
    (Stage.EXPECTED, "Book them in", "/intake"),
    (Stage.RECEIVED, "Look them over and decide", "/intake"),
    (Stage.TRIAGED, "Send them to be wiped", "/tablets?stage=triaged"),
    (Stage.REPAIR, "Mend them, or retire them", "/tablets?stage=repair"),
    (Stage.AWAITING_WIPE, "Plug them in to be wiped", "/bench"),
    (Stage.WIPED, "Set them up", "/bench"),
    (Stage.PROVISIONED, "Print the label, check the kit", "/tablets?stage=provisioned"),
    (Stage.RETURNED, "Look them over and wipe them down", "/returns"),
    (Stage.CLEANED, "Queue them to be wiped", "/tablets?stage=cleaned"),
    (Stage.AWAITING_RECYCLE, "Hand them to the waste carrier", "/tablets?stage=awaiting_recycle"),
)
"""Where a tablet waits for somebody at the hub, what is done next, and where. In the order of its life."""


def bench_day(session: Session, settings: Settings) -> Day:
    stages = queries.tablets_by_stage(session, with_virtual=settings.demo)
    hands = queries.runs_wanting_hands(session)
    held, working = queries.held_tablets(session), queries.runs_under_way(session)
    ready = stages.get(Stage.READY, 0)
    codes = codes_of(session, [run.tablet_id for run in hands])
    lines = tuple(
        Line(
            f"{stages[stage]} {stage_tag(stage).word.lower()}", words, href, str(stages[stage]), stage_tag(stage).shape
        )
        for stage, words, href in NEXT
        if stages.get(stage)
    )
    stale = queries.tablets_out_of_date(session)
    if stale:
        words = "Provision them again: a gathering changed"
        line = Line(f"{stale} with tiles out of date", words, "/tablets?tiles=out_of_date", str(stale), Shape.WAITING)
        lines = (*lines, line)
    return Day(
        question="What waits at the bench?",
        numbers=(
            Number(len(hands), "need hands", "/bench", loud(len(hands), Shape.HANDS)),
            Number(working, "runs under way", "/bench/runs?open=yes", loud(working, Shape.WORKING)),
            Number(ready, "ready to lend", "/tablets?stage=ready", loud(ready, Shape.DONE)),
            Number(held, "held", "/tablets?held=yes", loud(held, Shape.DANGER)),
        ),
        hands=tuple(_hands_line(run, codes.get(run.tablet_id, str(run.tablet_id))) for run in hands),
        sections=(Section("On the shelf", lines, "Nothing waits on the shelf. Book in the next tablets at intake."),),
        starts=(Go("Open the bench wall", "/bench"), Go("Scan at intake", "/intake"), Go("Take a return", "/returns")),
    )


def _hands_line(run: Run, code: str) -> Line:
    return Line(f"Tablet {code}, {KIND_WORDS[run.kind].lower()}", run.hands, f"/bench/runs/{run.id}")
