"""Loans of another program: they come in as history, and what is open goes on here as any other loan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from fleet.bundles import queries as sims
from fleet.bundles.rules import SimState
from fleet.database.session import Database
from fleet.errors import BadInput, MoveRefused
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.kinds import KINDS, KindName
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Move, Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.sheets.world import a_file, bring_in
from tests.lending import Lending
from tests.people import Browser, FakeClock

OPEN = {"started_on": "2026-05-20", "due_on": "2026-06-20", "state": "active"}
BACK = {"started_on": "2026-02-01", "due_on": "2026-03-01", "returned_on": "2026-03-03"}


@pytest.fixture
def lending(
    database: Database, hub: Organisation, clock: FakeClock, settings: Settings, actor: Callable[..., Actor]
) -> Lending:
    made = Lending(database, hub.id, clock, settings, {Role.TECHNICIAN: actor(Role.TECHNICIAN)})
    made.programme("Sample month", bundle_required=False)
    return made


def keep(lending: Lending, *rows: dict[str, str]) -> int:
    with lending.database.write() as session:
        return bring_in(
            session,
            KindName.LOANS,
            a_file(*rows),
            actor=lending.actor(Role.COORDINATOR),
            settings=lending.settings,
            clock=lending.clock,
        )


def look(lending: Lending, *rows: dict[str, str]) -> list[str]:
    """What is wrong with each row, or odd about it."""
    actor = lending.actor(Role.COORDINATOR)
    with lending.database.read() as session:
        found = service.look(
            session, KINDS[KindName.LOANS], a_file(*rows), actor=actor, settings=lending.settings, now=lending.clock()
        )
    return [" ".join((*row.problems, *row.doubts)) for row in found.rows]


def told(lending: Lending, tablet: Tablet, **columns: str) -> dict[str, str]:
    return {"person_phone": lending.person().phone, "serial": tablet.serial, **columns}


def test_an_open_loan_goes_on_here_and_its_tablet_is_wiped_before_the_next(lending: Lending) -> None:
    tablet, sim = lending.tablet(Stage.EXPECTED), lending.sim()
    row = told(lending, tablet, **OPEN, iccid=sim.iccid, original_due_on="2026-06-10", number="17")
    assert keep(lending, row) == 1
    with lending.database.read() as session:
        loan, now_at = session.scalars(select(Loan)).one(), tablets.get_tablet(session, tablet.id)
        assert (now_at.stage, now_at.data, now_at.custody) == (Stage.ON_LOAN, DataState.DIRTY, Custody.PARTICIPANT)
        assert (loan.state, loan.due_on, loan.due_version) == (LoanState.ACTIVE, date(2026, 6, 20), 2)
        assert [each.due_on for each in queries.due_versions(session, loan.id)] == [
            date(2026, 6, 10),
            date(2026, 6, 20),
        ]
        card = sims.sims_by_iccid(session, [sim.iccid]).get(sim.iccid)
        assert card is not None
        assert card.state is SimState.ACTIVATED
    lending.do(loans.hand_in, loan.id, tablet_id=tablet.id, role=Role.TECHNICIAN)
    assert lending.read(loans.get_loan, loan.id).state is LoanState.COLLECTED
    with pytest.raises(MoveRefused):
        lending.do(tablets.move, tablet.id, Move.ALLOCATE)
    assert (
        "a loan came in with it" in look(lending, told(lending, lending.tablet(Stage.EXPECTED), **OPEN, number="17"))[0]
    )


def test_a_file_of_loans_is_kept_whole_or_not_at_all(lending: Lending) -> None:
    tablet = lending.tablet(Stage.EXPECTED)
    on_monday = {**OPEN, "due_on": "2026-06-22"}
    rows = (told(lending, tablet, **on_monday), told(lending, tablet, **BACK), told(lending, tablet, **on_monday))
    assert [bool(problem) for problem in look(lending, *rows)] == [False, False, True]
    with pytest.raises(BadInput, match="the whole file is, or nothing of it"):
        keep(lending, *rows)
    with lending.database.read() as session:
        assert session.scalars(select(Loan)).all() == []
        assert tablets.get_tablet(session, tablet.id).stage is Stage.EXPECTED
    assert keep(lending, *rows[:2]) == 2
    with lending.database.read() as session:
        last = queries.last_loan_of_tablet(session, tablet.id)
        assert last is not None
        assert last.state is LoanState.ACTIVE, "history is in the order of days, whatever the order of rows"


@ON_SQLITE
def test_a_tablet_that_was_here_is_lent_from_here(lending: Lending) -> None:
    ready = lending.tablet(Stage.READY)
    assert "has been received here" in look(lending, told(lending, ready, **OPEN))[0]
    since = {**BACK, "started_on": "2026-05-20", "returned_on": "2026-06-01"}
    assert "was wiped and proved clean" in look(lending, told(lending, ready, **since))[0]
    assert look(lending, told(lending, ready, **BACK)) == [""]
    assert keep(lending, told(lending, ready, **BACK)) == 1
    assert lending.read(tablets.get_tablet, ready.id).stage is Stage.READY
    lent = lending.loan_at(LoanState.ACTIVE)
    with lending.database.read() as session:
        out = tablets.get_tablet(session, lending.tablet_id(lent.id))
    assert "is on loan, on record or above" in look(lending, told(lending, out, **BACK, programme="Sample month"))[0]


@ON_SQLITE
def test_lost_and_given_tablets_are_told_of_and_a_lost_one_can_be_found(lending: Lending) -> None:
    lost, given = lending.tablet(Stage.EXPECTED), lending.tablet(Stage.EXPECTED)
    over = {"started_on": "2026-02-01", "closed_at": "2026-04-01"}
    keep(
        lending,
        told(lending, lost, **over, state="closed lost", lost_reference="CR/1"),
        told(lending, given, **over, state="closed_gifted", gift_authority="Sample trust"),
    )
    assert lending.read(tablets.get_tablet, given.id).stage is Stage.GIFTED
    assert lending.read(tablets.get_tablet, lost.id).stage is Stage.LOST
    found = lending.do(loans.found, tablet_id=lost.id, role=Role.TECHNICIAN)
    assert found is not None
    assert found.state is LoanState.CLOSED_RETURNED
    assert lending.read(tablets.get_tablet, lost.id).data is DataState.DIRTY


@ON_SQLITE
def test_each_row_says_whom_or_what_it_does_not_find(lending: Lending) -> None:
    shared, tablet = lending.person(phone="07700 900777").phone, lending.tablet(Stage.EXPECTED)
    lending.person(phone="07700 900777")
    row = told(lending, tablet, **OPEN)
    said = look(
        lending,
        row | {"person_phone": shared},
        row | {"person_phone": "07700 900778"},
        row | {"serial": "UNKNOWN001"},
        row | {"serial": "", "label_code": "K7F3-QX"},
        row | {"programme": "Nobody's"},
        row | {"iccid": "8944100000000000000"},
        row | {"due_on": "2026-05-25"},
    )
    wanted = ["more than one person", "nobody on record", "no tablet in the fleet", "is on no tablet", "none called"]
    wanted += ["no such card", "reminded once it is kept"]
    assert [words for words, problem in zip(wanted, said, strict=True) if words not in problem] == []


@ON_SQLITE
def test_a_loan_that_came_in_has_its_page_and_its_moves(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    keep(lending, told(lending, lending.tablet(Stage.EXPECTED), **OPEN))
    with lending.database.read() as session:
        loan = session.scalars(select(Loan)).one()
    page = browser_as(Role.COORDINATOR).get(f"/loans/{loan.id}")
    assert page.status_code == 200
    assert "Came with a file: lent since Wednesday 20 May 2026" in page.text
    extended = lending.do(loans.extend, loan.id, due_on=date(2026, 6, 30), reason="They asked")
    assert (extended.due_on, extended.due_version) == (date(2026, 6, 30), 2)


@ON_SQLITE
def test_a_due_day_on_which_the_hub_is_closed_is_said_beside_its_row(lending: Lending) -> None:
    saturday, monday = (
        told(lending, lending.tablet(Stage.EXPECTED), **{**OPEN, "due_on": day}) for day in ("2026-06-20", "2026-06-22")
    )
    odd, plain = look(lending, saturday, monday)
    assert odd.startswith("due_on: the hub is closed on Saturday 20 June 2026. ")
    assert "kept as it was promised" in odd
    assert plain == ""


@ON_SQLITE
def test_a_referrer_who_will_see_no_name_is_told_of_beside_the_row(lending: Lending) -> None:
    with lending.database.write() as session:
        surgery = add_organisation(session, kind=OrganisationKind.REFERRER, name="Sample Surgery", now=lending.clock())
    own, other = lending.person(referrer_id=surgery.id), lending.person()
    rows = [
        {"person_phone": person.phone, "serial": lending.tablet(Stage.EXPECTED).serial, **BACK}
        | {"referrer": "Sample Surgery"}
        for person in (own, other)
    ]
    named, nameless = look(lending, *rows)
    assert (named, "without the person's name" in nameless) == ("", True)
