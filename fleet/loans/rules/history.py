"""What a loan that was kept elsewhere may look like, and when it may be told here. Pure.

History is told in order: a loan that began before one that is on record would come between what was proved since. A
loan that is still open may only be told of a tablet that never stood here: nobody wiped it here, so it is at its
person's with unknown data, and everything that comes back is wiped and proved before it is lent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fleet.loans.rules.guards import LONGEST_LOAN
from fleet.loans.rules.states import (
    AskedBy,
    Barrier,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    LoanState,
    SafeAtHome,
    StopReason,
)

ASKED_STATES = (
    LoanState.REQUESTED,
    LoanState.WAITING,
    LoanState.APPROVED,
    LoanState.DECLINED,
    LoanState.CANCELLED,
)
LENT_STATES = (
    LoanState.ACTIVE,
    LoanState.CLOSED_RETURNED,
    LoanState.CLOSED_LOST,
    LoanState.CLOSED_GIFTED,
)
FIRST_YEAR = 2000
_DO_IT_HERE = {
    LoanState.ALLOCATED: "write approved as a request, and allocate a tablet here.",
    LoanState.OUT_FOR_DELIVERY: "write approved as a request, and send a tablet out from here.",
}


@dataclass(frozen=True)
class AskedBefore:
    """What was asked for elsewhere, and what became of it."""

    hub_id: int
    person_id: int
    programme_id: int
    state: LoanState
    requested_at: datetime | None = None
    kind: LoanKind = LoanKind.TABLET
    cohort_id: int | None = None
    referrer_id: int | None = None
    asked_by: AskedBy = AskedBy.STAFF
    barriers: tuple[Barrier, ...] = ()
    safe_at_home: SafeAtHome | None = None
    decline_reason: DeclineReason | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class LentBefore(AskedBefore):
    """A loan that began elsewhere. `number` is what it was called there; `tablet_since` is for a tablet that was
    swapped in after the first day."""

    tablet_id: int = 0
    tablet_since: date | None = None
    started_on: date = date.min
    due_on: date | None = None
    original_due_on: date | None = None
    returned_on: date | None = None
    number: str = ""
    sim_id: int | None = None
    handed_to: HandedTo | None = None
    condition: str = ""
    kit_missing: str = ""
    sim_in_tray: bool | None = None
    stop_reason: StopReason | None = None
    goes_on_to: GoesOn | None = None
    lost_reference: str = ""
    gift_authority: str = ""

    @property
    def open(self) -> bool:
        return self.state is LoanState.ACTIVE

    @property
    def had_from(self) -> date:
        """The day from which the person had this tablet."""
        return self.tablet_since or self.started_on

    @property
    def ended_on(self) -> date | None:
        """The last day it was with the person; None while it is."""
        return self.returned_on or (self.closed_at.date() if self.closed_at else None)


@dataclass(frozen=True)
class TabletThen:
    """A tablet as history finds it. `never_here`: it is expected and was never received. `clean_since`: the day of
    the wipe that was proved here and still counts. `lent_until`: the last day of its latest loan on record, and
    `lent_from` the first; a loan that is open has no last day."""

    never_here: bool
    clean_since: date | None = None
    lent_from: date | None = None
    lent_until: date | None = None


@dataclass(frozen=True)
class PersonThen:
    """Their loans that are open, beside how many the programme allows; and whether they are alive."""

    open_loans: int
    allowed: int
    alive: bool = True


def state_problem(state: LoanState, takes: tuple[LoanState, ...]) -> str:
    """Why a loan cannot come in as this; empty when it can."""
    if state in takes:
        return ""
    return _DO_IT_HERE.get(state, f"write one of {', '.join(each.value for each in takes)}.")


def lent_problems(told: LentBefore, tablet: TabletThen, person: PersonThen, today: date) -> dict[str, str]:
    """A sentence for each thing that keeps a loan from coming in."""
    elsewhere = state_problem(told.state, LENT_STATES)
    if elsewhere:
        return {"state": elsewhere}
    found = {
        "kind": "" if told.kind is LoanKind.TABLET else "only loans of a tablet to a person come in with a file.",
        "started_on": _start_problem(told, today),
        "tablet_since": _since_problem(told, today),
        "due_on": _due_problem(told),
        "returned_on": _end_problem(told, today),
        "serial": _tablet_problem(told, tablet),
        "person": _person_problem(told, person),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def asked_problems(told: AskedBefore, person: PersonThen, now: datetime) -> dict[str, str]:
    """A sentence for each thing that keeps a request from coming in."""
    over = told.state in (LoanState.DECLINED, LoanState.CANCELLED)
    found = {
        "state": state_problem(told.state, ASKED_STATES),
        "kind": "ask for a venue's tablets on their own page." if told.kind is LoanKind.VENUE else "",
        "requested_at": "this day is still to come." if told.requested_at and told.requested_at > now else "",
        "closed_at": "say on which day it was declined or cancelled." if over and told.closed_at is None else "",
        "decline_reason": "say why it was declined."
        if told.state is LoanState.DECLINED and told.decline_reason is None
        else "",
        "person": "they have died." if not over and not person.alive else "",
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def _start_problem(told: LentBefore, today: date) -> str:
    if told.started_on > today:
        return "this day is still to come."
    return "check the year: nobody lent tablets then." if told.started_on.year < FIRST_YEAR else ""


def _since_problem(told: LentBefore, today: date) -> str:
    within = told.started_on <= told.had_from <= min(told.ended_on or today, today)
    return "" if told.tablet_since is None or within else "it is no day of this loan."


def _due_problem(told: LentBefore) -> str:
    days = [day for day in (told.due_on, told.original_due_on) if day is not None]
    if told.open and told.due_on is None:
        return "say when it is due back."
    if any(day < told.started_on for day in days):
        return "it is due before it began."
    return (
        "it is due more than five years after it began."
        if any(day - told.started_on > LONGEST_LOAN for day in days)
        else ""
    )


def _end_problem(told: LentBefore, today: date) -> str:
    ended = told.ended_on
    if told.open:
        return "the person has it still, so no day on which it ended." if ended is not None else ""
    if ended is None or (told.state is LoanState.CLOSED_RETURNED and told.returned_on is None):
        return "say on which day it ended."
    if told.state is not LoanState.CLOSED_RETURNED and told.returned_on is not None:
        return "it did not come back: leave this empty and fill in closed_at."
    if ended > today:
        return "this day is still to come."
    return "it ended before it began." if ended < told.started_on else ""


def _tablet_problem(told: LentBefore, tablet: TabletThen) -> str:
    if tablet.lent_from is not None and tablet.lent_until is None:
        return "this tablet is on loan, on record or above."
    if tablet.lent_until is not None and told.had_from < tablet.lent_until:
        return f"this tablet was on loan until {tablet.lent_until}; history comes in before what followed."
    if told.state is not LoanState.CLOSED_RETURNED:
        return "" if tablet.never_here else "this tablet has been received here: lend it from here."
    if tablet.clean_since is not None and told.ended_on is not None and told.ended_on >= tablet.clean_since:
        return f"this tablet was wiped and proved clean on {tablet.clean_since}, before this loan ended."
    return ""


def _person_problem(told: LentBefore, person: PersonThen) -> str:
    if not told.open:
        return ""
    if not person.alive and told.stop_reason is None:
        return "they have died: write died as stop_reason, so that nobody is written to."
    if person.open_loans >= person.allowed:
        return f"their programme allows {person.allowed} open at a time, and they have that, on record or above."
    return ""
