"""Who may pass an app on: the few answers there are, and what each means at the bench."""

from __future__ import annotations

from enum import StrEnum


class Licence(StrEnum):
    """Who may hand an app's file to somebody else. Asked of whoever imports it, and never guessed."""

    OPEN = "open"
    OURS = "ours"
    PERMITTED = "permitted"
    MAKER_ONLY = "maker_only"
    NOT_SAID = "not_said"
    """Imported before anybody was asked."""


ANSWERS = tuple(licence for licence in Licence if licence is not Licence.NOT_SAID)
"""What can be answered at an import."""

WORDS: dict[Licence, str] = {
    Licence.OPEN: "Anybody may pass it on (an open licence)",
    Licence.OURS: "It is our own",
    Licence.PERMITTED: "Its maker has allowed us to pass it on",
    Licence.MAKER_ONLY: "Only its maker may pass it on: downloaded from them, for our own tablets",
    Licence.NOT_SAID: "Nobody has said who may pass it on",
}

LONGEST_NOTE = 500


def note_problem(licence: Licence, note: str) -> str:
    """What is wrong with the note beside an answer; empty when nothing is."""
    if len(note) > LONGEST_NOTE:
        return f"Shorten this to {LONGEST_NOTE} letters."
    if note.strip():
        return ""
    return {
        Licence.OPEN: "Name the licence, for example Apache 2.0.",
        Licence.PERMITTED: "Say who allowed it, and when.",
        Licence.MAKER_ONLY: "Say where it was downloaded from.",
    }.get(licence, "")
