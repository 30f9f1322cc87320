"""What every way of writing to a borrower promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class ChannelFailed(Exception):
    """The message did not leave, for certain. The text says why, without anything personal."""


class ChannelUnsure(Exception):
    """Nobody knows whether the message left: the answer never came. It must be looked up before it is tried again."""


class Handed(StrEnum):
    """What became of a message that a way out took."""

    LEFT = "left"
    TO_PRINT = "to_print"
    """It has not left: somebody prints and posts it."""


@dataclass(frozen=True)
class Outgoing:
    """A message on its way out. `reference` is our own id for it and holds nothing personal."""

    reference: str
    channel: str
    to: str
    subject: str
    body: str
    language: str
    rtl: bool = False
    address: tuple[str, ...] = ()
    """Who a letter is for and where it goes, line by line."""
    points: int = 18
    """The size of print on paper."""
    print_format: str = ""
    wanted_as: str = ""
    """The format that somebody has to make of it by hand, in words; empty where it is in theirs already."""
    note: str = ""
    """What the ledger notes of its words, as a sentence; empty where there is nothing to note."""


class Channel(Protocol):
    """A way out. `deliver` with a reference that has left before changes nothing where the way out can tell.

    After a crash or a time-out nobody knows whether a message left: `has_left` is asked before it is tried again,
    because a time-out is not a proof that nothing was sent (rule R10).
    """

    def deliver(self, message: Outgoing) -> Handed | None:
        """Send it, within a few seconds; None is as good as `LEFT`.

        Raises `ChannelFailed` when it certainly did not leave, `ChannelUnsure` when nobody can say."""
        ...

    def has_left(self, reference: str, channel: str) -> bool | None:
        """Whether a message with this reference left before, by that channel; None where that can never be found out.

        Raises `ChannelUnsure` when it cannot be found out at present.
        """
        ...


@dataclass(frozen=True)
class NotArrived:
    """A message that left and came nowhere: our reference of it, and why, as a sentence without anything personal."""

    reference: str
    why: str


@runtime_checkable
class Receipts(Protocol):
    """A way out that learns afterwards what did not arrive."""

    def not_arrived(self) -> Sequence[NotArrived]:
        """What it knows of the last days; the same again each time. Raises as `Channel.has_left` does."""
        ...
