"""The intake table: booking in, the quick look, the stolen check, triage; and a hazard reported from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.happening import Happening
from fleet.intake import queries, scanning
from fleet.intake.models import Intake
from fleet.intake.rules import (
    IntakeFacts,
    QuickLook,
    Route,
    StolenResult,
    holds_wanted,
    triage_refusals,
)
from fleet.intake.sources import get_batch, get_lot
from fleet.intake.words import where_it_is
from fleet.partners.service import hub_of
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import FINAL, Grade, HoldKind, Move, Stage
from fleet.tablets.service import SerialAlreadyHere
from fleet.tablets.words import stage_words
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Source:
    """Where a tablet comes from: a batch, a lot, or not known."""

    batch_id: int | None = None
    lot_id: int | None = None


@dataclass(frozen=True)
class Kind:
    """What is known of a tablet before the bench reads it."""

    manufacturer: str = ""
    model: str = ""
    serial_note: str = ""
    is_virtual: bool = False


@dataclass(frozen=True)
class Expected:
    """One tablet of a list of those that will arrive."""

    serial: str
    source: Source
    kind: Kind = Kind()


def book_in(
    session: Session,
    scan: str,
    *,
    source: Source,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    kind: Kind = Kind(),
) -> Tablet:
    """Receive a tablet by its serial or code: one that was expected, or one we did not know.

    Raises `NotReadable`, or `SerialAlreadyHere` saying where the tablet stands and what to do about it. The same
    `client_id` twice gives the same tablet and changes nothing; so it is for all that is recorded here.
    """
    told = _told_before(session, happening)
    if told is not None:
        return tablets.get_tablet(session, told)
    _check_source(session, source)
    found = scanning.make_sense(session, scan, serial_note=kind.serial_note)
    tablet = found.tablet or _expect(session, found.serial, source, kind, actor, happening)
    if tablet.stage is not Stage.EXPECTED:
        raise _already_here(tablet)
    tablets.move(session, tablet.id, Move.RECEIVE, actor=actor, settings=settings, happening=happening)
    record = _record(session, tablet.id, source, actor, happening)
    record.batch_id, record.lot_id = source.batch_id or record.batch_id, source.lot_id or record.lot_id
    return tablet


def expect(
    session: Session,
    serials: Sequence[str],
    *,
    source: Source,
    actor: Actor,
    happening: Happening,
    kind: Kind = Kind(),
) -> list[Tablet]:
    """Write down tablets that will arrive. One that cannot be used refuses them all, by name."""
    wanted = [Expected(serial, source, kind) for serial in dict.fromkeys(each.strip() for each in serials) if serial]
    if not wanted:
        raise BadInput("Nothing was added.", fields={"serials": "Enter at least one serial, each on its own line."})
    return expect_each(session, wanted, actor=actor, happening=happening)


def expect_each(
    session: Session,
    wanted: Sequence[Expected],
    *,
    actor: Actor,
    happening: Happening,
    counted: Callable[[Sequence[Expected]], Iterable[Expected]] = iter,
) -> list[Tablet]:
    """The same for tablets of which each has its own source and kind; they are looked for all at once. `counted` goes
    through them for whoever wants to know how far it has come."""
    for source in {each.source for each in wanted}:
        _check_source(session, source)
    live = tablets.tablets_with_serials(session, [each.serial for each in wanted])
    hub_id, made = hub_of(session, actor).id, []
    for each in counted(wanted):
        found = scanning.sense_of_serial(each.serial, each.kind.serial_note, live)
        if found.tablet is not None:
            raise _already_here(found.tablet)
        tablet = tablets.expect_unknown(
            session,
            hub_id=hub_id,
            serial=found.serial,
            actor=actor,
            happening=_because(happening, happening.reason),
            manufacturer=each.kind.manufacturer,
            model=each.kind.model,
            serial_note=each.kind.serial_note,
            is_virtual=each.kind.is_virtual,
        )
        session.add(_new_record(tablet.id, each.source, actor, happening))
        live.setdefault(tablet.serial.lower(), []).append(tablet)
        made.append(tablet)
    session.flush()
    return made


def record_look(
    session: Session, tablet_id: int, look: QuickLook, *, actor: Actor, happening: Happening
) -> tuple[Hold, ...]:
    """Write down the quick look. A bad battery or a locked tablet is held at once; the holds are returned."""
    if _told_before(session, happening) is not None:
        return ()
    tablet = tablets.lock_tablet(session, tablet_id)
    if tablet.stage not in (Stage.RECEIVED, Stage.TRIAGED):
        raise Conflict(
            f"Nothing was changed. Tablet {tablet_id} is past the intake table: {stage_words(tablet.stage).lower()}.",
            next_step="If something is wrong with it, hold it on its own page.",
        )
    record = _record(session, tablet_id, Source(), actor, happening)
    record.accounts_left, record.locked, record.battery = look.accounts_left, look.locked, look.battery
    record.condition = look.condition.strip()
    record.looked_at, record.looked_by = happening.now, actor.name
    tablet.accounts_answered = True
    words = f"Quick look: battery {look.battery.value}, accounts left {look.accounts_left.value}"
    tablets.note(session, tablet, kind="quick_look", words=words, actor=actor, happening=happening)
    return tuple(
        tablets.place_hold(session, tablet_id, hold.kind, actor=actor, happening=_because(happening, hold.reason))
        for hold in holds_wanted(look)
    )


def record_stolen_check(
    session: Session,
    tablet_id: int,
    *,
    provider: str,
    result: StolenResult,
    ref: str,
    actor: Actor,
    happening: Happening,
) -> Intake:
    """Write down what a register of stolen goods answered. A hit holds the tablet. Raises `BadInput`."""
    problems = {
        "provider": "" if provider.strip() else "Say which register was asked.",
        "result": "Only a coordinator waives the check." if result is StolenResult.WAIVED else "",
        "ref": "" if ref.strip() else "Write down the reference it gave.",
    }
    fields = {name: problem for name, problem in problems.items() if problem}
    if fields:
        raise BadInput("The stolen check was not written down.", fields=fields)
    record = _stolen(session, tablet_id, result, actor, happening)
    record.stolen_provider, record.stolen_ref = provider.strip(), ref.strip()
    if result is StolenResult.HIT:
        why = "The stolen check found it. Keep it apart; do not hand it back."
        tablets.place_hold(session, tablet_id, HoldKind.IDENTITY, actor=actor, happening=_because(happening, why))
    return record


def waive_stolen_check(session: Session, tablet_id: int, *, reason: str, actor: Actor, happening: Happening) -> Intake:
    """A coordinator lets a tablet through without the check, with the reason on record. A hit cannot be waived."""
    if not reason.strip():
        raise BadInput("The check was not waived.", fields={"reason": "Say why no check is needed."})
    known = queries.intake_of(session, tablet_id)
    if known is not None and known.stolen_result is StolenResult.HIT:
        raise Conflict(
            "Nothing was changed. The stolen check found this tablet, and a hit cannot be waived.",
            next_step="Record a second check if the first was mistaken.",
        )
    record = _stolen(session, tablet_id, StolenResult.WAIVED, actor, happening)
    record.stolen_reason = reason.strip()
    return record


def triage(
    session: Session,
    tablet_id: int,
    *,
    grade: Grade,
    route: Route,
    reason: str,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Tablet:
    """Close triage: the grade with its reason, and the route. Raises `MoveRefused` with every reason.

    A usable tablet joins the queue for its wipe; one that is held stays triaged, and its page says why.
    """
    tablet = tablets.lock_tablet(session, tablet_id)
    if _told_before(session, happening) is not None:
        return tablet
    record = queries.intake_of(session, tablet_id)
    stolen = record.stolen_result if record else None
    looked = record is not None and record.looked_at is not None
    reasons = triage_refusals(IntakeFacts(tablet.stage, looked, stolen, grade, route, reason))
    if reasons or record is None:
        raise MoveRefused(
            f"Nothing was changed. Triage of tablet {tablet_id} is not finished.",
            reasons=reasons,
            next_step="Settle what is listed, then close triage.",
        )
    tablet.grade = grade
    record.grade, record.grade_reason, record.route = grade, reason.strip(), route
    record.triaged_at, record.triaged_by = happening.now, actor.name
    why = replace(happening, reason=f"Grade {grade.value}, {route.value}: {reason.strip()}")
    tablets.move(session, tablet_id, Move.TRIAGE, actor=actor, settings=settings, happening=why)
    _send_on(session, tablet, route, actor=actor, settings=settings, happening=_because(happening, why.reason))
    return tablet


def report_hazard(session: Session, scan: str, *, seen: str, actor: Actor, happening: Happening) -> Tablet:
    """Hold a tablet for safety, from any stage, by whoever has it in hand. Raises `NotReadable`, `NotFound`."""
    told = _told_before(session, happening)
    if told is not None:
        return tablets.get_tablet(session, told)
    if not seen.strip():
        raise BadInput("No hold was placed.", fields={"seen": "Say what you saw: hot, swollen, leaking, smoke?"})
    tablet = scanning.find_tablet(session, scan)
    tablets.place_hold(session, tablet.id, HoldKind.SAFETY, actor=actor, happening=_because(happening, seen.strip()))
    return tablet


def _send_on(
    session: Session, tablet: Tablet, route: Route, *, actor: Actor, settings: Settings, happening: Happening
) -> None:
    if route is Route.USABLE:
        offers = tablets.what_may_happen(session, tablet, actor=actor, settings=settings, now=happening.now)
        if not any(offer.transition.move is Move.QUEUE_WIPE and offer.allowed for offer in offers):
            return
    move = {Route.USABLE: Move.QUEUE_WIPE, Route.REPAIR: Move.SEND_TO_REPAIR}.get(route, Move.RETIRE)
    tablets.move(session, tablet.id, move, actor=actor, settings=settings, happening=happening)


def _expect(session: Session, serial: str, source: Source, kind: Kind, actor: Actor, happening: Happening) -> Tablet:
    tablet = tablets.expect_tablet(
        session,
        hub_id=hub_of(session, actor).id,
        serial=serial,
        actor=actor,
        happening=_because(happening, happening.reason),
        manufacturer=kind.manufacturer,
        model=kind.model,
        serial_note=kind.serial_note,
        is_virtual=kind.is_virtual,
    )
    _record(session, tablet.id, source, actor, happening)
    return tablet


def _record(session: Session, tablet_id: int, source: Source, actor: Actor, happening: Happening) -> Intake:
    found = queries.intake_of(session, tablet_id)
    if found is not None:
        return found
    made = _new_record(tablet_id, source, actor, happening)
    session.add(made)
    session.flush()
    return made


def _new_record(tablet_id: int, source: Source, actor: Actor, happening: Happening) -> Intake:
    return Intake(
        tablet_id=tablet_id,
        batch_id=source.batch_id,
        lot_id=source.lot_id,
        added_at=happening.now,
        added_by=actor.name,
    )


def _stolen(session: Session, tablet_id: int, result: StolenResult, actor: Actor, happening: Happening) -> Intake:
    tablet = tablets.lock_tablet(session, tablet_id)
    record = _record(session, tablet_id, Source(), actor, happening)
    if _told_before(session, happening) is not None:
        return record
    record.stolen_result, record.stolen_at, record.stolen_by = result, happening.now, actor.name
    words = f"Stolen check: {result.value}"
    tablets.note(session, tablet, kind="stolen_check", words=words, actor=actor, happening=happening)
    return record


def _check_source(session: Session, source: Source) -> None:
    if source.batch_id is not None and source.lot_id is not None:
        raise BadInput("Nothing was added.", fields={"lot_id": "A tablet is either given or bought, not both."})
    if source.batch_id is not None:
        get_batch(session, source.batch_id)
    if source.lot_id is not None:
        get_lot(session, source.lot_id)


def _already_here(tablet: Tablet) -> SerialAlreadyHere:
    where, what_to_do = where_it_is(tablet)
    known = "of a tablet that left our stock" if tablet.stage in FINAL else "already in the fleet"
    return SerialAlreadyHere(
        f"Serial {tablet.serial} is {known}: tablet {tablet.id}, {where}. Nothing was added.",
        next_step=what_to_do,
        details={"tablet_id": tablet.id},
    )


def _because(happening: Happening, reason: str) -> Happening:
    """What else happened at the same moment: the client's own id belongs to one event only."""
    return replace(happening, reason=reason, client_id=None)


def _told_before(session: Session, happening: Happening) -> int | None:
    return queries.tablet_told_before(session, happening.client_id) if happening.client_id else None
