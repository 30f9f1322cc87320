"""How runs, their steps and the slots of the wall are said and shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.bench.models import Run, RunStep, Slot
from fleet.bench.rules import FINISHED, RunKind, RunState, StepOutcome
from fleet.bench.service.certificates import asset_code
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import name_of, stage_tag
from fleet.web.shapes import Shape, StateTag

KIND_WORDS = {RunKind.WIPE: "Wipe", RunKind.PROVISION: "Provision"}
_BUSY_WORDS = {RunKind.WIPE: "Wiping", RunKind.PROVISION: "Provisioning"}
_PASSED_WORDS = {RunKind.WIPE: "Wiped", RunKind.PROVISION: "Provisioned"}

STEP_SHAPES = {
    StepOutcome.PENDING: Shape.PLAIN,
    StepOutcome.RUNNING: Shape.WORKING,
    StepOutcome.OK: Shape.DONE,
    StepOutcome.REFUSED: Shape.DANGER,
    StepOutcome.UNSUPPORTED: Shape.PLAIN,
    StepOutcome.NEEDS_HUMAN: Shape.HANDS,
    StepOutcome.UNKNOWN: Shape.LOST,
}
_STEP_WORDS = {
    StepOutcome.REFUSED: "It did not hold",
    StepOutcome.UNSUPPORTED: "This Android has no way to do it; not the tablet's fault",
    StepOutcome.NEEDS_HUMAN: "A person has to do this at the tablet",
    StepOutcome.UNKNOWN: "What it did is not known; it is read again",
}


def run_tag(run: Run) -> StateTag:
    """A run's state in a word and a shape."""
    if run.state is RunState.PASSED:
        return StateTag(_PASSED_WORDS[run.kind], Shape.DONE)
    if run.state is RunState.FAILED:
        return StateTag(f"{KIND_WORDS[run.kind]} failed", Shape.DANGER)
    if run.state is RunState.ABANDONED:
        return StateTag("Stopped", Shape.PLAIN)
    if run.hands:
        return StateTag("Hands", Shape.HANDS)
    if run.state is RunState.QUEUED or run.waiting_since is not None:
        return StateTag("Waiting", Shape.WAITING)
    return StateTag(_BUSY_WORDS[run.kind], Shape.WORKING)


@dataclass(frozen=True)
class StepView:
    """One step as `ui.steps` draws it."""

    id: str
    word: str
    shape: Shape
    note: str
    raw: str
    raw_title: str


def step_view(step: RunStep) -> StepView:
    tried = f"Tried {step.tries} times. " if step.tries > 1 else ""
    note = f"{tried}{_STEP_WORDS.get(step.outcome, '')}".strip() or step.reason
    title = "What the tablet printed" if "|" in step.key else "Details"
    return StepView(f"step-{step.id}-{step.tries}", step.sentence, STEP_SHAPES[step.outcome], note, step.said, title)


@dataclass(frozen=True)
class SlotView:
    """One place of the wall as `ui.wall_slot` draws it. `sound` is played when it changes."""

    id: int
    place: str
    word: str
    shape: Shape
    href: str
    code: str = ""
    name: str = ""
    first: str = ""
    second: str = ""
    percent: int | None = None
    seconds_left: int | None = None
    sound: str = ""
    picture: str = ""


def slot_view(slot: Slot, run: Run | None, tablet: Tablet | None) -> SlotView:
    """What a slot says from two metres: `run` is its newest, `tablet` that run's or the one seen in it."""
    if run is not None and (run.state not in FINISHED or _still_there(slot, run)):
        return _with_run(slot, run, tablet)
    if tablet is not None:
        tag = stage_tag(tablet.stage)
        return _view(slot, tag.word, tag.shape, tablet, second=_next_for(tablet))
    if slot.seen_serial or slot.seen_kind:
        return SlotView(
            slot.id,
            slot.place,
            "Not in our books",
            Shape.HANDS,
            _page(slot),
            code=slot.seen_serial or "No serial",
            name=slot.seen_kind,
            first="Book it in first",
            sound="hands",
        )
    if slot.seen_problem:
        return SlotView(slot.id, slot.place, "No answer", Shape.LOST, _page(slot), second=slot.seen_problem)
    return SlotView(slot.id, slot.place, "Empty", Shape.PLAIN, _page(slot), second="Plug in a tablet, then look at it")


def _with_run(slot: Slot, run: Run, tablet: Tablet | None) -> SlotView:
    tag = run_tag(run)
    href = f"/bench/runs/{run.id}"
    if run.state is RunState.PASSED:
        next_one = _next_for(tablet) if tablet else ""
        to = _page(slot) if next_one else href
        return _view(slot, tag.word, tag.shape, tablet, href=to, first=next_one or "Take it out", sound="ready")
    if run.state in FINISHED:
        first, second = run.problem, run.next_step
        return _view(slot, tag.word, tag.shape, tablet, href=href, first=first, second=second, sound="refused")
    if run.hands:
        return _view(slot, tag.word, tag.shape, tablet, href=href, first=run.hands, second=run.doing, sound="hands")
    return _view(
        slot,
        tag.word,
        tag.shape,
        tablet,
        href=href,
        first=run.doing,
        percent=None if tag.shape is Shape.WAITING else run.percent,
        seconds_left=run.seconds_left,
    )


def _view(
    slot: Slot,
    word: str,
    shape: Shape,
    tablet: Tablet | None,
    *,
    href: str = "",
    first: str = "",
    second: str = "",
    percent: int | None = None,
    seconds_left: int | None = None,
    sound: str = "",
) -> SlotView:
    return SlotView(
        slot.id,
        slot.place,
        word,
        shape,
        href or _page(slot),
        code=asset_code(tablet) if tablet else "",
        name=name_of(tablet) if tablet else "",
        first=first,
        second=second,
        percent=percent,
        seconds_left=seconds_left,
        sound=sound,
    )


def _page(slot: Slot) -> str:
    return f"/bench/slots/{slot.id}"


def _still_there(slot: Slot, run: Run) -> bool:
    """A finished run stays on the wall until a later look at its slot."""
    return slot.seen_at is None or run.finished_at is None or slot.seen_at <= run.finished_at


def _next_for(tablet: Tablet) -> str:
    if tablet.stage is Stage.AWAITING_WIPE:
        return "Next: wipe it"
    return "Next: provision it" if tablet.stage is Stage.WIPED and not tablet.retiring else ""


@dataclass(frozen=True)
class WallCounts:
    """How many slots need hands, work, are ready, and are empty."""

    hands: int
    working: int
    ready: int
    empty: int


def wall_counts(views: Iterable[SlotView]) -> WallCounts:
    shapes = [(view.shape, view.word) for view in views]
    return WallCounts(
        hands=sum(shape in (Shape.HANDS, Shape.DANGER) for shape, _ in shapes),
        working=sum(shape is Shape.WORKING for shape, _ in shapes),
        ready=sum(shape is Shape.DONE for shape, _ in shapes),
        empty=sum(word == "Empty" for _, word in shapes),
    )
