"""The words of a borrower's papers, language by language, with whether a reader of that language has looked at them.

The texts are data in texts/; a language counts as missing until it has every line that English has.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from labels.errors import LanguageMissing
from labels.script.bidi import isolated
from labels.script.shaping import Writing


@dataclass(frozen=True)
class DateWords:
    """How a language says days and times. Figures are European everywhere, as they stand on a phone's keys."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    every: tuple[str, ...]
    patterns: Mapping[str, Template]


@dataclass(frozen=True)
class PaperTexts:
    """All that a paper says in one language. `reviewed` is true once a reader whose language it is has looked at it."""

    language: str
    rtl: bool
    reviewed: bool
    words: Mapping[str, Template]
    dates: DateWords

    def say(self, key: str, **values: object) -> str:
        """A line with its values filled in, each in a direction of its own."""
        return self.words[key].substitute({name: isolated(str(value)) for name, value in values.items()})

    def writing(self, *, bold: bool = False) -> Writing:
        return Writing(self.language, self.rtl, bold)

    def day(self, on: date) -> str:
        """Friday 12 June 2026, as this language says it."""
        return self.dates.patterns["date"].substitute(
            weekday=self.dates.days[on.weekday()], day=on.day, month=self.dates.months[on.month - 1], year=on.year
        )

    def near_day(self, on: date) -> str:
        """Friday 12 June: a day that is so near that nobody asks of which year."""
        return self.dates.patterns["near"].substitute(
            weekday=self.dates.days[on.weekday()], day=on.day, month=self.dates.months[on.month - 1]
        )

    def weekly(self, weekday: int, starts_at: time) -> str:
        """Every Tuesday at 10:30 in the morning. `weekday` 0 is Monday."""
        return self.dates.patterns["at"].substitute(every=self.dates.every[weekday], time=self._clock(starts_at))

    def _clock(self, at: time) -> str:
        patterns = self.dates.patterns
        hour = at.hour % 12 or 12
        clock = (
            patterns["minutes"].substitute(hour=hour, minute=f"{at.minute:02d}")
            if at.minute
            else patterns["whole_hour"].substitute(hour=hour)
        )
        return patterns[_part_of_day(at.hour)].substitute(clock=clock)


def _part_of_day(hour: int) -> str:
    for name, until in (("night", 5), ("morning", 12), ("afternoon", 17)):
        if hour < until:
            return name
    return "evening"


@cache
def paper_texts(language: str) -> PaperTexts:
    """Raises LanguageMissing."""
    if language not in languages():
        raise LanguageMissing(
            f"Nothing was printed. There are no papers in the language {language!r} yet. "
            "Print them in English, or wait for the translation."
        )
    return _read(language)


@cache
def languages() -> tuple[str, ...]:
    """The languages that have papers, English first."""
    found = sorted(path.name.removesuffix(".toml") for path in _folder().iterdir() if path.name.endswith(".toml"))
    return ("en", *(name for name in found if name != "en"))


def _folder() -> Traversable:
    return files("labels") / "paper" / "texts"


def _read(language: str) -> PaperTexts:
    data = tomllib.loads((_folder() / f"{language}.toml").read_text(encoding="utf-8"))
    dates = data["dates"]
    listed = {name: tuple(dates.pop(name)) for name in ("days", "months", "every")}
    return PaperTexts(
        language=data["language"],
        rtl=data["direction"] == "rtl",
        reviewed=data["review"]["state"] == "reviewed",
        words={key: Template(text) for key, text in data["words"].items()},
        dates=DateWords(**listed, patterns={key: Template(text) for key, text in dates.items()}),
    )
