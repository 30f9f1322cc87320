"""The life of a tag as one table: from a blank label, or from being made for a tablet, to being replaced or voided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fleet.machine import SAY_WHY


class TagState(StrEnum):
    """Where a tag is in its life. A code that has been on a tablet is never given to a second one."""

    BLANK = "blank"
    ATTACHED = "attached"
    REPLACED = "replaced"
    VOID = "void"


class TagMove(StrEnum):
    ATTACH = "attach"
    TAKE_BACK = "take_back"
    REPLACE = "replace"
    MAKE_VOID = "make_void"


class MadeAs(StrEnum):
    """Why a code was made: for a tablet that had none, or as a label to be claimed later."""

    TABLET = "tablet"
    BLANK = "blank"


@dataclass(frozen=True)
class Transition:
    """One row of a tag's table; `when` is what the service asks of the tag besides its state."""

    move: TagMove
    source: TagState
    target: TagState
    words: str
    needs_reason: bool = False
    when: str = ""


_CLAIMED_BY_MISTAKE = "it was claimed as a blank, and neither scanned back nor taken out of the hub since"

MOVES: tuple[Transition, ...] = (
    Transition(TagMove.ATTACH, TagState.BLANK, TagState.ATTACHED, "Attached to a tablet"),
    Transition(
        TagMove.TAKE_BACK,
        TagState.ATTACHED,
        TagState.BLANK,
        "Taken back, claimed by mistake",
        needs_reason=True,
        when=_CLAIMED_BY_MISTAKE,
    ),
    Transition(TagMove.REPLACE, TagState.ATTACHED, TagState.REPLACED, "Replaced by another", needs_reason=True),
    Transition(TagMove.MAKE_VOID, TagState.BLANK, TagState.VOID, "Made void", needs_reason=True),
)
BY_MOVE: dict[TagMove, Transition] = {transition.move: transition for transition in MOVES}


def refusals(move: TagMove, state: TagState, *, reason: str) -> tuple[str, ...]:
    """Every reason why a tag may not make this move; empty when it may."""
    transition = BY_MOVE[move]
    if state is not transition.source:
        return (f"This label is {state.value}, and only one that is {transition.source.value} can be changed so.",)
    if transition.needs_reason and not reason.strip():
        return (SAY_WHY,)
    return ()
