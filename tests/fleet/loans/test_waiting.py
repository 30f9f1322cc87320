"""The waiting list: one order for everybody, that can be said out loud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.loans import service
from fleet.loans.rules import LoanState
from fleet.loans.rules.waiting import Turn, in_order, places
from fleet.loans.words import place_words, reasons_before
from fleet.partners.models import OrganisationKind
from fleet.partners.service import add_organisation
from fleet.people.models import Person
from fleet.people.rules import NeedCode
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)

turns = st.builds(
    Turn,
    loan_id=st.integers(1, 10_000),
    asked_at=st.integers(0, 60).map(lambda days: NOON - timedelta(days=days)),
    had_one=st.booleans(),
    month=st.none() | st.integers(-40, 40).map(lambda d: (TODAY + timedelta(days=d), TODAY + timedelta(days=d + 28))),
)


@given(st.lists(turns, unique_by=lambda turn: turn.loan_id, max_size=30), st.randoms())
def test_the_order_hangs_on_nothing_but_the_facts_and_every_place_is_accounted_for(
    some: list[Turn], chance: object
) -> None:
    queue = in_order(some, TODAY)
    chance.shuffle(some)  # type: ignore[attr-defined]  # hypothesis hands over a Random
    assert in_order(some, TODAY) == queue
    found = places(queue, TODAY)
    for number, turn in enumerate(queue):
        place = found[turn.loan_id]
        assert min(place.before) >= 0
        assert (place.number, place.of, sum(place.before)) == (number + 1, len(queue), number)


@given(turns, turns, st.integers(0, 13))
def test_nobody_falls_behind_by_waiting(one: Turn, other: Turn, days: int) -> None:
    """Among people without a dated place, whoever comes first today comes first on every later day."""
    one, other = Turn(1, one.asked_at, one.had_one), Turn(2, other.asked_at, other.had_one)
    assert in_order([one, other], TODAY) == in_order([other, one], TODAY + timedelta(days=days))


def test_places_are_said_as_people_say_them() -> None:
    said = [place_words(number) for number in (1, 2, 3, 4, 11, 12, 13, 14, 21, 102, 111)]
    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "14th", "21st", "102nd", "111th"]


def waiting(lending: Lending, person: Person | None = None, **asked: object) -> int:
    """A request that waits, asked for a day after the one before."""
    lending.clock.advance(days=1)
    loan = lending.request(asked.pop("programme", None), person, **asked)  # type: ignore[arg-type]  # a programme
    lending.do(service.put_on_waiting_list, loan.id)
    return loan.id


def queue(lending: Lending) -> list[int]:
    lines, _ = lending.read(
        service.waiting_list,
        hub_id=lending.hub_id,
        today=lending.clock().date(),
        first=0,
        count=50,
        fresh_since=lending.clock(),
    )
    return [line.loan.id for line in lines]


def test_a_month_that_is_near_comes_first_then_who_never_had_one_then_who_asked_first(lending: Lending) -> None:
    programme = lending.programme()
    near = lending.cohort(programme, date(2026, 6, 12), date(2026, 7, 10))
    far = lending.cohort(programme, date(2026, 9, 1), date(2026, 9, 29))
    before = lending.loan_at(LoanState.CLOSED_RETURNED, programme)
    again = waiting(lending, lending.read(person_of, before.person_id), programme=programme)
    later_month = waiting(lending, programme=programme, cohort_id=far.id)
    first_time = waiting(lending, programme=programme)
    dated = waiting(lending, programme=programme, cohort_id=near.id)
    assert queue(lending) == [dated, later_month, first_time, again]
    place = lending.read(service.place_in_queue, again, today=lending.clock().date())
    assert (place.number, place.of) == (4, 4)
    assert reasons_before(place) == (
        "1 person in a taster month that has begun or begins within two weeks.",
        "2 people who never had a tablet from us; this person has had one.",
    )


def person_of(session: object, person_id: int) -> Person:
    found = session.get(Person, person_id)  # type: ignore[attr-defined]  # a session
    assert isinstance(found, Person)
    return found


@ON_SQLITE
def test_a_line_says_what_is_waited_for(lending: Lending) -> None:
    waiting(lending, safe_at_home=None)
    waiting(lending, lending.person(needs=None))
    waiting(lending, lending.person(needs=frozenset({NeedCode.LARGE_TEXT})))
    assert waits(lending) == [
        "Somebody to ask whether it is safe at home",
        "Somebody to ask what they need",
        "A tablet: none is ready",
    ]
    lending.tablet(Stage.READY, profile="standard")
    assert waits(lending)[2] == "A tablet set up for their needs: none of those that are ready is"
    lending.tablet(Stage.READY, profile="large-clear")
    assert waits(lending)[2] == "A decision: a tablet is ready"


def waits(lending: Lending) -> list[str]:
    lines, _ = lending.read(
        service.waiting_list,
        hub_id=lending.hub_id,
        today=lending.clock().date(),
        first=0,
        count=50,
        fresh_since=lending.clock(),
    )
    return [line.waits_for for line in lines]


@ON_SQLITE
def test_a_partner_sees_its_own_people_in_their_place_among_all(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    with lending.database.write() as session:
        partner = add_organisation(session, kind=OrganisationKind.REFERRER, name="Sample referrer", now=lending.clock())
    others = waiting(lending, lending.person(first_name="Elsewhere"))
    own = waiting(lending, lending.person(first_name="Ourown", referrer_id=partner.id))
    referrer = browser_as(Role.REFERRER, organisation_id=partner.id)
    page = referrer.get("/requests/waiting").text
    assert "2nd" in page
    assert "Ourown" in page
    assert "Elsewhere" not in page
    assert "number 2 of 2" in referrer.get(f"/requests/{own}/place").text
    assert referrer.get(f"/requests/{others}/place").status_code == 404
    assert referrer.get("/api/v1/requests/waiting").json()["items"][0]["why"] == ["1 person who asked earlier."]
    assert browser_as(Role.COORDINATOR).get("/api/v1/requests/waiting").json()["total"] == 2


@ON_SQLITE
def test_a_request_that_does_not_wait_has_no_place(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan = lending.request()
    refused = browser_as(Role.COORDINATOR).get(f"/api/v1/requests/{loan.id}/place")
    assert refused.status_code == 409
    assert "not on the waiting list" in refused.text
