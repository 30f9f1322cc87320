"""What people, other rooms and the clock may ask of the webhooks."""

from __future__ import annotations

from fleet.webhooks.service.delivering import (
    Parcel,
    end,
    failed_count,
    next_parcel,
    send_again,
    sweep,
    told,
)
from fleet.webhooks.service.outbox import DELIVER_JOB, SWEEP_JOB, Facts, tell
from fleet.webhooks.service.setting_up import (
    Wanted,
    add_webhook,
    change_webhook,
    get_webhook,
    ping,
    rekey,
    remove_webhook,
    resume,
    rotate_secret,
    stop,
)

__all__ = [
    "DELIVER_JOB",
    "SWEEP_JOB",
    "Facts",
    "Parcel",
    "Wanted",
    "add_webhook",
    "change_webhook",
    "end",
    "failed_count",
    "get_webhook",
    "next_parcel",
    "ping",
    "rekey",
    "remove_webhook",
    "resume",
    "rotate_secret",
    "send_again",
    "stop",
    "sweep",
    "tell",
    "told",
]
