"""One scan at the bench, one answer: applied, already, blocked and why, or not found. Works for the page and the API.

What the next scan does is remembered per person and bench, in the row of the last scan; it falls back to finding after
a while, so that nobody wipes a tablet because of a card scanned before lunch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench, Run, Scan, Slot
from fleet.bench.rules import FINISHED, PAST_RESET, RunKind
from fleet.bench.scan_words import CARDS, UNDO, Card, ScanMode, ScanOutcome, card_of
from fleet.bench.service.autopilot import Wanted, nothing_asks, wanted_profile
from fleet.bench.service.benches import get_bench, get_slot
from fleet.bench.service.card_grades import GRADES, grade, take_back
from fleet.bench.service.certificates import asset_code
from fleet.bench.service.runs import RunInProgress, cancel_run, start_provision, start_wipe
from fleet.errors import BadInput, DoorstepError, MoveRefused, NotFound
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage
from fleet.tablets.words import left_words
from fleet.tags import service as tags
from fleet.tags.rules import looks_like_code, shown
from fleet.users.actor import Actor

MODE_LASTS = timedelta(minutes=10)
MOST_LETTERS = 120


@dataclass(frozen=True)
class _Said:
    outcome: ScanOutcome
    said: str
    next_step: str = ""
    run_id: int | None = None


@dataclass(frozen=True)
class _Asked:
    """Who scans where, and with what."""

    bench: Bench
    actor: Actor
    settings: Settings
    now: datetime
    wanted: Wanted


def mode_now(session: Session, bench_id: int, *, actor: Actor, now: datetime) -> ScanMode:
    """What the next scan of this person at this bench does."""
    last = queries.latest_scan(session, bench_id, actor.user_id)
    return last.mode if last is not None and now - last.at <= MODE_LASTS else ScanMode.FIND


def scan(
    session: Session,
    bench_id: int,
    text: str,
    *,
    actor: Actor,
    settings: Settings,
    now: datetime,
    client_id: str | None = None,
    wanted: Wanted = nothing_asks,
) -> Scan:
    """Do what a scan asks for, and write down its one answer. The same `client_id` twice gives the same answer.

    `text` is a label's code or address, a maker's serial, or a card. Refusals are answers here, not errors.
    """
    told = queries.scan_by_client_id(session, client_id) if client_id else None
    if told is not None:
        return told
    bench = get_bench(session, bench_id)
    asked = _Asked(bench, actor, settings, now, wanted)
    mode = mode_now(session, bench_id, actor=actor, now=now)
    row = Scan(
        bench_id=bench_id,
        actor_id=actor.user_id,
        actor=actor.name,
        text=text.strip()[:MOST_LETTERS],
        mode=mode,
        mode_before=mode,
        client_id=client_id,
        at=now,
    )
    _write(row, _answer(session, asked, row))
    session.add(row)
    session.flush()
    return row


def _write(row: Scan, said: _Said) -> None:
    row.outcome, row.said, row.next_step, row.run_id = said.outcome, said.said, said.next_step, said.run_id


def _answer(session: Session, asked: _Asked, row: Scan) -> _Said:
    card = card_of(row.text)
    if card is not None:
        return _undo(session, asked) if card.code == UNDO else _switch(row, card)
    tablet = _tablet(session, row.text)
    if tablet is None:
        return _not_found(session, row.text)
    slot = queries.slot_of_tablet(session, tablet.id)
    row.tablet_id, row.slot_id = tablet.id, slot.id if slot else None
    return _with_tablet(session, asked, row.mode, tablet, slot)


def _not_found(session: Session, text: str) -> _Said:
    gone = tablets.gone_with_serial(session, text) if text else None
    if gone is not None:
        said = f"{asset_code(gone.tablet)} left our stock: it {left_words(gone.tablet.stage, gone.at)}."
        return _Said(ScanOutcome.NOT_FOUND, said, "Take it out, and tell a coordinator that it is here.")
    if looks_like_code(text):
        return _no_label(session, text)
    return _Said(
        ScanOutcome.NOT_FOUND,
        "This is no label of ours, no serial in our books and no card." if text else "Nothing was scanned.",
        "Scan it again, or book the tablet in first.",
    )


def _no_label(session: Session, text: str) -> _Said:
    """Which character to look at again, in the same words as where labels are scanned."""
    try:
        tag = tags.lookup(session, text)
    except BadInput as problem:
        return _Said(ScanOutcome.NOT_FOUND, problem.fields["code"], "If it is a serial, book the tablet in first.")
    except NotFound as problem:
        return _Said(ScanOutcome.NOT_FOUND, problem.message, problem.next_step)
    return _Said(ScanOutcome.NOT_FOUND, f"{shown(tag.code)} is a label of ours that is on no tablet.", "Scan another.")


def _switch(row: Scan, card: Card) -> _Said:
    assert card.mode is not None, "the only card without a mode was dealt with"
    outcome = ScanOutcome.ALREADY if row.mode is card.mode else ScanOutcome.APPLIED
    row.mode = card.mode
    return _Said(outcome, f"{card.title}: {card.does[0].lower()}{card.does[1:]}")


def _tablet(session: Session, text: str) -> Tablet | None:
    """Ours with this label, old labels too, or the only one with this serial."""
    tablet_id = tags.tablet_of(session, text)
    if tablet_id is not None:
        return tablets.get_tablet(session, tablet_id)
    found = tablets.tablets_with_serial(session, text) if text else ()
    return found[0] if len(found) == 1 else None


def _with_tablet(session: Session, asked: _Asked, mode: ScanMode, tablet: Tablet, slot: Slot | None) -> _Said:
    if tablet.stage is Stage.LOST:
        lost = f"{asset_code(tablet)} is LOST by our books. You have found it."
        return _Said(ScanOutcome.BLOCKED, lost, "Open it and say where it was.")
    if mode is ScanMode.FIND:
        return _Said(ScanOutcome.APPLIED, _where(session, asked.bench, tablet, slot))
    if mode is ScanMode.CHECK:
        return _check(session, asked, tablet)
    try:
        with session.begin_nested():  # a refusal half way leaves nothing behind but its answer
            return _do(session, asked, mode, tablet, slot)
    except RunInProgress as first:
        return _Said(ScanOutcome.ALREADY, f"{asset_code(tablet)}: {first.message}", first.next_step)
    except DoorstepError as refused:
        reasons = refused.reasons if isinstance(refused, MoveRefused) else ()
        why = " ".join(reasons) or refused.message
        return _Said(ScanOutcome.BLOCKED, f"{asset_code(tablet)}: {why}", refused.next_step)


def _do(session: Session, asked: _Asked, mode: ScanMode, tablet: Tablet, slot: Slot | None) -> _Said:
    code = asset_code(tablet)
    happening = Happening(now=asked.now, source="scan")
    if mode in GRADES:
        graded = grade(session, tablet, mode, slot, actor=asked.actor, settings=asked.settings, now=asked.now)
        return _Said(graded.outcome, graded.said, graded.next_step)
    if mode is ScanMode.READY:
        if tablet.stage is Stage.READY:
            return _Said(ScanOutcome.ALREADY, f"{code} is ready to lend already.")
        tablets.move(
            session, tablet.id, Move.MAKE_READY, actor=asked.actor, settings=asked.settings, happening=happening
        )
        return _Said(ScanOutcome.APPLIED, f"{code} is ready to lend. Put it on the shelf.")
    if slot is None:
        return _Said(
            ScanOutcome.BLOCKED,
            f"{code} is in no slot of this bench.",
            "Plug it in, wait until the wall shows it, scan again.",
        )
    if mode is ScanMode.WIPE:
        return _begun(_wipe(session, asked, tablet, slot, happening), code, slot)
    profile = wanted_profile(session, tablet, get_bench(session, slot.bench_id), asked.wanted)
    run = start_provision(
        session,
        tablet.id,
        slot.id,
        profile or tablet.profile or "standard",
        actor=asked.actor,
        settings=asked.settings,
        happening=happening,
    )
    return _begun(run, code, slot)


def _wipe(session: Session, asked: _Asked, tablet: Tablet, slot: Slot, happening: Happening) -> Run:
    """The card says that whoever scans with it has taken SIM and memory card out."""
    return start_wipe(
        session,
        tablet.id,
        slot.id,
        actor=asked.actor,
        settings=asked.settings,
        happening=happening,
        media_removed=True,
    )


def _begun(run: Run, code: str, slot: Slot) -> _Said:
    what = "The wipe" if run.kind is RunKind.WIPE else "Provisioning"
    return _Said(ScanOutcome.APPLIED, f"{what} of {code} was begun in slot {slot.place}.", run_id=run.id)


def _where(session: Session, bench: Bench, tablet: Tablet, slot: Slot | None) -> str:
    code, stage = asset_code(tablet), tablet.stage.value.replace("_", " ")
    if slot is None:
        return f"{code} is {stage}, and in no slot. Its custody: {tablet.custody.value.replace('_', ' ')}."
    elsewhere = "" if slot.bench_id == bench.id else f" of {get_bench(session, slot.bench_id).name}"
    return f"{code} is in slot {slot.place}{elsewhere}, {stage}."


def _check(session: Session, asked: _Asked, tablet: Tablet) -> _Said:
    """What still stands between a tablet and a loan. Changes nothing."""
    code = asset_code(tablet)
    if tablet.stage is Stage.READY:
        return _Said(ScanOutcome.ALREADY, f"{code} is ready to lend.")
    offers = tablets.what_may_happen(session, tablet, actor=asked.actor, settings=asked.settings, now=asked.now)
    for offer in offers:
        if offer.transition.move is Move.MAKE_READY:
            if offer.allowed:
                return _Said(
                    ScanOutcome.APPLIED, f"{code}: nothing stands in the way.", "Scan MODE-READY, then it again."
                )
            return _Said(ScanOutcome.BLOCKED, f"{code}: {' '.join(offer.refusals)}")
    stage = tablet.stage.value.replace("_", " ")
    held = " ".join(hold.reason for hold in tablets.open_holds(session, tablet.id))
    return _Said(ScanOutcome.BLOCKED, f"{code} is {stage}. {held}".strip(), "It has to be wiped and provisioned first.")


def _undo(session: Session, asked: _Asked) -> _Said:
    """Take back the last scan of this person here, if that can be: a run that has changed nothing yet, or a card."""
    last = queries.latest_undoable_scan(session, asked.bench.id, asked.actor.user_id)
    if last is None or last.undone:
        return _Said(ScanOutcome.NOT_FOUND, "There is no scan of yours here to take back.")
    if last.mode in GRADES:
        return _ungrade(session, asked, last)
    if last.run_id is None:
        return _Said(
            ScanOutcome.BLOCKED, "The last scan began nothing that could be taken back.", "Open the tablet's own page."
        )
    run = queries.run(session, last.run_id)
    assert run is not None, "a scan names only runs that it began"
    if run.state in FINISHED:
        return _Said(ScanOutcome.ALREADY, f"Run {run.id} is over already ({run.state.value}).")
    if run.kind is RunKind.WIPE and (run.paused_from or run.state) in PAST_RESET:
        return _Said(
            ScanOutcome.BLOCKED,
            f"The reset of run {run.id} is on its way and cannot be called back.",
            "Stop the run on its own page if it should not go on.",
        )
    last.undone = True
    slot = get_slot(session, run.slot_id)
    happening = Happening(now=asked.now, source="scan", reason="Taken back by the next scan")
    cancel_run(session, run.id, actor=asked.actor, settings=asked.settings, happening=happening)
    return _Said(ScanOutcome.APPLIED, f"Taken back: the run in slot {slot.place} stops.")


def _ungrade(session: Session, asked: _Asked, last: Scan) -> _Said:
    if asked.now - last.at > MODE_LASTS:
        said = "The last scan gave a grade more than ten minutes ago; that stands."
        return _Said(ScanOutcome.BLOCKED, said, "Open the tablet's own page.")
    try:
        with session.begin_nested():
            back = take_back(session, last, actor=asked.actor, settings=asked.settings, now=asked.now)
            last.undone = back.undone
    except DoorstepError as refused:
        reasons = refused.reasons if isinstance(refused, MoveRefused) else ()
        return _Said(ScanOutcome.BLOCKED, " ".join(reasons) or refused.message, refused.next_step)
    return _Said(back.outcome, back.said, back.next_step)


def cards() -> tuple[Card, ...]:
    """Every card there is, in the order they are printed."""
    return CARDS
