"""How far each email, letter and file of the outbox came, in a file for each day: a mail server takes a message and
cannot be asked for it later, and whoever passes a file on takes it out of its folder.

A line holds our own id for a message and a word, and nothing about anybody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from fleet.chasing.channels.base import ChannelUnsure
from fleet.logs import get_logger

log = get_logger(__name__)


class Step(StrEnum):
    """What a line says. Without any, nothing was handed over."""

    HANDED_OVER = "handed_over"
    TAKEN = "taken"
    REFUSED = "refused"


class JournalShut(Exception):
    """The file cannot be read or written."""


class MailJournal:
    """Writes `mail-<day>.log` under a folder; a reference begins with its day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, reference: str, step: Step) -> None:
        """Add a line; once this returns it is on the disk. Raises `JournalShut`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path(reference), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, f"{reference} {step.value}\n".encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise JournalShut(type(error).__name__) from error

    def note_if_possible(self, reference: str, step: Step) -> None:
        """The same for what is known already, and would only be looked up after a crash."""
        try:
            self.note(reference, step)
        except JournalShut as error:
            log.warning("mail_journal_shut", step=step.value, error=str(error))

    def last(self, reference: str) -> Step | None:
        """How far the message came, by its last whole line. Raises `JournalShut`."""
        try:
            text = self._path(reference).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise JournalShut(type(error).__name__) from error
        found = None
        for line in text.splitlines():
            name, _, word = line.partition(" ")
            if name == reference:
                with suppress(ValueError):
                    found = Step(word)
        return found

    def has_left(self, reference: str, *, lies_there: bool = False) -> bool | None:
        """Whether a message left; None where it was handed over and nobody wrote down what came of it. A file that
        `lies_there` has left. Raises `ChannelUnsure`."""
        try:
            last = self.last(reference)
        except JournalShut as error:
            raise ChannelUnsure("The journal of messages could not be read.") from error
        if lies_there or last is Step.TAKEN:
            return True
        return None if last is Step.HANDED_OVER else False

    @contextmanager
    def told(self, reference: str) -> Iterator[None]:
        """Write down that a file is being written, and how that went. Raises `JournalShut`."""
        self.note(reference, Step.HANDED_OVER)
        try:
            yield
        except Exception:
            self.note_if_possible(reference, Step.REFUSED)
            raise
        self.note_if_possible(reference, Step.TAKEN)

    def _path(self, reference: str) -> Path:
        return self.folder / f"mail-{reference.partition('/')[0]}.log"
