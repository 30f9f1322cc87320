"""The autopilot's switch, and the watch that lasts as long as it is on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench
from fleet.bench.service.benches import get_bench, lane_of_bench
from fleet.bench.service.profiles import profile_named
from fleet.errors import BadInput
from fleet.jobs.service import enqueue, is_under_way
from fleet.settings import Settings
from fleet.tags import printers, printing
from fleet.users.actor import Actor
from provisioning.errors import ProfileInvalid

WATCH_JOB = "bench.watch"
WAKE_JOB = "bench.wake"


def switch_on(
    session: Session,
    bench_id: int,
    *,
    media_removed: bool,
    profile: str,
    label_sheet: str = "",
    label_next: int = 1,
    label_printer_id: int | None = None,
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> Bench:
    """Let a bench go on by itself from here. `media_removed` is the technician's standing promise for every tablet.

    Labels are sent to a printer where one is named; the sheet is for what prints sheets. Raises `BadInput` without
    that promise, for a profile, a printer or a label sheet there is none of, and for a position that the sheet does
    not have.
    """
    problems = _label_problems(session, label_sheet, label_next, label_printer_id)
    if not media_removed:
        problems["media_removed"] = (
            "A reset reaches neither SIM nor memory card: promise that they are taken out first."
        )
    try:
        profile_named(profile, settings)
    except ProfileInvalid as error:
        problems["profile"] = str(error)
    if problems:
        raise BadInput("The autopilot was not switched on.", fields=problems)
    bench = locked_bench(session, bench_id)
    bench.autopilot, bench.autopilot_round = True, bench.autopilot_round + 1
    bench.autopilot_by, bench.autopilot_by_id, bench.autopilot_at = actor.name, actor.user_id, now
    bench.profile, bench.label_sheet, bench.label_next = profile, label_sheet, label_next
    bench.label_printer_id = label_printer_id
    for slot in queries.slots(session, bench_id):
        slot.autopilot_said, slot.next_look_at = "", None
    session.flush()
    keep_watching(session, bench, now=now)
    return bench


def keep_watching(session: Session, bench: Bench, *, now: datetime) -> None:
    """Ask for the job that watches a bench for as long as this round of its autopilot lasts."""
    key = _watch_key(bench)
    args = {"bench_id": bench.id, "round": bench.autopilot_round}
    enqueue(session, WATCH_JOB, key=key, now=now, args=args, lane=lane_of_bench(bench))


def _watch_key(bench: Bench) -> str:
    return f"{WATCH_JOB}:{bench.id}:{bench.autopilot_round}"


def wake(session: Session, *, now: datetime) -> int:
    """Watch again every bench whose autopilot is on and whose watch was given up; how many. Its worker may have died
    too often in the middle of a look."""
    woken = 0
    for bench in queries.benches(session):
        if bench.autopilot and not is_under_way(session, _watch_key(bench)):
            bench.autopilot_round += 1
            keep_watching(session, bench, now=now)
            woken += 1
    return woken


def switch_off(session: Session, bench_id: int, *, actor: Actor, now: datetime) -> Bench:
    """Begin nothing more by itself. Runs that are under way go on."""
    bench = locked_bench(session, bench_id)
    if bench.autopilot:
        bench.autopilot, bench.autopilot_by, bench.autopilot_at = False, actor.name, now
        bench.autopilot_by_id = actor.user_id
    session.flush()
    return bench


def _label_problems(session: Session, sheet: str, start_at: int, printer_id: int | None) -> dict[str, str]:
    """Why labels cannot be printed so, by field. A printer with a roll asks for no sheet."""
    if printer_id is not None:
        usable = {each.id: each for each in printers.printers_in_use(session) if printers.reached_by_worker(each)}
        if printer_id not in usable:
            return {"label_printer": "Choose a printer that labels can be sent to."}
        if printers.has_roll(usable[printer_id]):
            return {}
    chosen = next((each for each in printing.sheet_choices() if each.name == sheet), None)
    if chosen is None:
        return {"label_sheet": "Choose the sheet that lies in the label printer."}
    if not 1 <= start_at <= chosen.per_page:
        return {"label_next": f"This sheet has positions 1 to {chosen.per_page}."}
    return {}


def locked_bench(session: Session, bench_id: int) -> Bench:
    return queries.bench_locked(session, bench_id) or get_bench(session, bench_id)
