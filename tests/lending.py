"""Loans brought to where a test needs them, through the same services that people use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.models import Sim
from fleet.bundles.rules import Ownership
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.rules import LoanPolicy
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState, SafeAtHome
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import NeedCode
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Move, Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import FakeClock, make_user
from tests.stock import tablet_at

STRAIGHT_PATH = (
    LoanState.REQUESTED,
    LoanState.APPROVED,
    LoanState.ALLOCATED,
    LoanState.OUT_FOR_DELIVERY,
    LoanState.ACTIVE,
    LoanState.RETURN_ARRANGED,
    LoanState.COLLECTED,
    LoanState.CLOSED_RETURNED,
)

BENCH_MOVES = (
    Move.QUEUE_WIPE_AGAIN,
    Move.START_WIPE,
    Move.RESET_SENT,
    Move.WIPE_PASSED,
    Move.START_PROVISION,
    Move.PROVISION_PASSED,
    Move.MAKE_READY,
)

SOMEBODY_ELSE = Actor(900_001, "Test Other Coordinator", frozenset({Role.COORDINATOR}), Role.COORDINATOR)
"""The second person, where a test is about something else."""
_numbers = count(1)
Answer = TypeVar("Answer")


@dataclass
class Lending:
    """A hub with its people, and one method for each thing that a test asks of them."""

    database: Database
    hub_id: int
    clock: FakeClock
    settings: Settings
    people: dict[Role, Actor]

    def actor(self, role: Role) -> Actor:
        if role not in self.people:
            self.people[role] = make_user(self.database, self.clock, role)
        return self.people[role]

    def happening(self, **parts: Any) -> Happening:
        return Happening(**{"now": self.clock(), "source": "test", **parts})

    def do(self, function: Callable[..., Answer], *given: Any, role: Role = Role.COORDINATOR, **asked: Any) -> Answer:
        """Ask a loan service for something, in a transaction of its own. `reason`, `client_id` and `client_at` go
        into the happening."""
        told = {name: asked.pop(name) for name in ("reason", "client_id", "client_at") if name in asked}
        with self.database.write() as session:
            return function(
                session,
                *given,
                actor=self.actor(role),
                settings=self.settings,
                happening=self.happening(**told),
                **asked,
            )

    def read(self, function: Callable[..., Answer], *given: Any, **asked: Any) -> Answer:
        with self.database.read() as session:
            return function(session, *given, **asked)

    def programme(self, name: str = "", **policy: Any) -> Programme:
        with self.database.write() as session:
            return cohorts.add_programme(
                session,
                hub_id=self.hub_id,
                name=name or f"Sample programme {next(_numbers)}",
                policy=LoanPolicy(**policy),
                actor=self.actor(Role.COORDINATOR),
                now=self.clock(),
            )

    def cohort(self, programme: Programme, starts_on: date, ends_on: date, places: int = 10) -> Cohort:
        with self.database.write() as session:
            return cohorts.add_cohort(
                session,
                programme_id=programme.id,
                name=f"Sample cohort {next(_numbers)}",
                starts_on=starts_on,
                ends_on=ends_on,
                places=places,
                actor=self.actor(Role.COORDINATOR),
                now=self.clock(),
            )

    def person(self, **details: Any) -> Person:
        number = next(_numbers)
        given: dict[str, Any] = {
            "first_name": "Sample",
            "last_name": f"Person{number}",
            "phone": f"07700 900{number % 1000:03d}",
            "address_line_1": f"{number} Sample Court",
            "town": "London",
            "postcode": "N19 5XX",
            "needs": frozenset({NeedCode.TEXT_ON_ARRIVAL}),
            "consents": True,
        }
        referrer_id = details.pop("referrer_id", None)
        with self.database.write() as session:
            return people.add_person(
                session,
                people.Details(**(given | details)),
                hub_id=self.hub_id,
                actor=self.actor(Role.COORDINATOR),
                happening=self.happening(),
                referrer_id=referrer_id,
            ).person

    def sim(self, *, months: int | None = 3, for_one_person: bool = False) -> Sim:
        """A SIM in stock, with data for `months` unless that is None."""
        actor, happening = self.actor(Role.COORDINATOR), self.happening()
        with self.database.write() as session:
            iccid = f"894410{next(_numbers):013d}"
            sim = bundles.add_sim(
                session, hub_id=self.hub_id, iccid=iccid, network="Sample Mobile", actor=actor, happening=happening
            )
            if months is not None:
                bundles.attach_bundle(
                    session,
                    sim.id,
                    gb_per_month=20,
                    months=months,
                    cost_pence=1200,
                    ownership=Ownership.PERSONS_OWN if for_one_person else Ownership.OURS,
                    eligible_on=local_date(happening.now) if for_one_person else None,
                    actor=actor,
                    happening=happening,
                )
        return sim

    def tablet(self, stage: Stage = Stage.READY, **facts: Any) -> Tablet:
        return tablet_at(self.database, self.hub_id, self.clock, stage, **facts)

    def request(self, programme: Programme | None = None, person: Person | None = None, **asked: Any) -> Loan:
        return self.do(
            loans.request_loan,
            person_id=(person or self.person()).id,
            programme_id=(programme or self.programme()).id,
            **{"safe_at_home": SafeAtHome.YES, **asked},
        )

    def loan_at(self, state: LoanState, programme: Programme | None = None, **asked: Any) -> Loan:
        """A loan that has come as far as `state` along the straight path, with a tablet and a SIM of its own."""
        due_on = asked.pop("due_on", None)
        loan = self.request(programme, **asked)
        for step in STRAIGHT_PATH[1 : STRAIGHT_PATH.index(state) + 1]:
            self.step(loan.id, step, due_on=due_on)
        return self.read(loans.get_loan, loan.id)

    def step(self, loan_id: int, to: LoanState, *, due_on: date | None = None) -> None:
        """One step of the straight path."""
        match to:
            case LoanState.APPROVED:
                self.do(loans.approve, loan_id)
            case LoanState.ALLOCATED:
                kept: dict[str, Any] = {"tablet_id": self.tablet().id, "sim_id": self.sim().id, "due_on": due_on}
                self.do(loans.allocate, loan_id, override_fit=True, reason="As it stands", **kept)
            case LoanState.OUT_FOR_DELIVERY:
                self.do(loans.load, loan_id, tablet_id=self.tablet_id(loan_id), role=Role.COURIER)
            case LoanState.ACTIVE:
                self.hand_over(loan_id)
            case LoanState.RETURN_ARRANGED:
                self.do(loans.arrange_return, loan_id)
            case LoanState.COLLECTED:
                self.do(loans.collect, loan_id, tablet_id=self.tablet_id(loan_id), role=Role.COURIER)
            case LoanState.CLOSED_RETURNED:
                tablet_id = self.tablet_id(loan_id)
                self.do(loans.arrive_back, tablet_id=tablet_id, role=Role.TECHNICIAN)
                self.inspect(tablet_id)
            case _:
                raise ValueError(to)

    def hand_over(self, loan_id: int, *, role: Role = Role.COURIER, **told: Any) -> Loan:
        return self.do(
            loans.hand_over,
            loan_id,
            tablet_id=self.tablet_id(loan_id),
            handed_to=HandedTo.PARTICIPANT,
            agreement_accepted=True,
            role=role,
            **told,
        )

    def inspect(self, tablet_id: int, **told: Any) -> Loan | None:
        return self.do(
            loans.inspect,
            tablet_id=tablet_id,
            condition=loans.Condition.GOOD,
            cleaned=True,
            role=Role.TECHNICIAN,
            **told,
        )

    def wipe_and_make_ready(self, tablet_id: int) -> None:
        """What the bench does to a cleaned tablet, as moves of the tablet's own table."""
        technician = self.actor(Role.TECHNICIAN)
        with self.database.write() as session:
            for move in BENCH_MOVES:
                self.clock.advance(minutes=5)
                told = self.happening()
                if move is Move.MAKE_READY:
                    tablets.confirm_label(session, tablet_id, actor=technician, happening=told)
                    tablets.check_kit(session, tablet_id, actor=technician, happening=told)
                tablets.move(session, tablet_id, move, actor=technician, settings=self.settings, happening=told)

    def tablet_id(self, loan_id: int) -> int:
        """The tablet the loan has."""

        def ask(session: Session) -> int:
            link = loans.open_tablet(session, loan_id)
            assert link is not None
            return link.tablet_id

        return self.read(ask)


def lost_by_two(
    session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening, **asked: Any
) -> Loan:
    """What one asks for and another agrees to, as one act: the tablet is recorded as lost."""
    look = loans.ask_to_lose(session, loan_id, actor=actor, settings=settings, happening=happening, **asked)
    told = replace(happening, client_id=None, reason="")
    loans.agree(session, look.id, actor=SOMEBODY_ELSE, settings=settings, happening=told)
    return loans.get_loan(session, loan_id)


def swap_lost_by_two(session: Session, loan_id: int, **asked: Any) -> Loan:
    """The same for the other tablet of a swap."""
    return lost_by_two(session, loan_id, of_swap=True, **asked)


def lending_at(database: Database, hub_id: int, clock: FakeClock, settings: Settings) -> Lending:
    return Lending(database, hub_id, clock, settings, {})
