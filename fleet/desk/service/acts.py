"""What one scan of a tablet does in each mode: one act of the room that owns it, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimKind
from fleet.deliveries import service as deliveries
from fleet.deliveries.models import CourierRun
from fleet.deliveries.rules import Action, Answer
from fleet.desk import queries
from fleet.desk.rules import AT_THE_HUB, DeskMode, DeskOutcome
from fleet.desk.service.answers import Asked, Said, because_swapped, lost, open_page
from fleet.desk.service.counting import count_tablet
from fleet.desk.service.lost import called
from fleet.desk.service.receiving import receive
from fleet.desk.service.shelving import get_shelf, put_on, shelf_of
from fleet.loans import service as loans
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import HoldKind, Stage
from fleet.tablets.words import after_swap, stage_words
from fleet.tags.rules import shown
from fleet.users.actor import Actor
from fleet.users.rules import Role


def _find(session: Session, asked: Asked, tablet: Tablet) -> Said:
    if tablet.stage is Stage.LOST:
        return lost(tablet)
    shelf_id = shelf_of(session, tablet)
    where = f" It belongs on {get_shelf(session, shelf_id).name}." if shelf_id is not None else ""
    swapped = tablets.swapped_out(session, tablet.id)
    holds = "".join(f" Held: {hold.reason}" for hold in tablets.open_holds(session, tablet.id))
    way = tablets.way_home(session, tablet)
    stands = f"{way[0].lower()}{way[1:]}" if way else stage_words(tablet.stage).lower()
    return Said(
        DeskOutcome.APPLIED,
        f"{called(tablet)}: {stands}.{where}{holds}{because_swapped(swapped)}",
        after_swap(tablet.stage) if swapped is not None else "",
        open_page(tablet),
    )


def _clean(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code = called(tablet)
    if tablet.stage is Stage.LOST:
        return lost(tablet)
    if tablet.stage is Stage.CLEANED:
        return Said(DeskOutcome.ALREADY, f"{code} is cleaned already.", href=open_page(tablet))
    if tablet.stage is not Stage.RETURNED:
        said = f"{code} is {stage_words(tablet.stage).lower()}: only what came back is cleaned."
        return Said(DeskOutcome.BLOCKED, said, "Receive it first, if it came back.", open_page(tablet))
    card = loans.expected_card(session, tablet.id)
    if card is not None:
        place = "a MiFi should be with it" if card.kind is SimKind.MIFI else "a SIM should be in it"
        said = f"{code}: {place}, and nobody has looked."
        return Said(DeskOutcome.BLOCKED, said, "Open it, and say which card was found.", f"/returns/{tablet.id}")
    loans.inspect(
        session,
        tablet_id=tablet.id,
        condition=loans.Condition.GOOD,
        cleaned=True,
        actor=asked.actor,
        settings=asked.settings,
        happening=asked.happening,
    )
    return Said(DeskOutcome.APPLIED, f"{code} is cleaned.", "Its data is wiped at the bench.", open_page(tablet))


def _put_away(session: Session, asked: Asked, tablet: Tablet) -> Said:
    row, code = asked.row, called(tablet)
    if tablet.stage is Stage.LOST:
        return lost(tablet)
    if row.shelf_id is None:
        return Said(DeskOutcome.BLOCKED, f"Where do you put {code}?", "Scan the shelf first, then it again.")
    danger = next((hold for hold in tablets.open_holds(session, tablet.id) if hold.kind is HoldKind.SAFETY), None)
    if danger is not None:
        said = f"{code} is dangerous: {danger.reason}"
        return Said(
            DeskOutcome.BLOCKED, said, "Put it where it can burn nothing, away from the shelf.", open_page(tablet)
        )
    shelf = get_shelf(session, row.shelf_id)
    before = shelf_of(session, tablet)
    if before == shelf.id:
        return Said(DeskOutcome.ALREADY, f"{code} lies on {shelf.name} already.", href=open_page(tablet))
    row.shelf_before_id = put_on(session, tablet.id, shelf.id, actor=asked.actor, happening=asked.happening)
    moved = f" It lay on {get_shelf(session, before).name}." if before is not None else ""
    return Said(DeskOutcome.APPLIED, f"{code} lies on {shelf.name}.{moved}", href=open_page(tablet))


def _load(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code = called(tablet)
    if tablet.stage is Stage.LOST:
        return lost(tablet)
    found = queries.delivery_of_tablet(session, tablet.id)
    if found is None or found[1].courier_id is None:
        said = f"{code} is on no courier's run."
        return Said(DeskOutcome.BLOCKED, said, "Put it back; a coordinator plans the runs.", open_page(tablet))
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
    return Said(outcome.get(answered.answer, DeskOutcome.BLOCKED), said, href=open_page(tablet))


def _check_kit(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code, missing = called(tablet), ", ".join(asked.missing)
    if tablet.stage is Stage.LOST:
        return lost(tablet)
    if tablet.stage not in AT_THE_HUB:
        said = f"{code} is not at the hub: {stage_words(tablet.stage).lower()}."
        return Said(DeskOutcome.BLOCKED, said, "Receive it first.", open_page(tablet))
    if not missing and tablet.kit_checked_at is not None:
        return Said(DeskOutcome.ALREADY, f"{code}: its kit was found complete already.", href=open_page(tablet))
    tablets.check_kit(session, tablet.id, actor=asked.actor, happening=asked.happening, missing=missing)
    if missing:
        return Said(
            DeskOutcome.APPLIED, f"{code}: missing {missing}.", "Put it aside until that is there.", open_page(tablet)
        )
    return Said(DeskOutcome.APPLIED, f"{code}: its kit is complete.", href=open_page(tablet))


def _count(session: Session, asked: Asked, tablet: Tablet) -> Said:
    row, code = asked.row, called(tablet)
    if row.shelf_id is None or row.stock_take_id is None:
        return Said(DeskOutcome.BLOCKED, f"Where does {code} lie?", "Scan the shelf first, then it again.")
    counted = count_tablet(
        session, row.stock_take_id, row.shelf_id, tablet.id, actor=asked.actor, happening=asked.happening
    )
    row.shelf_before_id = counted.before
    if tablet.stage is Stage.LOST:
        return replace(lost(tablet), next_step="It is counted. Open it and say where it was.")
    name = get_shelf(session, row.shelf_id).name
    if not counted.changed:
        return Said(DeskOutcome.ALREADY, f"{code} is counted on {name} already.", href=open_page(tablet))
    moved = f" It was counted on {get_shelf(session, counted.before).name} before." if counted.before else ""
    return Said(DeskOutcome.APPLIED, f"{code} is counted on {name}.{moved}", href=open_page(tablet))


Act = Callable[[Session, Asked, Tablet], Said]

ACTS: dict[DeskMode, Act] = {
    DeskMode.FIND: _find,
    DeskMode.RECEIVE: receive,
    DeskMode.CLEAN: _clean,
    DeskMode.PUT_AWAY: _put_away,
    DeskMode.LOAD: _load,
    DeskMode.CHECK_KIT: _check_kit,
    DeskMode.COUNT: _count,
}
