"""What may be pressed on a loan's page, in words: the everyday moves, and those that are rare."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.loans.models import Loan
from fleet.loans.rules import DeclineReason, LoanMove, Transition
from fleet.loans.words import DECLINE_WORDS
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


_DECLINE_CHOICES = tuple((each.value, DECLINE_WORDS[each]) for each in DeclineReason)
_RARE = frozenset(
    {
        LoanMove.CANCEL,
        LoanMove.CALL_OFF_SWAP,
        LoanMove.LOSE_SWAP,
        LoanMove.UNDO_ALLOCATION,
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
    LoanMove.ARRANGE_SWAP: "swap",
    LoanMove.SWAP: "swap/at-hub",
}
_CONFIRM = {
    LoanMove.GIFT: "The tablet becomes the person's own and leaves the fleet. This cannot be taken back.",
    LoanMove.LOSE: "The loan ends, and you are asked to have the SIM barred. Has everything been tried?",
    LoanMove.LOSE_SWAP: "The other tablet is lost. The person's loan stays as it is.",
    LoanMove.LOSE_ON_THE_WAY_OUT: "The tablet is lost, and its SIM to be barred. The request stays approved.",
    LoanMove.LOSE_ON_THE_WAY_BACK: "The tablet is lost, and its SIM to be barred. The person did their part.",
}


def is_rare(offer: Offer[Transition]) -> bool:
    return offer.transition.move in _RARE


def button_of(loan: Loan, offer: Offer[Transition]) -> Button:
    move = offer.transition.move
    words, key = _LABELS[move]
    if move in _FORMS:
        return Button(words, f"/loans/{loan.id}/{_FORMS[move]}", goes=True, key=key)
    if move is LoanMove.DECLINE:
        return Button(words, f"/loans/{loan.id}/decline", reason="Why?", reasons=_DECLINE_CHOICES)
    return Button(
        words,
        f"/loans/{loan.id}/moves/{move.value}",
        key=key,
        reason="Why?" if offer.transition.needs_reason else "",
        confirm=_CONFIRM.get(move, ""),
        danger=move in _CONFIRM,
    )
