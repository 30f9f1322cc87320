"""Every rule and invariant as questions to a whole database: each gives a sentence for whatever breaks it."""

from __future__ import annotations

from tests.year.holding import cards, custody, privacy, reminders, tablets, times
from tests.year.holding.looking import CHECKS, LOGS, Check, Day, Memory
from tests.year.holding.rules import INVARIANTS, RULES

__all__ = ["CHAPTERS", "CHECKS", "INVARIANTS", "LOGS", "RULES", "Check", "Day", "Memory", "look"]

CHAPTERS = (times, reminders, custody, tablets, cards, privacy)


def look(day: Day) -> dict[str, list[str]]:
    """What every check finds on a day; then the day counts as seen."""
    found = {rule: [each for check in checks for each in check(day)] for rule, checks in CHECKS.items()}
    remember(day)
    return {rule: complaints for rule, complaints in found.items() if complaints}


def remember(day: Day) -> None:
    """What is in the logs so far belongs to days that were looked at."""
    for table in LOGS:
        last, count = day.rows(f"SELECT coalesce(max(id), 0), count(*) FROM {table}")[0]
        day.memory.marks[table], day.memory.counts[table] = last, count
