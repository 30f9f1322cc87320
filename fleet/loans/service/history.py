"""Loans and requests that were kept elsewhere, written down as they were told: no message goes out for any of them.

Everything that follows (giving back, wiping, chasing) goes on from here as for a loan of our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.clock import LONDON, local_date
from fleet.cohorts.models import Programme
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import Loan, LoanSim, LoanTablet
from fleet.loans.rules import (
    AskedBefore,
    LentBefore,
    LoanState,
    PersonThen,
    TabletThen,
    asked_problems,
    lent_problems,
    said,
)
from fleet.loans.service.lending.due_dates import write_due
from fleet.loans.service.writer.moves import note_first
from fleet.people import service as people
from fleet.people.models import Person
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, Move, Stage
from fleet.users.actor import Actor

CAME = "came_with_a_file"
Begun = tuple[Loan, tuple[LentBefore, Programme]]
_MOVES = {
    LoanState.ACTIVE: Move.CAME_ON_LOAN,
    LoanState.CLOSED_LOST: Move.CAME_LOST,
    LoanState.CLOSED_GIFTED: Move.CAME_GIFTED,
}


def came_before(session: Session, numbers: Iterable[str]) -> frozenset[str]:
    """Those of these numbers with which a loan came in."""
    wanted = {_client_id(number): number for number in numbers}
    return frozenset(wanted[used] for used in queries.client_ids_used(session, sorted(wanted)))


def asked_already(session: Session, told: AskedBefore) -> bool:
    """Whether the same was asked for by the same person on the same day."""
    same = (
        each
        for each in queries.loans_of_person(session, told.person_id)
        if (each.programme_id, each.state) == (told.programme_id, told.state)
    )
    return any(told.requested_at is None or each.requested_at == told.requested_at for each in same)


def latest_links(session: Session, tablets_named: Iterable[Tablet]) -> dict[int, LoanTablet]:
    """Tablet -> the loan that had it last, for those of these that were ever lent."""
    return queries.latest_links(session, [tablet.id for tablet in tablets_named])


def tablet_then(tablet: Tablet, links: Mapping[int, LoanTablet]) -> TabletThen:
    """A tablet as history finds it."""
    link = links.get(tablet.id)
    proved = tablet.certificate_at if tablet.data is DataState.CLEAN else None
    return TabletThen(
        never_here=tablet.stage is Stage.EXPECTED,
        clean_since=local_date(proved) if proved is not None else None,
        lent_from=local_date(link.from_at) if link is not None else None,
        lent_until=local_date(link.to_at) if link is not None and link.to_at is not None else None,
    )


def person_then(session: Session, person: Person, programme: Programme, told: AskedBefore) -> PersonThen:
    """A person as history finds them."""
    open_loans = queries.count_open_of_person(session, person.id, told.kind, besides=0)
    return PersonThen(open_loans, programme.open_loans_per_person, person.deceased_on is None)


def bring_in_asked(
    session: Session,
    told: Sequence[AskedBefore],
    *,
    actor: Actor,
    happening: Happening,
    counted: Callable[[Sequence[Loan]], Iterable[Loan]] = iter,
) -> list[Loan]:
    """Write down what was asked for elsewhere, with its place in the queue. Raises `BadInput` for all or none.
    `counted` goes through them for whoever wants to know how far it has come."""
    for person_id in sorted({each.person_id for each in told}):
        people.refuse_erased(people.lock_person(session, person_id))
    made = [_asked(session, each, happening.now) for each in told]
    session.add_all(made)
    session.flush()
    for loan in counted(made):
        note_first(session, loan, kind=CAME, words="Came with a file", actor=actor, happening=_untold(happening))
    session.flush()
    return made


def _asked(session: Session, told: AskedBefore, now: datetime) -> Loan:
    person = people.get_person(session, told.person_id)
    _refuse(asked_problems(told, PersonThen(0, 1, person.deceased_on is None), now))
    loan = _loan(told, told.requested_at or now, now)
    loan.decline_reason, loan.closed_at = told.decline_reason, told.closed_at
    return loan


def bring_in_lent(
    session: Session,
    told: Sequence[tuple[LentBefore, Programme]],
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    counted: Callable[[Sequence[Begun]], Iterable[Begun]] = iter,
) -> list[Loan]:
    """Write down loans that began elsewhere, in the order given, each with its tablet's history in the order of days.
    `counted` goes through them for whoever wants to know how far it has come.

    Raises `BadInput` for all or none; and what the moves of a tablet or SIM raise.
    """
    _lock(session, [each for each, _ in told])
    made = [_begun(each, happening.now) for each, _ in told]
    session.add_all(made)
    session.flush()
    for loan, (each, _) in zip(made, told, strict=True):
        _written_down(session, loan, each, actor, happening)
    session.flush()
    by_day = sorted(
        zip(made, told, strict=True), key=lambda each: (each[1][0].had_from, each[1][0].ended_on or date.max)
    )
    had: list[LoanTablet] = []
    links = queries.latest_links(session, [each.tablet_id for each, _ in told])
    open_loans = queries.open_counts(session, [each.person_id for each, _ in told])
    for loan, (each, programme) in counted(by_day):
        tablet, person = tablets.get_tablet(session, each.tablet_id), people.get_person(session, each.person_id)
        people.refuse_erased(person)
        besides_itself = open_loans.get((person.id, each.kind), 0) - each.open
        then = PersonThen(besides_itself, programme.open_loans_per_person, person.deceased_on is None)
        _refuse(lent_problems(each, tablet_then(tablet, links), then, local_date(happening.now)))
        links[tablet.id] = _have(session, loan, each, actor=actor, settings=settings, happening=happening)
        had.append(links[tablet.id])
    session.add_all(had)
    session.flush()
    return made


def _lock(session: Session, told: Sequence[LentBefore]) -> None:
    """In the order of every other change: tablets, SIMs, people."""
    for tablet_id in sorted({each.tablet_id for each in told}):
        tablets.lock_tablet(session, tablet_id)
    for sim_id in sorted({each.sim_id for each in told if each.sim_id is not None}):
        bundles.lock_sim(session, sim_id)
    for person_id in sorted({each.person_id for each in told}):
        people.lock_person(session, person_id)


def _begun(told: LentBefore, now: datetime) -> Loan:
    began = _noon(told.started_on)
    loan = _loan(told, told.requested_at or began, now)
    loan.allocated_at, loan.started_on, loan.returned_on = began, told.started_on, told.returned_on
    loan.handed_to, loan.condition, loan.kit_missing = told.handed_to, told.condition, told.kit_missing
    loan.sim_in_tray, loan.goes_on_to = told.sim_in_tray, told.goes_on_to
    loan.lost_reference, loan.gift_authority = told.lost_reference, told.gift_authority
    if not told.open and told.ended_on is not None:
        loan.closed_at = told.closed_at or _noon(told.ended_on)
    if told.stop_reason is not None:
        loan.stop_reason, loan.stopped_at = told.stop_reason, loan.closed_at or now
    return loan


def _written_down(session: Session, loan: Loan, told: LentBefore, actor: Actor, happening: Happening) -> None:
    """Its due dates, and the first entry of its log."""
    _give_dues(session, loan, told, actor, happening)
    words = f"Came with a file: lent since {said(told.started_on)}"
    details = {"number": told.number} if told.number else {}
    own = replace(happening, client_id=_client_id(told.number) if told.number else None)
    note_first(
        session, loan, kind=CAME, words=words, actor=actor, happening=own, tablet_id=told.tablet_id, details=details
    )


def _give_dues(session: Session, loan: Loan, told: LentBefore, actor: Actor, happening: Happening) -> None:
    first = told.original_due_on or told.due_on
    loan.original_due_on = first
    why = replace(happening, reason="As it was agreed before it came with a file")
    for due in dict.fromkeys(day for day in (first, told.due_on) if day is not None):
        write_due(session, loan, due, days_late_before=0, actor=actor, happening=why)


def _have(
    session: Session, loan: Loan, told: LentBefore, *, actor: Actor, settings: Settings, happening: Happening
) -> LoanTablet:
    """Its tablet and its SIM, from the first day to the last; that it had the tablet is given back, to be added."""
    since, until = _noon(told.started_on), None if told.ended_on is None else _noon(told.ended_on)
    why = replace(happening, client_id=None, reason=f"Loan {loan.id} came with a file")
    move = _MOVES.get(loan.state)
    if move is not None:
        holder = f"loan {loan.id}" if told.open else None
        tablets.move(session, told.tablet_id, move, actor=actor, settings=settings, happening=why, holder=holder)
    if told.sim_id is not None:
        session.add(LoanSim(loan_id=loan.id, sim_id=told.sim_id, from_at=since, to_at=until))
        if told.open:
            _switch_on(session, loan, told.sim_id, actor, why)
    return LoanTablet(loan_id=loan.id, tablet_id=told.tablet_id, from_at=_noon(told.had_from), to_at=until)


def _switch_on(session: Session, loan: Loan, sim_id: int, actor: Actor, happening: Happening) -> None:
    kept_for = bundles.KeptFor(loan.id, loan.person_id, loan.due_on)
    bundles.move(session, sim_id, SimMove.RESERVE, actor=actor, happening=happening, kept_for=kept_for)
    for move in (SimMove.INSTALL, SimMove.ACTIVATE):
        bundles.move(session, sim_id, move, actor=actor, happening=happening, on=loan.started_on)


def _loan(told: AskedBefore, requested_at: datetime, now: datetime) -> Loan:
    return Loan(
        hub_id=told.hub_id,
        person_id=told.person_id,
        programme_id=told.programme_id,
        cohort_id=told.cohort_id,
        referrer_id=told.referrer_id,
        asked_by=told.asked_by,
        kind=told.kind,
        state=told.state,
        safe_at_home=told.safe_at_home,
        barriers=sorted(barrier.value for barrier in told.barriers),
        requested_at=requested_at,
        due_version=0,
        changed_at=now,
    )


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise BadInput("Nothing was kept: something changed a moment before you.", fields=problems)


def _client_id(number: str) -> str:
    return f"came-{number}"


def _noon(day: date) -> datetime:
    """A moment for a day of which nobody told the hour."""
    return datetime.combine(day, time(12), LONDON).astimezone(UTC)


def _untold(happening: Happening) -> Happening:
    return replace(happening, client_id=None)
