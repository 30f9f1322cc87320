"""docs/rules.md: what lending must get right, rule by rule, and which tests hold it; drawn from the simulated year."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.dev.drawing.markdown import page, table
from tests.year.holding.rules import INVARIANTS, RULES, Rule

_BEGINS = """Thirty-three rules, each learnt from what goes wrong elsewhere, and what must always be true of a tablet.

A simulated year ([tests/year](../tests/year)) is played in every run of the tests: three hubs in England and Scotland,
400 tablets of which one hub has too few, six cohorts and 300 loans, both changes of the clocks, closures that come
late, losses, deaths, extensions while others wait, tablets given back at another hub, two backups that come back and
one that is opened elsewhere. At the end of each of its days every rule is asked of the whole database. It has a test of
its own there, `test_the_rule_holds_on_every_day_of_the_year[R1]` and so on; another fails when one of the things that
put the rule to the test ("In the year") never came about, and a third when its check would not notice. The tests named
below hold it by themselves. What each row says is in [holding/rules](../tests/year/holding/rules).

The whole year plays on SQLite, and two weeks of it on PostgreSQL; `python -m tests.year --database postgresql` plays
all of it there."""


def rules_page() -> str:
    """The page."""
    rules, invariants = _table(RULES), _table(INVARIANTS)
    always = "## What is always true of a tablet"
    return page("What lending must get right", _BEGINS, "## The rules of lending", rules, always, invariants)


def _table(rules: Sequence[Rule]) -> str:
    rows = [
        (rule.id, rule.asks, rule.doorstep, _came_about(rule), "<br>".join(map(_linked, rule.tests))) for rule in rules
    ]
    return table(("", "What must hold", "What Doorstep does", "In the year", "Held by"), rows)


def _came_about(rule: Rule) -> str:
    """`refused R6` counts how often somebody asked for what the rule forbids."""
    return ", ".join(
        "what it forbids was refused" if f"refused {rule.id}" == each else each for each in rule.came_about
    )


def _linked(test: str) -> str:
    file, _, name = test.partition("::")
    words = name.removeprefix("test_").replace("_", " ") if name else file.rsplit("/", 1)[-1]
    return f"[{words}](../{file})"
