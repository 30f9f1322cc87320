"""Importing a plan: the seed's own, into a hub in England and one in Scotland; all of it or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.cohorts import queries, service
from fleet.cohorts.models import Programme
from fleet.cohorts.plan import read_plan
from fleet.cohorts.service import Imported, SeenPlan
from fleet.errors import BadInput
from fleet.partners.models import Organisation
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.cohorts.test_plan import SEED, WRONG
from tests.lending import Lending

ANSWERED = {WRONG: {"date": "4 October 2021"}}


def scotland(lending: Lending) -> None:
    with lending.database.write() as session:
        hub = session.get(Organisation, lending.hub_id)
        assert hub is not None
        hub.nation = "SCT"


def look(lending: Lending, programme: Programme, answers: dict[int, dict[str, str]] | None = None) -> SeenPlan:
    return lending.read(service.look_at_plan, programme.id, read_plan(SEED, answers), places=20)


def bring_in(lending: Lending, programme: Programme, text: str, answers: dict[int, dict[str, str]]) -> Imported:
    with lending.database.write() as session:
        actor, lines = lending.actor(Role.COORDINATOR), read_plan(text, answers)
        return service.import_plan(session, programme.id, lines, actor=actor, now=lending.clock(), places=20)


@ON_SQLITE
@pytest.mark.parametrize(("nation", "opens"), [("ENG", date(2022, 1, 4)), ("SCT", date(2022, 1, 5))])
def test_3_january_2022_of_the_seed_plan_is_another_day_in_england_and_scotland(
    lending: Lending, nation: str, opens: date
) -> None:
    if nation == "SCT":
        scotland(lending)
    programme = lending.programme()
    seen = look(lending, programme)
    assert seen.takes_place[10] == opens
    assert "New Year" in seen.why_moved[10]
    cohort = bring_in(lending, programme, SEED, ANSWERED).cohorts[2]
    [collection] = lending.read(service.collections_of, cohort.id)
    calendar = lending.read(service.calendar_of, lending.hub_id)
    assert (collection.planned_on, service.takes_place(calendar, collection)) == (date(2022, 1, 3), opens)
    assert calendar.roll_forward(cohort.ends_on) == opens, "tablets are due on it"


def test_nothing_is_imported_while_a_date_out_of_order_is_not_answered(lending: Lending) -> None:
    programme = lending.programme()
    seen = look(lending, programme)
    assert ([question.line for question in seen.questions], seen.may_be_imported) == ([WRONG], False)
    with pytest.raises(BadInput) as refused:
        bring_in(lending, programme, SEED, {})
    assert list(refused.value.fields) == [f"line_{WRONG}"]
    assert "earlier than line 6 above it" in refused.value.fields[f"line_{WRONG}"]
    assert lending.read(queries.plan_of, programme.id) == []


def test_a_plan_comes_in_as_it_was_written_with_the_reasons_given(lending: Lending) -> None:
    programme = lending.programme()
    made = bring_in(lending, programme, SEED, {WRONG: {"keep_because": "A trial with two people"}})
    assert [(each.name, each.places, each.kept_because) for each in made.cohorts] == [
        *(("Cohort 1", 20, ""), ("Cohort 2", 20, "A trial with two people"), ("Cohort 3", 20, ""))
    ]
    assert made.cohorts[1].starts_on == date(2020, 10, 5)
    kept = lending.read(queries.plan_of, programme.id)
    assert [each.place for each in kept] == [1, 2, 3, 4, 6, 8, 10, 11, 12]


@ON_SQLITE
def test_a_plan_is_imported_once(lending: Lending) -> None:
    programme = lending.programme()
    bring_in(lending, programme, SEED, ANSWERED)
    with pytest.raises(BadInput) as refused:
        bring_in(lending, programme, SEED, ANSWERED)
    assert refused.value.fields["line_5"].startswith("The programme has Cohort 1 already")


@ON_SQLITE
def test_an_empty_plan_and_one_without_an_end_are_refused(lending: Lending) -> None:
    programme = lending.programme()
    for text in ("", "date,what\n" + "1 June 2026,Sample\n" * 201):
        with pytest.raises(BadInput) as refused:
            lending.read(service.look_at_plan, programme.id, read_plan(text))
        assert set(refused.value.fields) == {"plan"}


@ON_SQLITE
def test_another_collection_day_is_never_before_the_cohort(lending: Lending) -> None:
    cohort = lending.cohort(lending.programme(), date(2026, 6, 1), date(2026, 6, 30))
    actor, now = lending.actor(Role.COORDINATOR), lending.clock()
    with lending.database.write() as session:
        added = service.add_collection(
            session, cohort.id, date(2026, 8, 10), words="Six weeks on", actor=actor, now=now
        )
    assert [each.words for each in lending.read(service.collections_of, cohort.id)] == ["Six weeks on"]
    with pytest.raises(BadInput), lending.database.write() as session:
        service.add_collection(session, cohort.id, date(2026, 5, 31), words="Too early", actor=actor, now=now)
    with lending.database.write() as session:
        service.remove_collection(session, cohort.id, added.id, actor=actor)
    assert lending.read(service.collections_of, cohort.id) == []
