"""How intake says where a known tablet stands, and what to do with it."""

from __future__ import annotations

from fleet.intake.rules import Answer, BatteryLook, Route, StolenResult
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import Gone
from fleet.tablets.words import left_words, stage_words
from provisioning.health.suggestion import Confidence

BATTERY_WORDS: dict[BatteryLook, str] = {
    BatteryLook.OK: "Flat and cool",
    BatteryLook.SWOLLEN: "Swollen, or the screen is lifting",
    BatteryLook.HOT: "Hot",
    BatteryLook.LEAKING: "Leaking",
}

ANSWER_WORDS: dict[Answer, str] = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Cannot tell"}

ROUTE_WORDS: dict[Route, str] = {
    Route.USABLE: "Usable: wipe it and lend it",
    Route.REPAIR: "Repair it first",
    Route.PARTS: "Keep it for parts",
    Route.RECYCLE: "Recycle it",
}

CONFIDENCE_WORDS: dict[Confidence, str] = {
    Confidence.HIGH: "Everything that counts could be read.",
    Confidence.MEDIUM: "One or two things could not be read.",
    Confidence.LOW: "Much could not be read, so lean on your own eyes.",
}

STOLEN_WORDS: dict[StolenResult, str] = {
    StolenResult.CLEAR: "Clear",
    StolenResult.HIT: "Found in the register",
    StolenResult.WAIVED: "Waived by a coordinator",
}

SAFETY_WORDS = ("Do not charge it.", "Do not carry it or post it.")
"""The two sentences everybody sees when a tablet may be dangerous."""

_WHAT_TO_DO: dict[Stage, str] = {
    Stage.LOST: "It was recorded as lost and has come back: open it and press “Found”.",
    Stage.ON_LOAN: "It has come back from a loan: open the loan and hand it in there.",
    Stage.IN_TRANSIT_BACK: "It has come back from a loan: open its delivery and record that it arrived.",
    Stage.GIFTED: "It was given away for good. Keep it apart, and tell a coordinator that it is here.",
    Stage.RECYCLED: "It should have been recycled. Keep it apart, and tell a coordinator that it is here.",
    Stage.IN_TRANSIT_OUT: "It was on its way out: open its delivery and record that it came back.",
}


def gone_words(gone: Gone) -> str:
    """What is said beside a tablet that is booked in with the serial of one that left for good."""
    return (
        f"Tablet {gone.tablet.id} with this serial {left_words(gone.tablet.stage, gone.at)}. If this is that one, "
        "tell a coordinator that it came back."
    )


def where_it_is(tablet: Tablet) -> tuple[str, str]:
    """Where a tablet stands, and what to do when it turns up at the intake table."""
    usual = (
        "If it is the same tablet, open that one; nothing needs booking in. If a maker used a serial twice, "
        "add a note that tells the two apart."
    )
    return stage_words(tablet.stage).lower(), _WHAT_TO_DO.get(tablet.stage, usual)
