"""Anybody may try anything in any order: after every step the invariants of lending still hold (SQLite)."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.bundles.models import Sim, SimUse
from fleet.bundles.rules import SimState
from fleet.database.session import open_database
from fleet.errors import BadInput, Conflict
from fleet.loans import service as loans
from fleet.loans.models import DueVersion, Loan, LoanEvent, LoanSim, LoanTablet
from fleet.loans.rules import ENDED, HandedTo, LoanMove, LoanState, StopReason
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.users.rules import Role
from tests.lending import Lending, lending_at, lost_by_two, swap_lost_by_two
from tests.people import FakeClock

WITH_TABLET = {
    LoanState.ALLOCATED: {Stage.ALLOCATED, Stage.IN_TRANSIT_OUT},
    LoanState.OUT_FOR_DELIVERY: {Stage.IN_TRANSIT_OUT},
    LoanState.ACTIVE: {Stage.ON_LOAN},
    LoanState.RETURN_ARRANGED: {Stage.ON_LOAN},
    LoanState.COLLECTED: {Stage.IN_TRANSIT_BACK, Stage.RETURNED},
}
"""Where the tablet of a loan in each state may be; a loan in any other state has none."""

CUSTODY = {
    Stage.IN_TRANSIT_OUT: Custody.COURIER,
    Stage.IN_TRANSIT_BACK: Custody.COURIER,
    Stage.ON_LOAN: Custody.PARTICIPANT,
    Stage.RETURNED: Custody.HUB,
    Stage.LOST: Custody.NOBODY_KNOWS,
}

HANDS = (Role.COURIER, Role.TECHNICIAN)
which = st.integers(min_value=0, max_value=2)
seldom = st.sampled_from([False, False, False, True])
client_ids = st.one_of(st.none(), st.sampled_from(["same-id-01", "same-id-02"]))


class LendingMachine(RuleBasedStateMachine):
    """Three people ask for two tablets and two SIMs."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="doorstep-machine-"))
        copy = self.folder / "doorstep.sqlite3"
        shutil.copy(self.template, copy)
        url = f"sqlite:///{copy}"
        clock = FakeClock()
        self.database = open_database(url)
        chosen = Settings(database_url=url, data_dir=self.folder, secret_key=SecretStr("only for this test, and long"))
        with self.database.write() as session:
            hub = Organisation(kind=OrganisationKind.HUB, name="Test hub", covers=[], created_at=clock())
            session.add(hub)
            session.flush()
            hub_id = hub.id
        self.lending: Lending = lending_at(self.database, hub_id, clock, chosen)
        programme = self.lending.programme(gifts_allowed=True)
        self.tablets = [self.lending.tablet().id for _ in range(2)]
        cards = [self.lending.sim(months=36) for _ in range(2)]
        self.sims = [card.id for card in cards]
        self.card_numbers = [card.iccid for card in cards]
        self.loans = [self.lending.request(programme).id for _ in range(3)]
        self.programme = programme
        self.refusals: list[str] = []

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def attempt(self, function: Any, *given: Any, **asked: Any) -> None:
        """Try it; a refusal is an answer like any other, and must leave the world whole."""
        self.lending.clock.advance(hours=3)
        try:
            self.lending.do(function, *given, **asked)
        except (Conflict, BadInput) as refused:
            self.refusals.append(refused.message)

    @rule(loan=which, tablet=st.integers(0, 1), sim=st.integers(0, 1), client_id=client_ids)
    def allocate(self, loan: int, tablet: int, sim: int, client_id: str | None) -> None:
        chosen = {"tablet_id": self.tablets[tablet], "sim_id": self.sims[sim]}
        self.attempt(loans.allocate, self.loans[loan], **chosen, client_id=client_id)

    @rule(
        loan=which,
        press=st.sampled_from(
            [
                *(loans.approve, loans.put_on_waiting_list, loans.undo_allocation, loans.dispatch),
                *(loans.extend, loans.arrange_return, loans.cancel_return, loans.undo_collect),
            ]
        ),
    )
    def press(self, loan: int, press: Any) -> None:
        self.attempt(press, self.loans[loan], reason="Tried")

    @rule(loan=which, end=st.sampled_from([loans.cancel, lost_by_two, loans.mark_gifted]), sure=seldom)
    def end(self, loan: int, end: Any, sure: bool) -> None:
        if sure:
            allowed = {"authority": "Sample Trustee"} if end is loans.mark_gifted else {}
            self.attempt(end, self.loans[loan], reason="Tried", **allowed)

    @rule(loan=which, why=st.sampled_from(list(StopReason)), sure=seldom)
    def stop(self, loan: int, why: StopReason, sure: bool) -> None:
        if sure:
            self.attempt(loans.stop_contact, self.loans[loan], why)

    @rule(
        loan=which,
        tablet=st.integers(0, 1),
        take=st.sampled_from([loans.load, loans.collect, loans.hand_in]),
        client_id=client_ids,
    )
    def courier(self, loan: int, tablet: int, take: Any, client_id: str | None) -> None:
        tablet_id = self.tablets[tablet]
        self.attempt(take, self.loans[loan], tablet_id=tablet_id, role=Role.COURIER, client_id=client_id)

    @rule(loan=which, tablet=st.integers(0, 1), client_id=client_ids)
    def arrange_swap(self, loan: int, tablet: int, client_id: str | None) -> None:
        self.wipe(tablet)
        chosen = self.tablets[tablet]
        self.attempt(loans.arrange_swap, self.loans[loan], tablet_id=chosen, reason="Tried", client_id=client_id)

    @rule(loan=which, end=st.sampled_from([loans.call_off_swap, swap_lost_by_two]), sure=seldom)
    def end_swap(self, loan: int, end: Any, sure: bool) -> None:
        if sure:
            self.attempt(end, self.loans[loan], reason="Tried")

    @rule(loan=which, tablet=st.integers(0, 1), role=st.sampled_from(HANDS), client_id=client_ids)
    def swap(self, loan: int, tablet: int, role: Role, client_id: str | None) -> None:
        """Loaded, and then swapped for the other of the two tablets."""
        brought, back = self.tablets[tablet], self.tablets[1 - tablet]
        if role is Role.COURIER:
            self.attempt(loans.load_swap, self.loans[loan], tablet_id=brought, role=role)
        chosen = {"tablet_id": back, "brought_id": brought, "handed_to": HandedTo.PARTICIPANT}
        self.attempt(loans.swap, self.loans[loan], **chosen, role=role, client_id=client_id)

    @rule(loan=which, tablet=st.integers(0, 1))
    def load_swap(self, loan: int, tablet: int) -> None:
        self.attempt(loans.load_swap, self.loans[loan], tablet_id=self.tablets[tablet], role=Role.COURIER)

    @rule(loan=which)
    def nobody_in(self, loan: int) -> None:
        self.attempt(loans.failed_attempt, self.loans[loan], reason="Nobody in", role=Role.COURIER)

    @rule(
        loan=which,
        tablet=st.integers(0, 1),
        accepted=st.booleans(),
        role=st.sampled_from([Role.COURIER, Role.TECHNICIAN]),
    )
    def hand_over(self, loan: int, tablet: int, accepted: bool, role: Role) -> None:
        self.attempt(
            loans.hand_over,
            self.loans[loan],
            tablet_id=self.tablets[tablet],
            handed_to=HandedTo.PARTICIPANT,
            agreement_accepted=accepted,
            role=role,
        )

    @rule(tablet=st.integers(0, 1), scan=st.sampled_from([loans.scan_in, loans.found]), client_id=client_ids)
    def at_the_hub(self, tablet: int, scan: Any, client_id: str | None) -> None:
        self.attempt(scan, tablet_id=self.tablets[tablet], role=Role.TECHNICIAN, client_id=client_id)

    @rule(tablet=st.integers(0, 1), in_tray=st.booleans(), card=st.integers(0, 1), bagged=seldom)
    def inspect(self, tablet: int, in_tray: bool, card: int, bagged: bool) -> None:
        self.attempt(
            loans.inspect,
            tablet_id=self.tablets[tablet],
            condition=loans.Condition.WORN,
            cleaned=True,
            sim_in_tray=in_tray,
            sim_seen=self.card_numbers[card][-6:],
            stray_bagged=bagged,
            role=Role.TECHNICIAN,
        )

    @rule(tablet=st.integers(0, 1), undo=st.sampled_from([loans.undo_scan_in, loans.undo_inspection]))
    def take_back_at_the_hub(self, tablet: int, undo: Any) -> None:
        self.attempt(undo, tablet_id=self.tablets[tablet], reason="Tried", role=Role.TECHNICIAN)

    @rule(loan=which, tablet=st.integers(0, 1), nobody=st.booleans(), client_id=client_ids)
    def not_handed_over(self, loan: int, tablet: int, nobody: bool, client_id: str | None) -> None:
        told = {"tablet_id": self.tablets[tablet], "nobody_had_it": nobody, "reason": "Tried", "client_id": client_id}
        self.attempt(loans.undo_hand_over, self.loans[loan], **told)

    @rule(loan=which)
    def pressed_by_mistake(self, loan: int) -> None:
        """Handed over and taken back at once, wherever the loan stands."""
        tablet_id = self._tablet_of(self.loans[loan]) or self.tablets[0]
        tablet = self.tablets.index(tablet_id)
        for role in HANDS:
            self.hand_over(loan, tablet, True, role)
        self.not_handed_over(loan, tablet, True, None)

    @rule(loan=which)
    def collected_by_mistake(self, loan: int) -> None:
        tablet_id = self._tablet_of(self.loans[loan]) or self.tablets[0]
        self.attempt(loans.collect, self.loans[loan], tablet_id=tablet_id, role=Role.COURIER)
        self.attempt(loans.undo_collect, self.loans[loan], reason="Tried")

    @rule(tablet=st.integers(0, 1))
    def wipe(self, tablet: int) -> None:
        with suppress(Conflict):
            self.lending.wipe_and_make_ready(self.tablets[tablet])

    @rule(loan=which)
    def ask_again(self, loan: int) -> None:
        self.loans[loan] = self.lending.request(self.programme).id

    @initialize(steps=st.tuples(*[st.integers(0, 9)] * 3))
    def begin_anywhere(self, steps: tuple[int, ...]) -> None:
        for loan, number in enumerate(steps):
            for _ in range(number):
                self.straight_on(loan)

    @rule(loan=which)
    def straight_on(self, loan: int) -> None:
        """The step that most often comes next, so that late states are reached as often as early ones."""
        self.attempt_next(self.loans[loan], loan)

    @rule(loan=which)
    def straight_on_twice(self, loan: int) -> None:
        self.straight_on(loan)
        self.straight_on(loan)

    def attempt_next(self, loan_id: int, loan: int) -> None:
        tablet_id = self._tablet_of(loan_id) or self.tablets[0]
        match self.lending.read(loans.get_loan, loan_id).state:
            case LoanState.REQUESTED | LoanState.WAITING:
                self.attempt(loans.approve, loan_id)
            case LoanState.APPROVED:
                for number in range(2):
                    self.wipe(number)
                    self.allocate(loan, number, number, None)
            case LoanState.ALLOCATED:
                self.attempt(loans.load, loan_id, tablet_id=tablet_id, role=Role.COURIER)
            case LoanState.OUT_FOR_DELIVERY:
                self.hand_over(loan, self.tablets.index(tablet_id), True, Role.COURIER)
            case LoanState.ACTIVE | LoanState.RETURN_ARRANGED:
                self.attempt(loans.collect, loan_id, tablet_id=tablet_id, role=Role.COURIER)
            case LoanState.COLLECTED:
                self.attempt(loans.scan_in, tablet_id=tablet_id, role=Role.TECHNICIAN)
                self.inspect(self.tablets.index(tablet_id), False, 0, False)
            case _:
                self.ask_again(loan)

    def _tablet_of(self, loan_id: int) -> int | None:
        link = self.lending.read(loans.open_tablet, loan_id)
        return link.tablet_id if link else None

    @invariant()
    def every_refusal_is_a_sentence(self) -> None:
        assert all(refusal.endswith(".") for refusal in self.refusals)
        self.refusals.clear()

    @invariant()
    def a_tablet_or_sim_is_in_at_most_one_open_loan(self) -> None:
        with self.database.read() as session:
            for column in (LoanTablet.tablet_id, LoanSim.sim_id, LoanSim.loan_id, LoanTablet.loan_id):
                open_ones = session.scalars(select(column).where(column.class_.to_at.is_(None))).all()
                assert len(open_ones) == len(set(open_ones))

    @invariant()
    def a_loan_and_its_tablet_tell_the_same_story(self) -> None:
        with self.database.read() as session:
            for loan in session.scalars(select(Loan)):
                link = loans.open_tablet(session, loan.id)
                assert (link is not None) is (loan.state in WITH_TABLET), loan.state
                if link is not None:
                    tablet = session.get_one(Tablet, link.tablet_id)
                    assert tablet.stage in WITH_TABLET[loan.state], (loan.state, tablet.stage)
                assert (loan.closed_at is not None) is (loan.state in ENDED)

    @invariant()
    def a_tablet_kept_for_a_swap_is_no_loans_yet(self) -> None:
        """And every tablet that is kept or on its way out is kept for somebody."""
        with self.database.read() as session:
            linked = set(session.scalars(select(LoanTablet.tablet_id).where(LoanTablet.to_at.is_(None))))
            kept = set(session.scalars(select(Loan.swap_tablet_id).where(Loan.swap_tablet_id.is_not(None))))
            out = (Stage.ALLOCATED, Stage.IN_TRANSIT_OUT)
            going = set(session.scalars(select(Tablet.id).where(Tablet.stage.in_(out))))
            assert not kept & linked
            assert kept <= going <= kept | linked

    @invariant()
    def nothing_that_may_be_lent_holds_anybodys_data(self) -> None:
        with self.database.read() as session:
            for tablet in session.scalars(select(Tablet)):
                assert tablet.custody is CUSTODY.get(tablet.stage, tablet.custody)
                if tablet.stage in (Stage.READY, Stage.ALLOCATED, Stage.IN_TRANSIT_OUT):
                    assert tablet.data is DataState.CLEAN
                    assert tablet.certificate_at is not None
                    assert tablet.left_hub_at is None or tablet.certificate_at > tablet.left_hub_at
                if tablet.stage in (Stage.ON_LOAN, Stage.RETURNED, Stage.CLEANED):
                    assert tablet.data is DataState.DIRTY

    @invariant()
    def a_sim_is_kept_exactly_while_a_loan_has_it(self) -> None:
        kept = {SimState.RESERVED, SimState.INSTALLED, SimState.ACTIVATED}
        with self.database.read() as session:
            linked = set(session.scalars(select(LoanSim.sim_id).where(LoanSim.to_at.is_(None))))
            for sim in session.scalars(select(Sim)):
                if sim.state in kept:
                    assert sim.id in linked
                if sim.state is SimState.IN_STOCK:
                    assert sim.id not in linked

    @invariant()
    def a_card_is_needed_until_its_loan_is_due(self) -> None:
        """What the bundles room was told is what the loan says, after every extension and correction (rule R26)."""
        with self.database.read() as session:
            linked = {each.sim_id: each.loan_id for each in session.scalars(select(LoanSim)) if each.to_at is None}
            for use in session.scalars(select(SimUse).where(SimUse.over_at.is_(None))):
                assert linked[use.sim_id] == use.loan_id
                loan = session.get(Loan, use.loan_id)
                assert loan is not None
                if loan.due_on is not None:
                    assert use.needed_until == loan.due_on
                    assert use.from_on == loan.started_on

    @invariant()
    def due_dates_are_versions_and_events_are_attributed(self) -> None:
        with self.database.read() as session:
            for loan in session.scalars(select(Loan)):
                query = select(DueVersion).where(DueVersion.loan_id == loan.id).order_by(DueVersion.number)
                versions = session.scalars(query).all()
                assert [each.number for each in versions] == list(range(1, loan.due_version + 1))
                running = [each for each in versions if loan.started_on is not None]
                assert (running[-1].due_on if running else None) == loan.due_on
                first = 1 + self._taken_back(session, loan)
                assert (versions[first - 1].due_on if running else None) == loan.original_due_on
            for event in session.scalars(select(LoanEvent)):
                assert event.actor_name
                assert event.role
                assert event.source

    def _taken_back(self, session: Session, loan: Loan) -> int:
        """How many due dates were given by hand-overs that never were; each gave one, and nothing came after it."""
        undone = (LoanMove.UNDO_HAND_OVER.value, LoanMove.UNDO_HUB_HAND_OVER.value)
        query = select(func.count()).where(LoanEvent.loan_id == loan.id, LoanEvent.kind.in_(undone))
        return session.scalar(query) or 0


def test_no_order_of_acts_breaks_an_invariant(sqlite_template: Path) -> None:
    LendingMachine.template = sqlite_template
    run_state_machine_as_test(
        LendingMachine,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
