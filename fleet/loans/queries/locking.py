"""Waiting, on PostgreSQL, for every lock that a change of a loan takes: two statements instead of one for each row.

Within a statement each part waits for the one before it by needing its answer, so the order is the documented one
whatever plan is chosen: tablets by their numbers and the loan; then SIMs by their numbers and the person.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_TABLETS_AND_LOAN = text("""
WITH seen AS MATERIALIZED (
    SELECT held.tablet_id, loan.swap_tablet_id
    FROM loan LEFT JOIN loan_tablet held ON held.loan_id = loan.id AND held.to_at IS NULL
    WHERE loan.id = :loan_id
), "first" AS MATERIALIZED (
    SELECT tablet.id FROM tablet
    WHERE tablet.id IN (
        SELECT tablet_id FROM seen UNION ALL SELECT swap_tablet_id FROM seen UNION ALL SELECT CAST(:reserve AS integer)
    )
    ORDER BY tablet.id FOR UPDATE
), "then" AS MATERIALIZED (
    SELECT loan.id FROM loan WHERE loan.id = :loan_id AND (SELECT count(*) FROM "first") >= 0 FOR UPDATE
)
SELECT tablet_id, swap_tablet_id FROM seen WHERE (SELECT count(*) FROM "then") > 0
""")
_SIMS_AND_PERSON = text("""
WITH seen AS MATERIALIZED (
    SELECT held.tablet_id, loan.swap_tablet_id, card.sim_id, loan.person_id
    FROM loan
    LEFT JOIN loan_tablet held ON held.loan_id = loan.id AND held.to_at IS NULL
    LEFT JOIN loan_sim card ON card.loan_id = loan.id AND card.to_at IS NULL
    WHERE loan.id = :loan_id
), "first" AS MATERIALIZED (
    SELECT sim.id FROM sim
    WHERE sim.id IN (SELECT sim_id FROM seen UNION ALL SELECT CAST(:reserve AS integer))
    ORDER BY sim.id FOR UPDATE
), "then" AS MATERIALIZED (
    SELECT person.id FROM person
    WHERE person.id = (SELECT person_id FROM seen) AND (SELECT count(*) FROM "first") >= 0 FOR UPDATE
)
SELECT tablet_id, swap_tablet_id, sim_id, person_id FROM seen WHERE (SELECT count(*) FROM "then") > 0
""")


@dataclass(frozen=True)
class Waited:
    """What was locked, as it stood once the loan was: its tablets (the one it has and the one kept for a swap), its
    SIM and its person. `moved` when its tablets were others by then than those that were locked."""

    sim_id: int | None
    person_id: int
    moved: bool


def wait_for_all(
    session: Session, loan_id: int, *, reserve_tablet_id: int | None, reserve_sim_id: int | None
) -> Waited | None:
    """Lock the loan and what belongs to it, and what it is about to get; None where there is no such loan."""
    before = session.execute(_TABLETS_AND_LOAN, {"loan_id": loan_id, "reserve": reserve_tablet_id}).first()
    if before is None:
        return None
    # Another statement sees what was committed while the first one waited.
    found = session.execute(_SIMS_AND_PERSON, {"loan_id": loan_id, "reserve": reserve_sim_id}).one()
    return Waited(sim_id=found[2], person_id=found[3], moved=tuple(found[:2]) != tuple(before))
