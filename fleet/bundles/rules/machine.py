"""The life of a SIM, an eSIM, a MiFi or a voucher: one table of moves, and the guards that refuse them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.bundles.rules.data import said
from fleet.machine import stands_elsewhere
from fleet.users.rules import Role


class SimState(StrEnum):
    IN_STOCK = "in_stock"
    RESERVED = "reserved"
    INSTALLED = "installed"
    ACTIVATED = "activated"
    SUSPENDED = "suspended"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"
    KEPT_BY_PARTICIPANT = "kept_by_participant"
    LOST = "lost"
    BARRED = "barred"
    DESTROYED = "destroyed"


class SimMove(StrEnum):
    RESERVE = "reserve"
    RELEASE = "release"
    INSTALL = "install"
    ACTIVATE = "activate"
    UNDO_ACTIVATE = "undo_activate"
    SUSPEND = "suspend"
    REST = "rest"
    REUSE = "reuse"
    EXPIRE = "expire"
    KEEP = "keep"
    LOSE = "lose"
    FIND = "find"
    BAR = "bar"
    LIFT_BAR = "lift_bar"
    DESTROY = "destroy"


class Ownership(StrEnum):
    """Whose the data is: lent out again and again, or granted to one person (rule R27)."""

    OURS = "ours"
    PERSONS_OWN = "persons_own"


@dataclass(frozen=True)
class SimFacts:
    """What the guards look at. `same_person`: whoever it is for now is the one it was granted to."""

    state: SimState
    has_bundle: bool
    bundle_ends_on: date | None
    ownership: Ownership
    used_before: bool
    today: date
    same_person: bool = False
    granted: bool = False
    """Whether somebody was asked for it and qualified, and it was kept for them."""
    rests_until: date | None = None
    counted_since: bool = False
    """Whether data was used, or more was added, since it was switched on for whoever has it."""
    spent: bool = False
    """A voucher whose code somebody has had: it is worth nothing to the next."""


Guard = Callable[[SimFacts], str | None]


def bundle_not_ended(facts: SimFacts) -> str | None:
    if facts.bundle_ends_on is not None and facts.bundle_ends_on < facts.today:
        return "Its data has ended; attach a new bundle first."
    return None


def not_somebody_elses_grant(facts: SimFacts) -> str | None:
    """A grant for one person is not passed on to the next (rule R27)."""
    if facts.ownership is Ownership.PERSONS_OWN and facts.used_before and not facts.same_person:
        return "Its data was granted to one person only and cannot be passed on; let them keep it, or destroy it."
    return None


def asked_for_this_person(facts: SimFacts) -> str | None:
    """The day of one person's answer says nothing about the next, though the data was never used (rule R27)."""
    if facts.ownership is Ownership.PERSONS_OWN and facts.granted and not facts.same_person and not facts.used_before:
        return (
            "Its data was kept for somebody who qualified: ask this person too, and write that day on the SIM's page."
        )
    return None


CODE_SPENT = "Its code was spent"


def not_spent(facts: SimFacts) -> str | None:
    """The code of a voucher works once."""
    return f"{CODE_SPENT} by whoever had it, and gives nobody else any data." if facts.spent else None


def has_rested(facts: SimFacts) -> str | None:
    """Calls and messages for the person before do not reach the next one (rule R29)."""
    if facts.rests_until is not None and facts.rests_until > facts.today:
        return f"It rests until {said(facts.rests_until)}, so that nobody rings the next person by mistake."
    return None


def nothing_counted_since(facts: SimFacts) -> str | None:
    """Whoever used data had the card."""
    return "Its data was used or topped up since it was switched on." if facts.counted_since else None


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


_S, _M = SimState, SimMove
_AT_THE_HUB = (_S.IN_STOCK, _S.SUSPENDED, _S.QUARANTINED)
_LENT = (_S.RESERVED, _S.INSTALLED, _S.ACTIVATED)
LENT = frozenset(_LENT)
"""A loan has it."""

MOVES: tuple[SimTransition, ...] = (
    SimTransition(
        _M.RESERVE,
        (_S.IN_STOCK,),
        _S.RESERVED,
        "Reserved for a loan",
        (bundle_not_ended, not_somebody_elses_grant, asked_for_this_person, not_spent, has_rested),
    ),
    SimTransition(_M.RELEASE, (_S.RESERVED, _S.INSTALLED), _S.IN_STOCK, "Put back in stock"),
    SimTransition(_M.INSTALL, (_S.RESERVED,), _S.INSTALLED, "Put into the tablet"),
    SimTransition(_M.ACTIVATE, (_S.RESERVED, _S.INSTALLED, _S.SUSPENDED), _S.ACTIVATED, "Data switched on"),
    SimTransition(
        _M.UNDO_ACTIVATE,
        (_S.ACTIVATED,),
        _S.INSTALLED,
        "Switching on taken back",
        (nothing_counted_since,),
        needs_reason=True,
    ),
    SimTransition(_M.SUSPEND, (_S.ACTIVATED,), _S.SUSPENDED, "Data suspended"),
    SimTransition(
        _M.REST,
        (_S.SUSPENDED,),
        _S.QUARANTINED,
        "Resting before the next person",
        (not_somebody_elses_grant, not_spent),
        verb="It is back: let it rest",
    ),
    SimTransition(
        _M.REUSE,
        (_S.QUARANTINED,),
        _S.IN_STOCK,
        "Back in stock",
        (has_rested, bundle_not_ended, not_somebody_elses_grant, not_spent),
        verb="Put it back in stock",
    ),
    SimTransition(_M.EXPIRE, _AT_THE_HUB, _S.EXPIRED, "Expired", verb="Record it as expired"),
    SimTransition(
        _M.KEEP,
        (_S.ACTIVATED, _S.SUSPENDED),
        _S.KEPT_BY_PARTICIPANT,
        "Kept by the person",
        needs_reason=True,
        verb="Let the person keep it",
    ),
    SimTransition(
        _M.LOSE, (*_AT_THE_HUB, *_LENT), _S.LOST, "Lost, to be barred", needs_reason=True, verb="Record it as lost"
    ),
    SimTransition(_M.FIND, (_S.LOST,), _S.SUSPENDED, "Found again", needs_reason=True, verb="It was found"),
    SimTransition(_M.BAR, (_S.LOST,), _S.BARRED, "Barred by the network", verb="It is barred"),
    SimTransition(_M.LIFT_BAR, (_S.BARRED,), _S.SUSPENDED, "Bar lifted", needs_reason=True, verb="Lift the bar"),
    SimTransition(
        _M.DESTROY,
        (*_AT_THE_HUB, _S.EXPIRED, _S.BARRED),
        _S.DESTROYED,
        "Destroyed",
        needs_reason=True,
        verb="Record it as destroyed",
    ),
)
BY_MOVE: dict[SimMove, SimTransition] = {row.move: row for row in MOVES}

ENDED = frozenset({_S.EXPIRED, _S.KEPT_BY_PARTICIPANT, _S.DESTROYED})
"""Nothing more is asked of these; the phone number of the destroyed and expired may come back on another card."""
OUT_OF_USE = frozenset({_S.EXPIRED, _S.DESTROYED})
"""Whose phone number may be another card's."""
TAKES_DATA = frozenset(_AT_THE_HUB)
"""Where a bundle may be attached: nobody is using the SIM."""

ROLES = frozenset({Role.TECHNICIAN, Role.COORDINATOR, Role.HUB_ADMIN, Role.SYSTEM})
"""Who presses the offered moves; the others are made by whoever may make the loan's move."""


def refusals(move: SimMove, facts: SimFacts) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    row = BY_MOVE[move]
    if facts.state not in row.sources:
        return (stands_elsewhere("The SIM", facts.state, row.sources),)
    return tuple(refusal for guard in row.guards if (refusal := guard(facts)))


def offers(facts: SimFacts) -> tuple[SimTransition, ...]:
    """The moves a person may press on the SIM's page. While a loan has it, what ends the loan decides about it too."""
    if facts.state in _LENT:
        return ()
    return tuple(row for row in MOVES if row.offered and not refusals(row.move, facts))
