"""A courier sees a door, for as long as it takes, and never the person behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import FastAPI

from fleet.deliveries import service
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action
from fleet.partners.models import Organisation
from fleet.people.rules import NeedCode
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.people import Browser

SURNAME, PHONE, EMAIL = "Markedsurname", "07700 900987", "marked@doorstep.example"
STREET, NOTE, FIRST = "7 Marked Street", "Ring the marked bell", "Markedfirst"
MARKED = {
    "first_name": FIRST,
    "last_name": SURNAME,
    "phone": PHONE,
    "email": EMAIL,
    "birth_year": 1941,
    "address_line_1": STREET,
    "door_note": NOTE,
    "needs": frozenset({NeedCode.TEXT_ON_ARRIVAL, NeedCode.SCREEN_READER, NeedCode.FEW_CHOICES}),
}
HIDDEN = (
    SURNAME,
    "900987",
    EMAIL,
    ">1941<",
    ":1941",
    "reads the screen aloud",
    "screen_reader",
    "Few choices",
    "few_choices",
)
"""Marks of what no answer to a courier may ever hold."""


def phone(browser_as: Callable[..., Browser], delivering: Delivering) -> Browser:
    browser = browser_as(Role.COURIER)
    assert browser.actor is not None
    delivering.couriers.insert(0, browser.actor)
    return browser


def everything_a_courier_gets(courier: Browser, job: DeliveryJob) -> str:
    """Every page and answer about a run, one after the other."""
    paths = ("/run", "/run/hub", f"/run/stops/{job.id}", "/api/v1/me/run")
    pages = [courier.get(path) for path in paths]
    assert {page.status_code for page in pages} <= {200, 404}
    return "\n".join(page.text for page in pages)


def walk(delivering: Delivering, courier: Browser, job: DeliveryJob) -> list[str]:
    """What the courier gets before and after each step of both kinds of stop."""
    steps = (Action.LOAD, Action.FAILED, Action.HAND_OVER) if job.kind == "deliver" else (Action.COLLECT,)
    seen = [everything_a_courier_gets(courier, job)]
    for action in steps:
        seen.append(delivering.tell_one(delivering.fact(action, job)).sentence)
        seen.append(everything_a_courier_gets(courier, job))
    wrong = courier.submit(f"/run/stops/{job.id}/hand_over", {"code": "K7F3-QX"})
    return [*seen, wrong.text, str(wrong.headers)]


def test_no_answer_to_a_courier_holds_what_is_hidden_from_them(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    run = delivering.run()
    for job in (delivering.delivery(run, **MARKED), delivering.collection(run, **MARKED | {"phone": "07700 900986"})):
        for text in walk(delivering, courier, job):
            assert [mark for mark in (*HIDDEN, "900986") if mark in text] == []


def test_what_a_door_needs_is_shown_while_it_is_needed(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    job = delivering.delivery(delivering.run(), **MARKED)
    page = courier.get(f"/run/stops/{job.id}").text
    phrase = delivering.loan_of(job).doorstep_phrase
    for shown in (FIRST, STREET, NOTE, "Text on arrival", phrase, delivering.code(job.tablet_id), "10:30"):
        assert shown in page


def test_an_address_is_seen_from_acceptance_until_some_hours_after_the_door(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    run = delivering.run(accepted=False)
    job = delivering.delivery(run, **MARKED)

    def seen() -> bool:
        text = everything_a_courier_gets(courier, job)
        assert (STREET in text) is (NOTE in text) is (FIRST in text)
        return STREET in text

    assert not seen()
    assert courier.submit(f"/run/{run.id}/accept").status_code == 303
    assert seen()
    delivering.tell(delivering.fact(Action.LOAD, job), delivering.fact(Action.HAND_OVER, job))
    assert seen()
    delivering.at(hours=11)
    assert seen()
    delivering.at(hours=14)
    lending = delivering.lending
    today = lending.read(service.today_of, actor=delivering.courier, settings=lending.settings, now=lending.clock())
    assert today.runs == ()


def test_hours_after_the_door_are_a_setting(
    app: FastAPI, browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    app.state.settings = delivering.lending.settings.model_copy(update={"address_hours_after_delivery": 1})
    job = delivering.delivery(delivering.run(), **MARKED)
    delivering.tell(delivering.fact(Action.LOAD, job), delivering.fact(Action.HAND_OVER, job))
    delivering.at(minutes=59)
    assert STREET in courier.get("/api/v1/me/run").text
    delivering.at(minutes=2)
    for path in ("/api/v1/me/run", "/run", f"/run/stops/{job.id}"):
        assert STREET not in courier.get(path).text


def test_a_stop_brought_back_has_no_address_any_more(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    job = delivering.delivery(delivering.run(), **MARKED)
    delivering.tell(
        delivering.fact(Action.LOAD, job, minutes=-9),
        delivering.fact(Action.FAILED, job, minutes=-5),
    )
    assert STREET in courier.get("/run").text
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job))
    assert STREET not in everything_a_courier_gets(courier, job)


def test_another_couriers_stop_answers_as_one_that_never_was(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    theirs = delivering.delivery(delivering.run(delivering.another_courier()), **MARKED)
    for path in (f"/run/stops/{theirs.id}", f"/run/stops/{theirs.id}?at=door"):
        answer, none = courier.get(path), courier.get(re.sub(r"\d+", "99999", path))
        assert answer.status_code == none.status_code == 404
        assert answer.text == none.text
    refused = courier.submit(f"/run/stops/{theirs.id}/load", {"code": delivering.code(theirs.tablet_id)})
    assert refused.status_code == 404
    assert STREET not in courier.get("/api/v1/me/run").text


def test_a_run_handed_to_another_courier_is_gone_from_the_first(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    first, second = phone(browser_as, delivering), browser_as(Role.COURIER)
    run = delivering.run()
    delivering.delivery(run, **MARKED)
    assert STREET in first.get("/run").text
    assert second.actor is not None
    planner = browser_as(Role.COORDINATOR)
    answer = planner.submit(f"/courier-runs/{run.id}/assign", {"courier_id": str(second.actor.user_id)})
    assert answer.status_code == 303
    assert STREET not in first.get("/run").text
    assert STREET not in second.get("/run").text
    second.submit(f"/run/{run.id}/accept")
    assert STREET in second.get("/run").text


def test_no_answer_that_is_given_again_brings_an_address_back(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier, other = phone(browser_as, delivering), delivering.another_courier()
    run = delivering.run(courier.actor, accepted=False)
    delivering.delivery(run, **MARKED)
    accept = f"/api/v1/courier-runs/{run.id}/accept"
    key = {"Idempotency-Key": "sample-accept"}
    first = courier.post(accept, headers=key)
    assert STREET in first.text
    assert {first.headers["cache-control"], courier.get("/api/v1/me/run").headers["cache-control"]} == {"no-store"}
    delivering.do(service.assign_run, run.id, courier_id=other.user_id)
    again = courier.post(accept, headers=key)
    assert STREET not in again.text
    assert "Its answer is not kept." in again.text


def test_the_hubs_number_is_a_link_that_says_whom_it_rings(
    browser_as: Callable[..., Browser], hub: Organisation
) -> None:
    page = browser_as(Role.COURIER).get("/run").text
    found = re.search(r'<a class="govuk-link[^>]*href="tel:(\d+)"[^>]*>.*?<span>([^<]+)</span></a>', page, re.DOTALL)
    assert found is not None
    assert found.groups() == ("02079460000", "Ring the hub on 020\u00a07946\u00a00000")
