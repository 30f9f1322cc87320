"""Letters as PDF files in a folder, one a person, in the size of print they read: somebody prints and posts them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from fleet.chasing.channels.base import ChannelFailed, Outgoing
from labels.errors import LabelError
from labels.letter import Letter, letter_pdf


class LetterChannel:
    """Writes `letters/<day>/<number>.pdf` under a folder. A file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "letters"

    def deliver(self, message: Outgoing) -> None:
        path = self._path(message.reference)
        if path.exists():
            return
        note = f"Wanted as: {message.wanted_as}" if message.wanted_as else ""
        letter = Letter(
            address=message.address,
            subject=message.subject,
            body=message.body,
            points=message.points,
            reference=" · ".join(filter(None, (message.reference, note))),
            language=message.language,
            rtl=message.rtl,
        )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, letter_pdf(letter))
        except OSError as error:
            raise ChannelFailed(
                f"The folder of letters could not be written to ({os.strerror(error.errno or 0)})."
            ) from error
        except LabelError as error:
            raise ChannelFailed("The letter could not be set: no typeface has it, or a word is too long.") from error

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
