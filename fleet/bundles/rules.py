"""A SIM's life and a data bundle's dates: one table of moves, their guards, and the warnings that dates give.

Plain Python, no I/O. ICCIDs are text: 19 or 20 digits, of which the last is usually a Luhn check digit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.clock import add_months
from fleet.machine import stands_elsewhere
from fleet.users.rules import Role


class SimState(StrEnum):
    IN_STOCK = "in_stock"
    RESERVED = "reserved"
    INSTALLED = "installed"
    ACTIVATED = "activated"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    KEPT_BY_PARTICIPANT = "kept_by_participant"
    BARRED = "barred"
    DESTROYED = "destroyed"


class SimMove(StrEnum):
    RESERVE = "reserve"
    RELEASE = "release"
    INSTALL = "install"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    REUSE = "reuse"
    EXPIRE = "expire"
    KEEP = "keep"
    BAR = "bar"
    LIFT_BAR = "lift_bar"
    DESTROY = "destroy"


@dataclass(frozen=True)
class SimFacts:
    """What the guards look at."""

    state: SimState
    has_bundle: bool
    bundle_ends_on: date | None
    for_one_person: bool
    used_before: bool
    today: date


Guard = Callable[[SimFacts], str | None]


def has_bundle(facts: SimFacts) -> str | None:
    return None if facts.has_bundle else "It has no data bundle; attach one first."


def bundle_not_ended(facts: SimFacts) -> str | None:
    if facts.bundle_ends_on is not None and facts.bundle_ends_on < facts.today:
        return "Its data has ended; attach a new bundle first."
    return None


def not_somebody_elses_grant(facts: SimFacts) -> str | None:
    """A grant for one person is not passed on to the next (rule R27)."""
    if facts.for_one_person and facts.used_before:
        return "Its data was granted to one person only and cannot be passed on; mark it destroyed or kept."
    return None


@dataclass(frozen=True)
class SimTransition:
    """One row of the table. What has a `verb` is pressed on the SIM's own page; the others come from a loan."""

    move: SimMove
    sources: tuple[SimState, ...]
    target: SimState
    words: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    verb: str = ""

    @property
    def offered(self) -> bool:
        return bool(self.verb)


_S = SimState
MOVES: tuple[SimTransition, ...] = (
    SimTransition(
        SimMove.RESERVE,
        (_S.IN_STOCK,),
        _S.RESERVED,
        "Reserved for a loan",
        (bundle_not_ended, not_somebody_elses_grant),
    ),
    SimTransition(SimMove.RELEASE, (_S.RESERVED, _S.INSTALLED), _S.IN_STOCK, "Put back in stock"),
    SimTransition(SimMove.INSTALL, (_S.RESERVED,), _S.INSTALLED, "Put into the tablet"),
    SimTransition(SimMove.ACTIVATE, (_S.RESERVED, _S.INSTALLED), _S.ACTIVATED, "Data switched on"),
    SimTransition(SimMove.SUSPEND, (_S.ACTIVATED,), _S.SUSPENDED, "Data suspended"),
    SimTransition(
        SimMove.REUSE,
        (_S.SUSPENDED,),
        _S.IN_STOCK,
        "Back in stock",
        (bundle_not_ended, not_somebody_elses_grant),
        verb="Put it back in stock",
    ),
    SimTransition(SimMove.EXPIRE, (_S.IN_STOCK, _S.SUSPENDED), _S.EXPIRED, "Expired", verb="Record it as expired"),
    SimTransition(SimMove.KEEP, (_S.ACTIVATED, _S.SUSPENDED), _S.KEPT_BY_PARTICIPANT, "Kept by the person"),
    SimTransition(SimMove.BAR, (_S.RESERVED, _S.INSTALLED, _S.ACTIVATED, _S.SUSPENDED), _S.BARRED, "Barred"),
    SimTransition(SimMove.LIFT_BAR, (_S.BARRED,), _S.SUSPENDED, "Bar lifted", needs_reason=True, verb="Lift the bar"),
    SimTransition(
        SimMove.DESTROY,
        (_S.IN_STOCK, _S.SUSPENDED, _S.EXPIRED, _S.BARRED),
        _S.DESTROYED,
        "Destroyed",
        needs_reason=True,
        verb="Record it as destroyed",
    ),
)
BY_MOVE: dict[SimMove, SimTransition] = {row.move: row for row in MOVES}

ROLES = frozenset({Role.TECHNICIAN, Role.COORDINATOR, Role.HUB_ADMIN, Role.SYSTEM})
"""Who presses the offered moves; the others are made by whoever may make the loan's move."""


def refusals(move: SimMove, facts: SimFacts) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    row = BY_MOVE[move]
    if facts.state not in row.sources:
        return (stands_elsewhere("The SIM", facts.state, row.sources),)
    return tuple(refusal for guard in row.guards if (refusal := guard(facts)))


def offers(facts: SimFacts) -> tuple[SimTransition, ...]:
    """The moves a person may press on the SIM's page."""
    return tuple(row for row in MOVES if row.offered and not refusals(row.move, facts))


def tidy_iccid(typed: str) -> str:
    """The digits, without the spaces and the F filler that some print-outs carry."""
    return "".join(typed.split()).replace("-", "").rstrip("Ff")


def iccid_problem(iccid: str) -> str | None:
    """Why this tidied number cannot be an ICCID, or None."""
    if iccid.isascii() and iccid.isdigit() and len(iccid) in (19, 20):
        return None
    return "Enter the 19 or 20 digits printed on the SIM card."


def bundle_end(activated_on: date, months: int) -> date:
    """The last day with data: `months` calendar months after it was switched on, not after it was bought."""
    return add_months(activated_on, months)


def bundle_warnings(ends_on: date | None, due_on: date | None, *, has_bundle: bool = True) -> tuple[str, ...]:
    """What a bundle's dates ask somebody to decide about a loan (rule R26); empty when all is well."""
    if not has_bundle:
        return ("There is no data bundle on this SIM.",)
    if ends_on is None or due_on is None:
        return ()
    if ends_on < due_on:
        return (f"The data ends on {_said(ends_on)}, before the tablet is due on {_said(due_on)}: top it up in time.",)
    if ends_on > due_on:
        longer = f"The data lasts until {_said(ends_on)}, longer than the loan ({_said(due_on)})"
        return (f"{longer}: decide whether it is reused or kept.",)
    return ()


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def bundle_problems(gb_per_month: int, months: int, cost_pence: int) -> dict[str, str]:
    """A sentence for each number that cannot be a bundle's."""
    found = {
        "gb_per_month": "" if 1 <= gb_per_month <= 1000 else "Enter the gigabytes a month, from 1 to 1000.",
        "months": "" if 1 <= months <= 36 else "Enter how many months it lasts, from 1 to 36.",
        "cost_pence": "" if 0 <= cost_pence <= 1_000_000 else "Enter the cost, from 0 to 10,000 pounds.",
    }
    return {field: sentence for field, sentence in found.items() if sentence}
