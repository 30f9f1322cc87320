"""What each place of the wall says from two metres: whose turn it is, two lines, a picture, how far and how long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from fleet.bench.models import Run, RunStep, Slot
from fleet.bench.rules import ENDED_STEPS, FINISHED, RunKind, RunState, StepOutcome
from fleet.bench.service.certificates import asset_code
from fleet.bench.steering import Act, Need, Next, Picture
from fleet.bench.words import run_tag
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of, stage_tag
from fleet.web.filters import byte_size
from fleet.web.shapes import Shape


@dataclass(frozen=True)
class SlotView:
    """One place of the wall as `ui.wall_slot` draws it. `sound` is played when it changes."""

    id: int
    place: str
    word: str
    shape: Shape
    href: str
    sheet: str = ""
    code: str = ""
    name: str = ""
    first: str = ""
    second: str = ""
    percent: int | None = None
    seconds_left: int | None = None
    sound: str = ""
    picture: Picture = Picture.NONE


@dataclass(frozen=True)
class InSlot:
    """Everything a place of the wall is drawn from. `run` is the slot's newest and `steps` are that run's; `tablet` is
    the run's, or the one seen in the slot; `coming` is what comes next when no run is busy."""

    slot: Slot
    run: Run | None = None
    steps: Sequence[RunStep] = ()
    tablet: Tablet | None = None
    coming: Next | None = None
    autopilot: bool = False
    now: datetime | None = None


_COMING = {
    Act.RECEIVE: "Next: take it in",
    Act.QUEUE_WIPE: "Next: queue its wipe",
    Act.WIPE: "Next: wipe it",
    Act.PROVISION: "Next: provision it",
    Act.CHECK_AGAIN: "Next: refresh it",
    Act.PRINT_LABEL: "Next: print its label",
    Act.MAKE_READY: "Next: put it on the shelf",
}
_WORKER_ANSWERS_WITHIN = timedelta(minutes=2)
_SAID_BY_THE_TAG = "Nothing was wiped. "
_IN_BRACKETS = re.compile(r" \([^)]*\)")
_SHAPES = {
    Need.NOBODY: Shape.WAITING,
    Need.HANDS: Shape.HANDS,
    Need.TIME: Shape.WAITING,
    Need.TAKE_OUT: Shape.DONE,
}
_WORDS = {Need.HANDS: "Hands", Need.TIME: "Waiting", Need.TAKE_OUT: "Ready"}
_SOUNDS = {Need.HANDS: "hands", Need.TAKE_OUT: "ready"}


def slot_view(seen: InSlot) -> SlotView:
    """What a slot says from two metres."""
    slot, run = seen.slot, seen.run
    if run is not None and run.state not in FINISHED:
        return _busy(seen, run)
    if slot.look_asked_at is not None:
        return _asked_to_look(seen, slot.look_asked_at)
    if run is not None and _still_there(slot, run) and (seen.coming is None or not seen.autopilot):
        return _ended(seen, run)
    if slot.tablet_id is None:
        seen = replace(seen, tablet=None)
    if seen.coming is not None:
        return _coming(seen, seen.coming)
    if slot.seen_problem and slot.quiet_looks < 2 and not seen.autopilot:
        return replace(_of(seen, "No answer", Shape.LOST), second=slot.seen_problem)
    words = "Plug in a tablet" if seen.autopilot else "Plug in a tablet, then look at it"
    return replace(_of(seen, "Empty", Shape.PLAIN), second=words)


def _of(seen: InSlot, word: str, shape: Shape) -> SlotView:
    slot, tablet = seen.slot, seen.tablet
    return SlotView(
        slot.id,
        slot.place,
        word,
        shape,
        f"/bench/{slot.bench_id}?open={slot.id}#sheet",
        f"/bench/{slot.bench_id}?open={slot.id}",
        code=asset_code(tablet) if tablet else slot.seen_serial,
        name=name_of(tablet) if tablet else slot.seen_kind,
    )


def _busy(seen: InSlot, run: Run) -> SlotView:
    tag = run_tag(run)
    view = _of(seen, tag.word, tag.shape)
    if run.hands:
        guide = run.hands_guide[0] if run.hands_guide else run.doing
        return replace(view, first=run.hands, second=guide, sound="hands", picture=picture_of(run))
    if tag.shape is not Shape.WORKING:
        return replace(view, first=run.doing)
    return replace(
        view, first=run.doing, second=_how_far(seen.steps), percent=run.percent, seconds_left=run.seconds_left
    )


def _asked_to_look(seen: InSlot, asked_at: datetime) -> SlotView:
    """What is known of the slot is of an earlier look, so it is not said as if it were so."""
    if seen.now is not None and seen.now - asked_at > _WORKER_ANSWERS_WITHIN:
        view = _of(seen, "Nobody looked", Shape.LOST)
        return replace(view, first="No worker of this bench has answered", second="Is one running? Set up says which")
    return replace(_of(seen, "Looking", Shape.WORKING), second="The bench asks what is plugged in")


def _ended(seen: InSlot, run: Run) -> SlotView:
    tag = run_tag(run)
    view = _of(seen, tag.word, tag.shape)
    if run.state is not RunState.PASSED:
        first, second = _from_afar(run)
        return replace(view, first=first, second=second, sound="refused", picture=picture_of(run))
    act = seen.coming.act if seen.coming else None
    first = _COMING[act] if act in (Act.WIPE, Act.PROVISION) else "Take it out"
    return replace(view, first=first, sound="ready", picture=Picture.NONE if act else Picture.TAKE_OUT)


def _from_afar(run: Run) -> tuple[str, str]:
    """What stood in the way and what to do, without what the tag says already and what is told by the sheet."""
    if len(run.blockers) != 1 or not run.problem.startswith(_SAID_BY_THE_TAG):
        return run.problem, run.next_step
    return _IN_BRACKETS.sub("", run.problem.removeprefix(_SAID_BY_THE_TAG)), str(run.blockers[0]["next"])


def _coming(seen: InSlot, coming: Next) -> SlotView:
    if seen.slot.autopilot_said and seen.autopilot and coming.act is not None:
        held = replace(_of(seen, "Hands", Shape.HANDS), first="It needs a look", second=seen.slot.autopilot_said)
        return replace(held, sound="hands")
    if coming.act is not None:
        tag = stage_tag(seen.tablet.stage) if seen.tablet else None
        done = tag is not None and not seen.autopilot and coming.act is not Act.CHECK_AGAIN
        view = _of(seen, tag.word if tag else "Waiting", tag.shape if tag and done else Shape.WAITING)
        if seen.autopilot:
            return replace(view, second="It goes on by itself")
        return replace(view, first=_COMING[coming.act], second=coming.second)
    run = seen.run if coming.need is Need.HANDS else None
    of_run = picture_of(run) if run is not None and run.tablet_id == seen.slot.tablet_id else Picture.NONE
    return replace(
        _of(seen, _word(seen, coming), _SHAPES[coming.need]),
        first=coming.first,
        second=coming.second,
        sound=_SOUNDS.get(coming.need, ""),
        picture=coming.picture or of_run,
    )


def _word(seen: InSlot, coming: Next) -> str:
    if coming.picture is Picture.INTAKE and seen.slot.tablet_id is None:
        return "Not in our books"
    return _WORDS[coming.need]


def _how_far(steps: Sequence[RunStep]) -> str:
    """``Step 3 of 12``, and how much of its file has crossed."""
    if not steps:
        return ""
    done = sum(step.outcome in ENDED_STEPS for step in steps)
    running = next((step for step in steps if step.outcome is StepOutcome.RUNNING), None)
    said = f"Step {min(done + 1, len(steps))} of {len(steps)}"
    if running is not None and running.total_bytes:
        said += f", {byte_size(running.moved_bytes)} of {byte_size(running.total_bytes)}"
    return said


_PICTURES = (
    ("allow", Picture.ALLOW),
    ("cable", Picture.CABLE),
    ("charge", Picture.BATTERY),
    ("battery", Picture.BATTERY),
    ("account", Picture.ACCOUNT),
    ("build number", Picture.BUILD_NUMBER),
    ("debugging", Picture.BUILD_NUMBER),
    ("welcome", Picture.WELCOME),
    ("erase", Picture.RESET),
    ("reset", Picture.RESET),
)


def picture_of(run: Run) -> Picture:
    """The picture of what a run asks for: of its blocker where it has one, of its own words otherwise."""
    if run.state in FINISHED:
        said = " ".join(str(blocker.get("code", "")) for blocker in run.blockers)
        return next((picture for word, picture in _PICTURES if word in said), Picture.NONE)
    if run.kind is RunKind.WIPE and run.gone_at is not None and "allow" not in run.hands.lower():
        return Picture.WELCOME
    return next((picture for word, picture in _PICTURES if word in run.hands.lower()), Picture.NONE)


def _still_there(slot: Slot, run: Run) -> bool:
    """A finished run stays on the wall until a later look at its slot."""
    return slot.seen_at is None or run.finished_at is None or slot.seen_at <= run.finished_at


@dataclass(frozen=True)
class WallCounts:
    """How many slots need hands, work, are ready, and are empty."""

    hands: int
    working: int
    ready: int
    empty: int


def wants_hands(view: SlotView) -> bool:
    """Whether a slot stands still until somebody does something."""
    return view.shape in (Shape.HANDS, Shape.DANGER)


def wall_counts(views: Sequence[SlotView]) -> WallCounts:
    return WallCounts(
        hands=sum(wants_hands(view) for view in views),
        working=sum(view.shape is Shape.WORKING for view in views),
        ready=sum(view.shape is Shape.DONE for view in views),
        empty=sum(view.word == "Empty" for view in views),
    )
