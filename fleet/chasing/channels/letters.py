"""Letters as PDF files in a folder, one a person, in the size of print they read: somebody prints and posts them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from fleet.chasing.channels.base import ChannelFailed, Outgoing
from labels.errors import TextNotPrintable
from labels.letter import Letter, letter_pdf

POINTS = {"print_14": 14, "print_18": 18, "print_24": 24}
PLAIN_POINTS = 18
"""For those who read easy read, Braille or by ear: somebody makes that from the letter, or reads it to them."""


class LetterChannel:
    """Writes `letters/<day>/<number>.pdf` under a folder. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "letters"

    def deliver(self, message: Outgoing) -> None:
        path = self._path(message.reference)
        if path.exists():
            return
        note = "" if message.print_format in POINTS else f"Wanted as: {message.print_format.replace('_', ' ')}"
        letter = Letter(
            address=tuple(part.strip() for part in message.to.split(",")),
            subject=message.subject,
            body=message.body,
            points=POINTS.get(message.print_format, PLAIN_POINTS),
            reference=" · ".join(filter(None, (message.reference, note))),
            language=message.language,
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, letter_pdf(letter))
        except OSError as error:
            raise ChannelFailed(
                f"The folder of letters could not be written to ({os.strerror(error.errno or 0)})."
            ) from error
        except TextNotPrintable as error:
            raise ChannelFailed("The letter could not be set: its typeface has not all of the letters.") from error

    def has_left(self, reference: str, channel: str) -> bool:
        return self._path(reference).exists()

    def take_back(self, reference: str) -> bool:
        """Delete the file; whether it still lay there."""
        path = self._path(reference)
        lay_there = path.exists()
        path.unlink(missing_ok=True)
        return lay_there

    def _path(self, reference: str) -> Path:
        return self.folder / f"{reference}.pdf"


def _write_whole(path: Path, data: bytes) -> None:
    handle, staged = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(staged).replace(path)
    except OSError:
        Path(staged).unlink(missing_ok=True)
        raise
