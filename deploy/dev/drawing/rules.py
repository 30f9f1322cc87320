"""docs/rules.md: what lending must get right, rule by rule, and which tests hold it; drawn from the simulated year."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.dev.drawing.markdown import page, table
from tests.year.holding.rules import INVARIANTS, RULES, Rule

_BEGINS = """Thirty-three rules, each learnt from what goes wrong elsewhere, and what must always be true of a tablet.

A simulated year ([tests/year](../tests/year)) is played in every run of the tests: three hubs in England and Scotland,
400 tablets, six cohorts, both changes of the clocks, closures that come late, losses, deaths, extensions, a backup that
comes back. At the end of each of its days every rule is asked of the whole database. It has a test of its own there,
`test_the_rule_holds_on_every_day_of_the_year[R1]` and so on; another fails when nothing in the year put the rule to the
test, and a third when its check would not notice. The tests named below hold it by themselves. What each row says is
in [holding/rules](../tests/year/holding/rules)."""


def rules_page() -> str:
    """The page."""
    rules, invariants = _table(RULES), _table(INVARIANTS)
    always = "## What is always true of a tablet"
    return page("What lending must get right", _BEGINS, "## The rules of lending", rules, always, invariants)


def _table(rules: Sequence[Rule]) -> str:
    rows = [(rule.id, rule.asks, rule.doorstep, "<br>".join(map(_linked, rule.tests))) for rule in rules]
    return table(("", "What must hold", "What Doorstep does", "Held by"), rows)


def _linked(test: str) -> str:
    file, _, name = test.partition("::")
    words = name.removeprefix("test_").replace("_", " ") if name else file.rsplit("/", 1)[-1]
    return f"[{words}](../{file})"
