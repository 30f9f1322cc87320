"""What people see and can press on a tablet's page."""

from __future__ import annotations

import re
from collections.abc import Callable

from fleet.database.session import Database
from fleet.tablets import queries, service
from fleet.tablets.models import Tablet
from fleet.tablets.rules import MOVES, HoldKind, Stage
from fleet.users.rules import Role
from tests.people import Browser, FakeClock


def test_the_page_offers_exactly_what_may_happen_next(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    tablet = stock(Stage.TRIAGED)
    page = browser_as(Role.TECHNICIAN).get(f"/tablets/{tablet.id}")
    assert page.status_code == 200
    for words in ("Send it for its wipe", "Send it to repair", "Retire it"):
        assert words in page.text
    assert f"/tablets/{tablet.id}/moves/recycle" not in page.text


def test_a_held_tablet_says_what_stands_in_the_way(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], database: Database
) -> None:
    tablet = stock(Stage.TRIAGED)
    technician = browser_as(Role.TECHNICIAN)
    answer = technician.submit(f"/tablets/{tablet.id}/holds", {"kind": "safety", "reason": "The battery is swollen."})
    assert answer.status_code == 303
    page = technician.get(f"/tablets/{tablet.id}")
    assert "The battery is swollen." in page.text
    assert "lift the hold first" in page.text
    refused = technician.submit(f"/tablets/{tablet.id}/moves/queue_wipe")
    assert refused.status_code == 409
    with database.read() as session:
        assert service.get_tablet(session, tablet.id).stage is Stage.TRIAGED
        assert queries.open_hold(session, tablet.id, HoldKind.SAFETY) is not None


def test_a_stranger_is_sent_to_sign_in(browser_as: Callable[..., Browser], stock: Callable[..., Tablet]) -> None:
    answer = browser_as().get(f"/tablets/{stock().id}")
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


def test_the_list_leaves_as_csv(browser_as: Callable[..., Browser], stock: Callable[..., Tablet]) -> None:
    tablet = stock(Stage.READY)
    answer = browser_as(Role.COORDINATOR).get("/tablets?format=csv&stage=ready")
    assert answer.headers["content-type"].startswith("text/csv")
    assert tablet.serial in answer.text


def test_one_that_stands_ready_for_too_long_says_so_in_the_list(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet], clock: FakeClock
) -> None:
    stock(Stage.READY)
    assert "To be checked again at the bench" not in browser_as(Role.COORDINATOR).get("/tablets").text
    clock.advance(days=15)
    assert "To be checked again at the bench" in browser_as(Role.COORDINATOR).get("/tablets").text


def test_a_kit_is_complete_only_where_somebody_says_so(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    tablet = stock(Stage.PROVISIONED)
    technician = browser_as(Role.TECHNICIAN)
    kit = f"/tablets/{tablet.id}/kit"
    assert technician.submit(kit).status_code == 422
    assert "Kit checked" not in technician.get(f"/tablets/{tablet.id}").text
    assert technician.submit(kit, {"reason": "The charger"}).status_code == 303
    assert "Kit checked, missing: The charger" in technician.get(f"/tablets/{tablet.id}").text
    assert technician.submit(kit, {"complete": "yes"}).status_code == 303
    assert "Kit checked, complete" in technician.get(f"/tablets/{tablet.id}").text


def test_every_button_of_a_tablet_is_a_verb_and_says_what_is_done_to_it(
    browser_as: Callable[..., Browser], stock: Callable[..., Tablet]
) -> None:
    verbs = {transition.verb.split()[0] for transition in MOVES if transition.offered}
    assert verbs == {"Receive", "Send", "Take", "Make", "Retire"}
    said = {transition.words for transition in MOVES}
    somebody = browser_as(Role.TECHNICIAN, Role.COORDINATOR)
    for stage in (Stage.TRIAGED, Stage.READY, Stage.RETIRED, Stage.AWAITING_RECYCLE):
        buttons = re.findall(
            r"<button[^>]*>(.*?)</button>", somebody.get(f"/tablets/{stock(stage).id}").text, re.DOTALL
        )
        assert {re.sub(r"<[^>]+>", "", each).strip() for each in buttons} & said == set()
