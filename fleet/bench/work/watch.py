"""The job `bench.watch`: looks into the free slots of a bench, and takes each tablet there one step further.

It lives as long as one round of the bench's autopilot, a turn at a time. A slot is looked into by one worker only and
never while a run is under way in it; one where nothing changes is looked into ever more seldom.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from fleet.bench import queries
from fleet.bench.link import OpenTablet, SeeTablets, kept_open, open_tablet, see_tablets
from fleet.bench.models import Bench
from fleet.bench.reach import usb_path
from fleet.bench.rules import next_look
from fleet.bench.service import autopilot
from fleet.bench.service.autopilot import Wanted, nothing_asks
from fleet.bench.service.benches import get_bench
from fleet.bench.service.looking import look
from fleet.bench.service.runs import RunInProgress
from fleet.bench.service.seen import Seen, write_silence
from fleet.bench.work.turn import turn_at
from fleet.errors import DoorstepError, MoveRefused
from fleet.jobs.rules import reason_for
from fleet.jobs.service import Handler, JobContext, TryAgain
from fleet.logs import get_logger
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

log = get_logger(__name__)

EVERY = timedelta(seconds=2)
AFTER_A_FAULT = timedelta(seconds=15)
_AT_REST = timedelta(seconds=15)
"""How soon a slot is looked into again whose tablet waits for a person or is done."""
_LOOKS_AT_ONCE = 16
_MOST_ACTS = 5
"""In one turn at one slot, such as: received, queued for its wipe, wipe begun."""


@dataclass(frozen=True)
class Watch:
    """One worker's turn at one bench."""

    context: JobContext
    settings: Settings
    opener: OpenTablet
    see: SeeTablets
    wanted: Wanted


@dataclass(frozen=True)
class Due:
    """The slots whose time has come. `empty` are those whose port has nothing in it: nobody need knock there."""

    slot_ids: Sequence[int]
    empty: frozenset[int]


def watch_handler(
    settings: Settings,
    *,
    opener: OpenTablet = open_tablet,
    see: SeeTablets = see_tablets,
    wanted: Wanted = nothing_asks,
) -> Handler:
    """What does `bench.watch` jobs. `wanted` says which profile a tablet is asked for with."""

    def handle(context: JobContext) -> None:
        """Look into the free slots of a bench and take each tablet further, for as long as the autopilot is on."""
        try:
            watch = Watch(context, settings, opener, see, wanted)
            bench = _watched(watch)
            if bench is None:
                return
            with kept_open(bench, settings):
                _each(watch, _due(watch, bench))
        except Exception as error:
            # A watch that was given up would leave the wall blind and say nothing, so it never is.
            log.exception("bench_watch_interrupted", job=context.job_id, error=type(error).__name__)
            raise TryAgain(AFTER_A_FAULT, reason_for(error)) from error
        raise TryAgain(EVERY, "It watches for as long as the autopilot is on")

    return handle


def _watched(watch: Watch) -> Bench | None:
    """The bench; None once this round of the autopilot is over."""
    context = watch.context
    with context.database.read() as session:
        bench = get_bench(session, int(context.args["bench_id"]))
        if not bench.autopilot or bench.autopilot_round != int(context.args["round"]):
            return None
        session.expunge(bench)
        return bench


def _due(watch: Watch, bench: Bench) -> Due:
    """What there is to look into."""
    context = watch.context
    with context.database.read() as session:
        slot_ids = queries.slots_to_look_into(session, bench.id, now=context.clock())
        ports = {slot.id: usb_path(slot.address) for slot in queries.slots(session, bench.id) if slot.id in slot_ids}
    if not any(ports.values()):
        return Due(slot_ids, frozenset())
    seen = watch.see(bench, watch.settings)
    if seen.unseen:
        return Due(slot_ids, frozenset())
    taken = {sighting.usb_path for sighting in seen.sightings}
    return Due(slot_ids, frozenset(slot_id for slot_id, port in ports.items() if port and port not in taken))


def _each(watch: Watch, due: Due) -> None:
    if not due.slot_ids:
        return
    with ThreadPoolExecutor(min(_LOOKS_AT_ONCE, len(due.slot_ids)), thread_name_prefix="bench-watch") as pool:
        for ended in [pool.submit(_one, watch, slot_id, slot_id in due.empty) for slot_id in due.slot_ids]:
            ended.result()


def _one(watch: Watch, slot_id: int, empty: bool) -> None:
    """One look, and what follows from it. Does nothing where somebody else was first."""
    if watch.context.lease_lost.is_set():
        return
    with turn_at(watch.context, slot_id, mark="#", pause=AFTER_A_FAULT) as turn:
        if turn is not None:
            turn.pause = _go_on(watch, _nothing_there(watch, slot_id) if empty else _look(watch, slot_id))


def _look(watch: Watch, slot_id: int) -> Seen:
    context = watch.context
    return look(
        context.database, slot_id, actor=SYSTEM, settings=watch.settings, clock=context.clock, opener=watch.opener
    )


def _nothing_there(watch: Watch, slot_id: int) -> Seen:
    with watch.context.database.write() as session:
        return write_silence(session, slot_id, "Its port is empty.", asking=False, clock=watch.context.clock)


def _go_on(watch: Watch, seen: Seen) -> timedelta:
    """Take the tablet further, as far as nothing stands in the way; how long the slot is left alone then."""
    if seen.problem:
        return EVERY if seen.slot.seen_asking else next_look(seen.slot.quiet_looks - 1)
    for _ in range(_MOST_ACTS):
        act = _one_act(watch, seen.slot.id)
        if act is None:
            break
        log.info("autopilot", slot=seen.slot.id, act=act)
    return _AT_REST


def _one_act(watch: Watch, slot_id: int) -> str | None:
    context = watch.context
    try:
        with context.write() as session:
            return autopilot.go_on(session, slot_id, settings=watch.settings, now=context.clock(), wanted=watch.wanted)
    except RunInProgress:
        return None  # somebody else began it between our look and now
    except DoorstepError as refused:
        reasons = refused.reasons if isinstance(refused, MoveRefused) else ()
        said = " ".join((*reasons, refused.next_step)) if reasons else f"{refused.message} {refused.next_step}"
        with context.write() as session:
            autopilot.write_refusal(session, slot_id, said.strip())
        return None


def wake(context: JobContext) -> None:
    """Watch again every bench whose autopilot is on and whose watch was given up."""
    with context.write() as session:
        woken = autopilot.wake(session, now=context.clock())
    if woken:
        log.warning("bench_watch_was_given_up", benches=woken)
