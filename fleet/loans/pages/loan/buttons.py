"""What may be pressed on a loan's page, in words: the everyday moves, and those that are rare."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.cohorts.models import Programme
from fleet.loans.models import Loan
from fleet.loans.rules import CardAfter, DeclineReason, HandedTo, LoanKind, LoanMove, Transition
from fleet.loans.words import CARD_WORDS, DECLINE_WORDS, HANDED_WORDS
from fleet.machine import Offer


@dataclass(frozen=True)
class Button:
    """One thing that may be pressed next. With `goes` it opens a form of its own."""

    words: str
    url: str
    goes: bool = False
    key: str = ""
    reason: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    confirm: str = ""
    danger: bool = False


_CODED: dict[LoanMove, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    LoanMove.DECLINE: ("decline", "Why?", tuple((each.value, DECLINE_WORDS[each]) for each in DeclineReason)),
    LoanMove.GIVE_DATA: ("give-data", "Who takes it?", tuple((each.value, HANDED_WORDS[each]) for each in HandedTo)),
    LoanMove.END_DATA: (
        "end-data",
        "What became of it?",
        tuple((each.value, CARD_WORDS[each]) for each in CardAfter),
    ),
}
"""What is pressed with one coded answer: where it goes, what is asked, and the answers."""
_RARE = frozenset(
    {
        LoanMove.CANCEL,
        LoanMove.CALL_OFF_SWAP,
        LoanMove.LOSE_SWAP,
        LoanMove.UNDO_ALLOCATION,
        LoanMove.UNDO_HAND_OVER,
        LoanMove.UNDO_HUB_HAND_OVER,
        LoanMove.UNDO_COLLECT,
        LoanMove.UNDO_COLLECT_ARRANGED,
        LoanMove.GIFT,
        LoanMove.LOSE,
        LoanMove.LOSE_ON_THE_WAY_OUT,
        LoanMove.LOSE_ON_THE_WAY_BACK,
    }
)
_LABELS: dict[LoanMove, tuple[str, str]] = {
    LoanMove.APPROVE: ("Approve", "a"),
    LoanMove.WAIT: ("Put on the waiting list", "w"),
    LoanMove.DECLINE: ("Decline", ""),
    LoanMove.CANCEL: ("Cancel the request", ""),
    LoanMove.ALLOCATE: ("Choose a tablet", "a"),
    LoanMove.UNDO_ALLOCATION: ("Choose another tablet", ""),
    LoanMove.DISPATCH: ("Record it as packed", "p"),
    LoanMove.HUB_HAND_OVER: ("Hand it over at the hub", "h"),
    LoanMove.UNDO_HAND_OVER: ("It was not handed over after all", ""),
    LoanMove.UNDO_HUB_HAND_OVER: ("It was not handed over after all", ""),
    LoanMove.UNDO_COLLECT: ("They have it still", ""),
    LoanMove.UNDO_COLLECT_ARRANGED: ("They have it still", ""),
    LoanMove.GIVE_DATA: ("They have it", "h"),
    LoanMove.END_DATA: ("End the loan of data", "r"),
    LoanMove.EXTEND: ("Give them longer", "e"),
    LoanMove.ARRANGE_SWAP: ("Swap it for another", "s"),
    LoanMove.CALL_OFF_SWAP: ("Call the swap off", ""),
    LoanMove.SWAP: ("Swap them at the hub", "s"),
    LoanMove.LOSE_SWAP: ("Record the other tablet as lost on the way", ""),
    LoanMove.ARRANGE_RETURN: ("Arrange the return", "r"),
    LoanMove.CANCEL_RETURN: ("Call the return off", ""),
    LoanMove.GIFT: ("Give it for good", ""),
    LoanMove.LOSE: ("Record it as lost", ""),
    LoanMove.LOSE_ON_THE_WAY_OUT: ("Record the tablet as lost on the way", ""),
    LoanMove.LOSE_ON_THE_WAY_BACK: ("Record the tablet as lost on the way back", ""),
}
_FORMS = {
    LoanMove.ALLOCATE: "allocate",
    LoanMove.EXTEND: "extend",
    LoanMove.HUB_HAND_OVER: "hand-over",
    LoanMove.UNDO_HAND_OVER: "not-handed-over",
    LoanMove.UNDO_HUB_HAND_OVER: "not-handed-over",
    LoanMove.ARRANGE_SWAP: "swap",
    LoanMove.SWAP: "swap/at-hub",
    LoanMove.GIFT: "give",
    LoanMove.LOSE: "lost",
    LoanMove.LOSE_ON_THE_WAY_OUT: "lost",
    LoanMove.LOSE_ON_THE_WAY_BACK: "lost",
    LoanMove.LOSE_SWAP: "lost-swap",
}


def is_rare(offer: Offer[Transition]) -> bool:
    return offer.transition.move in _RARE


def says_why_not(offer: Offer[Transition], programme: Programme) -> bool:
    """Whether a move that may not be made now is shown with its reasons. Giving for good is not spoken of where the
    programme's funder does not allow it."""
    return not offer.allowed and (offer.transition.move is not LoanMove.GIFT or programme.gifts_allowed)


def button_of(loan: Loan, offer: Offer[Transition]) -> Button:
    move = offer.transition.move
    words, key = _LABELS[move]
    if loan.kind is LoanKind.DATA:
        words = words.replace("tablet", "SIM")
    if move in _FORMS:
        return Button(words, f"/loans/{loan.id}/{_FORMS[move]}", goes=True, key=key)
    if move in _CODED:
        path, question, choices = _CODED[move]
        return Button(words, f"/loans/{loan.id}/{path}", key=key, reason=question, reasons=choices)
    return Button(
        words,
        f"/loans/{loan.id}/moves/{move.value}",
        key=key,
        reason="Why?" if offer.transition.needs_reason else "",
    )
