"""What a person or a clock can ask of chasing: a tick, a plan, why, holds, calls, and the queue."""

from fleet.chasing.channels.half_set import HalfSet, half_set
from fleet.chasing.queries import replies_of_person
from fleet.chasing.service.answering import answer_language, reading_of
from fleet.chasing.service.claiming import claim
from fleet.chasing.service.copying import SendingState, is_copy, make_known, note_sent, sending_state
from fleet.chasing.service.dry_run import Done, DryRun, dry_run
from fleet.chasing.service.holds import lift_hold, place_hold, record_call
from fleet.chasing.service.ladders import (
    check_ladder,
    ladder_of,
    ladders_of,
    programmes_with_ladders,
    set_ladder,
    set_words,
)
from fleet.chasing.service.letters import (
    MOST_AT_ONCE,
    KeptBack,
    Letter,
    Posted,
    Printed,
    letter_of,
    letter_paper,
    letters_of,
    make_letter,
    may_make_letter,
    papers_together,
    people_in,
    post_letters,
    print_letters,
    pull_out,
)
from fleet.chasing.service.naming import step_names
from fleet.chasing.service.placing import Show
from fleet.chasing.service.planning import Planned, day_asked, plan_at
from fleet.chasing.service.previewing import Previewed, Words, preview_loans, preview_words
from fleet.chasing.service.queue import Counts, Entry, Queue, counts, queue
from fleet.chasing.service.replies import note_reply, read_reply
from fleet.chasing.service.restoring import Doubt, LookedBack, accept, look_back
from fleet.chasing.service.searches import end_search
from fleet.chasing.service.sending import send
from fleet.chasing.service.settling import withdraw_for
from fleet.chasing.service.telling import Story, first_step, why, why_person
from fleet.chasing.service.ticking import (
    TICK_JOB,
    Ticked,
    ask_to_go_on,
    outbox,
    say_what_is_half_set,
    tick,
    tick_handler,
)
from fleet.chasing.service.together import record_call_about, with_others
from fleet.chasing.service.traces import Traces, traces

__all__ = [
    "MOST_AT_ONCE",
    "TICK_JOB",
    "Counts",
    "Done",
    "Doubt",
    "DryRun",
    "Entry",
    "HalfSet",
    "KeptBack",
    "Letter",
    "LookedBack",
    "Planned",
    "Posted",
    "Previewed",
    "Printed",
    "Queue",
    "SendingState",
    "Show",
    "Story",
    "Ticked",
    "Traces",
    "Words",
    "accept",
    "answer_language",
    "ask_to_go_on",
    "check_ladder",
    "claim",
    "counts",
    "day_asked",
    "dry_run",
    "end_search",
    "first_step",
    "half_set",
    "is_copy",
    "ladder_of",
    "ladders_of",
    "letter_of",
    "letter_paper",
    "letters_of",
    "lift_hold",
    "look_back",
    "make_known",
    "make_letter",
    "may_make_letter",
    "note_reply",
    "note_sent",
    "outbox",
    "papers_together",
    "people_in",
    "place_hold",
    "plan_at",
    "post_letters",
    "preview_loans",
    "preview_words",
    "print_letters",
    "programmes_with_ladders",
    "pull_out",
    "queue",
    "read_reply",
    "reading_of",
    "record_call",
    "record_call_about",
    "replies_of_person",
    "say_what_is_half_set",
    "send",
    "sending_state",
    "set_ladder",
    "set_words",
    "step_names",
    "tick",
    "tick_handler",
    "traces",
    "why",
    "why_person",
    "with_others",
    "withdraw_for",
]
