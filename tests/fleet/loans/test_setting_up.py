"""What a loan's tablet is to be: chosen on its page, told to the bench without a name, made for one loan at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fleet.bench.pages.wall import waiting_tablets
from fleet.bench.service.made_for import MadeFor
from fleet.errors import BadInput, MoveRefused
from fleet.gatherings import service as gatherings
from fleet.gatherings.models import Gathering
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.loans.service.requests.wanted import wanted_profile
from fleet.people.rules import NeedCode
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage
from fleet.users.rules import Role
from tests.gatherings import CURRENT_AFFAIRS, MUSIC_MORNING
from tests.lending import Lending
from tests.people import Browser


@pytest.fixture
def catalogue(lending: Lending) -> tuple[Gathering, Gathering]:
    coordinator = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        music, news = (
            gatherings.propose(
                session,
                replace(each, host_id=lending.hub_id),
                actor=coordinator,
                happening=Happening(now=lending.clock()),
            )
            for each in (MUSIC_MORNING, CURRENT_AFFAIRS)
        )
    return music, news


def approved_loan(lending: Lending, *needs: NeedCode, language: str = "en") -> Loan:
    person = lending.person(needs=frozenset(needs), language_read=language)
    return lending.loan_at(LoanState.APPROVED, lending.programme(), person=person)


def stand(lending: Lending, tablet: Tablet) -> Tablet:
    return lending.read(tablets.get_tablet, tablet.id)


def test_the_bench_is_told_needs_language_and_gatherings_and_no_name(
    lending: Lending, catalogue: tuple[Gathering, Gathering]
) -> None:
    music, news = catalogue
    loan = approved_loan(lending, NeedCode.LARGE_TEXT, NeedCode.KNOCK_AND_WAIT, language="pa")
    tablet = lending.tablet(Stage.WIPED)
    assert lending.read(loans.made_for, tablet.id) == MadeFor()
    lending.do(loans.set_up, loan.id, [news.id, music.id], tablet.id)
    asked = lending.read(loans.made_for, tablet.id)
    assert asked == MadeFor(("large_text",), "pa", (news.id, music.id))
    assert lending.read(wanted_profile, tablet.id) == "large-clear"


def test_a_tablet_that_stands_ready_goes_back_to_the_bench_and_cannot_be_lent_before(
    lending: Lending, catalogue: tuple[Gathering, Gathering]
) -> None:
    loan, tablet = approved_loan(lending), lending.tablet(Stage.READY)
    lending.do(loans.set_up, loan.id, [catalogue[0].id], tablet.id)
    assert (stand(lending, tablet).stage, stand(lending, tablet).verified_at) == (Stage.PROVISIONED, None)
    assert [(each.id, each.next) for each in lending.read(waiting_tablets, lending.hub_id)] == [
        (tablet.id, "refresh needed")
    ]
    with pytest.raises(MoveRefused) as refused:
        lending.do(tablets.move, tablet.id, Move.MAKE_READY, role=Role.TECHNICIAN)
    assert any("provision it first" in reason for reason in refused.value.reasons)


def test_a_tablet_is_made_for_one_loan_and_freed_when_nothing_is_wanted(
    lending: Lending, catalogue: tuple[Gathering, Gathering]
) -> None:
    first, second = approved_loan(lending), approved_loan(lending)
    tablet = lending.tablet(Stage.WIPED)
    lending.do(loans.set_up, first.id, [], tablet.id)
    with pytest.raises(BadInput, match="No tablet was chosen"):
        lending.do(loans.set_up, second.id, [], tablet.id)
    lending.do(loans.set_up, first.id, [], None)
    lending.do(loans.set_up, second.id, [], tablet.id)
    lending.do(loans.cancel, second.id, reason="Changed their mind")
    assert lending.read(loans.made_for, tablet.id) == MadeFor()


def test_one_that_is_out_of_date_is_refused_for_a_loan(
    lending: Lending, catalogue: tuple[Gathering, Gathering]
) -> None:
    music, _ = catalogue
    loan, tablet, sim = approved_loan(lending), lending.tablet(Stage.READY), lending.sim()
    with lending.database.write() as session:
        tablets.record_gatherings(session, tablet.id, [(music.id, music.revision - 1)], now=lending.clock())
    with pytest.raises(MoveRefused) as refused:
        lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
    assert any("provision it again" in reason for reason in refused.value.reasons)


def test_they_are_chosen_on_the_loans_own_page(
    lending: Lending, catalogue: tuple[Gathering, Gathering], browser_as: Callable[..., Browser]
) -> None:
    music, _ = catalogue
    loan, tablet = approved_loan(lending), lending.tablet(Stage.WIPED)
    coordinator = browser_as(Role.COORDINATOR)
    address = f"/loans/{loan.id}/gatherings"
    assert "Music morning, Tuesday 10:30" in coordinator.get(address).text
    answer = coordinator.submit(address, {"gathering_1": str(music.id), "tablet_id": str(tablet.id)})
    assert answer.status_code == 303
    assert "Music morning" in coordinator.get(f"/loans/{loan.id}").text
    told = coordinator.get(f"/api/v1/loans/{loan.id}/setting-up").json()
    assert told == {"gathering_ids": [music.id], "own": True, "tablet_id": tablet.id}
    refused = coordinator.submit(address, {"gathering_1": "999999"})
    assert refused.status_code == 422
    assert "has ended. Choose again." in refused.text
    assert browser_as(Role.TECHNICIAN).get(address).status_code == 403


def test_the_same_wish_told_twice_by_a_program_changes_nothing(
    lending: Lending, catalogue: tuple[Gathering, Gathering], browser_as: Callable[..., Browser]
) -> None:
    loan, tablet = approved_loan(lending), lending.tablet(Stage.WIPED)
    asked = {"gathering_ids": [catalogue[0].id], "tablet_id": tablet.id, "client_id": "one-and-the-same"}
    coordinator = browser_as(Role.COORDINATOR)
    answers = [coordinator.put(f"/api/v1/loans/{loan.id}/setting-up", json=asked) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    kinds = [event["kind"] for event in coordinator.get(f"/api/v1/loans/{loan.id}/events").json()]
    assert (kinds.count("gatherings"), kinds.count("set_up")) == (1, 1)
