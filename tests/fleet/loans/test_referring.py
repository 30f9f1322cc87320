"""Asking for many people at once: reasons row by row, duplicates, and all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.database.lists import ListQuery
from fleet.errors import BadInput
from fleet.loans import service
from fleet.loans.models import Loan
from fleet.loans.rules import AskedBy
from fleet.loans.rules.sheets import COLUMNS, MOST_ROWS, read_sheet
from fleet.loans.service.requests.referring import Looked
from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from fleet.people import queries as people
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

HEAD = "first_name,last_name,phone,postcode,needs_asked,needs,safe_at_home,consents"
ANN = "Ann,Sample,07700 900101,N1 9GU,yes,large_text; captions,plain,yes"
BOB = "Bob,Sample,07700 900102,N1 9GU,yes,,yes,yes"


def sheet(*rows: str) -> str:
    return "\n".join((HEAD, *rows))


def look(lending: Lending, text: str, referrer_id: int | None = None) -> Looked:
    return lending.read(service.look_at_sheet, text, happening=lending.happening(), referrer_id=referrer_id)


def keep(lending: Lending, text: str, referrer_id: int | None = None, **asked: Any) -> list[Loan]:
    return lending.do(
        service.keep_sheet,
        text,
        **{"somebody_else": (), "hub_id": lending.hub_id, "referrer_id": referrer_id, **asked},
        role=Role.REFERRER if referrer_id else Role.COORDINATOR,
    )


def partner(lending: Lending, name: str) -> int:
    with lending.database.write() as session:
        return add_organisation(session, kind=OrganisationKind.REFERRER, name=name, now=lending.clock()).id


def people_on_record(lending: Lending) -> int:
    return lending.read(people.find_people, ListQuery()).total


def test_a_sheet_without_faults_makes_a_request_for_each_row(lending: Lending) -> None:
    lending.programme()
    made = keep(lending, sheet(ANN, BOB))
    assert [loan.asked_by for loan in made] == [AskedBy.STAFF, AskedBy.STAFF]
    assert [loan.safe_at_home for loan in made] == ["plain", "yes"]
    needs = lending.read(people.current_needs, made[0].person_id)
    assert {need.code for need in needs} == {"large_text", "captions"}


@ON_SQLITE
def test_every_row_says_what_is_wrong_with_it_and_nothing_is_kept(lending: Lending) -> None:
    lending.programme(min_age=60, areas=("N1",))
    text = sheet(
        "Ann,Sample,12,N1 9GU,yes,,yes,yes", "Bob,,07700 900102,,perhaps,flying,yes,no", "Cy,One,07700 900103,,,,,yes"
    )
    looked = look(lending, text)
    first, second, third = (" ".join(row.problems) for row in looked.rows)
    assert "phone number such as" in first
    assert "needs_asked: write yes or no" in second
    assert "needs:" in second
    assert "of 60 and over" in third
    assert "for people in N1" in third
    assert [row.number for row in looked.rows] == [2, 3, 4]
    with pytest.raises(BadInput, match="the whole file is kept, or nothing"):
        keep(lending, text)
    assert people_on_record(lending) == 0


@ON_SQLITE
def test_a_file_puts_people_into_a_taster_month_while_it_has_places(lending: Lending) -> None:
    programme = lending.programme()
    month = lending.cohort(programme, date(2026, 7, 1), date(2026, 7, 29), places=1)
    text = "\n".join((f"{HEAD},cohort", f"{ANN},{month.name.upper()}", f"{BOB},{month.name}"))
    first, second = look(lending, text).rows
    assert first.problems == ()
    assert second.problems == (f"cohort: {month.name} has 1 place, and all are taken or asked for.",)
    made = keep(lending, "\n".join((f"{HEAD},cohort", f"{ANN},{month.name}", f"{BOB},")))
    assert [loan.cohort_id for loan in made] == [month.id, None]
    [row] = look(lending, "\n".join((f"{HEAD},cohort", f"{ANN},Another"))).rows
    assert row.problems == (f"cohort: write one of {month.name}, or nothing.",)


@ON_SQLITE
def test_one_bad_row_keeps_the_good_ones_back(lending: Lending) -> None:
    lending.programme()
    with pytest.raises(BadInput):
        keep(lending, sheet(ANN, "Bob,Sample,,,yes,,yes,no"))
    assert people_on_record(lending) == 0


@ON_SQLITE
def test_whoever_looks_like_somebody_is_left_out_unless_they_are_somebody_else(lending: Lending) -> None:
    lending.programme()
    keep(lending, sheet(ANN))
    text = sheet(ANN, BOB, "Robert,Other,07700 900102,,yes,,yes,yes")
    looked = look(lending, text)
    assert [row.same_as for row in looked.rows] == [
        "Ann Sample, who is on record already",
        "",
        "the same as row 3 of this file",
    ]
    assert len(keep(lending, text, somebody_else=[4])) == 2
    assert people_on_record(lending) == 3


@ON_SQLITE
def test_a_past_borrower_is_asked_for_again_on_the_record_that_is_there(lending: Lending) -> None:
    lending.programme()
    own = partner(lending, "Sample partner")
    [before] = keep(lending, sheet(ANN), own)
    [again] = keep(lending, sheet(ANN, BOB, BOB), own, same_person=[2, 4])[:1]
    assert again.person_id == before.person_id
    assert again.id != before.id
    assert people_on_record(lending) == 2, "a row that doubles another row of the file is nobody on record"


def test_the_same_sheet_kept_twice_asks_once(lending: Lending) -> None:
    lending.programme()
    first = keep(lending, sheet(ANN, BOB))
    assert keep(lending, sheet(ANN, BOB)) == []
    again = keep(lending, sheet(ANN, BOB), somebody_else=[2, 3])
    assert [loan.id for loan in again] == [loan.id for loan in first]


@ON_SQLITE
def test_a_partner_is_told_of_its_own_people_and_of_nobody_elses(lending: Lending) -> None:
    lending.programme()
    one, other = partner(lending, "Sample partner"), partner(lending, "Other partner")
    made = keep(lending, sheet(ANN), one)
    assert (made[0].referrer_id, made[0].asked_by) == (one, AskedBy.PARTNER)
    assert look(lending, sheet(ANN), one).rows[0].same_as != ""
    assert look(lending, sheet(ANN), other).rows[0].same_as == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "columns are missing"),
        ("first_name,last_name\nAnn,Sample", "consents"),
        (f"{HEAD},diagnosis\n{ANN},x", "diagnosis"),
        (f"{HEAD},phone\n{ANN},1", "there twice: phone"),
        (HEAD, "nobody in this file"),
        ("\n".join([HEAD, *[ANN] * (MOST_ROWS + 1)]), f"at most {MOST_ROWS}"),
        ("PK\x03\x04\0\0", "not a CSV file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, problem: str) -> None:
    assert problem in read_sheet(text).problem


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_whatever_a_spreadsheet_puts_between_cells_is_read(mark: str) -> None:
    text = "\ufeff" + "\r\n".join(
        line.replace(",", mark) for line in ("Consents,First name,LAST-NAME", "yes,Ann,Sample")
    )
    (row,) = read_sheet(text).rows
    assert (row.cells, row.problems) == ({"consents": True, "first_name": "Ann", "last_name": "Sample"}, ())


@given(st.text(max_size=200))
def test_no_text_at_all_makes_reading_fall_over(text: str) -> None:
    sheet_read = read_sheet(text)
    assert sheet_read.problem or sheet_read.rows
    head = ",".join(COLUMNS)
    below = read_sheet(f"{head}\n{text}")
    assert below.problem or below.rows


@ON_SQLITE
def test_a_partner_sends_a_file_looks_at_it_and_asks_for_all(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    lending.programme("Sample month")
    referrer = browser_as(Role.REFERRER, organisation_id=partner(lending, "Sample partner"))
    example = referrer.get("/requests/sheet/example")
    assert "Sample month" in example.text
    looked = referrer.submit("/requests/sheet", files={"file": ("people.csv", example.content, "text/csv")})
    assert "1 person will be asked for" in looked.text
    assert people_on_record(lending) == 0
    text = example.content.decode("utf-8-sig")
    assert referrer.submit("/requests/sheet/keep", {"sheet": text}).status_code == 303
    assert people_on_record(lending) == 1
    wrong = referrer.submit("/requests/sheet/keep", {"sheet": text.replace("yes\r\n", "no\r\n")})
    assert wrong.status_code == 422
    assert "Without a yes, nothing is kept" in wrong.text


@ON_SQLITE
def test_a_program_looks_first_and_then_keeps(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    lending.programme()
    coordinator = browser_as(Role.COORDINATOR)
    origin = {"sec-fetch-site": "same-origin"}
    looked = coordinator.post("/api/v1/requests/sheet", json={"csv": sheet(ANN)}, headers=origin).json()
    assert (looked["may_be_kept"], looked["request_ids"]) == (True, [])
    kept = coordinator.post("/api/v1/requests/sheet", json={"csv": sheet(ANN), "keep": True}, headers=origin).json()
    assert len(kept["request_ids"]) == 1


def test_a_row_in_what_is_no_language_says_so_and_a_rare_one_comes_in(lending: Lending) -> None:
    lending.programme()
    rows = (f"{ANN},yo,YO", f"{BOB},xx,en")
    text = "\n".join((f"{HEAD},language_spoken,language_read", *rows))
    ann, bob = look(lending, text).rows
    assert ann.problems == ()
    assert bob.problems == ("“xx” is no language we know of. Choose one, or write its code, such as en, cy, ur or yo.",)
    kept = keep(lending, "\n".join(text.splitlines()[:2]))
    written = lending.read(people.person, kept[0].person_id)
    assert written is not None
    assert written.language_read == "yo"
