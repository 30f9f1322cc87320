"""How webhooks and their messages are said and shown."""

from __future__ import annotations

from datetime import datetime

from fleet.web.shapes import Shape, StateTag
from fleet.webhooks.models import Webhook
from fleet.webhooks.rules import DeliveryState, Subject

SUBJECT_WORDS: dict[Subject, str] = {
    Subject.TABLET: "Tablets: received, wiped, made ready, lost, given on",
    Subject.LOAN: "Loans: asked for, allocated, handed over, extended, back",
    Subject.SIM: "SIMs and data: reserved, activated, topped up, barred",
    Subject.RUN: "Courier runs: planned, accepted, finished",
    Subject.GATHERING: "Gatherings: proposed, approved, changed, ended",
}
STATES: dict[DeliveryState, StateTag] = {
    DeliveryState.WAITING: StateTag("Waiting", Shape.WAITING),
    DeliveryState.DELIVERED: StateTag("Delivered", Shape.DONE),
    DeliveryState.FAILED: StateTag("Failed", Shape.DANGER),
}


def standing(webhook: Webhook, failed: int, refused: int, now: datetime) -> StateTag:
    """How a webhook is doing, in a word or two. `refused` counts what waits for its next try."""
    if webhook.stopped_at is not None:
        return StateTag("Stopped", Shape.PLAIN)
    if webhook.rests_until is not None and webhook.rests_until > now:
        return StateTag("Not reached", Shape.HANDS)
    if failed:
        return StateTag("Some failed", Shape.HANDS)
    return StateTag("Not taken", Shape.HANDS) if refused else StateTag("On", Shape.DONE)


def kinds_words(kinds: list[str]) -> str:
    """The choices in words, such as "everything about tablets; loan.extend"."""
    return "; ".join(f"everything about {kind.partition('.')[0]}s" if kind.endswith(".*") else kind for kind in kinds)
