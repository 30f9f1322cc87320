"""A grade card, then a tablet: what that scan does and says, and what taking it back does and says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Scan, Slot
from fleet.bench.rules import FINISHED, PAST_RESET, RunKind
from fleet.bench.scan_words import ScanMode, ScanOutcome
from fleet.bench.service.certificates import asset_code
from fleet.bench.service.runs import cancel_run
from fleet.happening import Happening
from fleet.intake.service import BODIES, before_triage, check_grade_stands, grade_by_card, take_grade_back
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, Move, Stage
from fleet.tablets.words import stage_words
from fleet.users.actor import Actor
from provisioning.health.suggestion import Suggestion

GRADES = {ScanMode.GRADE_A: Grade.A, ScanMode.GRADE_B: Grade.B, ScanMode.GRADE_C: Grade.C}


@dataclass(frozen=True)
class Graded:
    """What the scan came to. `undone` says that the scan before it was taken back whole."""

    outcome: ScanOutcome
    said: str
    next_step: str = ""
    undone: bool = False


def grade(
    session: Session,
    tablet: Tablet,
    mode: ScanMode,
    slot: Slot | None,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> Graded:
    """Give a tablet the grade of the card. Raises a `DoorstepError` where that is refused: nothing was changed then."""
    code, given = asset_code(tablet), GRADES[mode]
    if tablet.stage is not Stage.RECEIVED:
        outcome = ScanOutcome.ALREADY if tablet.grade is given else ScanOutcome.BLOCKED
        has = f"has grade {tablet.grade} already" if tablet.grade else "does not wait for a grade"
        return Graded(outcome, f"{code} {has}: {stage_words(tablet.stage).lower()}.")
    known = before_triage(session, tablet.id)
    happening = Happening(now=now, source="scan")
    tablet = grade_by_card(session, tablet.id, given, known=known, actor=actor, settings=settings, happening=happening)
    if slot is not None:
        slot.next_look_at = None  # the autopilot need not wait for its next round
    said = f"{code} has grade {given}: {BODIES[given]}."
    return Graded(
        ScanOutcome.APPLIED,
        said,
        _held_up(session, tablet, actor, settings, now) or _facts_say(given, known.suggestion),
    )


def _held_up(session: Session, tablet: Tablet, actor: Actor, settings: Settings, now: datetime) -> str:
    """Why it does not go on to its wipe; empty when it does."""
    if tablet.stage is not Stage.TRIAGED:
        return ""
    offers = tablets.what_may_happen(session, tablet, actor=actor, settings=settings, now=now)
    refused = next((offer.refusals for offer in offers if offer.transition.move is Move.QUEUE_WIPE), ())
    return " ".join(refused)


def _facts_say(given: Grade, suggestion: Suggestion | None) -> str:
    """What its facts have against the grade, so that a slip of the card is seen at once."""
    if suggestion is None or suggestion.grade is None:
        return ""
    if suggestion.grade <= given:
        return ""
    why = suggestion.reasons[0].sentence
    return f"Its facts suggest {suggestion.grade}: {why} To take the grade back, scan MODE-UNDO."


def take_back(session: Session, last: Scan, *, actor: Actor, settings: Settings, now: datetime) -> Graded:
    """Take a grade back; a wipe that the autopilot began with it meanwhile is stopped first, and no other run is.

    Raises what `take_grade_back` does.
    """
    assert last.tablet_id is not None, "a grade was given to a tablet"
    tablet = tablets.lock_tablet(session, last.tablet_id)  # before its run is asked for: one may begin at this moment
    check_grade_stands(session, tablet.id, given_at=last.at)
    code = asset_code(tablet)
    happening = Happening(now=now, source="scan", reason="Taken back by the next scan")
    run = queries.unfinished_run_of_tablet(session, tablet.id)
    wipe = run if run is not None and run.kind is RunKind.WIPE else None
    if wipe is not None and (wipe.paused_from or wipe.state) in PAST_RESET:
        said = f"The reset of {code} is on its way and cannot be called back."
        return Graded(ScanOutcome.BLOCKED, said, "Stop the run on its own page if it should not go on.")
    if wipe is not None:
        wipe = cancel_run(session, wipe.id, actor=actor, settings=settings, happening=happening)
        if wipe.state not in FINISHED:
            said = f"Run {wipe.id} of {code} stops after the step it is in."
            return Graded(ScanOutcome.APPLIED, said, "Then scan MODE-UNDO once more to take the grade back.")
    take_grade_back(session, tablet.id, given_at=last.at, actor=actor, settings=settings, happening=happening)
    return Graded(ScanOutcome.APPLIED, f"Taken back: {code} waits for a grade.", undone=True)
