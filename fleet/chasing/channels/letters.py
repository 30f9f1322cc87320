"""Letters, one a person, in the size of print they read: they wait until somebody prints and posts them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fleet.chasing.channels.base import ChannelFailed, Handed, Outgoing
from labels.errors import LabelError
from labels.letter import Letter, letter_pdf, letters_pdf
from labels.paper.texts import paper_texts


class LetterChannel:
    """Puts a letter into the queue, once it is sure that it can be set. Nothing of it is written to a disk: it is made
    anew when it is printed, of what is known by then."""

    def deliver(self, message: Outgoing) -> Handed:
        try:
            letter_pdf(_letter(message, None))
        except LabelError as error:
            raise ChannelFailed("The letter could not be set: no typeface has it, or a word is too long.") from error
        return Handed.TO_PRINT

    def has_left(self, reference: str, channel: str) -> bool:
        return False


def as_pdf(messages: Iterable[Outgoing], on: date, *, two_sided: bool = False) -> bytes:
    """Letters that are printed together, each with its day. On paper printed on both sides none begins on the back of
    another's. Raises `LabelError` where one cannot be set."""
    return letters_pdf([_letter(each, on) for each in messages], own_sheets=two_sided)


def _letter(message: Outgoing, on: date | None) -> Letter:
    note = f"Wanted as: {message.wanted_as}" if message.wanted_as else ""
    return Letter(
        address=message.address,
        subject=message.subject,
        body=message.body,
        points=message.points,
        reference=" · ".join(filter(None, (message.reference, note))),
        language=message.language,
        rtl=message.rtl,
        dated=paper_texts(message.language).day(on) if on is not None else "",
    )
