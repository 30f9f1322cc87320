"""The waiting list: who waits for a tablet, in the order of the rules, and what each still waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import Conflict
from fleet.loans import queries
from fleet.loans.models import Loan
from fleet.loans.queries import turns
from fleet.loans.rules import LoanState, fits
from fleet.loans.rules.waiting import Place, Turn, in_order, places
from fleet.loans.service.writer.locks import get_loan
from fleet.people.models import Person
from fleet.people.rules import NeedCode


@dataclass(frozen=True)
class Waiting:
    """One line of the waiting list. `days` since it was asked for; `waits_for` in words, for staff."""

    loan: Loan
    person: Person
    place: Place
    days: int
    waits_for: str


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
    session: Session, *, hub_id: int, today: date, first: int, count: int, referrer_id: int | None = None
) -> tuple[Sequence[Waiting], int]:
    """Some lines of the waiting list, from the `first` on (0 is the next in turn), and how many there are in all.

    With `referrer_id`, only what that organisation asked for, each in its place among all.
    """
    whole = queue(session, hub_id, today)
    own = whole if referrer_id is None else _asked_by(session, whole, referrer_id)
    shown = own[first : first + count]
    ids = [turn.loan_id for turn in shown]
    loans, people = turns.loans_by_id(session, ids), queries.people_of(session, ids)
    ready = turns.ready_profiles(session, hub_id=hub_id)
    needs = turns.need_codes_of(session, [people[number].id for number in ids])
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
                waits_for=_waits_for(loan, person, ready, needs.get(person.id, frozenset())),
            )
        )
    return lines, len(own)


def _asked_by(session: Session, whole: Sequence[Turn], referrer_id: int) -> list[Turn]:
    own = turns.waiting_ids_of_referrer(session, referrer_id)
    return [turn for turn in whole if turn.loan_id in own]


def _waits_for(loan: Loan, person: Person, ready: Sequence[str], needs: frozenset[NeedCode]) -> str:
    if loan.safe_at_home is None:
        return "Somebody to ask whether it is safe at home"
    if not person.needs_asked:
        return "Somebody to ask what they need"
    if not ready:
        return "A tablet: none is ready"
    if not any(fits(profile, needs) for profile in ready):
        return "A tablet set up for their needs: none of those that are ready is"
    return (
        "A decision: a tablet is ready" if loan.state is LoanState.WAITING else "A tablet to be allocated: one is ready"
    )
