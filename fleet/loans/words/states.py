"""How a loan is said and shown: to staff with its state, to a referrer in one line, with dates in words."""

from __future__ import annotations

from datetime import date

from fleet.loans.models import Loan
from fleet.loans.rules import (
    WITH_THE_PERSON,
    LoanKind,
    LoanState,
    overdue_days,
    said,
)
from fleet.loans.rules.waiting import Place
from fleet.web.shapes import Shape, StateTag

_STATES: dict[LoanState, StateTag] = {
    LoanState.REQUESTED: StateTag("Asked for", Shape.WAITING),
    LoanState.WAITING: StateTag("On the waiting list", Shape.WAITING),
    LoanState.APPROVED: StateTag("Approved", Shape.HANDS),
    LoanState.ALLOCATED: StateTag("Tablet allocated", Shape.WAITING),
    LoanState.OUT_FOR_DELIVERY: StateTag("Out for delivery", Shape.WORKING),
    LoanState.ACTIVE: StateTag("With the person", Shape.DONE),
    LoanState.RETURN_ARRANGED: StateTag("Return arranged", Shape.WORKING),
    LoanState.COLLECTED: StateTag("Collected", Shape.WAITING),
    LoanState.CLOSED_RETURNED: StateTag("Given back", Shape.PLAIN),
    LoanState.CLOSED_GIFTED: StateTag("Given for good", Shape.PLAIN),
    LoanState.CLOSED_LOST: StateTag("Lost", Shape.LOST),
    LoanState.DECLINED: StateTag("Declined", Shape.PLAIN),
    LoanState.CANCELLED: StateTag("Cancelled", Shape.PLAIN),
}

_OTHERWISE: dict[tuple[LoanKind, LoanState], StateTag] = {
    (LoanKind.DATA, LoanState.ALLOCATED): StateTag("SIM allocated", Shape.WAITING),
    (LoanKind.DATA, LoanState.CLOSED_RETURNED): StateTag("Loan of data over", Shape.PLAIN),
    (LoanKind.VENUE, LoanState.ACTIVE): StateTag("At the venue", Shape.DONE),
}
"""Where another kind of loan is said in other words."""

_STATUS_LINES: dict[LoanState, str] = {
    LoanState.REQUESTED: "We have the request and will decide soon.",
    LoanState.WAITING: "On the waiting list.",
    LoanState.APPROVED: "Approved; a tablet is being found.",
    LoanState.ALLOCATED: "A tablet is being made ready.",
    LoanState.OUT_FOR_DELIVERY: "On its way.",
    LoanState.ACTIVE: "The person has the tablet.",
    LoanState.RETURN_ARRANGED: "The person has the tablet; giving it back is arranged.",
    LoanState.COLLECTED: "Given back.",
    LoanState.CLOSED_RETURNED: "Given back.",
    LoanState.CLOSED_GIFTED: "The person keeps the tablet.",
    LoanState.CLOSED_LOST: "Ended.",
    LoanState.DECLINED: "We could not lend a tablet this time.",
    LoanState.CANCELLED: "Ended before a tablet went out.",
}


def state_tag(loan: Loan, *, today: date, grace_days: int) -> StateTag:
    """The state a list shows; what was stopped and what is late outrank it."""
    if loan.stopped_at is not None and loan.closed_at is None:
        return StateTag("All contact stopped", Shape.DANGER)
    if loan.state in (LoanState.ACTIVE, LoanState.RETURN_ARRANGED):
        late = overdue_days(today, loan.due_on, grace_days)
        if late:
            return StateTag(f"Overdue, {days(late)}", Shape.DANGER)
    return _OTHERWISE.get((loan.kind, loan.state), _STATES[loan.state])


def place_words(number: int) -> str:
    """1st, 2nd, 14th."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    ending = {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number}{ending}"


def reasons_before(place: Place) -> tuple[str, ...]:
    """Why a request is not sooner, a sentence for each line of the order that puts somebody before it."""
    near, fresh, earlier = place.before
    told = (
        (near, "in a taster month that has begun or begins within two weeks."),
        (fresh, "who never had a tablet from us; this person has had one."),
        (earlier, "who asked earlier."),
    )
    return tuple(f"{number} {'person' if number == 1 else 'people'} {words}" for number, words in told if number)


def age_words(asked_on: date, today: date) -> str:
    """Asked for 12 days ago, on Friday 12 June."""
    waited = (today - asked_on).days
    when = {0: "today", 1: "yesterday"}.get(waited, f"{waited} days ago")
    return f"Asked for {when}, on {said(asked_on)}."


def courier_comes(loan: Loan) -> bool:
    """Whether a courier is on the way to somebody of whom all contact was stopped, with their tablet or with the other
    one of a swap."""
    return loan.stopped_at is not None and (loan.state is LoanState.OUT_FOR_DELIVERY or loan.swap_tablet_id is not None)


def stopped_line(loan: Loan) -> str:
    """That all contact was stopped, and what is left to do about it."""
    left = ""
    if loan.kind is LoanKind.DATA and loan.state is LoanState.ACTIVE:
        left = " End the loan of data once it is known what became of its SIM."
    elif loan.state in WITH_THE_PERSON:
        left = " The tablet is fetched when it suits whoever is there, and is never late."
    return f"All contact has stopped. Nobody is written to or rung by the system.{left}"


def state_words(state: LoanState) -> str:
    return _STATES[state].word


def status_line(loan: Loan) -> str:
    """All that a referrer is told."""
    if (loan.kind, loan.state) == (LoanKind.DATA, LoanState.CLOSED_RETURNED):
        return _STATUS_LINES[LoanState.CLOSED_LOST]
    line = _STATUS_LINES[loan.state]
    if loan.kind is LoanKind.DATA:
        return line.replace("A tablet", "Data").replace("a tablet", "data").replace("tablet", "data")
    return line


def due_line(loan: Loan, today: date) -> str:
    """For staff: Friday 12 June 2026, 3 days late. Only the day where it is over or was stopped; empty without one, or
    where it need not be given back any more."""
    if loan.due_on is None or loan.state is LoanState.CLOSED_GIFTED:
        return ""
    if loan.returned_on is not None or loan.closed_at is not None or loan.stopped_at is not None:
        return said(loan.due_on)
    return due_day_line(loan.due_on, today)


def due_day_line(due_on: date, today: date) -> str:
    """The same of a due date that runs."""
    left = (due_on - today).days
    beside = "due today" if left == 0 else f"{days(-left)} late" if left < 0 else f"in {days(left)}"
    return f"{said(due_on)}, {beside}"


def days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
