"""When a loan is due: the first date, a longer one, and the one writer of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import Asks
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import NoOpenDay
from fleet.cohorts.rules import due_date
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import CAPS, Beyond, LoanMove, LoanState, MovedBecause, caps_reached, overdue_days, said
from fleet.loans.service.lending.needed import needed_for
from fleet.loans.service.writer.facts import Asked, facts_of
from fleet.loans.service.writer.locks import Locked, get_loan, local_day, look
from fleet.loans.service.writer.moves import make
from fleet.loans.service.writer.told import begin
from fleet.settings import Settings
from fleet.users.actor import Actor


def due_from(session: Session, held: Locked, start: date) -> date:
    """The due date of a loan that begins on `start`. Raises `Conflict` when the hub's calendar has no open day."""
    loan = held.loan
    cohort_end = cohorts.get_cohort(session, loan.cohort_id).ends_on if loan.cohort_id is not None else None
    calendar = cohorts.calendar_of(session, loan.hub_id)
    try:
        return due_date(start, held.programme.policy, calendar, cohort_end=cohort_end, asked_for=loan.wanted_due_on)
    except NoOpenDay as error:
        raise _no_open_day(error) from error


def due_if_given(session: Session, loan_id: int, day: date) -> date | None:
    """The day to give it back of somebody who gets it on `day`, before it runs; None where the calendar has none."""
    loan = get_loan(session, loan_id)
    try:
        return loan.due_on or due_from(session, look(session, loan), day)
    except Conflict:
        return None


def open_day(session: Session, hub_id: int, day: date) -> date:
    """That day, or the next on which the hub is open. Raises `Conflict` when its calendar has none."""
    try:
        return cohorts.calendar_of(session, hub_id).roll_forward(day)
    except NoOpenDay as error:
        raise _no_open_day(error) from error


def extend(
    session: Session,
    loan_id: int,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    due_on: date | None = None,
    override_cap: bool = False,
    with_its_venue: bool = False,
) -> Loan:
    """Give the person longer: a new due version, with `happening.reason`; every earlier one stays (rule R5).

    Without `due_on` the programme's extension is added to the due date, or to today when that has passed. The day is
    rolled to a working day. Raises `MoveRefused` for a day that is past or no later, when it was extended as often or
    lasts as long as the programme allows, sooner than it lets it be asked for, or when others need a tablet of its kind
    (rule R6); `override_cap` goes beyond those four, and the version says so.
    """
    held = begin(session, loan_id, (LoanMove.EXTEND.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    due = _longer(session, held, due_on, happening)
    asked = _asked(session, held, due, settings=settings, happening=happening, tells_when=not override_cap)
    asked = replace(asked, cap_overridden=override_cap, with_its_venue=with_its_venue)
    beyond = Beyond()
    if override_cap:
        beyond = caps_reached(facts_of(session, held, asked, now=happening.now, move=LoanMove.EXTEND))
    words = f"Extended{' ' + beyond.words if beyond.words else ''}, due on {said(due)}"
    make(session, held, LoanMove.EXTEND, actor=actor, happening=happening, asked=asked, words=words)
    set_due(session, held, due, actor=actor, happening=happening, beyond=beyond)
    return held.loan


def against_longer(session: Session, loan_id: int, *, settings: Settings, happening: Happening) -> tuple[str, ...]:
    """What speaks against the programme's usual extension, beyond which a coordinator may go with a reason."""
    held = look(session, get_loan(session, loan_id))
    if held.loan.state is not LoanState.ACTIVE:
        return ()
    due = _longer(session, held, None, happening)
    asked = _asked(session, held, due, settings=settings, happening=happening)
    facts = facts_of(session, held, asked, now=happening.now, move=LoanMove.EXTEND)
    return tuple(sentence for cap in CAPS if (sentence := cap(facts)))


def data_if_longer(session: Session, loan_id: int, *, happening: Happening) -> str:
    """What the loan's data would ask for after the programme's usual extension (rule R26); empty where it lasts."""
    held = look(session, get_loan(session, loan_id))
    if held.loan.state is not LoanState.ACTIVE or held.sim_link is None:
        return ""
    due, today = _longer(session, held, None, happening), local_day(held, happening.now)
    found = bundles.warnings_of(session, held.sim_link.sim_id, today=today, needed_until=due)
    return next((each.words for each in found if each.asks is Asks.ENDS_FIRST), "")


def _longer(session: Session, held: Locked, wanted: date | None, happening: Happening) -> date:
    """The day asked for, or as much longer as the programme gives; rolled to a working day where it is to come."""
    today = local_day(held, happening.now)
    day = wanted or max(held.loan.due_on or today, today) + timedelta(days=held.programme.extension_days)
    return open_day(session, held.loan.hub_id, day) if day > today else day


def _asked(
    session: Session, held: Locked, due: date, *, settings: Settings, happening: Happening, tells_when: bool = True
) -> Asked:
    today = local_day(held, happening.now)
    need = needed_for(session, held, due, today=today, with_virtual=settings.demo, tells_when=tells_when)
    return Asked(due_on=due, longest_until=_longest_until(session, held), need=need)


def _longest_until(session: Session, held: Locked) -> date | None:
    days, began = held.programme.longest_days, held.loan.started_on
    if days is None or began is None:
        return None
    return open_day(session, held.loan.hub_id, began + timedelta(days=days))


def set_due(
    session: Session, held: Locked, due: date, *, actor: Actor, happening: Happening, beyond: Beyond | None = None
) -> None:
    """Give the loan this due date, as a version of its own; `happening.reason` says why."""
    late = overdue_days(local_day(held, happening.now), held.loan.due_on, held.programme.grace_days)
    give_due(session, held.loan, due, days_late_before=late, actor=actor, happening=happening, beyond=beyond)


def give_due(
    session: Session,
    loan: Loan,
    due: date,
    *,
    days_late_before: int,
    actor: Actor,
    happening: Happening,
    beyond: Beyond | None = None,
    moved: MovedBecause | None = None,
) -> None:
    """Give it this due date, which its SIM is needed until. `moved` says why it is the hub that gives another one."""
    late = days_late_before
    write_due(session, loan, due, days_late_before=late, actor=actor, happening=happening, beyond=beyond, moved=moved)
    sim_link = queries.open_sim(session, loan.id)
    if sim_link is not None:
        bundles.needed_until(session, sim_link.sim_id, due)
    session.flush()


def write_due(
    session: Session,
    loan: Loan,
    due: date,
    *,
    days_late_before: int,
    actor: Actor,
    happening: Happening,
    beyond: Beyond | None = None,
    moved: MovedBecause | None = None,
) -> None:
    """The one writer of due dates: every one is a version of its own, and none is changed or deleted (rule R5)."""
    loan.due_version += 1
    loan.due_on = due
    session.add(
        DueVersion(
            loan_id=loan.id,
            number=loan.due_version,
            due_on=due,
            days_late_before=days_late_before,
            beyond_number=beyond is not None and beyond.number,
            beyond_length=beyond is not None and beyond.length,
            beyond_need=beyond is not None and beyond.need,
            beyond_early=beyond is not None and beyond.early,
            moved_because=moved,
            reason=happening.reason.strip(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            set_at=happening.now,
        )
    )


def _no_open_day(error: NoOpenDay) -> Conflict:
    return Conflict(
        f"Nothing was changed. {error}", next_step="Ask a hub admin to look at the hub's calendar, then try again."
    )


def due_words(loan: Loan) -> str:
    """What the person is told: Friday 12 June 2026, or nothing while no date runs."""
    return said(loan.due_on) if loan.due_on else ""
