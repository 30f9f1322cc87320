"""Leaving somebody in peace for a coded reason, and the calls that people make: both say who and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseCall, ChaseHold
from fleet.chasing.rules import (
    CLAIM_SEARCH_DAYS,
    QUIET_WHILE_ASKED,
    SETTLES,
    CallOutcome,
    ChaseMove,
    ChaseState,
    Facts,
    HoldReason,
    hold_problems,
    never,
)
from fleet.chasing.service import ledger
from fleet.chasing.service.situation import situations
from fleet.chasing.words import OUTCOME_WORDS
from fleet.clock import local_date
from fleet.errors import BadInput, Conflict, NotFound
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.users.actor import Actor


def place_hold(
    session: Session, loan_id: int, reason: HoldReason, *, until: date | None, actor: Actor, happening: Happening
) -> ChaseHold:
    """Leave the person in peace until a day, that day included. Raises `BadInput`, `NotFound`, `Conflict`.

    Placed again for the same reason, the earlier hold ends and this one counts. The same client id changes nothing.
    """
    told = queries.hold_by_client_id(session, happening.client_id) if happening.client_id else None
    if told is not None:
        return told
    loan = _locked_loan(session, loan_id)
    people.refuse_erased(people.lock_person(session, loan.person_id))
    problems = hold_problems(until, _today(session, loan, happening))
    if until is None or problems:
        raise BadInput("No hold was placed.", fields=problems)
    for earlier in queries.holds_about(session, loan):
        if earlier.reason is reason and earlier.lifted_at is None and earlier.loan_id == loan.id:
            earlier.lifted_at, earlier.lifted_by = happening.now, actor.name
    hold = ChaseHold(
        loan_id=loan.id,
        person_id=loan.person_id,
        reason=reason,
        until=until,
        placed_by=actor.name,
        placed_role=actor.role.value,
        placed_at=happening.now,
        client_id=happening.client_id,
    )
    session.add(hold)
    session.flush()
    if reason is HoldReason.SAYS_GIVEN_BACK:
        loans.claim_returned(session, loan.id, until=until, actor=actor, happening=replace(happening, client_id=None))
    return hold


def lift_hold(session: Session, hold_id: int, *, actor: Actor, happening: Happening) -> ChaseHold:
    """Chasing goes on with the next tick; what was missed meanwhile does not pile up. Lifting twice is lifting once.
    A custodian who asked for all tablets of a venue for longer is answered for all of them.

    Raises `Conflict` while a tablet is looked for that is said to be back: how that ended is written down instead.
    """
    hold = queries.hold_locked(session, hold_id)
    if hold is None:
        raise NotFound(f"There is no hold number {hold_id}.", next_step="Look for it on the loan's page.")
    if hold.reason is HoldReason.SAYS_GIVEN_BACK and hold.lifted_at is None:
        _refuse_while_looked_for(session, hold)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by = happening.now, actor.name
        for other in queries.asked_together(session, hold):
            other.lifted_at, other.lifted_by = happening.now, actor.name
        session.flush()
    return hold


def _refuse_while_looked_for(session: Session, hold: ChaseHold) -> None:
    if loans.open_claim(session, hold.loan_id) is not None:
        raise Conflict(
            f"Nothing was lifted. The tablet of loan {hold.loan_id} is looked for, because they say that it is back.",
            next_step="Say how the search ended: then this hold is lifted with it.",
        )


def record_call(
    session: Session,
    loan_id: int,
    outcome: CallOutcome,
    *,
    gives_back_on: date | None = None,
    actor: Actor,
    happening: Happening,
) -> ChaseCall:
    """Somebody rang. When they got through, what the ladder asked a person to do is done. `gives_back_on` is the day
    that somebody named who will give it back: it is waited for.

    Raises `BadInput`, `NotFound`, and `Conflict` about somebody who must not be rung any more.
    """
    told = queries.call_by_client_id(session, happening.client_id) if happening.client_id else None
    if told is not None:
        return told
    loan = _locked_loan(session, loan_id)
    facts = next(situations(session, [loan], at=happening.now)).facts
    reason = never(facts)
    if reason is not None:
        raise Conflict(
            f"The call was not written down: {reason}.", next_step="Read the loan's page before you ring again."
        )
    call = ChaseCall(
        loan_id=loan.id,
        outcome=outcome,
        at=happening.now,
        client_id=happening.client_id,
        **actor.signature(),
    )
    session.add(call)
    session.flush()
    held = _held_after(outcome, facts, gives_back_on)
    if held is not None:
        why, until = held
        place_hold(session, loan.id, why, until=until, actor=actor, happening=replace(happening, client_id=None))
    if outcome is CallOutcome.WRONG_NUMBER or outcome in SETTLES:
        wrong, ours = outcome is CallOutcome.WRONG_NUMBER, replace(happening, client_id=None)
        people.set_phone_wrong(session, loan.person_id, wrong, actor=actor, happening=ours)
    if outcome in SETTLES:
        for entry in queries.open_entries(session, loan.id):
            if entry.state is ChaseState.TO_DO:
                ledger.move(session, entry, ChaseMove.DO, now=happening.now, note=f"{OUTCOME_WORDS[outcome]}.")
    return call


def _held_after(outcome: CallOutcome, facts: Facts, named: date | None) -> tuple[HoldReason, date] | None:
    """What a call leaves to be seen to, and until when they are left in peace meanwhile."""
    today = facts.local.date()
    if outcome is CallOutcome.SAYS_GIVEN_BACK:
        return HoldReason.SAYS_GIVEN_BACK, today + timedelta(days=CLAIM_SEARCH_DAYS)
    if outcome is CallOutcome.WILL_GIVE_BACK and named is not None:
        return HoldReason.SAYS_WILL_GIVE_BACK, named
    if outcome is not CallOutcome.WANTS_LONGER:
        return None
    until = today
    for _ in range(QUIET_WHILE_ASKED):
        until = facts.calendar.roll_forward(until + timedelta(days=1))
    return HoldReason.ASKED_LONGER, until


def _locked_loan(session: Session, loan_id: int) -> Loan:
    loan = loans.loan_locked(session, loan_id)
    return loan if loan is not None else loans.get_loan(session, loan_id)


def _today(session: Session, loan: Loan, happening: Happening) -> date:
    hub = partners.get_organisation(session, loan.hub_id)
    return local_date(happening.now, ZoneInfo(hub.time_zone))
