"""The forecast over a database: it counts what stands there, and asks the same few questions however much is over."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import event, insert

from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.cohorts.models import Cohort, Programme
from fleet.database.session import Database
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.planning import service
from fleet.planning.rules.forecast import Forecast, Reason
from fleet.tablets.models import Hold
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending

NEXT = date(2026, 6, 29)
BY_STATE = ("ix_loan_hub_id_state_due_on (hub_id=? AND state=?", "ix_loan_cohort_id (cohort_id=?")


def outlook(lending: Lending) -> tuple[Forecast, ...]:
    return lending.read(service.forecast, hub_id=lending.hub_id, settings=lending.settings, now=lending.clock())


def upcoming(lending: Lending, programme: Programme, places: int = 5) -> Cohort:
    return lending.cohort(programme, NEXT, NEXT + timedelta(days=28), places)


def reasons(found: Forecast) -> dict[Reason, int]:
    return {each.reason: each.count for each in found.reasons}


def test_a_forecast_counts_tablets_wherever_they_are(lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    cohort = upcoming(lending, programme, places=9)
    lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 19))
    lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 8, 31))
    lending.loan_at(LoanState.ALLOCATED, programme, cohort_id=cohort.id)
    lending.loan_at(LoanState.COLLECTED, programme)
    lending.loan_at(LoanState.APPROVED, programme)
    stopped = lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 30))
    lending.do(loans.stop_contact, stopped.id, StopReason.WITHDREW)
    for stage in (Stage.READY, Stage.READY, Stage.REPAIR, Stage.RECYCLED):
        lending.tablet(stage)
    held, virtual = lending.tablet(), lending.tablet(is_virtual=True)
    lending.tablet(Stage.WIPED, retiring=True)
    with lending.database.write() as session:
        for kind in (HoldKind.FAULT, HoldKind.SAFETY):
            session.add(
                Hold(tablet_id=held.id, kind=kind, reason="Sample", placed_by="Sample", placed_at=lending.clock())
            )
    [found] = outlook(lending)
    assert virtual.is_virtual
    assert (found.wanted.places, found.wanted.have_theirs, found.wanted.need) == (9, 1, 8)
    assert found.ready == 2 + 1 + 1 - 1, "on the shelf, due in June, on the way back; one is promised"
    assert reasons(found) == {
        Reason.BACK_TOO_LATE: 2,
        Reason.STOPPED: 1,
        Reason.REPAIR: 1,
        Reason.HELD: 1,
        Reason.RETIRING: 1,
        Reason.PROMISED: 1,
    }


@ON_SQLITE
def test_giving_one_back_changes_the_number(lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    upcoming(lending, programme, places=2)
    late = lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 10))
    lending.clock.advance(days=14)
    [before] = outlook(lending)
    assert (before.ready, before.short, reasons(before)) == (0, 2, {Reason.OVERDUE: 1})
    lending.step(late.id, LoanState.RETURN_ARRANGED)
    lending.step(late.id, LoanState.COLLECTED)
    [after] = outlook(lending)
    assert (after.ready, after.short, reasons(after)) == (1, 1, {})


@ON_SQLITE
def test_a_closure_before_the_first_day_makes_tablets_late(lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    upcoming(lending, programme)
    lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 23))
    assert outlook(lending)[0].ready == 1
    days = SpecialDays(date(2026, 6, 24), date(2026, 6, 24), "Staff training")
    with lending.database.write() as session:
        actor, told = lending.actor(Role.COORDINATOR), lending.happening()
        cohorts.add_closure(session, lending.hub_id, days, actor=actor, happening=told)
    assert (outlook(lending)[0].ready, reasons(outlook(lending)[0])) == (0, {Reason.BACK_TOO_LATE: 1})


def ended(database: Database, count: int, like: Loan) -> None:
    """So many loans that are over, in rows."""
    kept = {column.name: getattr(like, column.name) for column in Loan.__table__.columns if column.name != "id"}
    over = {"state": LoanState.CLOSED_RETURNED, "due_on": date(2026, 5, 1), "returned_on": date(2026, 5, 1)}
    with database.write() as session:
        session.execute(insert(Loan), [kept | over | {"cohort_id": None} for _ in range(count)])


def asked(lending: Lending) -> list[str]:
    """Every statement of one forecast."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(lending.database.engine, "before_cursor_execute", note)
    try:
        outlook(lending)
    finally:
        event.remove(lending.database.engine, "before_cursor_execute", note)
    return [each for each in statements if each.startswith("SELECT")]


@ON_SQLITE
def test_the_forecast_asks_the_same_few_questions_however_many_loans_are_over(lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    upcoming(lending, programme)
    loan = lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 6, 30))
    few = asked(lending)
    ended(lending.database, 3_000, lending.read(loans.get_loan, loan.id))
    for _ in range(3):
        lending.loan_at(LoanState.ACTIVE, programme, due_on=date(2026, 7, 1))
    assert asked(lending) == few
    assert len(few) <= 20


@ON_SQLITE
def test_no_question_of_the_forecast_reads_all_loans_of_a_hub(lending: Lending) -> None:
    """SQLite says for each how it finds its rows: by an index that leaves out the loans that are over."""
    upcoming(lending, lending.programme())
    for statement in asked(lending):
        if "FROM loan" in statement:
            with lending.database.read() as session:
                plan = session.connection().exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?")
                )
                steps = [row[3] for row in plan]
            assert any(step.split("INDEX ")[-1].startswith(BY_STATE) for step in steps), (statement, steps)
