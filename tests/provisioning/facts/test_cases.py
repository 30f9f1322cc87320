"""Runs every recorded answer: what a tablet printed (`<fact>/<name>.txt`) beside what it means (`<name>.json`).

A new case is two files and no Python. ``{"unreadable": "words"}`` wants a refusal whose reason has those words.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioning.errors import FactUnreadable
from provisioning.facts.catalogue import ALL, fact_named
from provisioning.facts.plain import from_plain, to_plain

HERE = Path(__file__).parent
CASES = sorted(HERE.rglob("*.txt"))


def named(case: Path) -> str:
    return case.relative_to(HERE).with_suffix("").as_posix()


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_tablets_answer_means_what_its_case_says(case: Path) -> None:
    fact = fact_named(case.parent.relative_to(HERE).as_posix())
    wanted = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    answer = case.read_bytes().decode()
    if set(wanted) == {"unreadable"}:
        with pytest.raises(FactUnreadable) as refusal:
            fact.parse(answer)
        assert wanted["unreadable"] in refusal.value.why
        return
    value = fact.parse(answer)
    assert to_plain(value) == wanted
    assert from_plain(fact.kind, to_plain(value)) == value


@pytest.mark.parametrize("fact", [fact.name for fact in ALL])
def test_every_fact_has_at_least_three_recorded_answers(fact: str) -> None:
    assert len(list((HERE / fact).glob("*.txt"))) >= 3


@pytest.mark.parametrize("case", CASES, ids=named)
def test_no_answer_is_taken_for_another_when_it_is_empty(case: Path) -> None:
    """An empty answer is a lost one, except where an empty list is what Android prints for “none”."""
    fact = fact_named(case.parent.relative_to(HERE).as_posix())
    if fact.name in {"third_party_apps", "disabled_packages"}:
        assert to_plain(fact.parse("")) in ({"apps": []}, {"names": []})
        return
    with pytest.raises(FactUnreadable):
        fact.parse("")
