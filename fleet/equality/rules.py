"""The questions about equality, read from data, and how counts of the answers may be shown. No answer decides
anything: the code that lends cannot read them (docs/decisions/0016)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GROUPS = Path(__file__).parent / "groups.toml"
RATHER_NOT = "rather_not_say"
RATHER_NOT_WORDS = "Rather not say"

HIDDEN_BELOW = 10
"""Office for National Statistics, ad hoc tables: counts below 10 are not shown, others to the nearest 5."""
ROUNDED_TO = 5


@dataclass(frozen=True)
class Option:
    """One answer that may be ticked. `heading` is the group of the list under which it stands."""

    code: str
    words: str
    heading: str = ""


@dataclass(frozen=True)
class Question:
    """One question, with a list of answers for each nation."""

    code: str
    words: str
    lists: Mapping[str, tuple[Option, ...]]

    def options(self, nation: str) -> tuple[Option, ...]:
        """The nation's own list, and "rather not say" after it."""
        return (*self.lists[nation], Option(RATHER_NOT, RATHER_NOT_WORDS))


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order in which it is asked."""
    told = tomllib.loads(GROUPS.read_text(encoding="utf-8"))
    return tuple(
        Question(
            code=each["code"],
            words=each["words"],
            lists={
                nation: tuple(Option(**option) for option in listed["options"])
                for listed in each["list"]
                for nation in listed["nations"]
            },
        )
        for each in told["question"]
    )


def problems(answers: Mapping[str, str], nation: str) -> dict[str, str]:
    """A sentence for each answer that is not on the nation's list. A question may be passed over."""
    known = {question.code: {option.code for option in question.options(nation)} for question in questions()}
    return {
        code: "Choose one of the answers, or none."
        for code, answer in answers.items()
        if code not in known or answer not in known[code]
    }


@dataclass(frozen=True)
class Shown:
    """A count as it may leave the table: `None` where it is too small to be shown."""

    words: str
    number: int | None
    heading: str = ""


def shown(number: int) -> int | None:
    """A count as anybody may see it: rounded, or nothing where it is so small that it could name somebody."""
    if number < HIDDEN_BELOW:
        return None
    return (number + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def counted(question: Question, nation: str, counts: Mapping[str, int]) -> tuple[Shown, ...]:
    """Every answer of a list with its count, those that nobody gave as well: a missing row would tell of a nought."""
    return tuple(
        Shown(option.words, shown(counts.get(option.code, 0)), option.heading) for option in question.options(nation)
    )
