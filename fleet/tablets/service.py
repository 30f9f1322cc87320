"""The one writer of a tablet's four facts, and what else can be asked of a tablet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select
from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, MoveRefused, there
from fleet.happening import Happening
from fleet.machine import SAY_WHY, Offer
from fleet.settings import Settings
from fleet.tablets import queries
from fleet.tablets.models import Hold, Tablet, TabletEvent, TabletGathering
from fleet.tablets.rules import (
    BY_MOVE,
    FINAL,
    Custody,
    Facts,
    HoldKind,
    Move,
    Stage,
    Transition,
    offers,
    refusals,
)
from fleet.users.actor import SYSTEM, Actor


class SerialAlreadyHere(Conflict):
    """A serial that already lives in the fleet was given for another tablet."""

    code = "serial_already_here"


def get_tablet(session: Session, tablet_id: int) -> Tablet:
    """Raises `NotFound`."""
    return _known(queries.tablet(session, tablet_id), tablet_id)


def lock_tablet(session: Session, tablet_id: int) -> Tablet:
    """The tablet, locked for a change. The order of locks is always tablet, loan, SIM. Raises `NotFound`."""
    return _known(queries.tablet_locked(session, tablet_id), tablet_id)


def _known(found: Tablet | None, tablet_id: int) -> Tablet:
    return there(found, f"There is no tablet number {tablet_id}.", next_step="Look for it in the list of tablets.")


def tablets_with_serial(session: Session, serial: str) -> Sequence[Tablet]:
    """Those in the fleet with this serial: one as a rule, several where a maker used it twice."""
    return queries.live_tablets_with_serial(session, serial)


@dataclass(frozen=True)
class Gone:
    """A tablet of ours that left the fleet for good, and when."""

    tablet: Tablet
    at: datetime


def gone_with_serial(session: Session, serial: str) -> Gone | None:
    """The latest with this serial that left the fleet for good, unless one with it is in the fleet."""
    return None if tablets_with_serial(session, serial) else latest_gone(session, serial)


def latest_gone(session: Session, serial: str) -> Gone | None:
    """The latest with this serial that left the fleet for good."""
    tablet = queries.latest_gone_with_serial(session, serial)
    if tablet is None:
        return None
    return Gone(tablet, queries.first_event_at_stage(session, tablet) or tablet.changed_at)


def facts_of(session: Session, tablet: Tablet, *, settings: Settings, now: datetime) -> Facts:
    """What the guards look at."""
    return Facts(
        stage=tablet.stage,
        data=tablet.data,
        custody=tablet.custody,
        holds=frozenset(hold.kind for hold in queries.open_holds(session, tablet.id)),
        grade=tablet.grade,
        os_release=tablet.os_release,
        os_floor=settings.os_floor_release,
        os_floor_waived=tablet.os_floor_waiver is not None,
        certificate_at=tablet.certificate_at,
        left_hub_at=tablet.left_hub_at,
        verified_at=tablet.verified_at,
        verify_valid=timedelta(days=settings.verify_valid_days),
        label_confirmed=tablet.label_confirmed_at is not None,
        battery_percent=tablet.battery_percent,
        battery_needed=settings.battery_dispatch_percent,
        kit_complete=tablet.kit_checked_at is not None,
        retiring=tablet.retiring,
        accounts_answered=tablet.accounts_answered,
        destruction_ordered=tablet.destruction_ordered,
        now=now,
        tiles_out_of_date=out_of_date(session, tablet.id),
    )


def what_may_happen(
    session: Session, tablet: Tablet, *, actor: Actor, settings: Settings, now: datetime
) -> tuple[Offer[Transition], ...]:
    """The moves this person may press, and what stands in the way of each."""
    return offers(facts_of(session, tablet, settings=settings, now=now), actor.roles)


def expect_tablet(
    session: Session,
    *,
    hub_id: int,
    serial: str,
    actor: Actor,
    happening: Happening,
    manufacturer: str = "",
    model: str = "",
    serial_note: str = "",
    is_virtual: bool = False,
) -> Tablet:
    """Write down a tablet that will arrive. Raises `SerialAlreadyHere`, naming where the other one stands."""
    serial = serial.strip()
    if not serial or len(serial) > 64:
        raise BadInput("The tablet was not added.", fields={"serial": "Enter the serial, up to 64 characters."})
    refuse_known_serial(session, serial, serial_note)
    tablet = Tablet(
        hub_id=hub_id,
        serial=serial,
        serial_note=serial_note,
        manufacturer=manufacturer.strip(),
        model=model.strip(),
        is_virtual=is_virtual,
        created_at=happening.now,
        changed_at=happening.now,
    )
    session.add(tablet)
    session.flush()
    note(session, tablet, kind="expected", words="Expected", actor=actor, happening=happening)
    return tablet


def refuse_known_serial(session: Session, serial: str, serial_note: str = "") -> None:
    """Raises `SerialAlreadyHere` when a tablet in the fleet has this serial and the same note."""
    for other in queries.live_tablets_with_serial(session, serial):
        if other.serial_note == serial_note:
            raise SerialAlreadyHere(
                f"Serial {serial} is already in the fleet: tablet {other.id}, {other.stage.value.replace('_', ' ')}. "
                "Nothing was added.",
                next_step="If it is the same tablet coming back, open that one. If a maker used a serial twice, "
                "add a note that tells the two apart.",
                details={"tablet_id": other.id},
            )


def move(
    session: Session,
    tablet_id: int,
    name: Move,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    holder: str | None = None,
) -> TabletEvent:
    """Make one move of the table. The only place where stage, data and custody change.

    The same `client_id` twice gives the same event and changes nothing. Raises `MoveRefused` with every reason.
    `holder` names who has it by code, never by name.
    """
    if happening.client_id is not None:
        told_before = queries.event_by_client_id(session, happening.client_id)
        if told_before is not None:
            return told_before
    tablet = lock_tablet(session, tablet_id)
    transition = BY_MOVE[name]
    reasons = refusals(name, facts_of(session, tablet, settings=settings, now=happening.now), actor.roles)
    if transition.needs_reason and not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Tablet {tablet.id} was not moved to “{transition.words.lower()}”.",
            reasons=reasons,
            next_step="Settle what is listed, then try again.",
        )
    tablet.stage = transition.target
    tablet.data = transition.data or tablet.data
    tablet.custody = transition.custody or tablet.custody
    _note_side_effects(tablet, name, happening.now, holder)
    if name is Move.WIPE_PASSED:
        queries.forget_carried(session, tablet_id)
    return note(session, tablet, kind=name.value, words=transition.words, actor=actor, happening=happening)


def press(
    session: Session, tablet_id: int, name: Move, *, actor: Actor, settings: Settings, happening: Happening
) -> TabletEvent:
    """A person presses a move on the tablet's own page. Moves that belong to another room's work are refused."""
    if not BY_MOVE[name].offered:
        raise MoveRefused(
            f"Nothing was changed. “{BY_MOVE[name].words}” is recorded where that work is done, not here.",
            next_step="Use the bench for wipes and provisioning, and the loan for everything about lending.",
        )
    return move(session, tablet_id, name, actor=actor, settings=settings, happening=happening)


def _note_side_effects(tablet: Tablet, name: Move, now: datetime, holder: str | None) -> None:
    transition = BY_MOVE[name]
    if holder is not None:
        tablet.holder = holder
    elif transition.custody in (Custody.HUB, Custody.NOBODY_KNOWS, Custody.CARRIER):
        tablet.holder = ""
    if transition.leaves_hub:
        tablet.left_hub_at = now
        tablet.kit_checked_at = None
    if name is Move.WIPE_PASSED:
        tablet.certificate_at = now
        tablet.verified_at = None
    if name is Move.PROVISION_PASSED:
        tablet.verified_at = now
    if name is Move.RETIRE:
        tablet.retiring = True
    tablet.changed_at = now


def note(session: Session, tablet: Tablet, *, kind: str, words: str, actor: Actor, happening: Happening) -> TabletEvent:
    """Add to a tablet's log without moving it."""
    event = TabletEvent(
        tablet_id=tablet.id,
        kind=kind,
        words=words,
        reason=happening.reason.strip(),
        stage=tablet.stage,
        data=tablet.data,
        custody=tablet.custody,
        holder=tablet.holder,
        details=dict(happening.details),
        **actor.signature(),
        **happening.told(),
    )
    session.add(event)
    session.flush()
    return event


def open_holds(session: Session, tablet_id: int) -> Sequence[Hold]:
    """The holds that stop a tablet at present, each with its reason."""
    return queries.open_holds(session, tablet_id)


def place_hold(session: Session, tablet_id: int, kind: HoldKind, *, actor: Actor, happening: Happening) -> Hold:
    """Hold a tablet, from any stage. A second hold of the same kind adds its reason to the log and keeps the first."""
    tablet = lock_tablet(session, tablet_id)
    if not happening.reason.strip():
        raise BadInput("No hold was placed.", fields={"reason": "Say what you saw, in a few words."})
    words = f"Held: {kind.value.replace('_', ' ')}"
    note(session, tablet, kind=f"hold_{kind.value}", words=words, actor=actor, happening=happening)
    tablet.changed_at = happening.now
    existing = queries.open_hold(session, tablet_id, kind)
    if existing is not None:
        return existing
    hold = Hold(
        tablet_id=tablet_id,
        kind=kind,
        reason=happening.reason.strip(),
        placed_by=actor.name,
        placed_at=happening.now,
    )
    session.add(hold)
    session.flush()
    return hold


def lift_hold(session: Session, tablet_id: int, kind: HoldKind, *, actor: Actor, happening: Happening) -> None:
    """Lift the open hold of a kind, with the reason why it is settled. Raises `Conflict` when there is none."""
    tablet = lock_tablet(session, tablet_id)
    hold = queries.open_hold(session, tablet_id, kind)
    if hold is None:
        raise Conflict("This hold was lifted already.", next_step="Reload the page to see how it stands.")
    if not happening.reason.strip():
        raise BadInput("The hold stays.", fields={"reason": "Say how it was settled, in a few words."})
    hold.lifted_by, hold.lifted_at, hold.lift_reason = actor.name, happening.now, happening.reason.strip()
    tablet.changed_at = happening.now
    words = f"Hold lifted: {kind.value.replace('_', ' ')}"
    note(session, tablet, kind=f"lifted_{kind.value}", words=words, actor=actor, happening=happening)


def check_kit(session: Session, tablet_id: int, *, actor: Actor, happening: Happening, missing: str = "") -> None:
    """Record that the kit was looked through. Missing parts are written down; only a complete kit counts as checked."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    tablet.kit_checked_at = None if missing.strip() else happening.now
    tablet.changed_at = happening.now
    words = f"Kit checked, missing: {missing.strip()}" if missing.strip() else "Kit checked, complete"
    note(session, tablet, kind="kit", words=words[:200], actor=actor, happening=happening)


def waive_os_floor(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Let an Android older than the floor be lent, with the reason on record. Raises `BadInput` without one."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    if not happening.reason.strip():
        raise BadInput("The floor was not waived.", fields={"reason": "Say why this tablet may be lent all the same."})
    tablet.os_floor_waiver = f"{happening.reason.strip()} ({actor.name})"
    tablet.changed_at = happening.now
    note(session, tablet, kind="os_floor_waived", words="Android floor waived", actor=actor, happening=happening)


def order_destruction(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Let a retired tablet that cannot be wiped go to a carrier who destroys it. Raises `BadInput` without a reason."""
    tablet = lock_tablet(session, tablet_id)
    if tablet.stage is not Stage.RETIRED:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet.id} is not retired.", next_step="Retire it first, saying why."
        )
    if not happening.reason.strip():
        raise BadInput("Nothing was ordered.", fields={"reason": "Say why it cannot be wiped, and who destroys it."})
    tablet.destruction_ordered = True
    tablet.changed_at = happening.now
    note(session, tablet, kind="destruction_ordered", words="Destruction ordered", actor=actor, happening=happening)


def identify(
    session: Session,
    tablet: Tablet,
    *,
    manufacturer: str | None = None,
    model: str | None = None,
    os_release: int | None = None,
    battery_percent: int | None = None,
    now: datetime,
) -> None:
    """Write down what the bench read from a tablet; only what was given changes."""
    tablet.manufacturer = manufacturer or tablet.manufacturer
    tablet.model = model or tablet.model
    tablet.os_release = os_release if os_release is not None else tablet.os_release
    tablet.battery_percent = battery_percent if battery_percent is not None else tablet.battery_percent
    tablet.changed_at = now
    session.flush()


def record_profile(session: Session, tablet_id: int, *, profile: str, version: int, now: datetime) -> None:
    """Write down which profile it is being made into. Asked by the bench as provisioning begins."""
    tablet = lock_tablet(session, tablet_id)
    tablet.profile, tablet.profile_version, tablet.changed_at = profile, version, now
    session.flush()


def record_gatherings(session: Session, tablet_id: int, carried: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Write down which gatherings have a tile on it, as (number, revision), in their order.

    Asked by the bench when a provision passes: only what was read back counts as carried.
    """
    lock_tablet(session, tablet_id)
    queries.forget_carried(session, tablet_id)
    for place, (gathering_id, revision) in enumerate(carried):
        session.add(
            TabletGathering(tablet_id=tablet_id, gathering_id=gathering_id, revision=revision, place=place, since=now)
        )
    session.flush()


def out_of_date(session: Session, tablet_id: int) -> bool:
    """Whether a gathering on its tiles was changed or has ended since it was provisioned: it needs a refresh."""
    return tablet_id in queries.out_of_date(session, [tablet_id])


def out_of_date_ids() -> Select[int]:
    """The tablets that `out_of_date` is true of, for another room's query."""
    return queries.out_of_date_ids()


def ask_for_refresh(session: Session, tablet_id: int, *, settings: Settings, happening: Happening) -> None:
    """What it was made into is not what is wanted any more: it is provisioned again before it is lent.

    Says so of a tablet that is ready or provisioned; one that is not that far is made as wanted in any case.
    """
    tablet = lock_tablet(session, tablet_id)
    if tablet.stage is Stage.READY:
        move(session, tablet_id, Move.NEEDS_REFRESH, actor=SYSTEM, settings=settings, happening=happening)
    if tablet.stage is Stage.PROVISIONED:
        tablet.verified_at, tablet.changed_at = None, happening.now
        session.flush()


def carries(session: Session, tablet_id: int) -> tuple[int, ...]:
    """The gatherings that have a tile on it, in their order."""
    return tuple(gathering.id for _, gathering in queries.carried(session, tablet_id))


def confirm_label(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Record that this tablet's own label was scanned back from it. Asked by the tags room once codes match."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    tablet.label_confirmed_at = happening.now
    tablet.changed_at = happening.now
    note(session, tablet, kind="label_confirmed", words="Label scanned back", actor=actor, happening=happening)


def set_label(session: Session, tablet_id: int, code: str, *, actor: Actor, happening: Happening) -> None:
    """Write down which code its label carries; it has to be scanned back again. Asked by the tags room."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    tablet.label_code, tablet.label_confirmed_at, tablet.changed_at = code, None, happening.now
    note(session, tablet, kind="label", words="Given a label code", actor=actor, happening=happening)


def _refuse_if_gone(tablet: Tablet) -> None:
    if tablet.stage in FINAL:
        raise Conflict(
            f"Tablet {tablet.id} has left the fleet ({tablet.stage.value}); only notes can be added.",
            next_step="Check the number: is this the tablet in your hand?",
        )
