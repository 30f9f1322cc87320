"""What was typed about a person onto their tablet or card goes with them, too: holds, their lifting, and logs (R30)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimMove
from fleet.errors import Conflict
from fleet.loans import service as loans
from fleet.loans.rules import GoesOn, LoanState, SafeAtHome
from fleet.people import service as people
from fleet.people.models import Person
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.queries import events as tablet_events
from fleet.tablets.rules import HoldKind
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.privacy.conftest import Erase
from tests.fleet.privacy.test_erasing import secrets_in
from tests.lending import Lending


@ON_SQLITE
def test_what_was_typed_while_they_had_it_goes_and_what_came_before_and_after_stays(
    lending: Lending, erase: Erase
) -> None:
    earlier, later = "Screen protector fitted", "Battery changed at the bench"
    loan = lending.loan_at(LoanState.APPROVED)
    tablet, sim = lending.tablet(), lending.sim()
    hold(lending, tablet.id, HoldKind.FAULT, earlier, "Looks well")
    lending.clock.advance(hours=1)
    lending.do(loans.allocate, loan.id, tablet_id=tablet.id, sim_id=sim.id)
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE):
        lending.clock.advance(hours=1)
        lending.step(loan.id, step)
    hold(lending, tablet.id, HoldKind.SAFETY, "Zebedee says it is hot", "The niece in Ryde cooled it")
    lending.clock.advance(days=20)
    lending.do(loans.hand_in, loan.id, tablet_id=tablet.id, role=Role.TECHNICIAN)
    with lending.database.write() as session:
        told = lending.happening(reason="The Quillfeathers cut it")
        actor = lending.actor(Role.COORDINATOR)
        bundles.press(session, sim.id, SimMove.LOSE, actor=actor, settings=lending.settings, happening=told)
    lending.clock.advance(hours=1)
    lending.inspect(tablet.id)
    lending.clock.advance(hours=1)
    hold(lending, tablet.id, HoldKind.FAULT, later, "Done")
    file = Path(str(lending.database.engine.url.database))
    assert secrets_in(file) == {"Zebedee", "niece in Ryde", "Quillfeather"}
    erase(loan.person_id)
    assert secrets_in(file) == set()
    with lending.database.read() as session:
        reasons = {each.reason for each in tablet_events(session, tablet.id)}
    assert {earlier, "Looks well", later, "Done"} <= reasons


def hold(lending: Lending, tablet_id: int, kind: HoldKind, why: str, settled: str) -> None:
    technician = lending.actor(Role.TECHNICIAN)
    with lending.database.write() as session:
        told = lending.happening(reason=why)
        tablets.place_hold(session, tablet_id, kind, actor=technician, happening=told)
        told = lending.happening(reason=settled)
        tablets.lift_hold(session, tablet_id, kind, actor=technician, happening=told)


@ON_SQLITE
def test_what_was_missing_from_the_kit_and_why_a_swap_was_arranged_go_too(lending: Lending, erase: Erase) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet()
    own = lending.tablet_id(loan.id)
    lending.do(loans.arrange_swap, loan.id, tablet_id=other.id, reason="Zebedee sat on it")
    lending.clock.advance(hours=1)
    lending.do(loans.call_off_swap, loan.id, reason="The niece in Ryde mended it")
    lending.clock.advance(hours=1)
    lending.do(loans.hand_in, loan.id, tablet_id=own, role=Role.TECHNICIAN)
    lending.clock.advance(hours=1)
    lending.inspect(own, kit_missing="The Quillfeathers kept the cable")
    file = Path(str(lending.database.engine.url.database))
    assert secrets_in(file) == {"Zebedee", "niece in Ryde", "Quillfeather"}
    erase(loan.person_id)
    assert secrets_in(file) == set()


@ON_SQLITE
def test_nothing_about_somebody_who_was_erased_is_written_down_anew(lending: Lending, erase: Erase) -> None:
    loan = lending.loan_at(LoanState.CLOSED_RETURNED)
    erase(loan.person_id)
    acts: tuple[Callable[[], object], ...] = (
        lambda: lending.do(loans.stop_for_death, loan.id),
        lambda: lending.do(loans.record_death, loan.person_id, on=None),
        lambda: lending.do(loans.answer_safe_at_home, loan.id, SafeAtHome.NO),
        lambda: lending.do(loans.say_what_next, loan.id, GoesOn.NOTHING),
        lambda: lending.do(opted_in, loan.person_id),
    )
    for act in acts:
        with pytest.raises(Conflict, match="was erased"):
            act()
    person = lending.read(people.get_person, loan.person_id)
    assert (person.deceased_on, person.opted_out) == (None, True)


def opted_in(session: Session, person_id: int, *, settings: Settings, **asked: Any) -> Person:
    return people.set_opted_out(session, person_id, False, **asked)
