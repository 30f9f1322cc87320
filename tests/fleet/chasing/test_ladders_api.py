"""A programme's ladder and own words, for programs."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from fleet.people.models import PersonView
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_ladders import DUE
from tests.people import Browser

pytestmark = ON_SQLITE

EASY = {"subject": "Yours", "body": "Hello $first_name, $ring_us.", "easy": "You have it, $first_name."}


def test_a_ladder_and_its_words_are_read_written_and_tried(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    api, address = browser_as(Role.COORDINATOR), f"/api/v1/chasing/programmes/{loan.programme_id}"
    ladder = api.get(f"{address}/ladder").json()
    assert [step["key"] for step in ladder["steps"]][:3] == ["week_before", "two_days_before", "due_day"]
    steps = [{name: value for name, value in step.items() if name != "others"} for step in ladder["steps"]]
    steps[2] |= EASY
    written = api.put(f"{address}/ladder", json={"grace_days": 2, "steps": steps}).json()
    assert (written["steps"][2]["easy"], written["steps"][2]["others"]) == (EASY["easy"], [])
    polish = {"subject": "Tablet", "body": "Cześć $first_name", "read_by": "A reader", "easy": "Masz to."}
    words = api.put(f"{address}/ladder/due_day/words/pl", json=polish).json()["steps"][2]["others"]
    assert words == [{**polish, "language": "pl", "easy_read_by": ""}]
    english = api.get(f"{address}/words?easy=true&loan={loan.id}").json()
    step = next(each for each in english["items"] if each["step"] == "due_day")
    assert (english["loan_id"], step["body"], step["easy"], step["is_own"]) == (
        loan.id,
        "You have it, Sample.",
        "own",
        True,
    )
    assert (step["reading_age"], step["is_plain"]) == (6, True)
    assert next(each["easy"] for each in english["items"] if each["step"] == "week_before") == "ours"
    shown = api.get(f"{address}/words?language=pl&easy=true").json()["items"]
    assert [each["body"] for each in shown if each["step"] == "due_day"] == ["Masz to."]
    with chasing.database.read() as session:
        viewed = session.scalars(select(PersonView.person_id)).all()
    assert viewed == [loan.person_id]


def test_what_cannot_be_followed_or_filled_in_is_refused(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    api, address = browser_as(Role.COORDINATOR), f"/api/v1/chasing/programmes/{loan.programme_id}"
    step = {"key": "step_1", "days": 1, "stage": 1, "by": "system", "words": "a day after", "task": "Ring.", **EASY}
    for instead, field in (({"easy": "$nobody"}, "easy-0"), ({"days": 999}, "days-0")):
        refused = api.put(f"{address}/ladder", json={"grace_days": 2, "steps": [{**step, **instead}]})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])
    assert api.put(f"{address}/ladder/due_day/words/pl", json={"subject": "A", "body": "B"}).status_code == 422
    assert api.put(f"{address}/ladder/nothing/words/pl", json={"subject": "A", "body": "B"}).status_code == 404
    assert api.get("/api/v1/chasing/programmes/99/words").status_code == 404
    reader = browser_as(Role.DATA_PROTECTION)
    assert reader.get(f"{address}/ladder").status_code == 200
    assert reader.put(f"{address}/ladder", json={"grace_days": 2, "steps": [step]}).status_code == 403
    assert browser_as(Role.COURIER).get(f"{address}/words").status_code == 403
