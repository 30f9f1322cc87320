"""What the sections and columns of a person's own copy are called, and why a record may be erased, in plain words."""

from __future__ import annotations

from fleet.privacy.rules import WhyErase

WHY_WORDS: dict[WhyErase, str] = {
    WhyErase.ASKED: "The person asked for it",
    WhyErase.WITHDREW_CONSENT: "They took back their consent",
    WhyErase.KEPT_LONG_ENOUGH: "It has been kept for long enough",
}

SECTION_WORDS: dict[str, str] = {
    "person": "Who you are, and how to reach you",
    "person_need": "What you need of us",
    "person_event": "What was done with your record",
    "person_view": "Who looked at your record",
    "loan": "What you asked for and borrowed",
    "venue_loan": "Tablets you look after at a place",
    "loan_tablet": "Tablets you had",
    "loan_sim": "SIM cards you had",
    "venue_custodian": "Since when you look after them",
    "loan_due_version": "When each tablet was to come back",
    "loan_event": "What happened to each loan",
    "return_claim": "When you told us that you gave it back",
    "loan_gathering": "Gatherings chosen for you",
    "loan_set_up": "Tablets made ready for you",
    "second_look": "What two of us had to agree to",
    "delivery_job": "Visits to your door",
    "courier_run_event": "How visits were planned",
    "scan": "What couriers told of their visits",
    "chase": "Messages and reminders",
    "chase_letter": "Letters that were printed and posted",
    "chase_call": "Calls that were made",
    "chase_hold": "When we left you in peace",
    "chase_language": "In which language we write to you",
    "chase_reply": "What you answered",
    "loan_agreement": "What you agreed to",
    "loan_language_answer": "What we did where a paper was missing in your language",
    "data_bundle": "Data that was granted to you",
    "data_top_up": "More data that was added",
    "sim_use": "When you had that data",
    "usage_reading": "How much of that data was used",
    "sim": "The cards you had, with their numbers",
    "tablet_sighting": "Where somebody said that your tablet was",
    "tablet_hold": "What kept your tablet from being lent",
    "tablet_event": "What was written about your tablet while you had it",
    "sim_event": "What was written about your card while you had it",
    "erasure": "Whether your record is to be erased",
    "message": "Messages that are still here, word for word",
    "equality": "What you chose to say about equality",
}
COLUMN_WORDS: dict[str, str] = {
    "id": "Number",
    "at": "When",
    "actor_name": "Who did it",
    "role": "As what",
    "words": "What",
    "client_at": "When, by their own clock",
    "user_name": "Who",
    "first_at": "First at",
    "day": "Day",
    "share_with": "Shared with",
    "review_on": "Ask again by",
    "area": "First half of the postcode",
    "door_note": "How to get to the door",
    "opted_out": "Wants no automatic messages",
    "iccid": "Number on the card",
    "lift_reason": "How it was settled",
    "asked_by": "Who decided it",
    "deceased_on": "Died on",
}
LEFT_OUT = frozenset({"client_id", "actor_id", "user_id", "clock_offset_ms", "sequence"})
"""Numbers that mean something to the software alone."""


def section_words(table: str) -> str:
    """A table as a heading; one that nobody has found words for is called by its name."""
    return SECTION_WORDS.get(table, table.replace("_", " ").capitalize())


def column_words(column: str) -> str:
    return COLUMN_WORDS.get(column, column.removesuffix("_id").replace("_", " ").capitalize())
