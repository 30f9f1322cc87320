"""What is asked of a tablet that comes in, what the answers lead to, and when it may leave the intake table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from fleet.tablets.rules import Grade, HoldKind, Stage


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class BatteryLook(StrEnum):
    OK = "ok"
    SWOLLEN = "swollen"
    HOT = "hot"
    LEAKING = "leaking"


class StolenResult(StrEnum):
    CLEAR = "clear"
    HIT = "hit"
    WAIVED = "waived"


class Route(StrEnum):
    """Where triage sends a tablet."""

    USABLE = "usable"
    REPAIR = "repair"
    PARTS = "parts"
    RECYCLE = "recycle"


DECLARATION: tuple[tuple[str, str], ...] = (
    ("owns_it", "The giver owns what is given."),
    ("no_return", "The giver does not expect any of it back."),
    ("contracts_ended", "No contract or finance runs on any of it."),
    ("accounts_removed", "Accounts and screen locks were taken off, as far as the giver could."),
)
"""The gift declaration: the field's name, and the sentence a giver agrees to."""


_POUNDS = re.compile(r"£?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,8})(?:\.([0-9]{2}))?")


def pence(text: str) -> int | None:
    """An amount as people write it ("£1,204.50", "80") in pence; None when it is not one."""
    found = _POUNDS.fullmatch(text.strip())
    if found is None:
        return None
    return int(found.group(1).replace(",", "")) * 100 + int(found.group(2) or 0)


def pounds(amount_pence: int) -> str:
    """Pence as people read them: £1,204.50."""
    return f"£{amount_pence // 100:,}.{amount_pence % 100:02d}"


@dataclass(frozen=True)
class QuickLook:
    """What the person at the intake table saw."""

    accounts_left: Answer
    locked: Answer
    battery: BatteryLook
    condition: str = ""


@dataclass(frozen=True)
class HoldWanted:
    """A hold that an answer brings with it, and the reason to write down."""

    kind: HoldKind
    reason: str


def holds_wanted(look: QuickLook) -> tuple[HoldWanted, ...]:
    """Which holds the quick look places at once."""
    wanted = []
    if look.battery is not BatteryLook.OK:
        wanted.append(
            HoldWanted(HoldKind.SAFETY, f"Battery {look.battery.value} at intake: do not charge, do not carry.")
        )
    if look.locked is Answer.YES:
        wanted.append(HoldWanted(HoldKind.IDENTITY, "Locked to an account at intake: ask the giver to take it off."))
    return tuple(wanted)


@dataclass(frozen=True)
class IntakeFacts:
    """What the guard of triage looks at."""

    stage: Stage
    looked: bool
    stolen: StolenResult | None
    grade: Grade
    route: Route
    reason: str


def triage_refusals(facts: IntakeFacts) -> tuple[str, ...]:
    """Every reason why triage cannot be closed like this; empty when it can."""
    found = []
    if facts.stage is not Stage.RECEIVED:
        found.append(f"It is {facts.stage.value.replace('_', ' ')}, and triage is for one that was just received.")
    if not facts.looked:
        found.append("Answer the quick look first: accounts, lock, battery.")
    if facts.stolen is None:
        found.append("Record the stolen check first, or ask a coordinator to waive it with a reason.")
    if facts.stolen is StolenResult.HIT and facts.route is not Route.RECYCLE:
        found.append("The stolen check found it. Keep it apart for 28 days, and tell the police and your coordinator.")
    if not facts.reason.strip():
        found.append("Say why it has this grade, in a few words.")
    if facts.grade is Grade.X and facts.route is Route.USABLE:
        found.append("Grade X is unusable: choose repair, parts or recycle.")
    return tuple(found)
