"""Print batches: a roll of blanks, going on from where the printer jammed, and the list of what was printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from fleet.database.migrate import downgrade, upgrade
from fleet.database.session import Database
from fleet.errors import BadInput, Conflict
from fleet.tags import printing, service
from fleet.tags.rules import shown
from fleet.tags.rules.printing import BatchKind
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.tags.conftest import Labelling
from tests.fleet.tags.test_service import printed_codes
from tests.people import Browser


def again(labelling: Labelling, batch_id: int, **asked: Any) -> list[str]:
    """The codes that are printed again."""
    with labelling.database.write() as session:
        made = printing.print_again(
            session,
            batch_id,
            settings=labelling.settings,
            actor=labelling.technician,
            happening=labelling.happening(),
            **asked,
        )
        assert (made.again_of_id, made.start_at) == (batch_id, asked["start_at"])
        return [shown(label.tag.code) for label in printing.labels_of(session, made)]


def test_a_batch_is_printed_again_from_the_label_after_the_last_good_one(labelling: Labelling) -> None:
    batch = labelling.blanks(5)
    codes = labelling.codes(batch)
    assert again(labelling, batch.id, last_good=3, start_at=7) == codes[3:]
    assert again(labelling, batch.id, last_good=0, start_at=1) == codes
    labelling.claim(codes[4], labelling.tablet())
    assert again(labelling, batch.id, last_good=3, start_at=1) == [codes[3]], "a claimed blank is on a tablet already"
    for beyond in (5, -1):
        with pytest.raises(BadInput) as refused:
            again(labelling, batch.id, last_good=beyond, start_at=1)
        assert "labels 1 to 5" in refused.value.fields["last_good"]


@ON_SQLITE
def test_copies_count_as_labels_and_one_that_was_half_done_comes_again(labelling: Labelling) -> None:
    batch = labelling.blanks(3, printing.Wanted(copies=2))
    codes = labelling.codes(batch)
    assert again(labelling, batch.id, last_good=3, start_at=1) == codes[1:]
    assert again(labelling, batch.id, last_good=4, start_at=1) == codes[2:]


@ON_SQLITE
def test_the_pdf_of_a_roll_of_blanks_carries_each_code_once_in_their_order(labelling: Labelling) -> None:
    batch = labelling.blanks(4, printing.Wanted(sheet="L7160", start_at=20))
    codes = labelling.codes(batch)
    with labelling.database.read() as session:
        pdf = printing.pdf_of(session, batch.id, settings=labelling.settings)
    assert printed_codes(pdf) == [f"HTTPS://T.EXAMPLE/T/{code}" for code in codes]


@ON_SQLITE
def test_a_batch_whose_blanks_are_all_claimed_or_void_is_not_printed_again(labelling: Labelling) -> None:
    batch = labelling.blanks(2)
    labelling.claim(labelling.codes(batch)[0], labelling.tablet())
    with labelling.database.write() as session:
        printing.void_labels(session, batch.id, first=1, reason="Lost", happening=labelling.happening())
    with pytest.raises(Conflict, match="replaced, claimed or made void"):
        again(labelling, batch.id, last_good=0, start_at=1)


@ON_SQLITE
def test_blanks_are_printed_listed_reprinted_and_voided_on_their_pages(
    labelling: Labelling, browser_as: Callable[..., Browser]
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    nothing = coordinator.submit("/labels/blanks", {"count": "0", "sheet": "L4776"})
    assert (nothing.status_code, "Print 1 to 2000 labels at once." in nothing.text) == (422, True)
    made = coordinator.submit("/labels/blanks", {"count": "60", "sheet": "L4776"}).headers["location"]
    page = coordinator.get(made).text
    assert "60 labels" in page
    assert coordinator.get(f"{made}?page=2").text.count("data-row") == 10
    jammed = coordinator.submit(f"{made}/again", {"last_good": "58", "start_at": "3"}).headers["location"]
    assert "2 labels" in coordinator.get(jammed).text
    lost = coordinator.submit(f"{jammed}/void", {"first": "2", "reason": "Fell into the sink"})
    assert lost.status_code == 303
    assert "Fell into the sink" in coordinator.get(jammed).text
    listed = coordinator.get("/labels/batches?kind=blank").text
    assert made in listed
    assert "printing 1 again" in listed
    assert made not in coordinator.get("/labels/batches?kind=tablet").text


@ON_SQLITE
def test_programs_print_blanks_and_go_on_after_a_jam(labelling: Labelling, browser_as: Callable[..., Browser]) -> None:
    program = browser_as(Role.TECHNICIAN)
    made = program.post("/api/v1/print-batches", json={"kind": "blank", "count": 3, "sheet": "L4776"})
    assert (made.status_code, made.json()["kind"]) == (201, "blank")
    assert [(tag["number"], tag["state"]) for tag in made.json()["tags"]] == [(n, "blank") for n in (1, 2, 3)]
    url = f"/api/v1/print-batches/{made.json()['id']}"
    rest = program.post(f"{url}/again", json={"last_good": 2, "start_at": 4})
    assert [tag["code"] for tag in rest.json()["tags"]] == [made.json()["tags"][2]["code"]]
    void = program.post(f"{url}/void", json={"first": 3, "reason": "Lost"}).json()
    assert [tag["state"] for tag in void["tags"]] == ["blank", "blank", "void"]
    listed = program.get("/api/v1/print-batches?kind=blank&per_page=1").json()
    assert (listed["total"], listed["page_count"], listed["items"][0]["again_of_id"]) == (2, 2, made.json()["id"])
    refused: tuple[dict[str, Any], ...] = (
        {"kind": "blank"},
        {"kind": "blank", "count": 2, "tablet_ids": [1]},
        {"kind": "tablet", "count": 2},
        {"kind": "blank", "count": 2001},
        {"tablet_ids": []},
    )
    for nonsense in refused:
        assert program.post("/api/v1/print-batches", json=nonsense).status_code == 422, nonsense


def test_labels_of_an_older_release_know_what_replaced_them_and_keep_their_batches(
    labelling: Labelling, database: Database
) -> None:
    """The migration moves rows, on SQLite by copying the table they stand in."""
    tablet = labelling.tablet()
    batch = labelling.blanks(2)
    with database.write() as session:
        by: Any = {"actor": labelling.technician, "happening": labelling.happening()}
        (first,) = service.make_tags(session, [tablet.id], **by)
        printing.print_labels(session, [tablet.id], wanted=printing.Wanted(), settings=labelling.settings, **by)
        second = service.replace(session, tablet.id, reason="Torn", **by)
        printing.void_labels(session, batch.id, first=2, reason="Lost", happening=labelling.happening())
    downgrade(database.engine, "7d1e64c2f0b9")
    with database.read() as session:
        states = session.execute(text("SELECT state, count(*) FROM tag GROUP BY state ORDER BY state")).all()
        assert [tuple(row) for row in states] == [("attached", 1), ("blank", 2), ("replaced", 1)]
    upgrade(database.engine)
    with database.read() as session:
        old = service.lookup(session, first.code)
        assert service.replaced_by(session, old) == shown(second.code)
        assert (old.attached_at, service.lookup(session, second.code).attached_at) == (old.made_at, second.made_at)
        batches = [printing.get_batch(session, number) for number in (1, 2)]
        assert [each.kind for each in batches] == [BatchKind.TABLET] * 2
        assert [len(printing.labels_of(session, each)) for each in batches] == [2, 1]
