"""Four eyes: a loss counts once a second person agrees, and a recorded death is taken back by two (rules R12, R21)."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest

from fleet.errors import BadInput, Conflict, MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan, SecondLook
from fleet.loans.rules import Asked, LoanState, StopReason, why_not_agree
from fleet.people import queries as people_queries
from fleet.people import service as people
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.actor import SYSTEM, Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import make_user


def another(lending: Lending, role: Role = Role.COORDINATOR) -> Actor:
    return make_user(lending.database, lending.clock, role)


def agree(lending: Lending, look: SecondLook, by: Actor) -> SecondLook:
    with lending.database.write() as session:
        return loans.agree(session, look.id, actor=by, settings=lending.settings, happening=lending.happening())


def turn_down(lending: Lending, look: SecondLook, by: Actor) -> SecondLook:
    with lending.database.write() as session:
        return loans.turn_down(session, look.id, actor=by, settings=lending.settings, happening=lending.happening())


def doubt(lending: Lending, person_id: int, reason: str = "We spoke with them") -> SecondLook:
    with lending.database.write() as session:
        told = lending.happening(reason=reason)
        return loans.ask_death_back(session, person_id, actor=lending.actor(Role.COORDINATOR), happening=told)


def again(lending: Lending, loan: Loan) -> Loan:
    return lending.read(loans.get_loan, loan.id)


def logged(lending: Lending, person_id: int) -> list[str]:
    with lending.database.read() as session:
        return [each.words for each in people_queries.events(session, person_id)]


def test_who_asked_and_no_program_by_itself_may_agree() -> None:
    asked = Asked(asked_by_id=1, asked_by="Sample One", decided=False)
    assert why_not_agree(asked, actor_id=2) is None
    assert "somebody else" in (why_not_agree(asked, actor_id=1) or "")
    assert "A person has to agree" in (why_not_agree(asked, actor_id=None) or "")


@ON_SQLITE
def test_a_tablet_is_lost_only_once_somebody_else_agrees(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    look = lending.do(loans.ask_to_lose, loan.id, reason="Left on a bus")
    assert again(lending, loan).state is LoanState.ACTIVE
    with pytest.raises(Conflict, match="You asked for it"):
        agree(lending, look, lending.actor(Role.COORDINATOR))
    with pytest.raises(Conflict, match="asked for this already"):
        lending.do(loans.ask_to_lose, loan.id, reason="Left on a bus")
    second = another(lending, Role.HUB_ADMIN)
    agree(lending, look, second)
    agree(lending, look, second)
    assert again(lending, loan).state is LoanState.CLOSED_LOST
    assert lending.read(tablets.get_tablet, tablet_id).stage is Stage.LOST
    told = [each for each in lending.read(queries.events, loan.id) if each.kind == "lose"]
    assert len(told) == 1
    assert all(name in told[0].words for name in (lending.actor(Role.COORDINATOR).name, second.name))


@ON_SQLITE
def test_only_a_coordinator_asks_and_says_why(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    for role, why in ((Role.COORDINATOR, " "), (Role.HUB_ADMIN, "Late"), (Role.COURIER, "Late")):
        with pytest.raises(MoveRefused):
            lending.do(loans.ask_to_lose, loan.id, reason=why, role=role)
    lending.people[Role.SYSTEM] = SYSTEM
    with pytest.raises(MoveRefused):
        lending.do(loans.ask_to_lose, loan.id, reason="Six weeks late", role=Role.SYSTEM)


@ON_SQLITE
def test_nothing_is_agreed_to_that_has_happened_otherwise_since(lending: Lending) -> None:
    """The courier has collected it, so losing it would be another loss than the one that was asked for."""
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    look = lending.do(loans.ask_to_lose, loan.id, reason="Nobody knows")
    lending.do(loans.collect, loan.id, tablet_id=tablet_id, role=Role.COURIER)
    with pytest.raises(Conflict, match="More has happened"):
        agree(lending, look, another(lending))
    assert again(lending, loan).state is LoanState.COLLECTED
    turn_down(lending, look, lending.actor(Role.COORDINATOR))
    assert lending.read(queries.open_loss, loan.id) is None


@ON_SQLITE
def test_what_is_turned_down_changes_nothing_and_may_be_asked_for_again(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    look = lending.do(loans.ask_to_lose, loan.id, reason="Nobody knows")
    turn_down(lending, look, another(lending))
    assert again(lending, loan).state is LoanState.ACTIVE
    with pytest.raises(Conflict, match="has decided it already"):
        agree(lending, look, another(lending))
    agree(lending, lending.do(loans.ask_to_lose, loan.id, reason="Nobody knows still"), another(lending))
    assert again(lending, loan).state is LoanState.CLOSED_LOST


@ON_SQLITE
def test_the_same_id_asks_once(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    first = lending.do(loans.ask_to_lose, loan.id, reason="Nobody knows", client_id="lose-0001")
    assert lending.do(loans.ask_to_lose, loan.id, reason="Nobody knows", client_id="lose-0001").id == first.id


def test_two_who_decide_at_once_decide_once(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    look = lending.do(loans.ask_to_lose, loan.id, reason="Nobody knows")
    people_who_decide = [another(lending) for _ in range(2)]
    ready, answers = Barrier(2), list[str]()

    def decide(actor: Actor, how: object) -> None:
        assert callable(how)
        ready.wait()
        try:
            how(lending, look, actor)
        except Conflict:
            answers.append("refused")
        else:
            answers.append("done")

    ways = (agree, turn_down)
    threads = [Thread(target=decide, args=each) for each in zip(people_who_decide, ways, strict=True)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == ["done", "refused"]
    decided = lending.read(loans.get_look, look.id)
    assert (again(lending, loan).state is LoanState.CLOSED_LOST) is decided.agreed


def test_a_death_is_taken_back_by_two_and_only_what_still_runs_goes_on(lending: Lending) -> None:
    programme, person = lending.programme(open_loans_per_person=5), lending.person()
    out = lending.loan_at(LoanState.ACTIVE, programme, person=person)
    kept = lending.loan_at(LoanState.ALLOCATED, programme, person=person)
    lending.do(loans.stop_for_death, out.id)
    look = doubt(lending, person.id)
    assert again(lending, out).stopped_at is not None
    with pytest.raises(Conflict, match="You asked for it"):
        agree(lending, look, lending.actor(Role.COORDINATOR))
    second = another(lending)
    agree(lending, look, second)
    assert lending.read(people.get_person, person.id).deceased_on is None
    assert [
        (each.state, each.stopped_at, each.stop_reason) for each in (again(lending, out), again(lending, kept))
    ] == [
        (LoanState.ACTIVE, None, None),
        (LoanState.CANCELLED, None, None),
    ]
    names = (lending.actor(Role.COORDINATOR).name, second.name)
    assert all(name in logged(lending, person.id)[0] for name in names)
    assert lending.do(loans.extend, out.id, due_on=date(2026, 9, 1), reason="Longer").due_on == date(2026, 9, 1)


@ON_SQLITE
def test_a_stop_for_another_reason_stays_when_a_death_is_taken_back(lending: Lending) -> None:
    person = lending.person()
    loan = lending.loan_at(LoanState.ACTIVE, person=person)
    lending.do(loans.stop_contact, loan.id, StopReason.MOVED_TO_CARE)
    lending.do(loans.record_death, person.id, on=None)
    agree(lending, doubt(lending, person.id), another(lending))
    assert again(lending, loan).stop_reason is StopReason.MOVED_TO_CARE


@ON_SQLITE
def test_a_death_is_recorded_for_somebody_without_any_loan(lending: Lending) -> None:
    person = lending.person()
    with pytest.raises(BadInput) as refused:
        lending.do(loans.record_death, person.id, on=date(2030, 1, 1))
    assert "on" in refused.value.fields
    lending.do(loans.record_death, person.id, on=date(2026, 5, 30))
    lending.do(loans.record_death, person.id, on=None)
    assert lending.read(people.get_person, person.id).deceased_on == date(2026, 5, 30)
    with pytest.raises(BadInput):
        lending.request(person=person)


@ON_SQLITE
def test_there_must_be_a_death_and_a_reason_to_take_it_back(lending: Lending) -> None:
    person = lending.person()
    with pytest.raises(Conflict, match="No death is on record"):
        doubt(lending, person.id)
    lending.do(loans.record_death, person.id, on=None)
    with pytest.raises(BadInput):
        doubt(lending, person.id, reason=" ")
    turn_down(lending, doubt(lending, person.id), another(lending))
    assert lending.read(people.get_person, person.id).deceased_on is not None
    look = doubt(lending, person.id)
    with pytest.raises(Conflict, match="asked for it already"):
        doubt(lending, person.id)
    agree(lending, look, another(lending))


@ON_SQLITE
def test_a_death_told_again_by_its_id_does_not_come_back_once_it_was_taken_back(lending: Lending) -> None:
    """A phone or a program that never heard our answer sends the same act once more, perhaps days later."""
    person = lending.person()
    over = lending.loan_at(LoanState.CLOSED_RETURNED, person=person)
    lending.do(loans.stop_for_death, over.id, client_id="died-0001")
    agree(lending, doubt(lending, person.id), another(lending))
    lending.do(loans.stop_for_death, over.id, client_id="died-0001")
    assert lending.read(people.get_person, person.id).deceased_on is None
