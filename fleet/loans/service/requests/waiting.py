"""The waiting list: who waits for a tablet, in the order of the rules, and what each still waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts.models import Cohort
from fleet.errors import Conflict
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.queries import turns
from fleet.loans.rules import LoanState, SetUp, lacking
from fleet.loans.rules.waiting import Place, Turn, in_order, places
from fleet.loans.service.lending.fitting import set_ups, wanted_by
from fleet.loans.service.writer.locks import get_loan
from fleet.people.models import Need, Person


@dataclass(frozen=True)
class Waiting:
    """One line of the waiting list. `days` since it was asked for; `waits_for` in words, for staff; `cohort` as it was
    asked for, over or not."""

    loan: Loan
    person: Person
    place: Place
    days: int
    waits_for: str
    cohort: Cohort | None = None


def queue(session: Session, hub_id: int, today: date) -> list[Turn]:
    """Everybody who waits for a tablet at a hub, whoever is next in front."""
    return in_order(turns.turns(session, hub_id=hub_id), today)


def place_in_queue(session: Session, loan_id: int, *, today: date) -> Place:
    """Raises `NotFound`, or `Conflict` for a request that does not wait for a tablet."""
    loan = get_loan(session, loan_id)
    place = places(queue(session, loan.hub_id, today), today).get(loan_id)
    if place is None:
        raise Conflict(f"Request {loan_id} is not on the waiting list.", next_step="Its own line says how it stands.")
    return place


def waiting_list(
    session: Session,
    *,
    hub_id: int,
    today: date,
    first: int,
    count: int,
    referrer_id: int | None = None,
    fresh_since: datetime,
    besides: Cohort | None = None,
) -> tuple[Sequence[Waiting], int]:
    """Some lines of the waiting list, from the `first` on (0 is the next in turn), and how many there are in all.

    A tablet that was verified before `fresh_since` is not counted as ready. With `referrer_id`, only what that
    organisation asked for, each in its place among all; with `besides`, only those of that cohort's programme who are
    not in it.
    """
    whole = queue(session, hub_id, today)
    own = whole if referrer_id is None else _asked_by(session, whole, referrer_id)
    if besides is not None:
        others = turns.waiting_ids_besides(session, besides)
        own = [turn for turn in own if turn.loan_id in others]
    shown = own[first : first + count]
    ids = [turn.loan_id for turn in shown]
    loans, people = turns.loans_by_id(session, ids), queries.people_of(session, ids)
    months = queries.cohorts_of(session, ids)
    ready = list(set_ups(session, queries.ready_tablets(session, hub_id=hub_id, fresh_since=fresh_since)).values())
    needs = turns.needs_by_person(session, [people[number].id for number in ids])
    at = places(whole, today)
    lines = []
    for turn in shown:
        loan, person = loans[turn.loan_id], people[turn.loan_id]
        lines.append(
            Waiting(
                loan=loan,
                person=person,
                place=at[turn.loan_id],
                days=(today - local_date(turn.asked_at)).days,
                waits_for=_waits_for(loan, person, ready, needs.get(person.id, ())),
                cohort=months.get(loan.id),
            )
        )
    return lines, len(own)


def months_over(session: Session, *, hub_id: int, today: date) -> int:
    """How many wait with a taster month that is over: they need another, or none."""
    return sum(turn.month is not None and turn.month[1] < today for turn in turns.turns(session, hub_id=hub_id))


def _asked_by(session: Session, whole: Sequence[Turn], referrer_id: int) -> list[Turn]:
    own = turns.waiting_ids_of_referrer(session, referrer_id)
    return [turn for turn in whole if turn.loan_id in own]


def _waits_for(loan: Loan, person: Person, ready: Sequence[SetUp], needs: Sequence[Need]) -> str:
    if loan.safe_at_home is None:
        return "Somebody to ask whether it is safe at home"
    if not person.needs_asked:
        return "Somebody to ask what they need"
    if not ready:
        return "A tablet: none is ready"
    wanted = wanted_by(person, needs)
    if all(lacking(set_up, wanted) for set_up in ready):
        return "A tablet set up for their needs: none of those that are ready is"
    return (
        "A decision: a tablet is ready" if loan.state is LoanState.WAITING else "A tablet to be allocated: one is ready"
    )
