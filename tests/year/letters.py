"""A way out for messages that is really the outbox folder, notes everything that left, and fails now and then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from fleet.chasing.channels.base import ChannelFailed, ChannelUnsure, Outgoing
from fleet.chasing.channels.folder import FolderChannel
from tests.people import FakeClock
from tests.year.days import ZONE

_FAILS_EVERY, _UNSURE_EVERY = 37, 41


@dataclass(frozen=True)
class Left:
    """A message that left, on which day, and to where."""

    at: datetime
    reference: str
    channel: str
    to: str
    body: str

    @cached_property
    def day(self) -> date:
        return self.at.astimezone(ZONE).date()


@dataclass
class Postman:
    """Implements `fleet.chasing.channels.base.Channel`."""

    folder: FolderChannel
    clock: FakeClock
    left: list[Left] = field(default_factory=list)
    tries: int = 0
    failed: int = 0
    unsure: int = 0

    def deliver(self, message: Outgoing) -> None:
        """Every 37th does not leave; every 41st leaves and nobody hears of it."""
        self.tries += 1
        if self.tries % _FAILS_EVERY == 0:
            self.failed += 1
            raise ChannelFailed("The outbox was full.")
        self.folder.deliver(message)
        self.left.append(Left(self.clock(), message.reference, message.channel, message.to, message.body))
        if self.tries % _UNSURE_EVERY == 0:
            self.unsure += 1
            raise ChannelUnsure("The answer never came.")

    def has_left(self, reference: str, channel: str) -> bool | None:
        return self.folder.has_left(reference, channel)

    def lies_there(self, reference: str) -> bool:
        """Whether its file is still in the outbox."""
        return (self.folder.folder / f"{reference}.txt").exists()
