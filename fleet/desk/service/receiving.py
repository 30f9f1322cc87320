"""A scan while the desk receives: back from somebody, given to us, found again, or another hub's to be sent home."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.desk.rules import AT_THE_HUB, DeskOutcome
from fleet.desk.service.answers import Asked, Said, because_swapped, gone, open_page
from fleet.desk.service.lost import called, take_in_found
from fleet.intake import service as intake
from fleet.intake.service import Source
from fleet.loans import service as loans
from fleet.partners.service import works_at
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import FINAL, Stage
from fleet.tablets.words import stage_words


def receive(session: Session, asked: Asked, tablet: Tablet) -> Said:
    code = called(tablet)
    here = works_at(session, asked.actor)
    if tablet.stage in FINAL:
        return gone(tablet)
    if tablet.stage is Stage.LOST:
        take_in_found(
            session,
            tablet.id,
            place="scanned at the hub's desk",
            at=here,
            actor=asked.actor,
            settings=asked.settings,
            happening=asked.happening,
        )
        said = f"{code} was LOST, and is found. It holds somebody's data."
        if tablet.guest_hub_id is not None:
            return _goes_home(session, tablet, said)
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
    if tablet.stage in AT_THE_HUB and tablets.holder_elsewhere(tablet, here) is not None:
        return _of_another_hub(session, tablet)
    if tablet.stage in AT_THE_HUB:
        return Said(
            DeskOutcome.ALREADY,
            f"{code} is at the hub already: {stage_words(tablet.stage).lower()}.",
            href=open_page(tablet),
        )
    if here is not None and tablet.guest_hub_id == here:
        said = f"{code} is here already, on its way to {tablets.home_of(session, tablet)}."
        return Said(DeskOutcome.ALREADY, said, href=open_page(tablet))
    loans.scan_in(
        session,
        tablet_id=tablet.id,
        at=here,
        actor=asked.actor,
        settings=asked.settings,
        happening=asked.happening,
    )
    if tablet.guest_hub_id is not None:
        return _goes_home(session, tablet, f"{code} is taken in. Whoever had it is done with it.")
    if tablet.stage is Stage.ALLOCATED:
        said = f"{code} is back, not delivered. It stays kept for its loan."
        return Said(DeskOutcome.APPLIED, said, "Put it away.", open_page(tablet))
    if tablet.stage is Stage.READY:
        said = f"{code} is back, not delivered. Nobody waits for it."
        return Said(DeskOutcome.APPLIED, said, "Put it away.", open_page(tablet))
    why = because_swapped(tablets.swapped_out(session, tablet.id))
    return Said(DeskOutcome.APPLIED, f"{code} is back.{why}", "Look it over, then clean it.", f"/returns/{tablet.id}")


def _goes_home(session: Session, tablet: Tablet, said: str) -> Said:
    """Taken in at another hub than its own (rule R16)."""
    home = tablets.home_of(session, tablet)
    return Said(
        DeskOutcome.APPLIED,
        f"{said} It belongs to {home}.",
        f"Put it with what goes to {home}: it is looked over and wiped there.",
        open_page(tablet),
    )


def _of_another_hub(session: Session, tablet: Tablet) -> Said:
    """Nobody had it: by the books it stands on another hub's shelf."""
    home = tablets.home_of(session, tablet)
    said = f"{called(tablet)} belongs to {home}, and is there by the books: {stage_words(tablet.stage).lower()}."
    return Said(DeskOutcome.BLOCKED, said, f"Put it aside, and ring {home}.", open_page(tablet))
