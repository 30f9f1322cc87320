"""Closing the hub: what moves is what was shown, as due versions, once, and never somebody's extension."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import Hours, SpecialDays
from fleet.cohorts.models import Closure
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.planning import service
from fleet.planning.service import NotWhatWasSeen, Preview
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending, lending_at

MIDSUMMER = SpecialDays(date(2026, 6, 24), date(2026, 6, 24), "Staff training")
CLOSED = MIDSUMMER.first


def due_on(lending: Lending, day: date, count: int) -> list[int]:
    programme = lending.programme(bundle_required=False)
    return [lending.loan_at(LoanState.ACTIVE, programme, due_on=day).id for _ in range(count)]


def look(lending: Lending, days: SpecialDays = MIDSUMMER) -> Preview:
    return lending.read(service.preview, days, hub_id=lending.hub_id, now=lending.clock())


def close(lending: Lending, seen: str, days: SpecialDays = MIDSUMMER, client_id: str | None = None) -> Closure:
    with lending.database.write() as session:
        happening = Happening(now=lending.clock(), client_id=client_id)
        coordinator = lending.actor(Role.COORDINATOR)
        return service.close(session, days, hub_id=lending.hub_id, seen=seen, actor=coordinator, happening=happening)


def versions(lending: Lending, loan_id: int) -> list[DueVersion]:
    return list(lending.read(queries.due_versions, loan_id))


def test_a_closure_shows_what_it_moves_and_moves_exactly_that(lending: Lending) -> None:
    moved, stays = due_on(lending, CLOSED, 3), due_on(lending, date(2026, 6, 25), 1)
    seen = look(lending)
    assert {move.loan_id for move in seen.moves} == set(moved)
    assert Counter(move.after for move in seen.moves) == {date(2026, 6, 25): 1, date(2026, 6, 26): 2}
    assert all(lending.read(loans.get_loan, each).due_on == CLOSED for each in moved), "nothing has moved yet"
    assert close(lending, seen.digest).loans_moved == 3
    for move in seen.moves:
        loan = lending.read(loans.get_loan, move.loan_id)
        first, second = versions(lending, loan.id)
        assert (loan.due_on, loan.original_due_on, loan.due_version) == (move.after, CLOSED, 2)
        assert (first.due_on, second.due_on, second.reason) == (CLOSED, move.after, "The hub is closed: Staff training")
        assert lending.read(queries.count_extensions, loan.id) == 0, "it uses up no extension"
    assert len(versions(lending, stays[0])) == 1


def test_a_loan_that_is_given_afterwards_is_due_when_the_hub_is_open(lending: Lending) -> None:
    close(lending, look(lending).digest)
    [loan_id] = due_on(lending, CLOSED, 1)
    assert lending.read(loans.get_loan, loan_id).due_on == date(2026, 6, 25)
    extended = lending.do(loans.extend, loan_id, due_on=date(2026, 7, 1), reason="The gatherings go on")
    assert extended.due_on == date(2026, 7, 1)


def test_what_was_not_shown_is_not_moved(lending: Lending) -> None:
    seen = look(lending)
    [loan_id] = due_on(lending, CLOSED, 1)
    with pytest.raises(NotWhatWasSeen) as refused:
        close(lending, seen.digest)
    assert refused.value.details["would_move"] == 1
    assert lending.read(cohorts.closures, lending.hub_id) == []
    assert lending.read(loans.get_loan, loan_id).due_on == CLOSED


def test_told_twice_a_closure_is_one_and_loans_move_once(lending: Lending) -> None:
    [loan_id] = due_on(lending, CLOSED, 1)
    seen = look(lending)
    first = close(lending, seen.digest, client_id="closure-0001")
    again = close(lending, "whatever", client_id="closure-0001")
    assert (again.id, again.loans_moved, len(versions(lending, loan_id))) == (first.id, 1, 2)


@ON_SQLITE
def test_loans_that_are_over_late_or_stopped_stay_as_they_are(lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    back = lending.loan_at(LoanState.COLLECTED, programme, due_on=CLOSED)
    stopped = lending.loan_at(LoanState.ACTIVE, programme, due_on=CLOSED)
    lending.do(loans.stop_contact, stopped.id, StopReason.WITHDREW)
    assert look(lending).moves == ()
    assert lending.read(loans.get_loan, back.id).due_on == CLOSED
    lending.clock.advance(days=24)
    with pytest.raises(BadInput):
        look(lending)


@ON_SQLITE
def test_a_hub_that_gives_up_a_weekday_is_shown_the_loans_due_on_it(lending: Lending) -> None:
    friday, next_friday = date(2026, 6, 19), date(2026, 6, 26)
    ids = [*due_on(lending, friday, 2), *due_on(lending, next_friday, 1)]
    calendar = lending.read(cohorts.calendar_of, lending.hub_id)
    week: list[Hours] = [hours for hours in calendar.week if hours.weekday != 4]
    actor = lending.actor(Role.HUB_ADMIN)
    with lending.database.write() as session:
        cohorts.set_week(session, lending.hub_id, week, actor=actor, now=lending.clock())
    found = lending.read(service.stranded, hub_id=lending.hub_id, now=lending.clock())
    assert {move.loan_id for move in found.moves} == set(ids)
    with lending.database.write() as session:
        moved = service.move_stranded(
            session, hub_id=lending.hub_id, seen=found.digest, actor=actor, now=lending.clock()
        )
    assert moved == 3
    assert lending.read(service.stranded, hub_id=lending.hub_id, now=lending.clock()).moves == ()
    due = {lending.read(loans.get_loan, each).due_on for each in ids}
    assert due == {date(2026, 6, 22), date(2026, 6, 23), date(2026, 6, 29)}


@ON_SQLITE
def test_a_closure_moves_nobody_who_was_due_on_a_day_that_was_closed_before(lending: Lending) -> None:
    sunday = date(2026, 6, 21)
    [closed_already] = due_on(lending, sunday, 1)
    with lending.database.write() as session:
        loans.get_loan(session, closed_already).due_on = sunday  # as a file may bring it in
    assert look(lending).moves == ()
    [closed_by_this] = due_on(lending, CLOSED, 1)
    seen = look(lending)
    assert [move.loan_id for move in seen.moves] == [closed_by_this]
    assert {day for day, _, _ in seen.days} == {CLOSED, seen.moves[0].after}
    assert close(lending, seen.digest).loans_moved == 1
    assert lending.read(loans.get_loan, closed_already).due_on == sunday
    found = lending.read(service.stranded, hub_id=lending.hub_id, now=lending.clock())
    assert [move.loan_id for move in found.moves] == [closed_already], "it is asked about on its own"


@ON_SQLITE
def test_a_day_on_which_the_hub_opens_for_once_moves_nobody(lending: Lending) -> None:
    saturday = SpecialDays(date(2026, 6, 27), date(2026, 6, 27), "Open for returns", opens=True)
    due_on(lending, date(2026, 6, 29), 1)
    seen = look(lending, saturday)
    assert (seen.moves, close(lending, seen.digest, saturday).loans_moved) == ((), 0)
    [loan_id] = due_on(lending, saturday.first, 1)
    assert lending.read(loans.get_loan, loan_id).due_on == saturday.first


def test_a_loan_that_changed_a_moment_ago_moves_with_none(lending: Lending) -> None:
    ids = due_on(lending, CLOSED, 2)
    wanted = {each: (CLOSED, date(2026, 6, 25)) for each in ids}
    lending.do(loans.extend, ids[1], due_on=date(2026, 7, 8), reason="The gatherings go on")
    with pytest.raises(loans.LoansChanged) as refused, lending.database.write() as session:
        loans.move_due_dates(session, wanted, actor=lending.actor(Role.COORDINATOR), happening=lending.happening())
    assert refused.value.details == {"loan_ids": [ids[1]]}
    with lending.database.read() as session:
        dates = session.scalars(select(Loan.due_on).where(Loan.id.in_(ids)).order_by(Loan.id)).all()
    assert dates == [CLOSED, date(2026, 7, 8)]


@ON_SQLITE
def test_another_hub_closes_its_own_days_and_moves_its_own_loans(lending: Lending) -> None:
    """Rule R3: closures are of the hub that the loan is due back to."""
    ours = due_on(lending, CLOSED, 1)
    with lending.database.write() as session:
        other = partners.add_organisation(
            session, kind=OrganisationKind.HUB, name="Firth hub", nation="SCT", now=lending.clock()
        )
    elsewhere = lending_at(lending.database, other.id, lending.clock, lending.settings)
    theirs = due_on(elsewhere, CLOSED, 1)
    seen = lending.read(service.preview, MIDSUMMER, now=lending.clock(), hub_id=other.id)
    assert [move.loan_id for move in seen.moves] == theirs
    with lending.database.write() as session:
        made = service.close(
            session,
            MIDSUMMER,
            seen=seen.digest,
            actor=lending.actor(Role.COORDINATOR),
            happening=Happening(now=lending.clock()),
            hub_id=other.id,
        )
    assert (made.hub_id, made.loans_moved) == (other.id, 1)
    assert lending.read(loans.get_loan, ours[0]).due_on == CLOSED
