"""Every noun of the API can be listed a page at a time, seen by its number, made and changed, as docs/api.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.fleet.users.walking import doors

API = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|$", API, re.MULTILINE)
"""noun, filters, made by, changed by, and what else may be asked of one."""


@pytest.fixture(scope="module")
def offered(routes: FastAPI) -> set[str]:
    """Such as "GET people/{}"."""
    found = set()
    for door in doors(routes):
        path = re.sub(r"\{[^}]*\}", "{}", door.path)
        if path.startswith("/api/v1/"):
            found.add(f"{door.method} {path.removeprefix('/api/v1/')}")
    return found


def test_the_nouns_that_were_promised_are_in_the_table() -> None:
    promised = {"people", "requests", "programmes", "cohorts", "loans", "bundles", "sims", "chases", "closures"}
    assert promised | {"messages", "chase-holds", "webhooks"} <= {row[0] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_noun_can_be_asked_what_the_table_says(row: tuple[str, ...], offered: set[str]) -> None:
    noun, _, made, changed, acts = row
    wanted = {f"GET {noun}", f"GET {noun}/{{}}"}
    wanted |= {f"{method} {path}" for method, path in re.findall(r"`(POST|PUT|DELETE) /([a-z/{}-]+)`", made + changed)}
    wanted |= {f"POST {noun}/{{}}/{act}" for act in re.findall(r"`([a-z/-]+)`", acts)}
    assert wanted - offered == set()
