"""Two people at once: exactly one wins, the other is told clearly, and nothing is half written. On both engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimState
from fleet.errors import Conflict
from fleet.loans import service as loans
from fleet.loans.models import LoanSim, LoanTablet
from fleet.loans.rules import LoanState, StopReason
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_POSTGRESQL
from tests.lending import Lending

Act = Callable[[], Any]


def at_once(lending: Lending, *acts: Act) -> list[Any]:
    """What each act answered, or the error it raised, when all began at the same moment."""
    for role in (Role.COORDINATOR, Role.COURIER, Role.TECHNICIAN):
        lending.actor(role)
    start = Barrier(len(acts))

    def run(act: Act) -> Any:
        start.wait()
        try:
            return act()
        except Conflict as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def open_links(lending: Lending, model: type[LoanTablet] | type[LoanSim]) -> int:
    with lending.database.read() as session:
        return session.scalar(select(func.count()).select_from(model).where(model.to_at.is_(None))) or 0


def told_clearly(answers: list[Any]) -> list[Conflict]:
    """The losers, each with a sentence for a person."""
    losers = [answer for answer in answers if isinstance(answer, Conflict)]
    assert all("Nothing" in each.message and each.next_step for each in losers)
    return losers


@pytest.mark.parametrize("_round", range(3))
def test_one_tablet_goes_to_one_of_two_loans(lending: Lending, _round: int) -> None:
    first, second = lending.loan_at(LoanState.APPROVED), lending.loan_at(LoanState.APPROVED)
    tablet, sims = lending.tablet(), [lending.sim(), lending.sim()]
    answers = at_once(
        lending,
        *(
            lambda loan=loan, sim=sim: lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
            for loan, sim in zip((first, second), sims, strict=True)
        ),
    )
    assert len(told_clearly(answers)) == 1
    states = sorted(lending.read(loans.get_loan, loan.id).state for loan in (first, second))
    assert states == [LoanState.ALLOCATED, LoanState.APPROVED]
    assert sorted(lending.read(bundles.get_sim, sim.id).state for sim in sims) == [SimState.IN_STOCK, SimState.RESERVED]
    assert (open_links(lending, LoanTablet), open_links(lending, LoanSim)) == (1, 1)


@pytest.mark.parametrize("_round", range(3))
def test_one_sim_goes_to_one_of_two_loans(lending: Lending, _round: int) -> None:
    first, second = lending.loan_at(LoanState.APPROVED), lending.loan_at(LoanState.APPROVED)
    sim, stock = lending.sim(), [lending.tablet(), lending.tablet()]
    answers = at_once(
        lending,
        *(
            lambda loan=loan, tablet=tablet: lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
            for loan, tablet in zip((first, second), stock, strict=True)
        ),
    )
    assert len(told_clearly(answers)) == 1
    stages = sorted(lending.read(tablets.get_tablet, tablet.id).stage for tablet in stock)
    assert stages == [Stage.ALLOCATED, Stage.READY]
    assert (open_links(lending, LoanTablet), open_links(lending, LoanSim)) == (1, 1)


def test_one_loan_gets_one_of_two_tablets(lending: Lending) -> None:
    loan, stock = lending.loan_at(LoanState.APPROVED), [lending.tablet(), lending.tablet()]
    sims = [lending.sim(), lending.sim()]
    answers = at_once(
        lending,
        *(
            lambda tablet=tablet, sim=sim: lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
            for tablet, sim in zip(stock, sims, strict=True)
        ),
    )
    assert len(told_clearly(answers)) == 1
    assert (open_links(lending, LoanTablet), open_links(lending, LoanSim)) == (1, 1)


def test_one_person_gets_one_of_two_loans(lending: Lending) -> None:
    person, programme = lending.person(), lending.programme()
    both = [lending.loan_at(LoanState.APPROVED, programme, person=person) for _ in range(2)]
    kept = [(loan, lending.tablet(), lending.sim()) for loan in both]
    answers = at_once(
        lending,
        *(
            lambda loan=loan, tablet=tablet, sim=sim: lending.do(
                loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id
            )
            for loan, tablet, sim in kept
        ),
    )
    assert len(told_clearly(answers)) == 1
    assert open_links(lending, LoanTablet) == 1


def test_a_scan_sent_twice_at_the_same_moment_hands_over_once(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    answers = at_once(lending, *[lambda: lending.hand_over(loan.id, client_id="scan-00001")] * 2)
    assert [answer.due_version for answer in answers] == [1, 1]


def test_cancelling_and_loading_at_once_leaves_one_story(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    tablet_id = lending.tablet_id(loan.id)
    answers = at_once(
        lending,
        lambda: lending.do(loans.cancel, loan.id, reason="Changed their mind"),
        lambda: lending.do(loans.load, loan.id, tablet_id=tablet_id, role=Role.COURIER),
    )
    assert len(told_clearly(answers)) == 1
    state, stage = lending.read(loans.get_loan, loan.id).state, lending.read(tablets.get_tablet, tablet_id).stage
    assert (state, stage) in {
        (LoanState.CANCELLED, Stage.READY),
        (LoanState.OUT_FOR_DELIVERY, Stage.IN_TRANSIT_OUT),
    }


@pytest.mark.parametrize("link", ["tablet", "sim", "sim of one loan"])
def test_the_database_itself_refuses_a_second_open_loan(lending: Lending, link: str) -> None:
    one, other = lending.loan_at(LoanState.ALLOCATED), lending.loan_at(LoanState.ALLOCATED)
    now = lending.clock()
    with lending.database.read() as session:
        sim_of_one, sim_of_other = loans.open_sim(session, one.id), loans.open_sim(session, other.id)
    assert sim_of_one is not None
    assert sim_of_other is not None
    rows: dict[str, LoanTablet | LoanSim] = {
        "tablet": LoanTablet(loan_id=other.id, tablet_id=lending.tablet_id(one.id), from_at=now),
        "sim": LoanSim(loan_id=lending.request().id, sim_id=sim_of_one.sim_id, from_at=now),
        "sim of one loan": LoanSim(loan_id=one.id, sim_id=lending.sim().id, from_at=now),
    }
    with pytest.raises(IntegrityError), lending.database.write() as session:
        session.add(rows[link])


@ON_POSTGRESQL
def test_a_request_made_while_a_death_is_recorded_stops_with_it(lending: Lending) -> None:
    """Rule R12. It is not there yet when the person's loans are looked up, and is once the person is locked."""
    person, programme = lending.person(), lending.programme()
    asking: dict[str, Any] = {"actor": lending.actor(Role.COORDINATOR), "settings": lending.settings}
    asking["happening"] = lending.happening()
    with ThreadPoolExecutor(1) as pool:
        with lending.database.write() as session:
            asked = loans.request_loan(session, person_id=person.id, programme_id=programme.id, **asking)
            death = pool.submit(lending.do, loans.record_death, person.id, on=None)
            until_somebody_waits(lending)
        death.result()
    after = lending.read(loans.get_loan, asked.id)
    assert (after.state, after.stop_reason) == (LoanState.CANCELLED, StopReason.DIED)


def until_somebody_waits(lending: Lending) -> None:
    """Until a transaction waits for another's lock; ten seconds at most."""
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(500):
        with lending.database.read() as session:
            if session.scalar(waits):
                return
        sleep(0.02)
    raise AssertionError("nobody waits")
