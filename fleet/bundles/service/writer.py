"""The one writer of a SIM's state: it asks the table, keeps dates and who had it when, and writes the log."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import DataBundle, Sim, SimEvent
from fleet.bundles.queries import usage
from fleet.bundles.rules import (
    BY_MOVE,
    AfterLoan,
    Ownership,
    SimFacts,
    SimKind,
    SimMove,
    SimState,
    SimTransition,
    offers,
    refusals,
)
from fleet.bundles.service.keeping import KeptFor, keep_bundle, keep_dates, keep_use
from fleet.bundles.service.trays import settle_left_in
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict, MoveRefused, NotAllowed, there
from fleet.happening import Happening
from fleet.machine import SAY_WHY
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.webhooks import service as webhooks
from fleet.webhooks.rules import Subject


class SimActUsedBefore(Conflict):
    """A client id was sent before, for something else."""

    code = "sim_act_used_before"


def get_sim(session: Session, sim_id: int) -> Sim:
    """Raises `NotFound`."""
    return _known(queries.sim(session, sim_id))


def lock_sim(session: Session, sim_id: int) -> Sim:
    """The SIM, locked after tablet and loan. Raises `NotFound`."""
    return _known(queries.sim_locked(session, sim_id))


def _known(found: Sim | None) -> Sim:
    return there(found, "There is no such SIM.", next_step="Look for it in the SIM stock.")


def begin(session: Session, sim_id: int, kind: str, happening: Happening) -> Sim | None:
    """The SIM, locked for one act; None when this very act was told before. Raises `SimActUsedBefore`, `NotFound`."""
    sim = lock_sim(session, sim_id)
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is None:
        return sim
    if (before.sim_id, before.kind) != (sim_id, kind):
        raise SimActUsedBefore(
            "Nothing was changed. This id was used before, for something else.",
            next_step="Send it again with an id of its own.",
            details={"sim_id": before.sim_id, "kind": before.kind},
        )
    return None


def facts_of(
    sim: Sim,
    bundle: DataBundle | None,
    today: date,
    *,
    person_id: int | None = None,
    counted_since: bool = False,
) -> SimFacts:
    """What the guards look at, with the bundle the SIM has. `person_id`: whom it is about to be for; `counted_since`:
    whether data was used or added since it was switched on."""
    return SimFacts(
        state=sim.state,
        has_bundle=bundle is not None,
        bundle_ends_on=bundle.ends_on if bundle else None,
        ownership=bundle.ownership if bundle else Ownership.OURS,
        used_before=sim.used_before,
        today=today,
        same_person=bundle is not None and person_id is not None and bundle.granted_to_id == person_id,
        granted=bundle is not None and bundle.granted_to_id is not None,
        rests_until=sim.rests_until,
        counted_since=counted_since,
        spent=is_spent(sim),
    )


def has_data(session: Session, sim_id: int, today: date) -> bool:
    """Whether the SIM carries data that has not ended: what a connected loan is not dispatched without."""
    return carries_data(queries.current_bundle(session, sim_id), today)


def carries_data(bundle: DataBundle | None, today: date) -> bool:
    """Whether there is a bundle and it has not ended."""
    return bundle is not None and (bundle.ends_on is None or bundle.ends_on >= today)


def move(
    session: Session,
    sim_id: int,
    name: SimMove,
    *,
    actor: Actor,
    happening: Happening,
    on: date | None = None,
    kept_for: KeptFor | None = None,
    rest_days: int = 0,
) -> SimEvent:
    """Make one move of the table: the only place where a SIM's state changes. Raises `MoveRefused`.

    `on` is the local day it counts for (a hand-over told late), today unless given.
    """
    sim = lock_sim(session, sim_id)
    day = on or local_date(happening.now)
    row, bundle = BY_MOVE[name], queries.current_bundle(session, sim_id)
    counted = name is SimMove.UNDO_ACTIVATE and bundle is not None and _counted_since(session, sim_id, bundle.id)
    person_id = kept_for.person_id if kept_for else None
    reasons = refusals(name, facts_of(sim, bundle, day, person_id=person_id, counted_since=counted))
    if row.needs_reason and not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. The SIM ending {sim.iccid[-5:]} was not moved to “{row.words.lower()}”.",
            reasons=reasons,
            next_step="Settle what is listed, or choose another SIM.",
        )
    with session.no_autoflush:  # the SIM and its bundle are written once, with all that changes
        was, sim.state = sim.state, row.target
        keep_dates(sim, was, name, day, happening, rest_days)
        keep_bundle(session, sim, bundle, name, day, kept_for)
        keep_use(session, sim, bundle, name, day, happening.now, kept_for)
    if was is not SimState.INSTALLED:  # what was packed was found
        settle_left_in(session, sim, name, actor=actor, happening=happening)
    return note(session, sim, kind=name.value, words=row.words, actor=actor, happening=happening)


def _counted_since(session: Session, sim_id: int, bundle_id: int) -> bool:
    switched_on = queries.latest_event(session, sim_id, SimMove.ACTIVATE)
    return switched_on is not None and usage.is_counted_since(session, bundle_id, switched_on.at)


def is_left_to_the_person(session: Session, sim_id: int) -> bool:
    """Whether the person keeps the card: it was granted to them, or somebody decided so."""
    bundle = queries.current_bundle(session, sim_id)
    return bundle is not None and (bundle.ownership is Ownership.PERSONS_OWN or bundle.after_loan is AfterLoan.KEEP)


def is_spent(sim: Sim) -> bool:
    """Whether it is a voucher whose code somebody has had."""
    return sim.kind is SimKind.VOUCHER and sim.used_before


def may_rest(session: Session, sim_id: int) -> bool:
    """Whether a card that came back may go on to somebody else one day."""
    sim = get_sim(session, sim_id)
    return not is_left_to_the_person(session, sim_id) and can_begin(sim, SimMove.REST)


def can_begin(sim: Sim, name: SimMove) -> bool:
    """Whether the SIM stands where this move begins."""
    return sim.state in BY_MOVE[name].sources


def press(
    session: Session, sim_id: int, name: SimMove, *, actor: Actor, settings: Settings, happening: Happening
) -> SimEvent | None:
    """A person presses a move on the SIM's own page; None when it was told before. What belongs to a loan is refused.

    For `bar`, `happening.client_at` is the time at which the network said that it is barred.
    """
    if not actor.may(Permission.BUNDLES_RECORD):
        raise NotAllowed("This role may not change SIMs.")
    sim = begin(session, sim_id, name.value, happening)
    if sim is None:
        return None
    if happening.client_at is not None and happening.client_at > happening.now:
        raise BadInput("Nothing was changed. That time is yet to come.", fields={"at": "Enter when it was."})
    row = BY_MOVE[name]
    if not row.offered or queries.open_use(session, sim_id) is not None:
        raise MoveRefused(
            f"Nothing was changed. “{row.words}” follows from a loan.",
            next_step="Open the loan and do it there.",
        )
    return move(session, sim_id, name, actor=actor, happening=happening, rest_days=settings.sim_rest_days)


def what_may_happen(session: Session, sim: Sim, *, today: date) -> tuple[SimTransition, ...]:
    """The moves offered on the SIM's own page."""
    return offers(facts_of(sim, queries.current_bundle(session, sim.id), today))


def note(session: Session, sim: Sim, *, kind: str, words: str, actor: Actor, happening: Happening) -> SimEvent:
    """Add to a SIM's log."""
    event = SimEvent(
        sim_id=sim.id,
        kind=kind,
        words=words,
        reason=happening.reason.strip(),
        state=sim.state,
        **actor.signature(),
        **happening.told(),
    )
    session.add(event)
    sim.changed_at = happening.now
    session.flush()
    webhooks.tell(session, Subject.SIM, event, {"sim_id": sim.id, "state": sim.state})
    return event
