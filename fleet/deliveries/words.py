"""How runs, jobs and scans are said: a word and a shape for each, and the sentences a courier is answered with."""

from __future__ import annotations

from collections.abc import Mapping

from fleet.bundles.rules import SimKind
from fleet.deliveries.rules import (
    Action,
    Answer,
    Face,
    FailReason,
    JobEnd,
    JobKind,
    JobState,
    KitPart,
    RunState,
    Tick,
    Vehicle,
)
from fleet.loans.rules import HandedTo, LoanState
from fleet.loans.service import Condition
from fleet.web.shapes import Shape, StateTag

RUN_TAGS: dict[RunState, StateTag] = {
    RunState.PLANNED: StateTag("Being planned", Shape.WAITING),
    RunState.OFFERED: StateTag("Offered", Shape.WAITING),
    RunState.ACCEPTED: StateTag("Accepted", Shape.WORKING),
    RunState.DONE: StateTag("Done", Shape.DONE),
}
JOB_TAGS: dict[JobState, StateTag] = {
    JobState.PLANNED: StateTag("Planned", Shape.WAITING),
    JobState.OFFERED: StateTag("Offered", Shape.WAITING),
    JobState.ACCEPTED: StateTag("To do", Shape.WAITING),
    JobState.LOADED: StateTag("With the courier", Shape.WORKING),
    JobState.HANDED_OVER: StateTag("Handed over", Shape.DONE),
    JobState.COLLECTED: StateTag("Collected", Shape.WORKING),
    JobState.DROPPED: StateTag("Left at a partner's place", Shape.DONE),
    JobState.SWAPPED: StateTag("Swapped", Shape.WORKING),
    JobState.FAILED: StateTag("Not done", Shape.HANDS),
    JobState.CLOSED: StateTag("Closed", Shape.PLAIN),
}
END_TAGS: dict[JobEnd, StateTag] = {
    JobEnd.HANDED_OVER: StateTag("Handed over", Shape.DONE),
    JobEnd.COLLECTED: StateTag("Collected, back at the hub", Shape.DONE),
    JobEnd.SWAPPED: StateTag("Swapped, back at the hub", Shape.DONE),
    JobEnd.BROUGHT_HOME: StateTag("Brought home", Shape.DONE),
    JobEnd.BACK_AT_HUB: StateTag("Back at the hub", Shape.HANDS),
    JobEnd.NOT_DONE: StateTag("Not done", Shape.HANDS),
    JobEnd.TAKEN_OFF: StateTag("Taken off the run", Shape.PLAIN),
}
ANSWER_TAGS: dict[Answer, StateTag] = {
    Answer.APPLIED: StateTag("Done", Shape.DONE),
    Answer.ALREADY: StateTag("Known already", Shape.PLAIN),
    Answer.CONFLICT: StateTag("Needs a look", Shape.HANDS),
    Answer.REFUSED: StateTag("Refused", Shape.DANGER),
}
WAITING_WORDS: dict[LoanState, str] = {
    LoanState.ALLOCATED: "Deliver to",
    LoanState.RETURN_ARRANGED: "Collect from",
    LoanState.ACTIVE: "Swap with",
}
"""What is to be done for a loan that waits for a courier."""
KIND_WORDS: dict[JobKind, str] = {
    JobKind.DELIVER: "Deliver",
    JobKind.COLLECT: "Collect",
    JobKind.SWAP: "Swap",
    JobKind.HOME: "Bring home",
}
VEHICLE_WORDS: dict[Vehicle, str] = {Vehicle.FOOT: "On foot", Vehicle.BIKE: "By bike", Vehicle.CAR: "By car"}
ACTION_WORDS: dict[Action, str] = {
    Action.LOAD: "Loaded",
    Action.HAND_OVER: "Handed over",
    Action.COLLECT: "Collected",
    Action.FAILED: "Could not be done",
    Action.BACK_AT_HUB: "Back at the hub",
    Action.HAND_IN: "Handed in",
    Action.DROP: "Left at a partner's place",
    Action.SWAP: "Swapped",
    Action.HAZARD: "Hot, swollen or leaking",
}
FAIL_WORDS: dict[FailReason, str] = {
    FailReason.NO_ANSWER: "Nobody answered",
    FailReason.REFUSED: "They did not want it today",
    FailReason.WRONG_ADDRESS: "The address was not right",
    FailReason.NOT_SAFE: "It did not feel safe",
    FailReason.NOT_WELL: "They are not well",
    FailReason.TABLET_FAULT: "Something is wrong with the tablet",
    FailReason.OUT_OF_TIME: "I ran out of time",
}
SIM = "sim_in_tray"
"""What a swap must say of the SIM, where there is one (rule R17)."""
NEEDED: dict[Action, tuple[tuple[str, str, str], ...]] = {
    Action.HAND_OVER: (
        ("phrase_heard", "phrase_needed", "Ask for the agreed word first. If they do not know it, ring the hub."),
        ("handed_to", "handed_to_needed", "Say who took it: the person, somebody who lives there, a carer."),
        ("agreed", "agreement_needed", "Read the agreement to them and tick that they accept it."),
    ),
    Action.SWAP: (
        ("phrase_heard", "phrase_needed", "Ask for the agreed word first. If they do not know it, ring the hub."),
        ("second_code", "second_code_needed", "Scan the one that stays too."),
        ("handed_to", "handed_to_needed", "Say who took it: the person, somebody who lives there, a carer."),
        (SIM, "sim_needed", "Look where their SIM is, and say."),
    ),
    Action.DROP: (("place", "place_needed", "Say at whose place you leave it."),),
    Action.FAILED: (("reason", "reason_needed", "Say why it could not be done."),),
}
"""What a fact must say before it can count: the answer's name, the reason code without it, and the sentence."""
_TICKED_AS = {"agreed": "agreement_accepted"}
NEEDED_WORDS = {
    action.value: {_TICKED_AS.get(name, name): sentence for name, _, sentence in rows}
    for action, rows in NEEDED.items()
}
"""The same for a phone, which says it at the door without asking the hub."""


def needed_words(*, has_sim: bool) -> Mapping[str, Mapping[str, str]]:
    """As `NEEDED_WORDS`, without what cannot be said of a loan that has no SIM."""
    if has_sim:
        return NEEDED_WORDS
    return {action: {name: said for name, said in rows.items() if name != SIM} for action, rows in NEEDED_WORDS.items()}


HANDED_TO_WORDS: dict[HandedTo, str] = {
    HandedTo.PARTICIPANT: "The person who borrows it",
    HandedTo.HOUSEHOLD_MEMBER: "Somebody who lives there",
    HandedTo.CARER: "A carer",
    HandedTo.VENUE_LEAD: "Whoever runs the place",
}
TICK_WORDS: dict[Tick, str] = {
    Tick.TURNED_ON: "Turned it on",
    Tick.CHARGING: "Put it on to charge",
    Tick.JOINED: "Joined a gathering",
    Tick.KNOWS_HELP_NUMBER: "Knows the help number",
}
KIT_WORDS: dict[KitPart, str] = {
    KitPart.CHARGER: "Charger",
    KitPart.CABLE: "Cable",
    KitPart.CASE: "Case",
    KitPart.GUIDE: "Guide",
}
CONDITION_WORDS: dict[Condition, str] = {
    Condition.GOOD: "Good",
    Condition.WORN: "Scratched or worn",
    Condition.DAMAGED: "Damaged",
    Condition.NOT_WORKING: "Does not work",
}
FACE_WORDS: dict[Face, str] = {Face.GOOD: "Good", Face.MIDDLING: "So-so", Face.BAD: "Not good"}
HAZARD_WORDS = "Do not carry it. Put it down outside, away from anything that burns."
"""What somebody with a bad battery in the hand has to know before all else."""
KIT = ("tablet", "charger", "cable", "case", "guide")
"""What is handed over together."""
_BESIDE: dict[tuple[JobKind, SimKind], str] = {
    (JobKind.DELIVER, SimKind.MIFI): "MiFi",
    (JobKind.DELIVER, SimKind.VOUCHER): "data voucher",
    (JobKind.COLLECT, SimKind.MIFI): "MiFi",
}


LOOKED_FOR: dict[JobKind, tuple[SimKind, ...]] = {
    JobKind.SWAP: (SimKind.SIM, SimKind.ESIM),
    JobKind.COLLECT: (SimKind.SIM,),
}
"""Where a courier says whether the SIM is in the tablet: of a swap also whether an eSIM stays behind in it."""


def kit_words(kind: JobKind, carrier: SimKind | None) -> tuple[str, ...]:
    """What goes with the tablet: the kit, and what carries its data where that is not in the tablet."""
    beside = _BESIDE.get((kind, carrier)) if carrier is not None else None
    return KIT if beside is None else (*KIT, beside)


def job_tag(state: JobState, ended: JobEnd | None) -> StateTag:
    """A closed job is said by what became of it."""
    return END_TAGS[ended] if state is JobState.CLOSED and ended is not None else JOB_TAGS[state]
