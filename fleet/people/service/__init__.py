"""Keeping the record of a person who borrows: adding, changing, needs, and the two things that stop all contact."""

from fleet.people.service.bringing import Before, bring_in, known_by
from fleet.people.service.contact import note_doubt, record_death, set_opted_out, set_phone_wrong, take_death_back
from fleet.people.service.joining import same_looking, take_over
from fleet.people.service.needs import needs_of, record_needs
from fleet.people.service.records import (
    LOOKS_ALIKE,
    Details,
    Recorded,
    add_person,
    change_person,
    check,
    look_alikes,
    tidied,
)
from fleet.people.service.taking import list_taken, note_taken
from fleet.people.service.viewing import viewed, viewed_all, viewed_within
from fleet.people.service.writer import (
    get_person,
    lock_person,
    note_copied,
    note_equality_asked,
    note_erasure,
    people_by_id,
    refuse_erased,
)

__all__ = [
    "LOOKS_ALIKE",
    "Before",
    "Details",
    "Recorded",
    "add_person",
    "bring_in",
    "change_person",
    "check",
    "get_person",
    "known_by",
    "list_taken",
    "lock_person",
    "look_alikes",
    "needs_of",
    "note_copied",
    "note_doubt",
    "note_equality_asked",
    "note_erasure",
    "note_taken",
    "people_by_id",
    "record_death",
    "record_needs",
    "refuse_erased",
    "same_looking",
    "set_opted_out",
    "set_phone_wrong",
    "take_death_back",
    "take_over",
    "tidied",
    "viewed",
    "viewed_all",
    "viewed_within",
]
