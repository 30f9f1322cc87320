"""A person's own copy holds all of it (rule R32): loans, messages, consents, visits, and who looked."""

from __future__ import annotations

import json
from collections.abc import Callable

from fleet.bundles import service as bundles
from fleet.chasing import service as chasing
from fleet.loans.queries import sims_of, tablets_had
from fleet.loans.rules import LoanState
from fleet.people import queries
from fleet.people import service as people
from fleet.people.rules import Channel
from fleet.privacy import service
from fleet.privacy.service.everything import in_words
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.privacy.conftest import Erase
from tests.lending import Lending
from tests.people import Browser, FakeClock


def copy_of(lending: Lending, person_id: int) -> dict[str, list[dict[str, object]]]:
    """section -> its rows, through JSON and back."""
    found = lending.read(service.everything_about, person_id, settings=lending.settings, now=lending.clock())
    told = json.loads(json.dumps(found.as_json()))
    return {name: section["rows"] for name, section in told["sections"].items()}


def test_a_copy_holds_the_record_the_loans_the_messages_and_who_looked(lending: Lending, clock: FakeClock) -> None:
    person = lending.person(channel=Channel.TEXT)
    loan = lending.loan_at(LoanState.ACTIVE, person=person)
    lending.loan_at(LoanState.ACTIVE)
    looker = lending.actor(Role.COORDINATOR)
    people.viewed(lending.database, person.id, actor=looker, now=clock())
    clock.advance(days=21)
    chasing.tick(lending.database, clock=clock, settings=lending.settings, channel=chasing.outbox(lending.settings))
    rows = copy_of(lending, person.id)
    assert [row["last_name"] for row in rows["person"]] == [person.last_name]
    assert rows["person"][0]["consent_at"]
    assert [row["id"] for row in rows["loan"]] == [loan.id]
    assert [row["loan_id"] for row in rows["loan_tablet"]] == [loan.id]
    assert {row["code"] for row in rows["person_need"]} == {"text_on_arrival"}
    assert [row["user_name"] for row in rows["person_view"]] == [looker.name]
    assert [row["channel"] for row in rows["chase"]] == ["text"]
    assert person.first_name in str(rows["message"][0]["text"])


@ON_SQLITE
def test_a_copy_holds_what_stands_in_rows_that_lead_to_nobody(lending: Lending, erase: Erase) -> None:
    """Their card and its number, where their tablet was seen, what was typed meanwhile, and what was decided."""
    loan = lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=True))
    other = lending.loan_at(LoanState.ACTIVE, lending.programme(bundle_required=True))
    for each, word in ((loan, "theirs"), (other, "not theirs")):
        with lending.database.write() as session:
            actor, told = lending.actor(Role.TECHNICIAN), lending.happening(reason=f"Hot, {word}")
            tablet_id = tablets_had(session, each.id)[0].tablet_id
            tablets.tell_sighting(session, tablet_id, place=f"A bus, {word}", by="A finder", happening=told)
            tablets.place_hold(session, tablet_id, HoldKind.SAFETY, actor=actor, happening=told)
            sim = sims_of(session, [each.id])[each.id][0]
            told = lending.happening(reason=f"Read again, {word}")
            phone = f"07700 90000{each.id}"
            typed = {"iccid": sim.iccid, "network": "Sample Mobile", "phone": phone, "serial": ""}
            bundles.correct_sim(session, sim.id, **typed, actor=actor, happening=told)
    erase(loan.person_id)
    rows = copy_of(lending, loan.person_id)
    assert [row["phone"] for row in rows["sim"]] == [f"0770090000{loan.id}"]
    assert [row["place"] for row in rows["tablet_sighting"]] == ["A bus, theirs"]
    assert [row["reason"] for row in rows["tablet_hold"]] == ["Hot, theirs"]
    assert "Hot, theirs" in {row["reason"] for row in rows["tablet_event"]}
    assert [row["reason"] for row in rows["sim_event"]] == ["Read again, theirs"]
    assert [(row["why"], row["done_at"]) for row in rows["erasure"]] == [("asked", None)]
    assert "not theirs" not in json.dumps(rows)


@ON_SQLITE
def test_looking_twice_on_a_day_is_written_down_once_and_on_the_next_day_again(lending: Lending) -> None:
    person, looker = lending.person(), lending.actor(Role.COORDINATOR)
    for days in (0, 0, 1):
        lending.clock.advance(days=days)
        people.viewed(lending.database, person.id, actor=looker, now=lending.clock())
    assert len(copy_of(lending, person.id)["person_view"]) == 2


@ON_SQLITE
def test_opening_a_record_is_written_down_and_so_is_taking_the_file(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    person = lending.person()
    coordinator, keeper = browser_as(Role.COORDINATOR), browser_as(Role.DATA_PROTECTION)
    assert coordinator.get(f"/people/{person.id}").status_code == 200
    assert coordinator.get(f"/people/{person.id}/everything").status_code == 403
    assert "What you need of us" in keeper.get(f"/people/{person.id}/everything").text
    file = keeper.submit(f"/people/{person.id}/everything")
    assert "attachment" in file.headers["content-disposition"]
    assert file.json()["about"] == person.id
    views = copy_of(lending, person.id)["person_view"]
    assert [row["role"] for row in views] == ["coordinator", "data_protection"]
    assert lending.read(queries.events, person.id)[0].kind == "copied"


@ON_SQLITE
def test_the_page_says_what_an_erasure_waits_for_and_does_it_when_it_may(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan, free = lending.loan_at(LoanState.ACTIVE), lending.person()
    keeper = browser_as(Role.DATA_PROTECTION)
    assert f"Loan {loan.id} is still open" in keeper.get(f"/people/{loan.person_id}/erase").text
    assert keeper.submit(f"/people/{loan.person_id}/erase").status_code == 422
    keeper.submit(f"/people/{loan.person_id}/erase", {"why": "asked"})
    assert "done by itself" in keeper.get(f"/people/{loan.person_id}/erase").text
    keeper.submit(f"/people/{loan.person_id}/erase/call-off")
    keeper.submit(f"/people/{free.id}/erase", {"why": "asked"})
    assert "was erased on" in keeper.get(f"/people/{free.id}").text
    assert "Sample" not in keeper.get(f"/people/{free.id}").text
    listed = keeper.get("/erasures").text
    assert f"/people/{free.id}" in listed
    assert "Sample" not in listed
    assert browser_as(Role.COORDINATOR).get(f"/people/{free.id}/erase").status_code == 403


@ON_SQLITE
def test_a_copy_of_an_erased_record_holds_no_answer_of_theirs(lending: Lending, erase: Erase) -> None:
    person = lending.person()
    erase(person.id)
    rows = copy_of(lending, person.id)
    assert "person_need" not in rows
    assert person.last_name not in json.dumps(rows)


def test_what_a_program_calls_something_is_read_as_words() -> None:
    assert in_words("data_protection") == "data protection"
    assert in_words("first_last@doorstep.example") == "first_last@doorstep.example"
