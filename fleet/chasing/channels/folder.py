"""A folder on disk as a way out: one text file a message, for a hub whose staff pass them on by their own means."""

from __future__ import annotations

import os
from pathlib import Path

from fleet.chasing.channels.base import ChannelFailed, Outgoing
from fleet.chasing.channels.mail_journal import JournalShut, MailJournal, Step
from fleet.whole_files import write_whole


class FolderChannel:
    """Writes `<day>/<number>.txt` under a folder. A file is there whole or not at all; a journal beside them remembers
    it once somebody has taken it away to pass it on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.journal = folder, MailJournal(folder / "journal")

    def deliver(self, message: Outgoing) -> None:
        path = self._path(message.reference)
        if path.exists():
            return
        try:
            with self.journal.told(message.reference):
                write_whole(path, as_text(message))
        except (OSError, JournalShut) as error:
            raise ChannelFailed(f"The outbox folder could not be written to ({_why(error)}).") from error

    def has_left(self, reference: str, channel: str) -> bool | None:
        if not self.folder.is_dir():
            return False  # nothing was ever written
        return self.journal.has_left(reference, lies_there=self._path(reference).exists())

    def take_back(self, reference: str) -> bool:
        """Delete the file; whether it still lay there."""
        return taken_back(self._path(reference), reference, self.journal)

    def _path(self, reference: str) -> Path:
        return self.folder / f"{reference}.txt"


def taken_back(path: Path, reference: str, journal: MailJournal) -> bool:
    """Delete a file before anybody passes it on; whether it still lay there."""
    lay_there = path.exists()
    path.unlink(missing_ok=True)
    if lay_there:
        journal.note_if_possible(reference, Step.REFUSED)
    return lay_there


def _why(error: OSError | JournalShut) -> str:
    return os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)


def as_text(message: Outgoing) -> str:
    """The file: what to do with the message, an empty line, and the message."""
    head = {
        "Reference": message.reference,
        "Send by": message.channel,
        "To": message.to,
        "Language": message.language,
        "Format": message.print_format,
        "Wanted as": message.wanted_as,
        "Subject": message.subject,
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return "\n".join([*lines, "", message.body, ""])
