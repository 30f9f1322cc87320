"""Taking back the last thing a person did at the desk, where the machines allow it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.deliveries.rules import Action
from fleet.desk import queries
from fleet.desk.models import DeskScan
from fleet.desk.rules import BY_MODE, MODE_LASTS, DeskMode, DeskOutcome
from fleet.desk.service.acts import tell_run
from fleet.desk.service.answers import Asked, Said
from fleet.desk.service.counting import count_tablet, take_count_back
from fleet.desk.service.lost import called
from fleet.desk.service.shelving import get_shelf, put_on, take_off_shelf
from fleet.loans import service as loans
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.words import stage_words


def undo(session: Session, asked: Asked) -> Said:
    """Take back the last scan of this person on this device that did something to a tablet."""
    row = asked.row
    last = queries.latest_act(session, row.actor_id, row.device)
    if last is None or last.tablet_id is None or last.undone:
        return Said(DeskOutcome.NOT_FOUND, "There is nothing of yours here to take back.")
    tablet = tablets.get_tablet(session, last.tablet_id)
    way = _WAYS.get(last.mode)
    if way is None:
        said = f"{called(tablet)}: “{BY_MODE[last.mode].title.lower()}” cannot be taken back."
        return Said(DeskOutcome.BLOCKED, said, "Open the tablet's own page.", f"/tablets/{tablet.id}")
    if row.at - last.at > MODE_LASTS:
        return Said(DeskOutcome.BLOCKED, "Your last scan is more than ten minutes old; it stands.", "Open the tablet.")
    back = way(
        session, replace(asked, happening=replace(asked.happening, reason="Taken back at the desk")), last, tablet
    )
    last.undone = back.outcome is DeskOutcome.APPLIED
    return back


def _off_the_shelf(session: Session, asked: Asked, last: DeskScan, tablet: Tablet) -> Said:
    if last.shelf_before_id is None:
        take_off_shelf(session, tablet.id, actor=asked.actor, happening=asked.happening)
        where = "lies on no shelf"
    else:
        put_on(session, tablet.id, last.shelf_before_id, actor=asked.actor, happening=asked.happening)
        where = f"lies on {get_shelf(session, last.shelf_before_id).name} again"
    return Said(DeskOutcome.APPLIED, f"Taken back: {called(tablet)} {where}.")


def _kit_unchecked(session: Session, asked: Asked, last: DeskScan, tablet: Tablet) -> Said:
    tablets.check_kit(
        session, tablet.id, actor=asked.actor, happening=asked.happening, missing="not looked through after all"
    )
    return Said(DeskOutcome.APPLIED, f"Taken back: the kit of {called(tablet)} counts as not checked.")


def _off_the_run(session: Session, asked: Asked, last: DeskScan, tablet: Tablet) -> Said:
    found = queries.delivery_of_tablet(session, tablet.id)
    if found is None:
        return Said(DeskOutcome.BLOCKED, f"{called(tablet)} is on no run any more.", "Open the tablet's own page.")
    back = tell_run(session, asked, tablet, found[1], Action.BACK_AT_HUB)
    return replace(back, said=f"Taken back. {back.said}") if back.outcome is DeskOutcome.APPLIED else back


def _uncounted(session: Session, asked: Asked, last: DeskScan, tablet: Tablet) -> Said:
    take_id, before = last.stock_take_id or 0, last.shelf_before_id
    if before is None:
        take_count_back(session, take_id, tablet.id)
        return Said(DeskOutcome.APPLIED, f"Taken back: {called(tablet)} counts as not seen.")
    count_tablet(session, take_id, before, tablet.id, actor=asked.actor, happening=asked.happening)
    name = get_shelf(session, before).name
    return Said(DeskOutcome.APPLIED, f"Taken back: {called(tablet)} is counted on {name} again.")


def _not_received(session: Session, asked: Asked, last: DeskScan, tablet: Tablet) -> Said:
    loans.undo_scan_in(
        session, tablet_id=tablet.id, actor=asked.actor, settings=asked.settings, happening=asked.happening
    )
    return Said(DeskOutcome.APPLIED, f"Taken back: {called(tablet)} is {stage_words(tablet.stage).lower()} as before.")


def _not_cleaned(session: Session, asked: Asked, last: DeskScan, tablet: Tablet) -> Said:
    loans.undo_inspection(
        session, tablet_id=tablet.id, actor=asked.actor, settings=asked.settings, happening=asked.happening
    )
    tablets.check_kit(
        session, tablet.id, actor=asked.actor, happening=asked.happening, missing="not looked through after all"
    )
    said = f"Taken back: {called(tablet)} waits to be looked over and cleaned."
    return Said(DeskOutcome.APPLIED, said, href=f"/returns/{tablet.id}")


Way = Callable[[Session, Asked, DeskScan, Tablet], Said]

_WAYS: dict[DeskMode, Way] = {
    DeskMode.RECEIVE: _not_received,
    DeskMode.CLEAN: _not_cleaned,
    DeskMode.PUT_AWAY: _off_the_shelf,
    DeskMode.CHECK_KIT: _kit_unchecked,
    DeskMode.LOAD: _off_the_run,
    DeskMode.COUNT: _uncounted,
}
