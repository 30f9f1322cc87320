"""What the facts of a way home from another hub do to its tablet (rule R16): loaded there, scanned in at its own."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from fleet.deliveries.facts import Told
from fleet.deliveries.rules import JobState
from fleet.deliveries.service.figures import Telling
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, Stage

KEPT_ON_THE_WAY = "Kept. Bring it on, or back to the hub that you have it from: they scan it in there."
"""The answer to what moves nothing: told late, or of a tablet that stays on board."""


def is_home(session: Session, telling: Telling) -> bool:
    """Whether its own hub has it by the books; another one may have taken it in again."""
    return tablets.get_tablet(session, telling.tablet_id).stage is not Stage.IN_TRANSIT_BACK


def _take_along(session: Session, telling: Telling, happening: Happening) -> None:
    loans.send_home(
        session, tablet_id=telling.tablet_id, actor=telling.actor, settings=telling.settings, happening=happening
    )


def _load(session: Session, telling: Telling, fact: Told) -> str:
    _take_along(session, telling, telling.happening(fact))
    return f"Loaded. Bring it to {tablets.home_of(session, tablets.get_tablet(session, telling.tablet_id))}."


def _leave(session: Session, telling: Telling, fact: Told) -> str:
    return "Kept. It stays where it lies, for another day."


def _arrive(session: Session, telling: Telling, fact: Told) -> str:
    """Scanned in at its own hub. Whoever did not tell of the loading had loaded it all the same; and where a hub took
    it in meanwhile, by a scan of its own, nothing is left to be done."""
    tablet = tablets.get_tablet(session, telling.tablet_id)
    if tablet.guest_hub_id is not None and telling.before.state is JobState.LOADED:
        return "The hub that you had it from has it back."
    if tablet.stage is not Stage.IN_TRANSIT_BACK:
        return "Its own hub has it already."
    if tablet.custody is Custody.HUB:
        _take_along(session, telling, telling.unsaid(fact))
    loans.arrive_back(
        session,
        tablet_id=telling.tablet_id,
        actor=telling.actor,
        settings=telling.settings,
        happening=telling.happening(fact),
    )
    return f"It is home, at {tablets.home_of(session, tablet)}. Thank you."


HOMEWARD: dict[JobState, Callable[[Session, Telling, Told], str]] = {
    JobState.LOADED: _load,
    JobState.FAILED: _leave,
    JobState.CLOSED: _arrive,
}
