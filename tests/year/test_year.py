"""A simulated year of three hubs, of its own clock: each rule and each invariant is looked at on each of its days.

The year is played once; every rule then has a test of its own, which says on which days it was broken, and fails too
when nothing in the year ever put the rule to the test.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.year.days import CLOCKS_GO_BACK, CLOCKS_GO_FORWARD, DAYS, FIRST
from tests.year.fates import Fate
from tests.year.holding import CHECKS, INVARIANTS, RULES
from tests.year.holding.rules import Rule
from tests.year.mutations import MUTATIONS, Mutation, found_after
from tests.year.restoring import BACKUPS
from tests.year.whole import Year

ALL = (*RULES, *INVARIANTS)
by_id = pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
pytestmark = pytest.mark.timeout(1200)  # the first of these tests plays the year


@by_id
def test_the_rule_holds_on_every_day_of_the_year(year: Year, rule: Rule) -> None:
    assert year.broken.get(rule.id, []) == []
    assert [each for each in year.town.wrong if each.startswith(f"{rule.id}:")] == []


@by_id
def test_the_year_put_the_rule_to_the_test(year: Year, rule: Rule) -> None:
    assert [name for name in rule.came_about if year.counted[name] < 1] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.check)
def test_the_check_notices_what_it_is_there_for(year: Year, mutation: Mutation) -> None:
    found = found_after(year, mutation)
    assert mutation.check in found.get(mutation.rule, ()), found
    assert found.keys() <= {mutation.rule, *mutation.also}, found


def test_nothing_is_noticed_where_nothing_was_made_wrong(year: Year) -> None:
    assert found_after(year, None) == {}


def test_every_rule_has_a_check_and_every_check_a_mutation() -> None:
    assert [rule.id for rule in RULES] == [f"R{number}" for number in range(1, 34)]
    assert {rule.id for rule in ALL} == CHECKS.keys()
    checks = {check.__name__ for each in CHECKS.values() for check in each}
    assert {mutation.check for mutation in MUTATIONS} == checks
    assert len(MUTATIONS) == len(checks)


def test_every_rule_names_tests_that_are_there() -> None:
    missing = defaultdict(list)
    for rule in ALL:
        for test in rule.tests:
            file, _, name = test.partition("::")
            page = Path(__file__).parents[2] / file
            if not page.exists() or (name and f"def {name}(" not in page.read_text(encoding="utf-8")):
                missing[rule.id].append(test)
    assert missing == {}


def test_it_was_a_whole_year_of_three_hubs(year: Year) -> None:
    assert year.days[0] == FIRST
    assert len(year.days) == DAYS
    assert {CLOCKS_GO_BACK, CLOCKS_GO_FORWARD} <= set(year.days)
    assert [hub.nation for hub in year.town.hubs] == ["ENG", "ENG", "SCT"]
    assert sum(len(hub.cohorts) for hub in year.town.hubs) == 6
    assert year.counted["tablets"] >= 400
    assert year.counted["loans"] >= 300
    assert year.counted["restores"] == len(BACKUPS)
    assert year.counted["forgotten again"] >= len(BACKUPS)
    assert year.counted["copies tried elsewhere"] == 1
    assert year.fates == set(Fate)
