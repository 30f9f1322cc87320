"""What a look saw, written down: in the slot's row, and in the tablet's own where it is ours.

The same tablet at two addresses is one tablet; two tablets with one serial are told apart by Android's own id and by
where they are plugged in, and nobody touches either until a person has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Slot
from fleet.bench.reach import usb_path
from fleet.clock import Clock
from fleet.errors import NotFound
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind
from fleet.users.actor import SYSTEM
from provisioning.facts.battery import BATTERY, Battery
from provisioning.facts.identity import ANDROID_ID, Identity, Unit
from provisioning.facts.observation import Observation
from provisioning.facts.trade_in import TradeInReport

WHENEVER = datetime.max.replace(tzinfo=UTC)
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
"""Until when a look was asked for that is answered: compared with each other only, for clocks differ."""


@dataclass(frozen=True)
class Seen:
    """What a look found. `tablet` is ours, if it is known; `problem` is a sentence when nothing could be read.

    `namesakes` are several of ours with the serial that was read: the bench cannot tell them apart.
    """

    slot: Slot
    identity: Identity | None = None
    battery: Battery | None = None
    tablet: Tablet | None = None
    namesakes: tuple[int, ...] = ()
    problem: str = ""

    @property
    def unknown(self) -> bool:
        """There is a tablet that is not in our records: it can be booked in."""
        return not self.problem and self.tablet is None and not self.namesakes


def write_seen(
    session: Session,
    slot_id: int,
    identity: Identity,
    observed: Observation,
    *,
    clock: Clock,
    asked_by: datetime = WHENEVER,
) -> Seen:
    """Write down which tablet is in a slot, in the slot's row and in the tablet's own if it is ours.

    `observed` holds the battery and Android's id where they were asked for; what was asked for after `asked_by` is not
    answered by it.
    """
    battery, android_id = observed.readable(BATTERY), observed.readable(ANDROID_ID)
    level = battery.level_percent if battery and not battery.faked else None
    slot, twin = _write_unit(session, slot_id, identity.unit, android_id.value if android_id else "", clock, asked_by)
    slot.seen_battery_percent, slot.seen_reporting = level, False
    seen = _whose(session, slot, twin)
    if seen.tablet is not None:
        tablets.identify(
            session,
            tablets.lock_tablet(session, seen.tablet.id),
            manufacturer=(identity.manufacturer or "")[:60],
            model=(identity.model or "")[:80],
            os_release=release_number(identity.release),
            battery_percent=level,
            now=clock(),
        )
    return replace(seen, identity=identity, battery=battery)


def write_reporting(
    session: Session, slot_id: int, report: TradeInReport, *, clock: Clock, asked_by: datetime = WHENEVER
) -> Seen:
    """Write down a tablet that stands in its first-run setup and only reports in trade-in mode (Android 16 on).

    A locked one tells nothing else, not even its serial: then it is whichever a run waits for at this port, if any.
    """
    slot, twin = _write_unit(session, slot_id, Unit(report.serial, None, report.model, None), "", clock, asked_by)
    slot.seen_battery_percent, slot.seen_reporting = None, True
    seen = _whose(session, slot, twin)
    run = queries.unfinished_run_in_slot(session, slot_id) if report.serial is None else None
    if run is not None:
        slot.tablet_id = run.tablet_id
        session.flush()
        return replace(seen, tablet=tablets.get_tablet(session, run.tablet_id))
    if seen.tablet is not None and report.model and not seen.tablet.model:
        tablets.identify(session, tablets.lock_tablet(session, seen.tablet.id), model=report.model[:80], now=clock())
    return seen


def _write_unit(
    session: Session, slot_id: int, unit: Unit, android_id: str, clock: Clock, asked_by: datetime
) -> tuple[Slot, Slot | None]:
    """The slot with what is in it, and the other slot that says it has the same."""
    now, serial = clock(), (unit.serial or "")[:64]
    others = queries.slots_with_serial(session, serial, except_slot=slot_id) if serial else ()
    slot, *others = _all_locked(session, slot_id, *(other.id for other in others))
    if slot.seen_serial != serial or slot.occupied_since is None:
        slot.occupied_since, slot.autopilot_said = now, ""
    slot.seen_serial, slot.seen_shared_serial = serial, bool(serial) and not unit.serial_is_its_own
    slot.seen_kind = f"{unit.manufacturer or ''} {unit.model or ''}".strip()[:140]
    slot.seen_at, slot.seen_problem = now, ""
    slot.seen_asking, slot.quiet_looks = False, 0
    _answer(slot, asked_by)
    slot.seen_android_id = android_id or slot.seen_android_id
    return slot, _note_twin(session, slot, others[0] if others else None)


def _whose(session: Session, slot: Slot, twin: Slot | None) -> Seen:
    namesakes = tablets.tablets_with_serial(session, slot.seen_serial) if slot.seen_serial else ()
    tablet = _recognised(session, slot, namesakes, twin)
    slot.tablet_id = tablet.id if tablet else None
    session.flush()
    several = () if tablet or len(namesakes) < 2 else tuple(each.id for each in namesakes)
    return Seen(slot, tablet=tablet, namesakes=several)


def release_number(release: str) -> int | None:
    """13 of ``13`` or ``8.1.0``; None for a release that is no number."""
    digits = re.match(r"\d+", release)
    return int(digits.group()) if digits else None


def _note_twin(session: Session, slot: Slot, other: Slot | None) -> Slot | None:
    """The other slot where this serial is seen too. Two units with it are held until a person has told them apart."""
    before = slot.twin_slot_id
    same = other is not None and slot.seen_android_id == other.seen_android_id != ""
    running = other is not None and queries.unfinished_run_in_slot(session, other.id) is not None
    slot.twin_slot_id, slot.twin_is_same = (other.id, same or running) if other else (None, False)
    if other is None:
        return None
    if not running:
        other.twin_slot_id, other.twin_is_same = slot.id, same
        other.tablet_id = other.tablet_id if same else None
    if not (same or running) and before == other.id:
        _hold_both(session, slot, other)
    return other


def _hold_both(session: Session, slot: Slot, other: Slot) -> None:
    """Seen twice in a row, so neither was moved: two units answer to one serial."""
    reason = (
        f"Two tablets on the bench gave the serial {slot.seen_serial}, in slots {other.place} and {slot.place}. "
        "Find out which of them is in our books, and give the other a note of its own."
    )
    for tablet in tablets.tablets_with_serial(session, slot.seen_serial):
        if HoldKind.IDENTITY not in {hold.kind for hold in tablets.open_holds(session, tablet.id)}:
            assert slot.seen_at is not None, "it was seen a moment ago"
            happening = Happening(now=slot.seen_at, source="bench", reason=reason)
            tablets.place_hold(session, tablet.id, HoldKind.IDENTITY, actor=SYSTEM, happening=happening)


def _recognised(session: Session, slot: Slot, namesakes: Sequence[Tablet], twin: Slot | None) -> Tablet | None:
    """The one with this serial whose unfinished run is in this very slot; else the only one, seen in one place only."""
    run = queries.unfinished_run_in_slot(session, slot.id)
    mine = next((each for each in namesakes if run is not None and each.id == run.tablet_id), None)
    if mine is not None or len(namesakes) != 1 or (twin is not None and not slot.twin_is_same):
        return mine
    return namesakes[0]


def is_second_address(slot: Slot, twin: Slot) -> bool:
    """Whether `slot` is the one to leave alone, of two that reach the same tablet: a hub port comes before a network
    address, and the slot that was there first before the other."""
    return (not usb_path(slot.address), slot.id) > (not usb_path(twin.address), twin.id)


def write_asking(session: Session, slot_id: int, *, clock: Clock) -> None:
    """The tablet in a slot shows its question at this moment: somebody has to tap Allow."""
    slot = _locked(session, slot_id)
    slot.seen_asking, slot.seen_at = True, clock()
    session.flush()


def write_silence(
    session: Session, slot_id: int, problem: str, *, asking: bool, clock: Clock, asked_by: datetime = WHENEVER
) -> Seen:
    """Write down that no tablet answered, and why; or that one asks whether to let the bench in."""
    twins = [each.id for each in queries.slots_with_twin(session, slot_id)]
    slot, *twins_locked = _all_locked(session, slot_id, *twins)
    for twin in twins_locked:
        twin.twin_slot_id, twin.twin_is_same = None, False
    slot.seen_serial, slot.seen_kind, slot.seen_battery_percent, slot.seen_android_id = "", "", None, ""
    slot.seen_at, slot.seen_problem, slot.tablet_id = clock(), problem, None
    slot.seen_asking, slot.quiet_looks = asking, slot.quiet_looks + 1
    _answer(slot, asked_by)
    slot.seen_shared_serial, slot.occupied_since, slot.autopilot_said = False, None, ""
    slot.seen_reporting = False
    slot.twin_slot_id, slot.twin_is_same = None, False
    session.flush()
    return Seen(slot, problem=problem)


def namesakes_in(session: Session, slot: Slot) -> tuple[int, ...]:
    """Several tablets of ours with the serial that was seen in a slot, where the bench could not choose."""
    same = tablets.tablets_with_serial(session, slot.seen_serial) if slot.seen_serial else ()
    return () if slot.tablet_id is not None or len(same) < 2 else tuple(each.id for each in same)


def _answer(slot: Slot, asked_by: datetime) -> None:
    """What is asked for during a look is owed another: that one may have begun before the tablet was plugged in."""
    if slot.look_asked_at is not None and slot.look_asked_at <= asked_by:
        slot.look_asked_at = None


def forget_if_busy(session: Session, slot_id: int) -> None:
    """A look that was asked for is not owed any more where a run has begun: the run looks by itself."""
    if queries.unfinished_run_in_slot(session, slot_id) is not None:
        _locked(session, slot_id).look_asked_at = None
        session.flush()


def _locked(session: Session, slot_id: int) -> Slot:
    slot = queries.slot_locked(session, slot_id)
    if slot is None:
        raise NotFound(f"There is no slot number {slot_id}.", next_step="Choose one from the bench wall.")
    return slot


def _all_locked(session: Session, *slot_ids: int) -> list[Slot]:
    """These slots, locked in the order of their numbers so that two looks never wait for each other."""
    locked = {slot_id: _locked(session, slot_id) for slot_id in sorted(set(slot_ids))}
    return [locked[slot_id] for slot_id in slot_ids]
