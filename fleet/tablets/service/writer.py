"""The one writer of a tablet's four facts, and of its log."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.errors import MoveRefused, there
from fleet.happening import Happening
from fleet.machine import SAY_WHY, Offer
from fleet.settings import Settings
from fleet.tablets import queries
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.rules import (
    BY_MOVE,
    Custody,
    Facts,
    Move,
    Transition,
    looks_at,
    offers,
    refusals,
)
from fleet.tablets.service.leaving import last_move, left_before_hand_over
from fleet.tablets.service.tiles import out_of_date
from fleet.users.actor import Actor
from fleet.webhooks import service as webhooks
from fleet.webhooks.rules import Subject


def get_tablet(session: Session, tablet_id: int) -> Tablet:
    """Raises `NotFound`."""
    return _known(queries.tablet(session, tablet_id), tablet_id)


def lock_tablet(session: Session, tablet_id: int) -> Tablet:
    """The tablet, locked for a change. The order of locks is always tablet, loan, SIM. Raises `NotFound`."""
    return _known(queries.tablet_locked(session, tablet_id), tablet_id)


def _known(found: Tablet | None, tablet_id: int) -> Tablet:
    return there(found, f"There is no tablet number {tablet_id}.", next_step="Look for it in the list of tablets.")


def facts_of(session: Session, tablet: Tablet, *, settings: Settings, now: datetime, move: Move | None = None) -> Facts:
    """What the guards look at; for one `move`, without what has to be asked for and its guards do not look at."""
    holds = queries.open_holds(session, tablet.id) if looks_at(move, "holds") else ()
    return Facts(
        stage=tablet.stage,
        data=tablet.data,
        custody=tablet.custody,
        holds=frozenset(hold.kind for hold in holds),
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
        tiles_out_of_date=looks_at(move, "tiles_out_of_date") and out_of_date(session, tablet.id),
        last_move=last_move(session, tablet.id) if looks_at(move, "last_move") else None,
    )


def what_may_happen(
    session: Session, tablet: Tablet, *, actor: Actor, settings: Settings, now: datetime
) -> tuple[Offer[Transition], ...]:
    """The moves this person may press, and what stands in the way of each."""
    return offers(facts_of(session, tablet, settings=settings, now=now), actor.roles)


def move(
    session: Session,
    tablet_id: int,
    name: Move,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    holder: str | None = None,
    at_venue: bool = False,
) -> TabletEvent:
    """Make one move of the table. The only place where stage, data and custody change.

    The same `client_id` twice gives the same event and changes nothing. Raises `MoveRefused` with every reason.
    `holder` names who has it by code, never by name; `at_venue` says that whoever borrows it is a venue.
    """
    if happening.client_id is not None:
        told_before = queries.event_by_client_id(session, happening.client_id)
        if told_before is not None:
            return told_before
    tablet = lock_tablet(session, tablet_id)
    transition = BY_MOVE[name]
    reasons = refusals(name, facts_of(session, tablet, settings=settings, now=happening.now, move=name), actor.roles)
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
    borrowed = transition.custody is Custody.PARTICIPANT
    tablet.custody = Custody.VENUE if borrowed and at_venue else transition.custody or tablet.custody
    _note_side_effects(tablet, name, happening.now, holder)
    if transition.takes_leaving_back:
        tablet.left_hub_at = left_before_hand_over(session, tablet_id)
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
            next_step="Use the bench for wipes and provisioning, the loan for lending, and recycling for what leaves.",
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


def latest_event(session: Session, tablet_id: int, *moves: Move) -> TabletEvent | None:
    """The last time that any of these moves was made."""
    return queries.latest_event(session, tablet_id, *moves)


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
    facts: webhooks.Facts = {"tablet_id": tablet.id, "label_code": tablet.label_code}
    states: webhooks.Facts = {"stage": tablet.stage, "data": tablet.data, "custody": tablet.custody}
    webhooks.tell(session, Subject.TABLET, event, facts | states)
    return event
