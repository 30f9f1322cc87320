"""The card in the tray of a returned tablet against the record, and strange cards that are found there (rule R28)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bundles import queries
from fleet.bundles.models import LEFT_IN, Sim, StraySim
from fleet.bundles.rules import SimKind, SimMove, SimState, seen_matches, tidy_iccid
from fleet.bundles.service.same_card import card_on_record, same_card
from fleet.bundles.words import state_words
from fleet.errors import BadInput, Conflict, there
from fleet.happening import Happening
from fleet.users.actor import Actor


class AnotherSim(Conflict):
    """The card in the tray is not the one that the loan has."""

    code = "another_sim"


IN_A_TRAY = frozenset({SimKind.SIM, SimKind.MIFI})
"""What can be taken out and looked at; an eSIM goes with the wipe, a voucher was spent."""


def check_tray(session: Session, expected: Sim, seen: str) -> None:
    """Compare the digits read from the card in the tray with the record.

    Raises `BadInput` when too few were read, and `AnotherSim`, saying what to do, when it is another card.
    """
    if expected.kind not in IN_A_TRAY:
        return
    same = seen_matches(seen, expected.iccid)
    if same is None:
        raise BadInput(
            "Nothing was changed. The card in the tray was not compared.",
            fields={"sim_seen": "Read the number on the card: all of it, or at least its last four digits."},
        )
    if same or tidy_iccid(seen) in same_card(expected.iccid):
        return
    other = card_on_record(session, tidy_iccid(seen))
    raise AnotherSim(
        f"Nothing was changed. The card in the tray ends in {seen.strip()[-5:]}, and this loan has the one ending "
        f"{expected.iccid[-5:]}.",
        next_step=_what_to_do(other),
        details={"expected_ends": expected.iccid[-5:], "other_sim_id": other.id if other else None},
    )


def _what_to_do(other: Sim | None) -> str:
    if other is not None:
        return (
            f"It is another of our cards, {state_words(other.state).lower()}: were two tablets mixed up? "
            "Find the tablet that belongs to it before you go on."
        )
    return (
        "Read it once more. If it is not ours, take it out, put it into a sealed bag with the tablet's code on it, "
        "and tick that; ours counts as lost and somebody is asked to bar it."
    )


def bag_stray(session: Session, tablet_id: int, seen: str, *, actor: Actor, happening: Happening) -> StraySim:
    """A strange card lies in a sealed bag: somebody is asked to find out whose it is. Raises `BadInput`."""
    digits = "".join(seen.split())[:40]
    if not digits:
        raise BadInput("Nothing was changed.", fields={"sim_seen": "Read what stands on the card."})
    stray = StraySim(
        tablet_id=tablet_id,
        seen=digits,
        kind="bagged",
        words="A strange card was found and bagged",
        at=happening.now,
        source=happening.source,
        **actor.signature(),
    )
    session.add(stray)
    session.flush()
    return stray


def leave_in(session: Session, sim: Sim, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """The loan that this card was packed for is off, and it lies in the tablet still: somebody is asked to take it
    out. Nothing is asked for one that was not packed."""
    if sim.state is not SimState.INSTALLED or sim.kind is SimKind.VOUCHER:
        return
    stray = StraySim(
        tablet_id=tablet_id,
        seen=sim.iccid,
        kind=LEFT_IN,
        words="Packed for a loan that was called off",
        at=happening.now,
        source=happening.source,
        **actor.signature(),
    )
    session.add(stray)
    session.flush()


_NOT_IN_THERE = {
    SimMove.INSTALL: "Put into a tablet again",
    SimMove.ACTIVATE: "With the person it is for",
    SimMove.LOSE: "Recorded as lost",
    SimMove.DESTROY: "Recorded as destroyed",
}


def settle_left_in(session: Session, sim: Sim, move: SimMove, *, actor: Actor, happening: Happening) -> None:
    """What became of a card by this move says that it does not lie where it was left."""
    stray = queries.left_in(session, sim.iccid) if move in _NOT_IN_THERE else None
    if stray is not None:
        settle_stray(session, stray.id, _NOT_IN_THERE[move], actor=actor, happening=happening)


def settle_stray(session: Session, stray_id: int, outcome: str, *, actor: Actor, happening: Happening) -> StraySim:
    """What became of a strange card, or of one left in a tablet: given back, taken out. Settling twice is
    settling once. Raises `BadInput`."""
    stray = there(queries.stray(session, stray_id), "There is no such card.", next_step="Look at the list again.")
    if stray.settled_at is not None:
        return stray
    if not 0 < len(outcome.strip()) <= 200:
        raise BadInput("Nothing was changed.", fields={"outcome": "Say what became of it, in a few words."})
    stray.outcome, stray.settled_by, stray.settled_at = outcome.strip(), actor.name, happening.now
    session.flush()
    return stray
