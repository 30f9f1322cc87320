"""What is gathered about a loan to be shown: its tablet, SIM, lateness and warnings. Reads, and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle, Sim
from fleet.bundles.service import warnings_of_all
from fleet.bundles.words import left_in_words
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort, Programme
from fleet.errors import NotFound
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.rules import ENDED, WITH_THE_PERSON, overdue_days
from fleet.people.models import Person
from fleet.tablets.models import Tablet
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.rules import Role


@dataclass(frozen=True)
class Gathered:
    """A loan with what it has. `days_late` counts by the programme's grace."""

    loan: Loan
    programme: Programme
    cohort: Cohort | None
    tablet: Tablet | None
    sim: Sim | None
    bundle: DataBundle | None
    days_late: int
    warnings: tuple[str, ...]


def gather(session: Session, loan: Loan, *, now: datetime) -> Gathered:
    """Everything about one loan."""
    return gather_all(session, [loan], now=now)[0]


def gather_all(session: Session, loans: Sequence[Loan], *, now: datetime) -> list[Gathered]:
    """Everything about each of some loans, in their order; in the same few reads however many there are."""
    ids, today = [loan.id for loan in loans], local_date(now)
    programmes = cohorts.programmes_by_id(session, sorted({loan.programme_id for loan in loans}))
    months, had, cards = (
        queries.cohorts_of(session, ids),
        queries.tablets_of(session, ids),
        queries.sims_of(session, ids),
    )
    warnings = warnings_of_all(session, [sim.id for sim, _ in cards.values()], today=today)
    left = cards_left_in(session, ids)
    gathered = []
    for loan in loans:
        programme = programmes[loan.programme_id]
        sim, bundle = cards.get(loan.id, (None, None))
        minds = sim is not None and loan.state not in ENDED and (bundle is not None or programme.bundle_required)
        gathered.append(
            Gathered(
                loan=loan,
                programme=programme,
                cohort=months.get(loan.id),
                tablet=had.get(loan.id),
                sim=sim,
                bundle=bundle,
                days_late=days_late(loan, programme, today),
                warnings=(
                    *(each.words for each in (warnings.get(sim.id, ()) if sim is not None and minds else ())),
                    *left.get(loan.id, ()),
                ),
            )
        )
    return gathered


def cards_left_in(session: Session, loan_ids: Sequence[int]) -> dict[int, list[str]]:
    """loan -> what is to be done about each card that lies in its tablet and is not its own, or not any more."""
    found = queries.cards_left_in(session, loan_ids)
    labels = tags.codes_of(session, [tablet_id for _, tablet_id, _ in found]) if found else {}
    words: dict[int, list[str]] = {}
    for loan_id, tablet_id, sim in found:
        label = labels.get(tablet_id, f"Tablet {tablet_id}")
        words.setdefault(loan_id, []).append(left_in_words(sim, label))
    return words


def days_late(loan: Loan, programme: Programme, today: date) -> int:
    """How late, by the programme's grace; 0 for a loan that was stopped or whose tablet is not out."""
    if loan.stopped_at is not None or loan.state not in WITH_THE_PERSON:
        return 0
    return overdue_days(today, loan.due_on, programme.grace_days)


def referrer_of(loan: Loan, person: Person) -> int | None:
    """Who asked for the loan, or else referred the person: who is rung where they cannot be asked themselves."""
    return loan.referrer_id or person.referrer_id


def as_referrer(actor: Actor) -> int | None:
    """Whose requests the viewer may see: None for all, otherwise one organisation's, and nobody's for one without."""
    if actor.role in (Role.COORDINATOR, Role.SYSTEM):
        return None
    return actor.organisation_id if actor.organisation_id is not None else 0


def own_request(session: Session, loan_id: int, actor: Actor) -> Loan:
    """A request that the viewer may know of. Raises `NotFound` for another organisation's, as for none at all."""
    loan = queries.loan(session, loan_id)
    bound = as_referrer(actor)
    if loan is None or (bound is not None and loan.referrer_id != bound):
        raise NotFound(f"There is no request number {loan_id}.", next_step="Look for it in the list of requests.")
    return loan
