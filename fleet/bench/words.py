"""How runs and their steps are said and shown."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.bench.models import Run, RunStep
from fleet.bench.rules import RunKind, RunState, StepOutcome
from fleet.web.shapes import Shape, StateTag
from provisioning.wipe.routes import Route, route_from_json

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
    if run.state is RunState.PAUSED:
        return StateTag("Paused", Shape.WAITING)
    if run.hands:
        return StateTag("Hands", Shape.HANDS)
    if run.state is RunState.QUEUED or run.waiting_since is not None:
        return StateTag("Waiting", Shape.WAITING)
    return StateTag(_BUSY_WORDS[run.kind], Shape.WORKING)


_WAY_TAKEN = {
    RunState.PASSED: "It was wiped this way.",
    RunState.FAILED: "This way was begun.",
    RunState.ABANDONED: "This way was begun.",
}
_ERASED_FIRST = "It was erased this way first, which is not enough by itself."


def way_views(run: Run) -> tuple[StepView, ...]:
    """Every way to wipe as this tablet answered for it: which is taken, which is open, which is not and why."""
    return tuple(_way(route_from_json(each), run) for each in run.routes)


def _way(route: Route, run: Run) -> StepView:
    said, shape = "Not open to it.", Shape.PLAIN
    if route.code == run.route:
        said, shape = _WAY_TAKEN.get(run.state, "It is being wiped this way."), Shape.WORKING
    elif route.first_stage and run.first_stage is not None:
        said, shape = _ERASED_FIRST, Shape.WORKING
    elif route.offered:
        said, shape = "Open to it too.", Shape.DONE
    if route.code == run.route and run.state is RunState.PASSED:
        shape = Shape.DONE
    hands = ("A person is needed at the tablet." if route.needs_hands else "It needs no hands.") * route.offered
    asked = "Asked for by whoever began the run." * (route.code == run.route_asked)
    return StepView(route.code, route.title, shape, " ".join(filter(None, (said, asked, route.why, hands))), "", "")


SHOWN_LETTERS = 1_000
"""How much of what a tablet printed stands in a run's page; all of it has a page of its own."""


@dataclass(frozen=True)
class StepView:
    """One step as `ui.steps` draws it."""

    id: str
    word: str
    shape: Shape
    note: str
    raw: str
    raw_title: str
    more: str = ""
    """Where all of it is, when only its beginning is here."""


def step_view(step: RunStep) -> StepView:
    tried = f"Tried {step.tries} times. " if step.tries > 1 else ""
    note = f"{tried}{_STEP_WORDS.get(step.outcome, '')}".strip() or step.reason
    title = "What the tablet printed" if "|" in step.key else "Details"
    whole = len(step.said) <= SHOWN_LETTERS
    return StepView(
        f"step-{step.id}-{step.tries}",
        step.sentence,
        STEP_SHAPES[step.outcome],
        note,
        step.said if whole else step.said[:SHOWN_LETTERS] + " …",
        title,
        "" if whole else f"/bench/steps/{step.id}",
    )
