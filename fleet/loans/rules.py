"""A loan's life: one table of moves, the guards that can refuse them, and the facts that dates give.

Plain Python, no I/O. Overdue, due soon and late are computed here and never stored. docs/lifecycle.md is drawn from
this file. To the loan state machine of the domain notes it adds two ways out: an allocation can be undone without
ending the request, and a tablet lost on the way does not end the loan of a person who never had it or gave it back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fleet.machine import Offer, done_by, stands_elsewhere
from fleet.people.rules import NeedCode
from fleet.users.rules import Role


class LoanState(StrEnum):
    REQUESTED = "requested"
    WAITING = "waiting"
    APPROVED = "approved"
    ALLOCATED = "allocated"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ACTIVE = "active"
    RETURN_ARRANGED = "return_arranged"
    COLLECTED = "collected"
    CLOSED_RETURNED = "closed_returned"
    CLOSED_GIFTED = "closed_gifted"
    CLOSED_LOST = "closed_lost"
    DECLINED = "declined"
    CANCELLED = "cancelled"


ENDED = frozenset(
    {
        LoanState.CLOSED_RETURNED,
        LoanState.CLOSED_GIFTED,
        LoanState.CLOSED_LOST,
        LoanState.DECLINED,
        LoanState.CANCELLED,
    }
)
WITH_THE_PERSON = frozenset({LoanState.ACTIVE, LoanState.RETURN_ARRANGED})
"""The states in which a due date runs."""
BEFORE_ALLOCATION = frozenset({LoanState.REQUESTED, LoanState.WAITING, LoanState.APPROVED})
COUNTS_AGAINST_LIMIT = frozenset({LoanState.ALLOCATED, LoanState.OUT_FOR_DELIVERY}) | WITH_THE_PERSON
"""The states that use up a person's limit of open loans."""


class LoanMove(StrEnum):
    APPROVE = "approve"
    WAIT = "wait"
    DECLINE = "decline"
    CANCEL = "cancel"
    ALLOCATE = "allocate"
    UNDO_ALLOCATION = "undo_allocation"
    DISPATCH = "dispatch"
    LOAD = "load"
    FAILED_ATTEMPT = "failed_attempt"
    HAND_OVER = "hand_over"
    HUB_HAND_OVER = "hub_hand_over"
    EXTEND = "extend"
    ARRANGE_RETURN = "arrange_return"
    CANCEL_RETURN = "cancel_return"
    COLLECT = "collect"
    HAND_IN = "hand_in"
    CLOSE_RETURNED = "close_returned"
    GIFT = "gift"
    LOSE = "lose"
    LOSE_ON_THE_WAY_OUT = "lose_on_the_way_out"
    LOSE_ON_THE_WAY_BACK = "lose_on_the_way_back"
    FIND = "find"


class SafeAtHome(StrEnum):
    """The answer to "is it safe to bring and keep a tablet there?"."""

    YES = "yes"
    PLAIN = "plain"
    NO = "no"


class HandedTo(StrEnum):
    """Who took the tablet, as a kind and never as a name."""

    PARTICIPANT = "participant"
    HOUSEHOLD_MEMBER = "household_member"
    CARER = "carer"
    VENUE_LEAD = "venue_lead"


class StopReason(StrEnum):
    """Why all automatic contact about a loan has stopped."""

    DIED = "died"
    MOVED_TO_CARE = "moved_to_care"
    WITHDREW = "withdrew"


class DeclineReason(StrEnum):
    NOT_IN_AREA = "not_in_area"
    NOT_ELIGIBLE = "not_eligible"
    NOT_SAFE = "not_safe"
    HAS_ONE_ALREADY = "has_one_already"
    CANNOT_BE_REACHED = "cannot_be_reached"
    CHANGED_THEIR_MIND = "changed_their_mind"
    DUPLICATE = "duplicate"


class Barrier(StrEnum):
    """What keeps somebody offline."""

    DEVICE = "device"
    CONNECTIVITY = "connectivity"
    SKILLS = "skills"


@dataclass(frozen=True)
class Facts:
    """What the guards look at: the loan as it stands, its person and programme, and what is asked of it."""

    state: LoanState
    today: date
    safe_at_home: SafeAtHome | None
    needs_asked: bool
    person_alive: bool
    contact_stopped: bool
    bundle_needed: bool
    has_bundle: bool
    other_open_loans: int
    open_loans_allowed: int
    asked_due_on: date | None = None
    due_on: date | None = None
    agreement_accepted: bool = False
    extensions: int = 0
    extensions_allowed: int = 0
    cap_overridden: bool = False
    gifts_allowed: bool = False


Guard = Callable[[Facts], str | None]
"""Returns the sentence that says why not, or None."""


def said(day: date) -> str:
    """A date in words, with its year: Friday 12 June 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def safe_answered(facts: Facts) -> str | None:
    return None if facts.safe_at_home else "Ask first whether it is safe to bring a tablet to the person's home."


def safe_to_deliver(facts: Facts) -> str | None:
    if facts.safe_at_home is SafeAtHome.NO:
        return "It is not safe to bring it to the person's home; hand it over at the hub instead."
    return None


def needs_asked(facts: Facts) -> str | None:
    return None if facts.needs_asked else "Ask first what the person needs; “nothing” is an answer too."


def person_alive(facts: Facts) -> str | None:
    return None if facts.person_alive else "The person has died."


def contact_not_stopped(facts: Facts) -> str | None:
    return "Everything about this loan was stopped; it can only come to an end." if facts.contact_stopped else None


def under_limit(facts: Facts) -> str | None:
    if facts.other_open_loans < facts.open_loans_allowed:
        return None
    loans = "a loan" if facts.other_open_loans == 1 else f"{facts.other_open_loans} loans"
    return f"The person has {loans} already, and this programme allows {facts.open_loans_allowed} at a time."


def bundle_if_needed(facts: Facts) -> str | None:
    if not facts.bundle_needed or facts.has_bundle:
        return None
    return "This programme lends tablets with data: choose a SIM that has a data bundle."


LONGEST_LOAN = timedelta(days=5 * 366)
"""Nobody means a later day than this. A slip such as the year 9999 would also stop every reckoning of dates with it."""


def due_not_past(facts: Facts) -> str | None:
    if facts.asked_due_on is not None and facts.asked_due_on - facts.today > LONGEST_LOAN:
        return f"{said(facts.asked_due_on)} is more than five years away; check the year."
    if facts.asked_due_on is None or facts.asked_due_on > facts.today:
        return None
    if facts.asked_due_on == facts.today:
        return f"{said(facts.asked_due_on)} is today; choose a later day for it to be given back."
    return f"{said(facts.asked_due_on)} has passed; choose a later day for it to be given back."


def agreement_accepted(facts: Facts) -> str | None:
    return None if facts.agreement_accepted else "The person has not accepted the agreement; read it to them and ask."


def extensions_left(facts: Facts) -> str | None:
    if facts.cap_overridden or facts.extensions < facts.extensions_allowed:
        return None
    return f"It was extended {facts.extensions} times, and this programme allows {facts.extensions_allowed}."


def later_than_before(facts: Facts) -> str | None:
    if facts.asked_due_on is None or facts.due_on is None or facts.asked_due_on > facts.due_on:
        return None
    return f"It is due on {said(facts.due_on)} already; an extension needs a later day."


def gifts_allowed(facts: Facts) -> str | None:
    return None if facts.gifts_allowed else "This programme's funder has not allowed tablets to be given for good."


@dataclass(frozen=True)
class Transition:
    """One row of the table. `offered` moves are pressed on the loan's own page; the others happen at a door or hub."""

    move: LoanMove
    sources: tuple[LoanState, ...]
    target: LoanState
    roles: frozenset[Role]
    words: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    offered: bool = True


_COORDINATOR = frozenset({Role.COORDINATOR, Role.SYSTEM})
_COURIER = frozenset({Role.COURIER, Role.TECHNICIAN})
_DOOR = frozenset({Role.COURIER, Role.BUDDY, Role.COORDINATOR})
_HUB = frozenset({Role.TECHNICIAN, Role.COORDINATOR})
_L = LoanState

MOVES: tuple[Transition, ...] = (
    Transition(
        LoanMove.APPROVE,
        (_L.REQUESTED, _L.WAITING),
        _L.APPROVED,
        _COORDINATOR,
        "Approved",
        (safe_answered, needs_asked, person_alive),
    ),
    Transition(LoanMove.WAIT, (_L.REQUESTED,), _L.WAITING, _COORDINATOR, "Put on the waiting list"),
    Transition(LoanMove.DECLINE, (_L.REQUESTED, _L.WAITING), _L.DECLINED, _COORDINATOR, "Declined", needs_reason=True),
    Transition(
        LoanMove.CANCEL,
        (_L.REQUESTED, _L.WAITING, _L.APPROVED, _L.ALLOCATED),
        _L.CANCELLED,
        _COORDINATOR,
        "Cancelled",
        needs_reason=True,
    ),
    Transition(
        LoanMove.ALLOCATE,
        (_L.APPROVED,),
        _L.ALLOCATED,
        _COORDINATOR,
        "Tablet allocated",
        (safe_answered, person_alive, under_limit, bundle_if_needed, due_not_past),
    ),
    Transition(
        LoanMove.UNDO_ALLOCATION,
        (_L.ALLOCATED,),
        _L.APPROVED,
        _COORDINATOR | {Role.SYSTEM},
        "Allocation undone",
        needs_reason=True,
    ),
    Transition(
        LoanMove.DISPATCH,
        (_L.ALLOCATED,),
        _L.ALLOCATED,
        _HUB | {Role.COURIER, Role.SYSTEM},
        "Packed for delivery",
        (person_alive, contact_not_stopped, safe_to_deliver, bundle_if_needed),
    ),
    Transition(
        LoanMove.LOAD,
        (_L.ALLOCATED,),
        _L.OUT_FOR_DELIVERY,
        _COURIER,
        "On its way with the courier",
        (person_alive, contact_not_stopped, safe_to_deliver),
        offered=False,
    ),
    Transition(
        LoanMove.FAILED_ATTEMPT,
        (_L.OUT_FOR_DELIVERY,),
        _L.ALLOCATED,
        _DOOR | _COURIER,
        "Not delivered",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.HAND_OVER,
        (_L.OUT_FOR_DELIVERY,),
        _L.ACTIVE,
        _DOOR,
        "Handed over at the door",
        (person_alive, contact_not_stopped, agreement_accepted),
        offered=False,
    ),
    Transition(
        LoanMove.HUB_HAND_OVER,
        (_L.ALLOCATED,),
        _L.ACTIVE,
        _HUB,
        "Handed over at the hub",
        (person_alive, contact_not_stopped, agreement_accepted),
    ),
    Transition(
        LoanMove.EXTEND,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COORDINATOR,
        "Extended",
        (person_alive, contact_not_stopped, extensions_left, due_not_past, later_than_before),
        needs_reason=True,
    ),
    Transition(LoanMove.ARRANGE_RETURN, (_L.ACTIVE,), _L.RETURN_ARRANGED, _COORDINATOR, "Return arranged"),
    Transition(
        LoanMove.CANCEL_RETURN,
        (_L.RETURN_ARRANGED,),
        _L.ACTIVE,
        _COORDINATOR | _COURIER,
        "Return called off",
        needs_reason=True,
    ),
    Transition(LoanMove.COLLECT, (_L.ACTIVE, _L.RETURN_ARRANGED), _L.COLLECTED, _COURIER, "Collected", offered=False),
    Transition(
        LoanMove.HAND_IN, (_L.ACTIVE, _L.RETURN_ARRANGED), _L.COLLECTED, _COURIER, "Handed in at the hub", offered=False
    ),
    Transition(
        LoanMove.CLOSE_RETURNED,
        (_L.COLLECTED,),
        _L.CLOSED_RETURNED,
        frozenset({Role.TECHNICIAN, Role.SYSTEM}),
        "Given back and inspected",
        offered=False,
    ),
    Transition(
        LoanMove.GIFT,
        (_L.ACTIVE,),
        _L.CLOSED_GIFTED,
        _COORDINATOR,
        "Given for good",
        (person_alive, gifts_allowed),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE,
        (_L.ACTIVE, _L.RETURN_ARRANGED),
        _L.CLOSED_LOST,
        _COORDINATOR,
        "Recorded as lost",
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE_ON_THE_WAY_OUT,
        (_L.OUT_FOR_DELIVERY,),
        _L.APPROVED,
        _COORDINATOR,
        "Tablet lost on the way out",
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE_ON_THE_WAY_BACK,
        (_L.COLLECTED,),
        _L.CLOSED_RETURNED,
        _COORDINATOR,
        "Tablet lost on the way back",
        needs_reason=True,
    ),
    Transition(
        LoanMove.FIND,
        (_L.CLOSED_LOST,),
        _L.CLOSED_RETURNED,
        _HUB | {Role.SYSTEM},
        "Found again",
        offered=False,
    ),
)

BY_MOVE: dict[LoanMove, Transition] = {row.move: row for row in MOVES}


def refusals(move: LoanMove, facts: Facts, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    row = BY_MOVE[move]
    if facts.state not in row.sources:
        return (stands_elsewhere("The loan", facts.state, row.sources),)
    found = [refusal for guard in row.guards if (refusal := guard(facts))]
    if not row.roles & roles:
        found.append(done_by(row.roles))
    return tuple(found)


def offers(facts: Facts, roles: frozenset[Role]) -> tuple[Offer[Transition], ...]:
    """Exactly what this person may press next, and what stands in the way. What a form still asks for is not held
    against a move."""
    return tuple(
        Offer(row, tuple(reason for guard in row.guards if guard not in _asked_later(row) and (reason := guard(facts))))
        for row in MOVES
        if facts.state in row.sources and row.offered and row.roles & roles
    )


def _asked_later(row: Transition) -> tuple[Guard, ...]:
    """The guards about what the form of this move asks for."""
    asked: tuple[Guard, ...] = (due_not_past, agreement_accepted, later_than_before)
    return (*asked, bundle_if_needed) if row.move is LoanMove.ALLOCATE else asked


CLEAR_SCREEN_NEEDS = frozenset({NeedCode.LARGE_TEXT, NeedCode.FEW_CHOICES, NeedCode.PICTURES, NeedCode.STEADY_TOUCH})
"""Needs that the large and clear profile serves."""


def fits(profile: str, needs: frozenset[NeedCode]) -> bool:
    """Whether a tablet set up with this profile is as a person with these needs would want it."""
    wants_clear = bool(needs & CLEAR_SCREEN_NEEDS)
    return ("large" in profile) is wants_clear


def overdue_days(today: date, due_on: date | None, grace_days: int) -> int:
    """How many days late, counted from the due date; 0 while the days of grace last. A day is late once it is over."""
    if due_on is None or today <= due_on + timedelta(days=grace_days):
        return 0
    return (today - due_on).days


def is_overdue(today: date, due_on: date | None, grace_days: int) -> bool:
    return overdue_days(today, due_on, grace_days) > 0


def days_until_due(today: date, due_on: date | None) -> int | None:
    """Negative once the day has passed; None while no due date runs."""
    return None if due_on is None else (due_on - today).days


def is_due_soon(today: date, due_on: date | None, within_days: int = 7) -> bool:
    left = days_until_due(today, due_on)
    return left is not None and 0 <= left <= within_days


DOORSTEP_WORDS = (
    *("acorn", "almond", "apricot", "badger", "bagpipe", "barley", "basket", "beacon", "biscuit", "blanket"),
    *("bluebell", "bramble", "bucket", "butter", "button", "candle", "carpet", "carrot", "castle", "cherry"),
    *("cinnamon", "clover", "compass", "cottage", "cricket", "daisy", "dolphin", "donkey", "feather", "fiddle"),
    *("garden", "ginger", "hazelnut", "hedgehog", "honey", "jigsaw", "kettle", "ladder", "lantern", "lavender"),
    *("lemon", "marble", "marmalade", "meadow", "mitten", "mushroom", "nutmeg", "orchard", "otter", "paddle"),
    *("parsley", "peanut", "pebble", "pepper", "piano", "pillow", "pumpkin", "puzzle", "rabbit", "raspberry"),
    *("ribbon", "robin", "rocket", "saddle", "saffron", "sandal", "scarf", "shepherd", "sparrow", "squirrel"),
    *("sunflower", "teapot", "thimble", "thistle", "ticket", "toffee", "trumpet", "tulip", "velvet", "violin"),
    *("waffle", "walnut", "whistle", "willow", "window", "winter"),
)
"""Words agreed for the door: easy to hear, to say and to remember, and of no meaning to anybody else."""
