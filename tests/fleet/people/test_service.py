"""Keeping somebody's record: what is asked, what is warned of, and what stops all contact."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fleet.database.lists import ListQuery
from fleet.errors import BadInput
from fleet.people import queries, service
from fleet.people.models import Person
from fleet.people.rules import FamiliarApp, Household, NeedCode
from fleet.people.service import Details, Recorded
from fleet.users.rules import Role
from tests.lending import Lending

GIVEN: dict[str, Any] = {
    "first_name": " Sample ",
    "last_name": "One",
    "phone": "07700 900123",
    "postcode": "n19gu",
    "consents": True,
}


def record(lending: Lending, client_id: str | None = None, **given: Any) -> Recorded:
    with lending.database.write() as session:
        return service.add_person(
            session,
            Details(**(GIVEN | given)),
            hub_id=lending.hub_id,
            actor=lending.actor(Role.COORDINATOR),
            happening=lending.happening(client_id=client_id),
        )


def change(lending: Lending, person: Person, **given: Any) -> Recorded:
    actor = lending.actor(Role.COORDINATOR)
    with lending.database.write() as session:
        details = Details(**(GIVEN | given))
        return service.change_person(session, person.id, details, actor=actor, happening=lending.happening())


def test_what_is_typed_is_tidied(lending: Lending) -> None:
    person = record(lending, email=" Sample.One@Example.org").person
    assert (person.first_name, person.phone, person.postcode, person.area, person.email) == (
        *("Sample", "+447700900123", "N1 9GU", "N1", "sample.one@example.org"),
    )
    assert person.consent_at == lending.clock()


def test_without_consent_nothing_is_kept(lending: Lending) -> None:
    with pytest.raises(BadInput) as refused:
        record(lending, consents=False)
    assert "consents" in refused.value.fields
    with lending.database.read() as session:
        assert queries.person(session, 1) is None


def test_a_doubtful_postcode_is_kept_with_a_warning(lending: Lending) -> None:
    recorded = record(lending, postcode="qq1 1aa")
    assert recorded.person.postcode == "QQ1 1AA"
    assert "check it with the person" in recorded.warnings[0]


@pytest.mark.parametrize("same", [{"phone": "07700 900999"}, {"first_name": "Other", "postcode": ""}])
def test_a_record_that_looks_the_same_is_a_warning(lending: Lending, same: dict[str, str]) -> None:
    first = record(lending).person
    second = record(lending, **same)
    assert second.look_alike_ids == (first.id,)
    assert "on record already" in second.warnings[-1]
    assert second.doubts == ()


def test_the_same_record_sent_twice_is_one_person(lending: Lending) -> None:
    assert record(lending, "person-0001").person.id == record(lending, "person-0001").person.id


def test_a_need_that_is_over_is_ended_and_one_that_stays_is_reviewed_afresh(lending: Lending) -> None:
    person = record(lending, needs=frozenset({NeedCode.BSL, NeedCode.CAPTIONS})).person
    lending.clock.advance(days=30)
    change(lending, person, needs=frozenset({NeedCode.BSL, NeedCode.LARGE_TEXT}))
    needs = {need.code: need for need in lending.read(queries.current_needs, person.id)}
    assert set(needs) == {NeedCode.BSL, NeedCode.LARGE_TEXT}
    assert needs[NeedCode.BSL].review_on == date(2027, 7, 1)
    assert needs[NeedCode.BSL].at_the_door
    assert needs[NeedCode.LARGE_TEXT].share_with == ["technician"]


def test_needing_nothing_is_an_answer_and_not_asking_is_none(lending: Lending) -> None:
    assert record(lending, needs=frozenset()).person.needs_asked
    assert not record(lending, phone="07700 900124").person.needs_asked


def test_a_change_says_which_fields_and_never_what_to(lending: Lending) -> None:
    person = record(lending).person
    change(lending, person, town="Sampletown")
    told = lending.read(queries.events, person.id)[0]
    assert told.words == "Changed: town"


def test_death_and_opting_out_are_recorded_once(lending: Lending) -> None:
    person = record(lending).person
    actor = lending.actor(Role.COORDINATOR)
    for _ in range(2):
        with lending.database.write() as session:
            service.set_opted_out(session, person.id, True, actor=actor, happening=lending.happening())
            service.record_death(session, person.id, on=None, actor=actor, happening=lending.happening())
    kept = lending.read(service.get_person, person.id)
    assert (kept.opted_out, kept.deceased_on) == (True, date(2026, 6, 1))
    assert [each.kind for each in lending.read(queries.events, person.id)] == ["died", "opted_out", "recorded"]


def test_whoever_is_to_be_asked_again_and_whoever_was_never_asked_are_found(lending: Lending) -> None:
    asked = record(lending, needs=frozenset({NeedCode.BSL})).person
    unasked = record(lending, phone="07700 900124").person
    day = lending.clock().date()

    def found(wanted: str, today: date) -> list[int]:
        query = ListQuery(filters={"needs": wanted})
        return [each.id for each in lending.read(queries.find_people, query, today=today).items]

    assert found("review", day) == []
    assert found("review", date(day.year + 1, day.month, day.day)) == [asked.id]
    assert found("unasked", day) == [unasked.id]


def test_household_and_familiar_apps_are_kept_as_codes(lending: Lending) -> None:
    person = record(lending, household=Household.ALONE, apps_used=frozenset({FamiliarApp.ZOOM})).person
    kept = lending.read(service.get_person, person.id)
    assert (kept.household, kept.apps_used) == (Household.ALONE, ["zoom"])
    change(lending, person, household=None)
    assert lending.read(queries.events, person.id)[0].words == "Changed: household, apps used"
