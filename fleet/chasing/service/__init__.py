"""What a person or a clock can ask of chasing: a tick, a plan, why, holds, calls, and the queue."""

from fleet.chasing.queries import replies_of_person
from fleet.chasing.service.answering import answer_language, reading_of
from fleet.chasing.service.claiming import claim
from fleet.chasing.service.copying import is_copy, make_known, note_sent
from fleet.chasing.service.deciding import plan, plan_page
from fleet.chasing.service.holds import lift_hold, place_hold, record_call
from fleet.chasing.service.ladders import (
    check_ladder,
    ladder_of,
    ladders_of,
    programmes_with_ladders,
    set_ladder,
    set_words,
)
from fleet.chasing.service.naming import step_names
from fleet.chasing.service.planning import Planned, day_asked, plan_at
from fleet.chasing.service.previewing import Previewed, Words, preview_loans, preview_words
from fleet.chasing.service.queue import Counts, Entry, Queue, Show, counts, queue
from fleet.chasing.service.replies import note_reply, read_reply
from fleet.chasing.service.restoring import Doubt, LookedBack, accept, look_back
from fleet.chasing.service.searches import end_search
from fleet.chasing.service.sending import send
from fleet.chasing.service.telling import Story, why, why_person
from fleet.chasing.service.ticking import TICK_JOB, Ticked, outbox, tick, tick_handler

__all__ = [
    "TICK_JOB",
    "Counts",
    "Doubt",
    "Entry",
    "LookedBack",
    "Planned",
    "Previewed",
    "Queue",
    "Show",
    "Story",
    "Ticked",
    "Words",
    "accept",
    "answer_language",
    "check_ladder",
    "claim",
    "counts",
    "day_asked",
    "end_search",
    "is_copy",
    "ladder_of",
    "ladders_of",
    "lift_hold",
    "look_back",
    "make_known",
    "note_reply",
    "note_sent",
    "outbox",
    "place_hold",
    "plan",
    "plan_at",
    "plan_page",
    "preview_loans",
    "preview_words",
    "programmes_with_ladders",
    "queue",
    "read_reply",
    "reading_of",
    "record_call",
    "replies_of_person",
    "send",
    "set_ladder",
    "set_words",
    "step_names",
    "tick",
    "tick_handler",
    "why",
    "why_person",
]
