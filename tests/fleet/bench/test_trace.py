"""Each setting on a tablet with the need it came from, on the loan's page."""

from __future__ import annotations

import html
from collections.abc import Callable

from sqlalchemy import update

from fleet.bench.models import Run
from fleet.bench.service.trace import trace
from fleet.loans.rules import LoanState
from fleet.people.rules import NeedCode
from fleet.users.rules import Role
from tests.fleet.bench.test_gatherings import add, lending, made_for_a_loan, provision
from tests.fleet.bench.workbench import Workbench
from tests.gatherings import MUSIC_MORNING
from tests.lending import Lending
from tests.people import Browser

__all__ = ["lending"]


def test_the_loan_shows_each_setting_with_the_need_it_came_from_to_those_who_may_know(
    workbench: Workbench, lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    place = made_for_a_loan(workbench, lending, add(lending, MUSIC_MORNING), needs=frozenset({NeedCode.LARGE_TEXT}))
    run = provision(workbench, place)
    loan = lending.loan_at(LoanState.ALLOCATED)
    with workbench.database.write() as session:
        session.execute(update(Run).where(Run.id == run.id).values(tablet_id=lending.tablet_id(loan.id)))
    with workbench.database.read() as session:
        asked = trace(session, lending.tablet_id(loan.id), workbench.settings)
    by = [each.by for each in asked]
    assert by[0] == "Low vision"
    assert by[-2:] == ["Large and clear", "Standard"]
    assert "Large and clear, Low vision, Chosen gatherings" in by
    assert ("Words are very large", "Words must be read at arm's length") in asked[0].settings
    page = html.unescape(browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}").text)
    for each in asked:
        assert f"{each.by}: {len(each.settings)} setting" in page
        assert all(sentence in page for sentence, _ in each.settings)
    assert "How the tablet is set up" not in browser_as(Role.BUDDY).get(f"/loans/{loan.id}").text


def test_a_loan_opens_while_a_profile_of_our_own_cannot_be_read(
    workbench: Workbench, lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    place = made_for_a_loan(workbench, lending, add(lending, MUSIC_MORNING), needs=frozenset({NeedCode.LARGE_TEXT}))
    run = provision(workbench, place)
    loan = lending.loan_at(LoanState.ALLOCATED)
    with workbench.database.write() as session:
        session.execute(update(Run).where(Run.id == run.id).values(tablet_id=lending.tablet_id(loan.id)))
    own = workbench.settings.own_profiles
    own.mkdir(parents=True, exist_ok=True)
    (own / "broken.toml").write_text("name = [")
    answer = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}")
    assert answer.status_code == 200
    assert "Low vision: " in answer.text


def test_a_tablet_that_was_never_made_ready_has_no_trace(workbench: Workbench, lending: Lending) -> None:
    with workbench.database.read() as session:
        assert trace(session, lending.tablet().id, workbench.settings) == ()
