"""Why a record goes, what it waits for before it does, and what is given up of it, column by column. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class WhyErase(StrEnum):
    """Why somebody's record is to go. A code: a sentence about the person would have to go too."""

    ASKED = "asked"
    WITHDREW_CONSENT = "withdrew_consent"
    KEPT_LONG_ENOUGH = "kept_long_enough"


@dataclass(frozen=True)
class Open:
    """What is unfinished about a person: numbers of loans, of courier stops, of what couriers told and nobody settled,
    and of what finders told of a tablet that they had."""

    loans: tuple[int, ...] = ()
    stops: int = 0
    unsettled: int = 0
    sightings: int = 0


def waits_for(found: Open) -> tuple[str, ...]:
    """A sentence for each thing that must end before a record may go; empty when it may (rule R30)."""
    sentences = [f"Loan {number} is still open: have the tablet given back, or end the loan." for number in found.loans]
    if found.stops:
        sentences.append(f"{_times(found.stops, 'courier stop')} at their door still to be done or taken off its run.")
    if found.unsettled:
        sentences.append(f"{_times(found.unsettled, 'thing')} that a courier told still to be settled.")
    if found.sightings:
        many = "A sighting" if found.sightings == 1 else f"{found.sightings} sightings"
        sentences.append(f"{many} of a tablet that they had must still be seen to.")
    return tuple(sentences)


def _times(number: int, noun: str) -> str:
    return f"{number} {noun}{' is' if number == 1 else 's are'}"


NOBODY = {"first_name": "Erased", "last_name": "person"}
"""What stands where a name stood."""

GIVEN_UP: Mapping[str, Mapping[str, Any]] = {
    "person": {
        **NOBODY,
        "birth_year": None,
        "phone": "",
        "phone_wrong_on": None,
        "email": "",
        "address_line_1": "",
        "address_line_2": "",
        "town": "",
        "postcode": "",
        "door_note": "",
        "language_spoken": "und",
        "language_read": "und",
        "interpreter": False,
        "channel": "letter",
        "print_format": "print_14",
        "household": None,
        "apps_used": [],
        "needs_asked": False,
        "opted_out": True,
        "deceased_on": None,
        "reference": "",
    },
    "loan": {
        "doorstep_phrase": "",
        "kit_missing": "",
        "safe_at_home": None,
        "stop_reason": None,
        "lost_reference": "",
    },
    "loan_due_version": {"reason": ""},
    "return_claim": {"note": ""},
    "loan_event": {"reason": "", "details": {}},
    "second_look": {"reason": "", "reference": ""},
    "delivery_job": {"doorstep_phrase": ""},
    "courier_run_event": {"reason": ""},
    "scan": {"settle_reason": ""},
    "chase": {"note": "", "language": ""},
}
"""Table and column, and what stands there afterwards. `und` is BCP 47 for a language that nobody has recorded."""

DELETED = ("person_need", "chase_hold", "chase_language", "chase_reply", "loan_language_answer")
"""Rows that say something about somebody's health or life and about nothing else."""

KEPT: Mapping[str, Mapping[str, str]] = {
    "person": {"area": "the first half of a postcode, for figures with small numbers hidden"},
    "person_event": {
        "words": "which fields changed, never what to",
        **dict.fromkeys(("client_id", "kind", "actor_name", "role", "source"), "who did what, of our own people"),
    },
    "person_view": dict.fromkeys(("user_name", "role"), "which of our own people looked"),
    "loan": {
        **dict.fromkeys(("barriers", "condition"), "codes, for figures"),
        "gift_authority": "which of our own people allowed a gift",
    },
    "loan_due_version": {"actor_name": "which of our own people set a due date"},
    "return_claim": dict.fromkeys(("made_by", "settled_by"), "which of our own people looked for the tablet"),
    "venue_custodian": {"actor_name": "which of our own people wrote down who looks after the tablets"},
    "loan_event": {
        "words": "what happened to the tablet, in our own words",
        **dict.fromkeys(("client_id", "kind", "actor_name", "role", "source"), "who did what, of our own people"),
    },
    "second_look": dict.fromkeys(
        ("asked_by", "asked_role", "decided_by"), "which two of our own people agreed to something"
    ),
    "courier_run_event": {
        "words": "what happened to a run, in our own words",
        **dict.fromkeys(("kind", "actor_name", "role", "source"), "who did what, of our own people"),
    },
    "scan": {
        "details": "closed answers; a signature is taken out of them",
        **dict.fromkeys(("code", "reason", "sentence"), "about a label, for the chain of custody"),
        **dict.fromkeys(("client_id", "courier_name", "source", "settled_by"), "who did what, of our own people"),
    },
    "chase": dict.fromkeys(("rung", "channel", "reference"), "that a message went, not what it said or where to"),
    "loan_agreement": dict.fromkeys(
        ("language", "source", "title", "lead", "terms", "accept", "digest", "tablet_code"),
        "words that name nobody, frozen by the database once they were accepted",
    ),
    "usage_reading": dict.fromkeys(("source", "recorded_by"), "which of our own people wrote a figure down"),
    "chase_letter": dict.fromkeys(("print_ref", "printed_by", "posted_by"), "who printed and posted it, of our people"),
    "chase_call": dict.fromkeys(("actor_name", "role", "client_id"), "who rang, of our own people"),
}
"""Words that stay, and why they may. Numbers, days and codes of our own stay where nothing above gives them up."""
