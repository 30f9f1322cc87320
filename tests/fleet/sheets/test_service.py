"""Files over the database: whole kinds go out as they are read, files come in whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import insert, select

from fleet.bundles import service as bundles
from fleet.clock import local_date
from fleet.cohorts.models import Closure, Cohort, Programme
from fleet.database.session import Database
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.intake.models import PurchaseLot
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.people import queries as people_queries
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.kinds import ALL, KINDS, KindName
from fleet.tablets import queries as tablet_queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.sheets.test_rules import SNIPE_IT_EXPORT
from tests.lending import Lending
from tests.people import Browser, FakeClock


@pytest.fixture
def lending(
    database: Database, hub: Organisation, clock: FakeClock, settings: Settings, actor: Callable[..., Actor]
) -> Lending:
    return Lending(database, hub.id, clock, settings, {Role.TECHNICIAN: actor(Role.TECHNICIAN)})


def rows_of(lending: Lending, name: KindName) -> list[dict[str, str]]:
    with lending.database.read() as session:
        text = "".join(service.lines(session, KINDS[name]))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def bring(lending: Lending, name: KindName, text: str) -> int:
    with lending.database.write() as session:
        return service.keep(
            session,
            KINDS[name],
            text,
            actor=lending.actor(Role.COORDINATOR),
            settings=lending.settings,
            happening=Happening(lending.clock()),
        )


def problems_of(lending: Lending, name: KindName, text: str) -> list[tuple[str, ...]]:
    actor = lending.actor(Role.COORDINATOR)
    with lending.database.read() as session:
        looked = service.look(session, KINDS[name], text, actor=actor, settings=lending.settings, now=lending.clock())
    return [row.problems for row in looked.rows]


def test_every_kind_goes_out_with_its_columns(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.loan_at(LoanState.REQUESTED)
    for kind in ALL:
        assert all(set(row) == {column.name for column in kind.goes_out} for row in rows_of(lending, kind.name))
    (lent,) = rows_of(lending, KindName.LOANS)
    assert (lent["number"], lent["state"], lent["person"]) == (str(loan.id), "active", str(loan.person_id))
    assert lent["due_on"] == str(loan.due_on)
    assert lent["tablet"] == str(lending.tablet_id(loan.id))
    assert [row["state"] for row in rows_of(lending, KindName.REQUESTS)] == ["requested"]
    assert len(rows_of(lending, KindName.PEOPLE)) == 2
    assert len(rows_of(lending, KindName.SIMS)) == 1


@ON_SQLITE
def test_only_the_file_of_people_names_anybody(lending: Lending) -> None:
    lending.loan_at(LoanState.CLOSED_RETURNED, person=lending.person(first_name="Marked", last_name="Borrower"))
    naming = [kind.name for kind in ALL if "Marked" in str(rows_of(lending, kind.name))]
    assert naming == [KindName.PEOPLE]


def test_whoever_is_in_a_file_of_people_finds_that_in_their_log(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    person = lending.person(first_name="=cmd|' /C calc'!A0")
    answer = browser_as(Role.COORDINATOR).get("/sheets/people.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "'=cmd|" in answer.text
    with lending.database.read() as session:
        event = people_queries.events(session, person.id)[0]
    assert (event.kind, event.words) == ("taken_out", "In the file of people that was taken out")
    assert event.role == "coordinator"
    assert event.source == "page"


def test_who_took_out_which_file_stands_in_a_list(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    browser_as(Role.COORDINATOR).get("/api/v1/sheets/loans")
    page = browser_as(Role.DATA_PROTECTION).get("/sheets/taken").text
    assert "The file of loans" in page
    assert "coordinator" in page
    assert browser_as(Role.COORDINATOR).get("/sheets/taken").status_code == 403


@ON_SQLITE
def test_a_long_file_leaves_in_pieces(lending: Lending) -> None:
    with lending.database.write() as session:
        session.execute(
            insert(Closure),
            [
                {
                    "hub_id": lending.hub_id,
                    "first_on": date(2026, 1, 1),
                    "last_on": date(2026, 1, 1),
                    "name": f"Day {n}",
                }
                | {"opens": False, "yearly": False, "loans_moved": 0}
                | {"added_by": "Test", "added_at": lending.clock(), "withdrawn_by": ""}
                for n in range(1100)
            ],
        )
    with lending.database.read() as session:
        pieces = list(service.lines(session, KINDS[KindName.CLOSURES]))
    assert [piece.count("Day ") for piece in pieces] == [500, 500, 100]


@ON_SQLITE
def test_each_file_asks_the_row_of_the_matrix_that_its_pages_ask(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    technician = browser_as(Role.TECHNICIAN)
    assert technician.get("/sheets/people.csv").status_code == 403
    assert technician.get("/api/v1/sheets/holds").status_code == 403
    assert technician.get("/api/v1/sheets/tablets").status_code == 200
    listed = technician.get("/sheets").text
    assert "/sheets/tablets.csv" in listed
    assert "/sheets/people.csv" not in listed


def test_a_list_from_snipe_it_comes_in_as_tablets_that_are_expected(lending: Lending) -> None:
    assert bring(lending, KindName.TABLETS, SNIPE_IT_EXPORT) == 1
    with lending.database.read() as session:
        tablet = session.scalars(select(Tablet)).one()
        lot = session.scalars(select(PurchaseLot)).one()
        note = tablet_queries.events(session, tablet.id)[0]
    assert (tablet.serial, tablet.stage, tablet.data) == ("R52SAMPLE01", Stage.EXPECTED, DataState.UNKNOWN)
    assert (tablet.manufacturer, tablet.model) == ("Samsung", "Galaxy Tab A9")
    assert (lot.supplier, lot.invoice_ref, lot.cost_pence) == ("Sample shop", "PO-5", 104_999)
    assert lot.warranty_end == date(2028, 11, 3)
    assert note.reason.startswith("Asset tag A-0017; called Tablet 17; model number SM-X110; status Ready to Deploy")
    assert "Somebody" not in note.reason
    (problems,) = problems_of(lending, KindName.TABLETS, SNIPE_IT_EXPORT)
    assert problems == (f"serial: it is in the fleet already: tablet {tablet.id}, expected.",)


@ON_SQLITE
def test_tablets_bought_together_make_one_purchase(lending: Lending) -> None:
    head = "serial,supplier,purchase_date,order_number,purchase_cost\n"
    rows = [f"BOUGHT{number},Sample shop,2026-01-05,PO-1,100.10" for number in range(3)]
    assert bring(lending, KindName.TABLETS, head + "\n".join([*rows, "GIVEN0001,,,,"])) == 4
    with lending.database.read() as session:
        lots = session.scalars(select(PurchaseLot)).all()
    assert [(lot.invoice_ref, lot.cost_pence) for lot in lots] == [("PO-1", 30_030)]


@ON_SQLITE
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("serial\n490154203237518\nSAMPLE0001\nsample0001\n", "stands above already"),
        ("serial,purchase_date\nSAMPLE0001,2027-01-01\n", "still to come"),
        ("serial\nX\n", "This is no serial"),
    ],
)
def test_one_row_that_cannot_be_used_keeps_the_whole_file_out(lending: Lending, text: str, sentence: str) -> None:
    assert sentence in str(problems_of(lending, KindName.TABLETS, text))
    with pytest.raises(BadInput, match="the whole file is, or nothing of it"):
        bring(
            lending, KindName.TABLETS, "serial\nGOOD000001\n" + text.partition("\n")[2] if "date" not in text else text
        )
    assert rows_of(lending, KindName.TABLETS) == []


def test_programmes_cohorts_and_closures_come_in_and_go_out_the_same(lending: Lending) -> None:
    with lending.database.write() as session:
        for funder in ("Sample Fund", "Sample Trust (North)"):
            add_organisation(session, kind=OrganisationKind.FUNDER, name=funder, now=lending.clock())
    head = "name,taster_days,gifts_allowed,areas,barriers,extend_from_days,funders,outcomes"
    paid = "Sample Trust (North); Sample Fund (a third)"
    programmes = f"{head}\nSample month,30,yes,N19; N7,device; skills,14,{paid},bought; library\n"
    cohorts = "programme,name,starts_on,ends_on,places\nsample month,Cohort 1,2026-07-06,03/08/2026,20\n"
    closures = "first_on,last_on,name,opens,yearly\n2026-12-24,,Early closing,no,yes\n"
    for name, text in (
        (KindName.PROGRAMMES, programmes),
        (KindName.COHORTS, cohorts),
        (KindName.CLOSURES, closures),
    ):
        assert bring(lending, name, text) == 1
    with lending.database.read() as session:
        programme = session.scalars(select(Programme)).one()
        cohort, closure = session.scalars(select(Cohort)).one(), session.scalars(select(Closure)).one()
    assert (programme.taster_days, programme.gifts_allowed, programme.areas) == (30, True, ["N19", "N7"])
    assert (cohort.starts_on, cohort.ends_on, cohort.places) == (date(2026, 7, 6), date(2026, 8, 3), 20)
    assert (closure.first_on, closure.last_on, closure.yearly) == (date(2026, 12, 24), date(2026, 12, 24), True)
    out = rows_of(lending, KindName.PROGRAMMES)[0]
    assert (programme.extend_from_days, out["extend_from_days"], out["areas"]) == (14, "14", "N19; N7")
    assert (out["funders"], out["outcomes"]) == (paid, "bought; library")
    for name, text in ((KindName.PROGRAMMES, programmes), (KindName.COHORTS, cohorts), (KindName.CLOSURES, closures)):
        assert "already" in str(problems_of(lending, name, text))


@ON_SQLITE
def test_days_on_which_loans_are_due_are_not_closed_by_a_file(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    (problems,) = problems_of(lending, KindName.CLOSURES, f"first_on,name\n{loan.due_on},Training\n")
    assert "1 loans are due then" in problems[0]


@ON_SQLITE
def test_what_a_row_names_must_be_on_record(lending: Lending) -> None:
    (cohort,) = problems_of(
        lending, KindName.COHORTS, "programme,name,starts_on,ends_on,places\nNobody's,C,2026-07-06,2026-08-03,1\n"
    )
    (programme,) = problems_of(lending, KindName.PROGRAMMES, "name,funder,outcomes,barriers\nP,Nobody,joy,shyness\n")
    assert "there is none called Nobody's" in cohort[0]
    assert [problem.split(":")[0] for problem in programme] == ["funders", "outcomes", "barriers"]


@ON_SQLITE
def test_a_file_is_shown_before_it_is_kept(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    upload = {"file": ("list.csv", SNIPE_IT_EXPORT.encode("utf-8-sig"), "text/csv")}
    shown = coordinator.submit("/sheets/tablets/bring-in", files=upload).text
    assert "1 row will be kept." in shown
    assert "Checked Out To" in shown
    assert rows_of(lending, KindName.TABLETS) == []
    kept = coordinator.submit("/sheets/tablets/bring-in/keep", {"sheet": SNIPE_IT_EXPORT})
    assert kept.status_code == 303
    again = coordinator.submit("/sheets/tablets/bring-in/keep", {"sheet": SNIPE_IT_EXPORT})
    assert again.status_code == 422
    assert "in the fleet already" in again.text
    asked = coordinator.post("/api/v1/sheets/tablets", json={"csv": "serial\nAPI0000001\n", "keep": True})
    assert asked.json()["kept"] == 1


@ON_SQLITE
def test_a_card_comes_in_as_it_stood_and_not_as_one_for_the_next_person(lending: Lending) -> None:
    """Rules R27 and R29: what rests, is lost, is gone or stayed with somebody is lent to nobody after a move."""
    head = "iccid,network,phone,state,rests_until"
    rows = (
        "8944100000000000026,Sample Mobile,07700900001,destroyed,2026-06-20",
        "8944100000000000034,Sample Mobile,07700900001,in_stock,",
        "8944100000000000042,Sample Mobile,,quarantined,2026-06-30",
        "8944100000000000059,Sample Mobile,,kept_by_participant,",
        "8944100000000000067,Sample Mobile,,lost,",
        "8944100000000000075,Sample Mobile,,activated,",
    )
    assert bring(lending, KindName.SIMS, "\n".join((head, *rows))) == len(rows)
    found = {row["iccid"][-3:]: (row["state"], row["rests_until"]) for row in rows_of(lending, KindName.SIMS)}
    assert found == {
        "026": ("destroyed", "2026-06-20"),
        "034": ("in_stock", "2026-06-20"),
        "042": ("quarantined", "2026-06-30"),
        "059": ("kept_by_participant", ""),
        "067": ("lost", ""),
        "075": ("in_stock", ""),
    }
    data = "iccid,gb_per_month,months,cost,activated_on\n" + "".join(
        f"{row.split(',')[0]},10,2,5,2026-05-01\n" for row in rows
    )
    assert bring(lending, KindName.BUNDLES, data) == len(rows)
    with lending.database.read() as session:
        offered = bundles.stock(session, hub_id=lending.hub_id, today=local_date(lending.clock()))
        assert [sim.iccid[-3:] for sim, _bundle in offered] == ["075"]
