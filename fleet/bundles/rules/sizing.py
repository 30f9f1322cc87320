"""How much data somebody needs in a month, as arithmetic that can be shown to whoever pays for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fleet.bundles.rules.data import MB_PER_GB, gigabytes


class Quality(StrEnum):
    """How sharp the picture of a group video call is."""

    P480 = "480p"
    P720 = "720p"
    P1080 = "1080p"


@dataclass(frozen=True)
class Rate:
    """What an hour of a group video call takes, sent and received together."""

    quality: Quality
    words: str
    mb_per_hour: int


QUALITIES = (
    Rate(Quality.P480, "Plain: faces can be told apart (480p)", 810),
    Rate(Quality.P720, "Clear: lips and hands can be read (720p)", 1350),
    Rate(Quality.P1080, "Sharp: for signing or a large screen (1080p)", 2400),
)
SOURCE = (
    "0.81, 1.35 and 2.4 GB an hour: what trade pages measured for group calls on Zoom (whistleout, HighSpeedInternet)."
)
"""Trade pages, not a standard: compare them with your own readings once there are some."""

BESIDES_MB = 2 * MB_PER_GB
"""Our own assumption for a month: app and system updates over mobile data, the web, messages with pictures."""
MARGIN_PERCENT = 10
"""Our own assumption: meetings run over."""
WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12
_BY_QUALITY = {rate.quality: rate for rate in QUALITIES}


@dataclass(frozen=True)
class Advice:
    """How much is needed a month, and each line of the sum."""

    mb: int
    lines: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        return f"{gigabytes(self.mb)} a month"


def advise(gatherings_a_week: int, minutes_each: int, quality: Quality) -> Advice:
    """What these gatherings need, with what else a tablet does, and a margin."""
    rate = _BY_QUALITY[quality]
    calls = _rounded(
        gatherings_a_week * minutes_each * rate.mb_per_hour * WEEKS_A_YEAR,
        60 * MONTHS_A_YEAR,
    )
    margin = _rounded((calls + BESIDES_MB) * MARGIN_PERCENT, 100)
    hour = f"{rate.mb_per_hour / MB_PER_GB:g} GB an hour"
    sum_words = f"{gatherings_a_week} a week × {minutes_each} minutes × {hour} × {WEEKS_A_YEAR}/{MONTHS_A_YEAR} weeks"
    return Advice(
        calls + BESIDES_MB + margin,
        (
            (f"Video calls: {sum_words}", gigabytes(calls)),
            ("Updates, the web, messages (our assumption)", gigabytes(BESIDES_MB)),
            (f"{MARGIN_PERCENT} % over, because meetings run over (our assumption)", gigabytes(margin)),
        ),
    )


def _rounded(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)
