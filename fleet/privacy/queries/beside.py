"""What is kept about a person in rows that no foreign key leads to: their cards, where somebody said their tablet is,
and what was typed about either while they had it; and the decision that their own record is to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim, SimEvent
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.privacy.models import Erasure
from fleet.privacy.queries.forgetting import seen_while_theirs, while_theirs
from fleet.tablets.models import Hold, Sighting, TabletEvent


def rows_beside(session: Session, person_id: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each table's name, and its rows about this person, oldest first."""
    for name, query in _beside(person_id):
        yield name, [dict(row) for row in session.execute(query).mappings()]


def _beside(person_id: int) -> tuple[tuple[str, Select[*tuple[Any, ...]]], ...]:
    loans = select(Loan.id).where(Loan.person_id == person_id)
    had = select(LoanSim.sim_id).where(LoanSim.loan_id.in_(loans))
    cards = select(Sim.id, Sim.kind, Sim.iccid, Sim.phone, Sim.network).where(Sim.id.in_(had))
    seen = select(Sighting.id, Sighting.tablet_id, Sighting.at, Sighting.place, Sighting.by, Sighting.settled_at)
    held = select(Hold.tablet_id, Hold.kind, Hold.reason, Hold.placed_at, Hold.lifted_at, Hold.lift_reason)
    at_hold = while_theirs(loans, LoanTablet.tablet_id, Hold.tablet_id, Hold.placed_at)
    about = select(TabletEvent.tablet_id, TabletEvent.at, TabletEvent.words, TabletEvent.reason)
    at_event = while_theirs(loans, LoanTablet.tablet_id, TabletEvent.tablet_id, TabletEvent.at)
    card_told = select(SimEvent.sim_id, SimEvent.at, SimEvent.words, SimEvent.reason)
    at_card = while_theirs(loans, LoanSim.sim_id, SimEvent.sim_id, SimEvent.at)
    decided = select(*Erasure.__table__.columns).where(Erasure.person_id == person_id)
    return (
        (Sim.__tablename__, cards.order_by(Sim.id)),
        (Sighting.__tablename__, seen.where(seen_while_theirs(person_id)).order_by(Sighting.id)),
        (Hold.__tablename__, held.where(at_hold, or_(Hold.reason != "", Hold.lift_reason != "")).order_by(Hold.id)),
        (TabletEvent.__tablename__, about.where(at_event, TabletEvent.reason != "").order_by(TabletEvent.id)),
        (SimEvent.__tablename__, card_told.where(at_card, SimEvent.reason != "").order_by(SimEvent.id)),
        (Erasure.__tablename__, decided.order_by(Erasure.id)),
    )
