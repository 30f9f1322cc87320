"""How the forecast is said: why tablets will not be there, in words that name what can be done."""

from __future__ import annotations

from datetime import date

from fleet.planning.rules.forecast import Forecast, Reason

REASON_WORDS: dict[Reason, str] = {
    Reason.OVERDUE: "overdue",
    Reason.STOPPED: "with somebody nobody is to ask",
    Reason.BACK_TOO_LATE: "back too late to be ready",
    Reason.OFTEN_LATE: "likely to come back late",
    Reason.OFTEN_BROKEN: "likely to need repair",
    Reason.NOT_READY_IN_TIME: "at the hub, but not ready by then",
    Reason.REPAIR: "in repair",
    Reason.HELD: "held back",
    Reason.LOST: "lost",
    Reason.RETIRING: "to be retired",
    Reason.NOT_HERE_YET: "expected, and not here yet",
    Reason.PROMISED: "promised to people who wait already",
    Reason.EARLIER_COHORT: "with an earlier cohort by then",
}
REASON_HELP: dict[Reason, str] = {
    Reason.OVERDUE: "Ring them, or arrange to fetch the tablets.",
    Reason.STOPPED: "Their contact was stopped; the tablets are fetched by arrangement.",
    Reason.BACK_TOO_LATE: "Their due date and the days to make them ready go beyond the first day.",
    Reason.OFTEN_LATE: "So many of the last returns came after their due date.",
    Reason.OFTEN_BROKEN: "So many of the last returns were damaged or did not work.",
    Reason.NOT_READY_IN_TIME: "The bench is not through with them by then.",
    Reason.REPAIR: "They count once they are back from repair.",
    Reason.HELD: "They count once their hold is lifted.",
    Reason.LOST: "They count once they are found.",
    Reason.RETIRING: "They leave the fleet.",
    Reason.NOT_HERE_YET: "They count once they are received.",
    Reason.PROMISED: "They are approved and belong to no cohort that is still to begin.",
    Reason.EARLIER_COHORT: "They come back after this one begins.",
}
REASON_PLACES: dict[Reason, str] = {
    Reason.OVERDUE: "/chasing?show=late",
    Reason.STOPPED: "/loans?stopped=yes",
    Reason.BACK_TOO_LATE: "/loans?open=yes&sort=due",
    Reason.NOT_READY_IN_TIME: "/bench",
    Reason.REPAIR: "/tablets?stage=repair",
    Reason.HELD: "/tablets?held=yes",
    Reason.LOST: "/tablets?stage=lost",
    Reason.NOT_HERE_YET: "/tablets?stage=expected",
    Reason.PROMISED: "/loans?state=approved",
}
"""Where somebody can do something about it."""


def outlook(forecast: Forecast) -> str:
    """Short by 3 on Monday 4 October: 2 overdue, 1 in repair."""
    day = day_words(forecast.day)
    if not forecast.short:
        spare = f", and {forecast.spare} to spare" if forecast.spare else ""
        return f"Enough on {day}{spare}."
    why = ", ".join(f"{each.count} {REASON_WORDS[each.reason]}" for each in forecast.reasons)
    return f"Short by {forecast.short} on {day}{f': {why}' if why else ', and no more tablets are there'}."


def day_words(day: date) -> str:
    """Monday 5 October 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def day_short(day: date) -> str:
    """Mon 5 Oct."""
    return f"{day:%a} {day.day} {day:%b}"
