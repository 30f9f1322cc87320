"""The one writer of a SIM's state, and what else can be asked of SIMs and their data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session
from stdnum import luhn

from fleet.bundles import queries
from fleet.bundles.models import DataBundle, Sim, SimEvent
from fleet.bundles.rules import (
    BY_MOVE,
    SimFacts,
    SimMove,
    SimState,
    SimTransition,
    bundle_end,
    bundle_problems,
    iccid_problem,
    offers,
    refusals,
    tidy_iccid,
)
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict, MoveRefused, NotAllowed, there
from fleet.happening import Happening
from fleet.machine import SAY_WHY
from fleet.users.actor import Actor
from fleet.users.rules import Permission


class SimAlreadyHere(Conflict):
    """A SIM with this number is on record."""

    code = "sim_already_here"


def get_sim(session: Session, sim_id: int) -> Sim:
    """Raises `NotFound`."""
    return _known(queries.sim(session, sim_id))


def stock(session: Session, *, limit: int = 100) -> Sequence[tuple[Sim, DataBundle | None]]:
    """SIMs that may be reserved, those with data first."""
    return queries.sims_in_stock(session, limit=limit)


def lock_sim(session: Session, sim_id: int) -> Sim:
    """The SIM, locked after tablet and loan. Raises `NotFound`."""
    return _known(queries.sim_locked(session, sim_id))


def _known(found: Sim | None) -> Sim:
    return there(found, "There is no such SIM.", next_step="Look for it in the SIM stock.")


def iccid_warning(iccid: str) -> str | None:
    """A doubt about a tidied ICCID. Some makers leave the check digit out, so it is a warning and never a refusal."""
    if luhn.is_valid(iccid):
        return None
    return "The number's check digit does not fit. Read it from the card once more."


def add_sim(session: Session, *, hub_id: int, iccid: str, network: str, actor: Actor, happening: Happening) -> Sim:
    """Take a SIM into stock. Raises `BadInput`, or `SimAlreadyHere` saying how that one stands."""
    number = tidy_iccid(iccid)
    problems = {
        "iccid": iccid_problem(number) or "",
        "network": "" if 0 < len(network.strip()) <= 40 else "Enter the network's name.",
    }
    fields = {field: sentence for field, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("The SIM was not added.", fields=fields)
    other = queries.sim_by_iccid(session, number)
    if other is not None:
        raise SimAlreadyHere(
            f"This SIM is on record already: it is {other.state.value.replace('_', ' ')}. Nothing was added.",
            next_step="Open that one; if the number was mistyped, read it from the card once more.",
            details={"sim_id": other.id},
        )
    sim = Sim(hub_id=hub_id, iccid=number, network=network.strip(), created_at=happening.now, changed_at=happening.now)
    session.add(sim)
    session.flush()
    _note(session, sim, kind="added", words="Taken into stock", actor=actor, happening=happening)
    return sim


def attach_bundle(
    session: Session,
    sim_id: int,
    *,
    gb_per_month: int,
    months: int,
    cost_pence: int,
    actor: Actor,
    happening: Happening,
    funder_id: int | None = None,
    for_one_person: bool = False,
) -> DataBundle:
    """Buy data for a SIM. It takes the place of the bundle before, which stays on record.

    Raises `BadInput`, or `Conflict` while a person is using the SIM.
    """
    sim = lock_sim(session, sim_id)
    problems = bundle_problems(gb_per_month, months, cost_pence)
    if problems:
        raise BadInput("No data was added to the SIM.", fields=problems)
    if sim.state not in (SimState.IN_STOCK, SimState.SUSPENDED):
        raise Conflict(
            f"The SIM is {sim.state.value.replace('_', ' ')}; its data was not changed.",
            next_step="Add data to a SIM that is in stock or suspended.",
        )
    before = queries.current_bundle(session, sim.id)
    if before is not None:
        before.replaced_at = happening.now
        session.flush()
    bundle = DataBundle(
        sim_id=sim.id,
        funder_id=funder_id,
        gb_per_month=gb_per_month,
        months=months,
        cost_pence=cost_pence,
        for_one_person=for_one_person,
        created_at=happening.now,
    )
    session.add(bundle)
    sim.used_before = False
    sim.changed_at = happening.now
    words = f"Data attached: {gb_per_month} GB a month for {months} month{'' if months == 1 else 's'}"
    _note(session, sim, kind="bundle", words=words, actor=actor, happening=happening)
    return bundle


def facts_of(session: Session, sim: Sim, today: date) -> SimFacts:
    """What the guards look at."""
    bundle = queries.current_bundle(session, sim.id)
    return SimFacts(
        state=sim.state,
        has_bundle=bundle is not None,
        bundle_ends_on=bundle.ends_on if bundle else None,
        for_one_person=bundle is not None and bundle.for_one_person,
        used_before=sim.used_before,
        today=today,
    )


def move(
    session: Session, sim_id: int, name: SimMove, *, actor: Actor, happening: Happening, on: date | None = None
) -> SimEvent:
    """Make one move of the table: the only place where a SIM's state changes. Raises `MoveRefused`.

    `on` is the local day it counts for (a hand-over told late), today unless given.
    """
    sim = lock_sim(session, sim_id)
    day = on or local_date(happening.now)
    row = BY_MOVE[name]
    reasons = refusals(name, facts_of(session, sim, day))
    if row.needs_reason and not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. The SIM ending {sim.iccid[-5:]} was not moved to “{row.words.lower()}”.",
            reasons=reasons,
            next_step="Settle what is listed, or choose another SIM.",
        )
    sim.state = row.target
    sim.changed_at = happening.now
    _keep_bundle_dates(session, sim, name, day)
    return _note(session, sim, kind=name.value, words=row.words, actor=actor, happening=happening)


def can_begin(sim: Sim, name: SimMove) -> bool:
    """Whether the SIM stands where this move begins."""
    return sim.state in BY_MOVE[name].sources


def press(session: Session, sim_id: int, name: SimMove, *, actor: Actor, happening: Happening) -> SimEvent:
    """A person presses a move on the SIM's own page. What belongs to a loan is refused here."""
    if not actor.may(Permission.BUNDLES_RECORD):
        raise NotAllowed("This role may not change SIMs.")
    if not BY_MOVE[name].offered:
        raise MoveRefused(
            f"Nothing was changed. “{BY_MOVE[name].words}” follows from a loan.",
            next_step="Open the loan and do it there.",
        )
    return move(session, sim_id, name, actor=actor, happening=happening)


def what_may_happen(session: Session, sim: Sim, *, today: date) -> tuple[SimTransition, ...]:
    """The moves offered on the SIM's own page."""
    return offers(facts_of(session, sim, today))


def _keep_bundle_dates(session: Session, sim: Sim, name: SimMove, day: date) -> None:
    bundle = queries.current_bundle(session, sim.id)
    if name is SimMove.ACTIVATE:
        sim.used_before = True
        if bundle is not None:
            bundle.suspended_on = None
            if bundle.activated_on is None:
                bundle.activated_on = day
                bundle.ends_on = bundle_end(day, bundle.months)
    if name is SimMove.SUSPEND and bundle is not None:
        bundle.suspended_on = day


def count_from(session: Session, sim_id: int, name: SimMove, day: date, *, instead_of: date) -> None:
    """A move that was counted for one day turns out to have been made on another: its bundle's dates follow."""
    bundle = queries.current_bundle(session, lock_sim(session, sim_id).id)
    if bundle is None:
        return
    if name is SimMove.ACTIVATE and bundle.activated_on == instead_of:
        bundle.activated_on, bundle.ends_on = day, bundle_end(day, bundle.months)
    if name is SimMove.SUSPEND and bundle.suspended_on == instead_of:
        bundle.suspended_on = day


def _note(session: Session, sim: Sim, *, kind: str, words: str, actor: Actor, happening: Happening) -> SimEvent:
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
    session.flush()
    return event
