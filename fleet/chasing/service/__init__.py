"""What a person or a clock can ask of chasing: a tick, a plan, why, holds, calls, and the queue."""

from fleet.chasing.service.holds import lift_hold, place_hold, record_call
from fleet.chasing.service.planning import Planned, day_asked, plan, plan_at
from fleet.chasing.service.queue import Counts, Entry, Queue, Show, counts, queue
from fleet.chasing.service.sending import claim, send
from fleet.chasing.service.telling import why
from fleet.chasing.service.ticking import TICK_JOB, Ticked, outbox, tick, tick_handler

__all__ = [
    "TICK_JOB",
    "Counts",
    "Entry",
    "Planned",
    "Queue",
    "Show",
    "Ticked",
    "claim",
    "counts",
    "day_asked",
    "lift_hold",
    "outbox",
    "place_hold",
    "plan",
    "plan_at",
    "queue",
    "record_call",
    "send",
    "tick",
    "tick_handler",
    "why",
]
