"""What a tablet can be: its stage, its data, who has it, what holds it, and the moves by name."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    EXPECTED = "expected"
    RECEIVED = "received"
    TRIAGED = "triaged"
    REPAIR = "repair"
    AWAITING_WIPE = "awaiting_wipe"
    WIPING = "wiping"
    WIPED = "wiped"
    PROVISIONING = "provisioning"
    PROVISIONED = "provisioned"
    READY = "ready"
    ALLOCATED = "allocated"
    IN_TRANSIT_OUT = "in_transit_out"
    ON_LOAN = "on_loan"
    IN_TRANSIT_BACK = "in_transit_back"
    RETURNED = "returned"
    CLEANED = "cleaned"
    LOST = "lost"
    GIFTED = "gifted"
    RETIRED = "retired"
    AWAITING_RECYCLE = "awaiting_recycle"
    RECYCLED = "recycled"


FINAL = frozenset({Stage.GIFTED, Stage.RECYCLED})
OUTSIDE_THE_HUB = frozenset(
    {Stage.IN_TRANSIT_OUT, Stage.ON_LOAN, Stage.IN_TRANSIT_BACK, Stage.LOST, Stage.GIFTED, Stage.RECYCLED}
)


class DataState(StrEnum):
    """What is known about the data on it. Only a verified wipe with a certificate makes it clean."""

    UNKNOWN = "unknown"
    DIRTY = "dirty"
    WIPED_UNVERIFIED = "wiped_unverified"
    CLEAN = "clean"


class Custody(StrEnum):
    """Who physically holds it."""

    DONOR = "donor"
    HUB = "hub"
    BENCH = "bench"
    COURIER = "courier"
    PARTICIPANT = "participant"
    VENUE = "venue"
    CARRIER = "carrier"
    NOBODY_KNOWS = "nobody_knows"


class HoldKind(StrEnum):
    SAFETY = "safety"
    IDENTITY = "identity"
    DATA = "data"
    FAULT = "fault"
    HYGIENE = "hygiene"
    STOCK_TAKE = "stock_take"


class Grade(StrEnum):
    """A good, B marked, C works with a fault accepted, X unusable."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class Move(StrEnum):
    RECEIVE = "receive"
    UNDO_RECEIVE = "undo_receive"
    TRIAGE = "triage"
    TAKE_TRIAGE_BACK = "take_triage_back"
    SEND_TO_REPAIR = "send_to_repair"
    BACK_FROM_REPAIR = "back_from_repair"
    QUEUE_WIPE = "queue_wipe"
    START_WIPE = "start_wipe"
    RESET_SENT = "reset_sent"
    WIPE_FAILED = "wipe_failed"
    WIPE_PASSED = "wipe_passed"
    START_PROVISION = "start_provision"
    REFRESH = "refresh"
    PROVISION_FAILED = "provision_failed"
    PROVISION_PASSED = "provision_passed"
    MAKE_READY = "make_ready"
    NEEDS_REFRESH = "needs_refresh"
    ALLOCATE = "allocate"
    RELEASE = "release"
    LOAD = "load"
    BACK_UNDELIVERED = "back_undelivered"
    UNDO_BACK_UNDELIVERED = "undo_back_undelivered"
    HAND_OVER = "hand_over"
    HUB_HAND_OVER = "hub_hand_over"
    UNDO_HAND_OVER = "undo_hand_over"
    UNDO_HUB_HAND_OVER = "undo_hub_hand_over"
    COLLECT = "collect"
    UNDO_COLLECT = "undo_collect"
    HAND_IN = "hand_in"
    UNDO_HAND_IN = "undo_hand_in"
    LEAVE_AT_PARTNER = "leave_at_partner"
    HAND_IN_ELSEWHERE = "hand_in_elsewhere"
    ARRIVE_ELSEWHERE = "arrive_elsewhere"
    ARRIVE_BACK = "arrive_back"
    UNDO_ARRIVE_BACK = "undo_arrive_back"
    CLEAN = "clean"
    UNDO_CLEAN = "undo_clean"
    QUEUE_WIPE_AGAIN = "queue_wipe_again"
    LOSE = "lose"
    FIND = "find"
    FIND_ELSEWHERE = "find_elsewhere"
    SEND_HOME = "send_home"
    STAY = "stay"
    GIFT = "gift"
    RETIRE = "retire"
    QUEUE_FINAL_WIPE = "queue_final_wipe"
    FINISH_RETIREMENT = "finish_retirement"
    RELEASE_FOR_RECYCLING = "release_for_recycling"
    RECYCLE = "recycle"
    CAME_ON_LOAN = "came_on_loan"
    CAME_LOST = "came_lost"
    CAME_GIFTED = "came_gifted"
    CAME_RECYCLED = "came_recycled"


KIT_CHECKED = "kit"
"""The kind of a tablet's entry that says its kit was looked through; not a move."""
KIT_COMPLETE = "Kit checked, complete"
"""What that entry says when nothing was missing; otherwise it lists what was, as somebody typed it."""
