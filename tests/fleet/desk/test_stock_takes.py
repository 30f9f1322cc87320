"""Stock-takes: what is missing, out of place or not known, by several people at once, put right line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.desk import service
from fleet.desk.rules import AT_THE_HUB, Counted, DifferenceKind, InTheBooks, compare
from fleet.errors import Conflict
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.desk.conftest import AtTheDesk
from tests.people import Browser

SHELVES = st.sampled_from([1, 2, 3])
BOOKS = st.lists(st.tuples(st.sampled_from(list(Stage)), st.none() | SHELVES), max_size=12)


@given(books=BOOKS, scans=st.lists(st.tuples(st.integers(0, 11), SHELVES), max_size=12), counted=st.sets(SHELVES))
def test_every_tablet_is_right_or_on_the_list_once(
    books: list[tuple[Stage, int | None]], scans: list[tuple[int, int]], counted: set[int]
) -> None:
    known = {
        number: InTheBooks(number, stage, shelf if stage in AT_THE_HUB else None)
        for number, (stage, shelf) in enumerate(books)
    }
    where = {number: shelf for number, shelf in scans if number in known}
    shelves = counted | set(where.values())
    rows = [Counted(number, shelf, number) for number, shelf in where.items()]
    found = compare(shelves, rows, known)
    listed = [each.tablet_id for each in found]
    assert len(listed) == len(set(listed))
    for number, each in known.items():
        expected_here = each.stage in AT_THE_HUB and each.shelf_id in shelves
        if number in where:
            right = each.stage in AT_THE_HUB and each.shelf_id == where[number]
            assert (number in listed) is not right
        else:
            assert (number in listed) is expected_here
    assert [list(DifferenceKind).index(each.kind) for each in found] == sorted(
        list(DifferenceKind).index(each.kind) for each in found
    )


def counting(desk: AtTheDesk) -> tuple[int, dict[str, tuple[int, str]]]:
    """A stock-take of shelf A1 in which everything differs; the tablets by what is wrong with them."""
    here, there = desk.shelf("A1"), desk.shelf("A2")
    stages = {
        "right": Stage.READY,
        "missing": Stage.READY,
        "elsewhere": Stage.WIPED,
        "away": Stage.IN_TRANSIT_BACK,
        "lost": Stage.LOST,
    }
    made = {name: (tablet.id, code) for name, stage in stages.items() for tablet, code in [desk.tablet(stage)]}
    desk.scan("DESK-PUT-AWAY", desk.label(here), made["right"][1], made["missing"][1])
    desk.scan(desk.label(there), made["elsewhere"][1])
    row = desk.scan("DESK-COUNT", desk.label(here))
    assert row.stock_take_id is not None
    for name in ("right", "elsewhere", "away", "lost"):
        desk.scan(made[name][1])
    desk.scan("K7F3-QX")
    return row.stock_take_id, made


def differing(desk: AtTheDesk, take_id: int) -> dict[str, str]:
    """code -> what is wrong with it, by the words of its kind."""
    with desk.lending.database.read() as session:
        take = service.get_stock_take(session, take_id)
        lines = service.lines_of(session, take, service.differences(session, take))
        return {line.code: line.kind.value for line in lines}


def test_a_shelf_and_the_books_are_compared_and_put_right_line_by_line(desk: AtTheDesk) -> None:
    take_id, made = counting(desk)
    wrong = {code: name for name, (_, code) in made.items() if name != "right"} | {"K7F3-QX": "unknown"}
    assert differing(desk, take_id) == wrong
    for name in ("elsewhere", "away", "lost"):
        desk.lending.do(service.put_right, take_id, made[name][0], role=Role.TECHNICIAN)
        assert desk.lies_on(made[name][0]) == desk.lies_on(made["right"][0])
    assert desk.again(made["lost"][0]).stage is Stage.RETURNED
    assert differing(desk, take_id) == {made["missing"][1]: "missing", "K7F3-QX": "unknown"}
    assert desk.lending.read(tablets.open_holds, made["missing"][0]) == []
    with desk.lending.database.write() as session:
        happening = desk.lending.happening()
        service.mark_for_looking(session, take_id, made["missing"][0], actor=desk.actor, happening=happening)
    assert [hold.kind for hold in desk.lending.read(tablets.open_holds, made["missing"][0])] == [HoldKind.STOCK_TAKE]


def test_people_count_together_go_on_later_and_what_it_came_to_stays(desk: AtTheDesk) -> None:
    take_id, made = counting(desk)
    colleague = AtTheDesk(desk.lending, desk.delivering, desk.lending.actor(Role.COORDINATOR))
    assert colleague.scan("DESK-COUNT").stock_take_id == take_id
    desk.lending.clock.advance(days=1)
    shelf = desk.shelf("A3")
    assert colleague.scan("DESK-COUNT", desk.label(shelf)).stock_take_id == take_id
    outcome, said = colleague.said(made["missing"][1])
    assert (outcome, said) == ("applied", f"{made['missing'][1]} is counted on A3.")
    assert differing(desk, take_id)[made["missing"][1]] == "elsewhere"
    assert colleague.said("MODE-UNDO")[0] == "applied"
    assert differing(desk, take_id)[made["missing"][1]] == "missing"
    assert colleague.said(made["right"][1])[1] == f"{made['right'][1]} is counted on A3. It was counted on A1 before."
    assert differing(desk, take_id)[made["right"][1]] == "elsewhere"
    assert colleague.said("MODE-UNDO")[1].endswith("is counted on A1 again.")
    assert made["right"][1] not in differing(desk, take_id)
    with desk.lending.database.write() as session:
        happening = desk.lending.happening()
        closed = service.close_stock_take(session, take_id, note="Seen to", actor=desk.actor, happening=happening)
    assert {line["code"] for line in closed.summary["lines"]} == set(differing(desk, take_id))
    assert colleague.said(made["missing"][1])[0] == "blocked"
    with pytest.raises(Conflict):
        desk.lending.do(service.put_right, take_id, made["elsewhere"][0], role=Role.TECHNICIAN)
    another = colleague.scan("DESK-COUNT")
    assert (another.outcome.value, another.stock_take_id, another.shelf_id) == ("applied", take_id + 1, None)
    assert colleague.said("DESK-COUNT")[0] == "already"


def test_two_who_begin_in_the_same_moment_count_in_one_stock_take(desk: AtTheDesk) -> None:
    at_once = Barrier(2)

    def begin(_: int) -> int:
        at_once.wait()
        with desk.lending.database.write() as session:
            return service.begin_stock_take(session, actor=desk.actor, happening=desk.lending.happening()).id

    with ThreadPoolExecutor(2) as people:
        assert len(set(people.map(begin, range(2)))) == 1


@ON_SQLITE
def test_one_press_puts_a_line_right_and_the_list_leaves_as_csv(
    desk: AtTheDesk, browser_as: Callable[..., Browser]
) -> None:
    take_id, made = counting(desk)
    here = f"/desk/stock-takes/{take_id}"
    coordinator, technician = browser_as(Role.COORDINATOR), browser_as(Role.TECHNICIAN)
    page = coordinator.get(here).text
    assert all(code in page for _, code in made.values() if code != made["right"][1])
    rows = list(csv.reader(io.StringIO(coordinator.get(f"{here}?format=csv").text.lstrip("\ufeff"))))
    assert {row[1] for row in rows[1:]} == set(differing(desk, take_id))
    assert coordinator.submit(f"{here}/right/{made['away'][0]}").status_code == 409
    assert technician.submit(f"{here}/right/{made['away'][0]}").status_code == 303
    assert technician.submit(f"{here}/look/{made['missing'][0]}").status_code == 303
    assert "Marked for looking" in coordinator.get(here).text
    with desk.lending.database.read() as session:
        unknown = next(
            each for each in service.differences(session, service.get_stock_take(session, take_id)) if each.text
        )
    coordinator.submit(f"{here}/forget/{unknown.count_id}")
    assert "K7F3-QX" not in coordinator.get(here).text
    coordinator.submit(f"{here}/close", {"note": "Done"})
    assert "Done" in coordinator.get(here).text
    assert technician.submit(f"{here}/right/{made['elsewhere'][0]}").status_code == 409
    assert str(len(differing(desk, take_id))) in coordinator.get("/desk/stock-takes").text
