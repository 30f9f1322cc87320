"""What one scan of a tablet does in each mode: one act of the room that owns it, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy.orm import Session

from fleet.deliveries import service as deliveries
from fleet.deliveries.models import CourierRun
from fleet.deliveries.rules import Action, Answer
from fleet.desk import queries
from fleet.desk.models import DeskScan
from fleet.desk.rules import AT_THE_HUB, DeskMode, DeskOutcome
from fleet.desk.service.counting import count_tablet
from fleet.desk.service.lost import called, take_in_found
from fleet.desk.service.shelving import get_shelf, put_on, shelf_of
from fleet.errors import BadInput, DoorstepError, MoveRefused
from fleet.happening import Happening
from fleet.intake import service as intake
from fleet.intake.service import Source
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.rules import FINAL, HoldKind, Stage
from fleet.tablets.words import after_swap, stage_words
from fleet.tags.rules import shown
from fleet.users.actor import Actor
from fleet.users.rules import Role


@dataclass(frozen=True)
class Said:
    """How a scan ended, in words; `href` leads to what it is about."""

    outcome: DeskOutcome
    said: str
    next_step: str = ""
    href: str = ""


@dataclass(frozen=True)
class Asked:
    """A scan that is being answered: its row, who made it, and what was ticked beside it."""

    row: DeskScan
    actor: Actor
    settings: Settings
    happening: Happening
    missing: tuple[str, ...] = ()


def because_of(refused: DoorstepError, code: str) -> Said:
    """A refusal as an answer, with every reason."""
    reasons = refused.reasons if isinstance(refused, MoveRefused) else ()
    fields = tuple(refused.fields.values()) if isinstance(refused, BadInput) else ()
    why = " ".join(reasons or fields) or refused.message.removeprefix("Nothing was changed. ")
    return Said(DeskOutcome.BLOCKED, f"{code}: {why}" if code else why, refused.next_step)


def _open(tablet: Tablet) -> str:
    return f"/tablets/{tablet.id}"


def _lost(tablet: Tablet) -> Said:
    return Said(
        DeskOutcome.BLOCKED,
        f"{called(tablet)} is LOST by our books. You have found it.",
        "Open it and say where it was; or scan the card “Receive”, then it again.",
        f"/desk/lost/{tablet.id}",
    )


def _gone(tablet: Tablet) -> Said:
    said = f"{called(tablet)} left our stock: {stage_words(tablet.stage).lower()}."
    return Said(DeskOutcome.BLOCKED, said, "Take it out, and tell a coordinator that it is here.", _open(tablet))


def _find(session: Session, asked: Asked, tablet: Tablet) -> Said:
    if tablet.stage is Stage.LOST:
        return _lost(tablet)
    shelf_id = shelf_of(session, tablet)
    where = f" It belongs on {get_shelf(session, shelf_id).name}." if shelf_id is not None else ""
    swapped = tablets.swapped_out(session, tablet.id)
    holds = "".join(f" Held: {hold.reason}" for hold in tablets.open_holds(session, tablet.id))
    return Said(
        DeskOutcome.APPLIED,
        f"{called(tablet)}: {stage_words(tablet.stage).lower()}.{where}{holds}{_swapped(swapped)}",
        after_swap(tablet.stage) if swapped is not None else "",
        _open(tablet),
    )


def _receive(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code = called(tablet)
    if tablet.stage in FINAL:
        return _gone(tablet)
    if tablet.stage is Stage.LOST:
        take_in_found(
            session,
            tablet.id,
            place="scanned at the hub's desk",
            actor=asked.actor,
            settings=asked.settings,
            happening=asked.happening,
        )
        said = f"{code} was LOST, and is found. It holds somebody's data."
        return Said(DeskOutcome.APPLIED, said, "Look it over, then clean it.", f"/returns/{tablet.id}")
    if tablet.stage is Stage.EXPECTED:
        intake.book_in(
            session,
            asked.row.text,
            source=Source(),
            actor=asked.actor,
            settings=asked.settings,
            happening=asked.happening,
        )
        return Said(DeskOutcome.APPLIED, f"{code} is received.", "It waits at the intake table.", "/intake")
    if tablet.stage in AT_THE_HUB:
        return Said(
            DeskOutcome.ALREADY,
            f"{code} is at the hub already: {stage_words(tablet.stage).lower()}.",
            href=_open(tablet),
        )
    loans.scan_in(session, tablet_id=tablet.id, actor=asked.actor, settings=asked.settings, happening=asked.happening)
    if tablet.stage is Stage.ALLOCATED:
        said = f"{code} is back, not delivered. It stays kept for its loan."
        return Said(DeskOutcome.APPLIED, said, "Put it away.", _open(tablet))
    why = _swapped(tablets.swapped_out(session, tablet.id))
    return Said(DeskOutcome.APPLIED, f"{code} is back.{why}", "Look it over, then clean it.", f"/returns/{tablet.id}")


def _swapped(swapped: TabletEvent | None) -> str:
    """That another took its place, as the end of an answer."""
    return f" {swapped.words}." if swapped is not None else ""


def _clean(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code = called(tablet)
    if tablet.stage is Stage.LOST:
        return _lost(tablet)
    if tablet.stage is Stage.CLEANED:
        return Said(DeskOutcome.ALREADY, f"{code} is cleaned already.", href=_open(tablet))
    if tablet.stage is not Stage.RETURNED:
        said = f"{code} is {stage_words(tablet.stage).lower()}: only what came back is cleaned."
        return Said(DeskOutcome.BLOCKED, said, "Receive it first, if it came back.", _open(tablet))
    if loans.expected_card(session, tablet.id) is not None:
        said = f"{code}: a SIM should be in it, and nobody has looked."
        return Said(DeskOutcome.BLOCKED, said, "Open it, and say which card is in its tray.", f"/returns/{tablet.id}")
    loans.inspect(
        session,
        tablet_id=tablet.id,
        condition=loans.Condition.GOOD,
        cleaned=True,
        actor=asked.actor,
        settings=asked.settings,
        happening=asked.happening,
    )
    return Said(DeskOutcome.APPLIED, f"{code} is cleaned.", "Its data is wiped at the bench.", _open(tablet))


def _put_away(session: Session, asked: Asked, tablet: Tablet) -> Said:
    row, code = asked.row, called(tablet)
    if tablet.stage is Stage.LOST:
        return _lost(tablet)
    if row.shelf_id is None:
        return Said(DeskOutcome.BLOCKED, f"Where do you put {code}?", "Scan the shelf first, then it again.")
    danger = next((hold for hold in tablets.open_holds(session, tablet.id) if hold.kind is HoldKind.SAFETY), None)
    if danger is not None:
        said = f"{code} is dangerous: {danger.reason}"
        return Said(DeskOutcome.BLOCKED, said, "Put it where it can burn nothing, away from the shelf.", _open(tablet))
    shelf = get_shelf(session, row.shelf_id)
    before = shelf_of(session, tablet)
    if before == shelf.id:
        return Said(DeskOutcome.ALREADY, f"{code} lies on {shelf.name} already.", href=_open(tablet))
    row.shelf_before_id = put_on(session, tablet.id, shelf.id, actor=asked.actor, happening=asked.happening)
    moved = f" It lay on {get_shelf(session, before).name}." if before is not None else ""
    return Said(DeskOutcome.APPLIED, f"{code} lies on {shelf.name}.{moved}", href=_open(tablet))


def _load(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code = called(tablet)
    if tablet.stage is Stage.LOST:
        return _lost(tablet)
    found = queries.delivery_of_tablet(session, tablet.id)
    if found is None or found[1].courier_id is None:
        said = f"{code} is on no courier's run."
        return Said(DeskOutcome.BLOCKED, said, "Put it back; a coordinator plans the runs.", _open(tablet))
    run = found[1]
    return tell_run(session, asked, tablet, run, Action.LOAD)


def _courier(session: Session, run: CourierRun, asked: Asked) -> Actor:
    """The courier in whose story it is told, with the name of whoever scanned it for them."""
    name = queries.courier_name(session, run.courier_id or 0)
    words = f"{name}, scanned at the desk by {asked.actor.name}"[:120]
    return Actor(run.courier_id, words, frozenset({Role.COURIER}), Role.COURIER)


def tell_run(session: Session, asked: Asked, tablet: Tablet, run: CourierRun, action: Action) -> Said:
    """One fact of a courier's run, told at the desk while the courier stands there."""
    courier = _courier(session, run, asked)
    fact = deliveries.Fact(
        id=str(uuid4()),
        code=shown(tablet.label_code),
        action=action,
        occurred_at=asked.happening.now,
        sequence=queries.last_sequence(session, courier.user_id or 0) + 1,
        run=run.id,
    )
    answered = deliveries.tell(
        session, [fact], actor=courier, settings=asked.settings, now=asked.happening.now, source="desk"
    )[0]
    outcome = {Answer.APPLIED: DeskOutcome.APPLIED, Answer.ALREADY: DeskOutcome.ALREADY}
    name = queries.courier_name(session, run.courier_id or 0)
    said = f"{answered.sentence} {name} takes it." if answered.answer is Answer.APPLIED else answered.sentence
    return Said(outcome.get(answered.answer, DeskOutcome.BLOCKED), said, href=_open(tablet))


def _check_kit(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code, missing = called(tablet), ", ".join(asked.missing)
    if tablet.stage is Stage.LOST:
        return _lost(tablet)
    if tablet.stage not in AT_THE_HUB:
        said = f"{code} is not at the hub: {stage_words(tablet.stage).lower()}."
        return Said(DeskOutcome.BLOCKED, said, "Receive it first.", _open(tablet))
    if not missing and tablet.kit_checked_at is not None:
        return Said(DeskOutcome.ALREADY, f"{code}: its kit was found complete already.", href=_open(tablet))
    tablets.check_kit(session, tablet.id, actor=asked.actor, happening=asked.happening, missing=missing)
    if missing:
        return Said(
            DeskOutcome.APPLIED, f"{code}: missing {missing}.", "Put it aside until that is there.", _open(tablet)
        )
    return Said(DeskOutcome.APPLIED, f"{code}: its kit is complete.", href=_open(tablet))


def _count(session: Session, asked: Asked, tablet: Tablet) -> Said:
    row, code = asked.row, called(tablet)
    if row.shelf_id is None or row.stock_take_id is None:
        return Said(DeskOutcome.BLOCKED, f"Where does {code} lie?", "Scan the shelf first, then it again.")
    counted = count_tablet(
        session, row.stock_take_id, row.shelf_id, tablet.id, actor=asked.actor, happening=asked.happening
    )
    row.shelf_before_id = counted.before
    if tablet.stage is Stage.LOST:
        return replace(_lost(tablet), next_step="It is counted. Open it and say where it was.")
    name = get_shelf(session, row.shelf_id).name
    if not counted.changed:
        return Said(DeskOutcome.ALREADY, f"{code} is counted on {name} already.", href=_open(tablet))
    moved = f" It was counted on {get_shelf(session, counted.before).name} before." if counted.before else ""
    return Said(DeskOutcome.APPLIED, f"{code} is counted on {name}.{moved}", href=_open(tablet))


Act = Callable[[Session, Asked, Tablet], Said]

ACTS: dict[DeskMode, Act] = {
    DeskMode.FIND: _find,
    DeskMode.RECEIVE: _receive,
    DeskMode.CLEAN: _clean,
    DeskMode.PUT_AWAY: _put_away,
    DeskMode.LOAD: _load,
    DeskMode.CHECK_KIT: _check_kit,
    DeskMode.COUNT: _count,
}
