"""What was used, and the warnings that follow: on the SIM, in the list, recomputed whenever a date changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from fleet.bundles import queries, service
from fleet.bundles.queries import usage
from fleet.bundles.rules import AfterLoan, Asks, SimMove
from fleet.bundles.sources import FolderSource
from fleet.errors import BadInput, Conflict
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.loans.seeing import gather
from fleet.users.actor import SYSTEM
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bundles.stocked import act, asks, in_use, needed, today
from tests.lending import Lending


def read(lending: Lending, sim_id: int, used_mb: int, **asked: object) -> None:
    act(lending, service.record_usage, sim_id, used_mb=used_mb, on=asked.pop("on", today(lending)), **asked)


def test_low_gone_and_topped_up_are_told_where_somebody_looks(lending: Lending) -> None:
    sim = in_use(lending, needed_until=date(2026, 9, 1))
    read(lending, sim.id, 15_900)
    assert (asks(lending, sim.id), needed(lending)) == ([], [])
    lending.clock.advance(days=1)
    read(lending, sim.id, 17_000)
    assert (asks(lending, sim.id), needed(lending)) == ([Asks.LOW], [(Asks.LOW, sim.id)])
    lending.clock.advance(days=1)
    read(lending, sim.id, 20_000)
    assert (asks(lending, sim.id), needed(lending)) == ([Asks.GONE], [(Asks.GONE, sim.id)])
    act(lending, service.top_up, sim.id, gb=10, months=0, cost_pence=500)
    assert (asks(lending, sim.id), needed(lending)) == ([], [])


@ON_SQLITE
def test_a_month_begins_with_its_whole_allowance(lending: Lending) -> None:
    sim = in_use(lending, needed_until=date(2026, 9, 1))
    act(lending, service.top_up, sim.id, gb=10, months=0, cost_pence=500)
    read(lending, sim.id, 29_000)
    assert asks(lending, sim.id) == [Asks.LOW]
    lending.clock.advance(days=30)
    assert (asks(lending, sim.id), needed(lending)) == ([], [])
    read(lending, sim.id, 16_000)
    assert asks(lending, sim.id) == [Asks.LOW]


@ON_SQLITE
def test_a_reading_that_cannot_be_is_refused_and_one_of_the_same_day_replaced(lending: Lending) -> None:
    sim = in_use(lending)
    lending.clock.advance(days=3)
    read(lending, sim.id, 5_000)
    read(lending, sim.id, 4_000)
    lending.clock.advance(days=1)
    for used, on, why in (
        (3_000, today(lending), "used by Thursday 4 June 2026 already"),
        (5_000, today(lending) + timedelta(days=1), "yet to come"),
        (5_000, date(2026, 5, 1), "switched on later"),
    ):
        with pytest.raises(BadInput) as refused:
            read(lending, sim.id, used, on=on)
        assert why in refused.value.fields["used_mb"]
    with pytest.raises(Conflict, match="not switched on"):
        read(lending, lending.sim().id, 1)


def test_every_extension_reckons_the_warnings_anew(lending: Lending) -> None:
    """Rule R26, through a loan: 28 days with a bundle of one month, extended beyond it, and topped up."""
    loan = lending.loan_at(LoanState.APPROVED)
    sim = lending.sim(months=1)
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=sim.id)
    assert asks(lending, sim.id) == []
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE):
        lending.step(loan.id, step)
    assert asks(lending, sim.id) == [Asks.OUTLIVES]
    lending.do(loans.extend, loan.id, reason="Asked for longer")
    assert asks(lending, sim.id) == [Asks.ENDS_FIRST]
    with lending.database.read() as session:
        shown = gather(session, loans.get_loan(session, loan.id), now=lending.clock()).warnings
    assert "before the tablet is due on Monday 27 July 2026" in shown[0]
    assert needed(lending) == []
    lending.clock.advance(days=9)
    assert needed(lending) == [(Asks.ENDS_FIRST, sim.id)]
    act(lending, service.top_up, sim.id, gb=0, months=1, cost_pence=400)
    assert (asks(lending, sim.id), needed(lending)) == ([Asks.OUTLIVES], [])


@ON_SQLITE
def test_data_that_ends_while_somebody_keeps_the_tablet_too_long_is_on_the_list_as_ended(lending: Lending) -> None:
    """The list says what the card's own page says: nobody is asked what to do with data that is gone."""
    sim = in_use(lending, needed_until=date(2026, 6, 20), months=1)
    lending.clock.advance(days=31)
    assert (asks(lending, sim.id), needed(lending)) == ([Asks.ENDS_FIRST], [(Asks.ENDS_FIRST, sim.id)])


@ON_SQLITE
def test_data_that_ended_on_the_day_its_loan_was_due_is_missed_from_the_day_after(lending: Lending) -> None:
    sim = in_use(lending, needed_until=date(2026, 7, 1), months=1)
    lending.clock.advance(days=30)
    assert (asks(lending, sim.id), needed(lending)) == ([], [])
    lending.clock.advance(days=1)
    assert (asks(lending, sim.id), needed(lending)) == ([Asks.ENDS_FIRST], [(Asks.ENDS_FIRST, sim.id)])


@ON_SQLITE
def test_data_that_nobody_has_a_tablet_for_is_on_the_list_before_it_ends(lending: Lending) -> None:
    sim = in_use(lending, needed_until=None, months=1)
    assert (asks(lending, sim.id), needed(lending)) == ([], [])
    lending.clock.advance(days=9)
    assert (asks(lending, sim.id), needed(lending)) == ([Asks.ENDS_FIRST], [(Asks.ENDS_FIRST, sim.id)])


@ON_SQLITE
def test_nine_months_with_six_months_of_data_warn_from_the_allocation(lending: Lending) -> None:
    """Need E3: a 39-week loan with a 6-month SIM."""
    loan = lending.loan_at(LoanState.APPROVED, lending.programme(taster_days=273, taster_months=None))
    sim = lending.sim(months=6)
    lending.do(loans.allocate, loan.id, tablet_id=lending.tablet().id, sim_id=sim.id)
    assert asks(lending, sim.id) == [Asks.ENDS_FIRST]
    for step in (LoanState.OUT_FOR_DELIVERY, LoanState.ACTIVE):
        lending.step(loan.id, step)
    ends = date(2026, 12, 1)
    lending.clock.advance(days=(ends - timedelta(days=22) - today(lending)).days)
    assert needed(lending) == []
    lending.clock.advance(days=1)
    assert needed(lending) == [(Asks.ENDS_FIRST, sim.id)]


@ON_SQLITE
def test_what_becomes_of_data_that_outlives_its_loan_is_asked_until_it_is_decided(lending: Lending) -> None:
    sim = in_use(lending, needed_until=date(2026, 6, 20))
    assert needed(lending, asks="outlives") == [(Asks.OUTLIVES, sim.id)]
    act(lending, service.decide_after_loan, sim.id, AfterLoan.RECLAIM)
    assert (asks(lending, sim.id), needed(lending)) == ([], [])
    with lending.database.write() as session:
        service.needed_until(session, sim.id, date(2026, 6, 27))
    assert asks(lending, sim.id) == [Asks.OUTLIVES]


@ON_SQLITE
def test_data_used_while_nobody_has_the_card_is_looked_into(lending: Lending) -> None:
    """Rule R28: taken out and used elsewhere."""
    sim = in_use(lending)
    lending.clock.advance(days=2)
    read(lending, sim.id, 3_000)
    act(lending, service.move, sim.id, SimMove.SUSPEND)
    lending.clock.advance(days=2)
    read(lending, sim.id, 3_000)
    assert needed(lending) == []
    lending.clock.advance(days=1)
    read(lending, sim.id, 3_500)
    assert needed(lending) == [(Asks.USED_AT_REST, sim.id)]
    with pytest.raises(BadInput):
        act(lending, service.answer_use_at_rest, sim.id)
    act(lending, service.answer_use_at_rest, sim.id, reason="It was tried at the desk")
    assert needed(lending) == []


def file_of(*rows: tuple[str, str, str]) -> str:
    return "\n".join(["iccid,read_on,used_gb", *(",".join(row) for row in rows)])


def test_a_file_is_recorded_whole_or_not_at_all(lending: Lending) -> None:
    first, second = in_use(lending), in_use(lending)
    good, other = (first.iccid, "2026-06-01", "1.5"), (second.iccid, "01/06/2026", "2")
    wrong = [
        (second.iccid, "2026-06-31", "1"),
        ("8944100000000099999", "2026-06-01", "1"),
        (second.iccid, "2026-06-01", "lots"),
        ("8.94410E+18", "2026-06-01", "1"),
    ]
    with pytest.raises(service.RowsRefused, match="4 of 5 rows") as refused:
        act(lending, service.import_usage, file_of(good, *wrong))
    reasons = {row["line"]: str(row["problem"]) for row in refused.value.rows}
    assert ("no day" in reasons[3], "No SIM of ours" in reasons[4]) == (True, True)
    assert ("no number" in reasons[5], "spreadsheet rounded" in reasons[6]) == (True, True)
    assert lending.read(queries.current_bundle, first.id) is not None
    assert act(lending, service.import_usage, file_of(good, other)) == 2
    assert act(lending, service.import_usage, file_of(good, other)) == 2
    with lending.database.read() as session:
        bundle = queries.current_bundle(session, first.id)
        assert bundle is not None
        assert [(each.used_mb, each.source) for each in usage.readings(session, bundle.id)] == [(1500, "csv")]


@ON_SQLITE
@pytest.mark.parametrize("text", ["", "number;used\n1;2", "iccid,read_on\n", '"iccid\n"x"y'])
def test_what_is_no_such_file_says_what_it_should_be(lending: Lending, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        act(lending, service.import_usage, text)
    assert isinstance(refused.value, service.RowsRefused) or "columns" in refused.value.fields["file"]


@ON_SQLITE
def test_one_card_and_day_stands_in_a_file_once(lending: Lending) -> None:
    sim = in_use(lending)
    with lending.database.read() as session:
        rows = [(sim.iccid, "2026-06-01", amount) for amount in ("1", "2")]
        checked = service.check_file(session, file_of(*rows), today=today(lending))
    assert [each.problem for each in checked] == ["", "Line 2 is about the same SIM and day."]


@ON_SQLITE
def test_a_folder_is_read_file_by_file_and_says_why_one_was_refused(lending: Lending, tmp_path: Path) -> None:
    sim, folder = in_use(lending), tmp_path / "usage"
    source = FolderSource(folder)
    assert service.fetch_usage(lending.database, source, clock=lending.clock) == service.Fetched()
    folder.mkdir()
    (folder / "good.csv").write_text(file_of((sim.iccid, "2026-06-01", "17")))
    (folder / "bad.csv").write_text(file_of((sim.iccid, "2026-06-01", "x")))
    (folder / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    done = service.fetch_usage(lending.database, source, clock=lending.clock)
    assert done == service.Fetched(recorded=1, readings=1, refused=2)
    assert "Line 2" in (folder / "refused" / "bad.csv.why.txt").read_text()
    assert [path.name for path in (folder / "read").iterdir()] == ["good.csv"]
    assert asks(lending, sim.id) == [Asks.LOW]
    (folder / "read" / "good.csv").replace(folder / "good.csv")
    assert service.fetch_usage(lending.database, source, clock=lending.clock).readings == 1
    with lending.database.read() as session:
        bundle = queries.current_bundle(session, sim.id)
        assert bundle is not None
        assert len(usage.readings(session, bundle.id)) == 1


@ON_SQLITE
def test_the_list_never_reads_through_all_sims(lending: Lending) -> None:
    """Flat in the number of SIMs: each part begins at an index of what is open, and goes on by keys."""
    seen: list[str] = []
    with lending.database.read() as session:
        for _asks, part in usage._parts(today(lending)):
            compiled = part.compile(session.connection(), compile_kwargs={"literal_binds": True})
            plan = session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
            seen += [str(row[3]) for row in plan]
    scans = [line for line in seen if line.startswith("SCAN")]
    assert [line for line in scans if "INDEX" not in line] == []
    assert [
        line for line in scans if not line.startswith(("SCAN sim_use", "SCAN usage_reading", "SCAN stray_sim"))
    ] == []


@ON_SQLITE
def test_a_file_of_many_rows_asks_no_more_of_the_database_than_one_of_few(lending: Lending) -> None:
    sim = in_use(lending)
    lending.clock.advance(days=27)

    def reads(days: int) -> int:
        asked: list[str] = []
        rows = [(sim.iccid, f"2026-06-{day:02d}", str(day / 2)) for day in range(1, days + 1)]
        with lending.database.write() as session:
            event.listen(session.get_bind(), "before_cursor_execute", note := lambda *told: asked.append(told[2]))
            service.import_usage(session, file_of(*rows), actor=SYSTEM, happening=lending.happening())
            event.remove(session.get_bind(), "before_cursor_execute", note)
            session.rollback()
        return sum(statement.startswith("SELECT") for statement in asked)

    assert reads(3) == reads(25)


@ON_SQLITE
@pytest.mark.parametrize("broken", ["vanishes", "cannot be read", "cannot be moved"])
def test_one_file_that_the_disk_keeps_back_does_not_stop_the_others(
    lending: Lending, tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim, folder = in_use(lending), tmp_path / "usage"
    folder.mkdir()
    for name in ("bad.csv", "good.csv"):
        (folder / name).write_text(file_of((sim.iccid, "2026-06-01", "17")))

    def refuses(method: str, error: OSError) -> None:
        """The disk itself answers so for that one file; a test as root cannot take its own rights away."""
        real = getattr(Path, method)

        def asked(path: Path, *given: object, **more: object) -> object:
            if path.name == "bad.csv":
                raise error
            return real(path, *given, **more)

        monkeypatch.setattr(Path, method, asked)

    match broken:
        case "vanishes":
            refuses("read_text", FileNotFoundError(2, "No such file"))
        case "cannot be read":
            refuses("read_text", PermissionError(13, "Permission denied"))
        case _:
            refuses("replace", PermissionError(13, "Permission denied"))
    done = service.fetch_usage(lending.database, FolderSource(folder), clock=lending.clock)
    assert done.recorded == (2 if broken == "cannot be moved" else 1)
    assert (folder / "read" / "good.csv").exists()
    assert (folder / "refused" / "bad.csv.why.txt").exists() is (broken == "cannot be read")
