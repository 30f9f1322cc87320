"""What a move of a SIM brings along: its dates, its bundle's, and who had it when. Called with the SIM locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import DataBundle, Sim, SimUse
from fleet.bundles.queries import usage
from fleet.bundles.rules import AfterLoan, Ownership, SimKind, SimMove, SimState, end_after, period_of
from fleet.happening import Happening


@dataclass(frozen=True)
class KeptFor:
    """The loan a SIM is kept for, its person, and the day it is needed until."""

    loan_id: int
    person_id: int
    needed_until: date | None


ACTIVATION = "activation"
"""The network said since when the data runs."""
_OVER = (SimMove.EXPIRE, SimMove.DESTROY)
_JUST_BACK = (SimState.SUSPENDED, SimState.BARRED)


def keep_dates(sim: Sim, was: SimState, name: SimMove, day: date, happening: Happening, rest_days: int) -> None:
    """`was` is the state before the move. The number of a card that is over rests as long as the card would have: it
    may come back on another (rule R29)."""
    if name is SimMove.REST or (name in _OVER and was in _JUST_BACK):
        sim.rests_until = day + timedelta(days=rest_days)
    elif name not in _OVER:
        sim.rests_until = None
    if name is SimMove.BAR:
        sim.barred_at = happening.client_at or happening.now
    if name is SimMove.LIFT_BAR:
        sim.barred_at = None


def keep_bundle(
    session: Session, sim: Sim, bundle: DataBundle | None, name: SimMove, day: date, kept_for: KeptFor | None
) -> None:
    if name is SimMove.ACTIVATE:
        sim.used_before = True
    if bundle is None:
        return
    if name is SimMove.RESERVE:
        bundle.after_loan = _decided(sim)
        if bundle.ownership is Ownership.PERSONS_OWN and kept_for is not None:
            bundle.granted_to_id = kept_for.person_id
    if name is SimMove.ACTIVATE:
        bundle.suspended_on = None
        if bundle.activated_on is None:
            switch_on(session, bundle, day)
    if name is SimMove.UNDO_ACTIVATE:
        _not_switched_on(session, sim, bundle)
    if name is SimMove.SUSPEND:
        bundle.suspended_on = day


def _not_switched_on(session: Session, sim: Sim, bundle: DataBundle) -> None:
    """Nobody had it after all: it runs since the person before them, since the network said so, or not at all."""
    use = queries.open_use(session, sim.id)
    before = queries.earlier_use(session, use) if use is not None else None
    if before is not None:
        bundle.suspended_on = before.to_on
        return
    told = queries.latest_event(session, sim.id, ACTIVATION)
    if told is not None and told.at >= bundle.created_at:
        sim.used_before = False
    elif use is not None and bundle.activated_on == use.from_on:
        bundle.activated_on, bundle.ends_on = None, None
        sim.used_before = False


def keep_use(
    session: Session,
    sim: Sim,
    bundle: DataBundle | None,
    name: SimMove,
    day: date,
    now: datetime,
    kept_for: KeptFor | None,
) -> None:
    if name is SimMove.RESERVE:
        session.add(
            SimUse(
                sim_id=sim.id,
                bundle_id=bundle.id if bundle else None,
                loan_id=kept_for.loan_id if kept_for else None,
                needed_until=kept_for.needed_until if kept_for else None,
                kept_at=now,
            )
        )
        return
    use = queries.open_use(session, sim.id)
    if use is None and name is SimMove.ACTIVATE:
        _go_on(queries.last_use(session, sim.id))
    if use is None:
        return
    if name is SimMove.ACTIVATE:
        use.from_on = day
    elif name is SimMove.UNDO_ACTIVATE:
        use.from_on = None
    elif name in (SimMove.RELEASE, SimMove.SUSPEND, SimMove.KEEP, SimMove.LOSE):
        use.over_at = now
        if use.from_on is not None:
            use.to_on = bundle.ends_on if name is SimMove.KEEP and bundle else max(day, use.from_on)


def _decided(sim: Sim) -> AfterLoan | None:
    """What becomes of the data after the loan, where nobody has to say so: the code of a voucher is spent."""
    return AfterLoan.KEEP if sim.kind is SimKind.VOUCHER else None


def _go_on(use: SimUse | None) -> None:
    """Its suspension was a mistake: it is used as before."""
    if use is not None:
        use.over_at, use.to_on = None, None


def switch_on(session: Session, bundle: DataBundle, day: date) -> None:
    """The data runs from this day: its end and the months of its readings follow."""
    bundle.activated_on = day
    added = tuple((each.added_on, each.months) for each in usage.top_ups(session, bundle.id))
    bundle.ends_on = end_after(day, bundle.months, added)
    for reading in usage.all_readings(session, bundle.id):
        reading.period_begins_on, reading.period_ends_on = period_of(day, reading.read_on)


def needed_until(session: Session, sim_id: int, day: date) -> None:
    """The loan that has this SIM is due on another day: every warning about its data is reckoned anew by it."""
    sim = queries.sim_locked(session, sim_id)
    use = queries.open_use(session, sim_id)
    if use is not None and use.needed_until != day:
        use.needed_until = day
        bundle = queries.current_bundle(session, sim_id)
        if bundle is not None and sim is not None:
            bundle.after_loan = _decided(sim)
        session.flush()


def stopped_with_loan(session: Session, sim_id: int, stopped_at: datetime | None) -> None:
    """All contact about the loan that has this SIM was stopped: nobody is asked to keep its data going. None takes it
    back."""
    queries.sim_locked(session, sim_id)
    use = queries.open_use(session, sim_id)
    if use is not None:
        use.stopped_at = stopped_at
        session.flush()


def count_from(session: Session, sim_id: int, name: SimMove, day: date, *, instead_of: date) -> None:
    """A move that was counted for one day turns out to have been made on another: its bundle's dates follow."""
    queries.sim_locked(session, sim_id)
    bundle, use = queries.current_bundle(session, sim_id), queries.last_use(session, sim_id)
    if name is SimMove.ACTIVATE:
        if use is not None and use.from_on == instead_of:
            use.from_on = day
        if bundle is not None and bundle.activated_on == instead_of:
            switch_on(session, bundle, day)
    if name is SimMove.SUSPEND:
        if use is not None and use.to_on == instead_of:
            use.to_on = day
        if bundle is not None and bundle.suspended_on == instead_of:
            bundle.suspended_on = day
