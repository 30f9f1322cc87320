"""The set-wise plan of a tick, held against the same question asked of each loan by itself."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fleet.chasing import queries, service
from fleet.chasing.ladder import default_ladder
from fleet.chasing.models import Chase
from fleet.chasing.rules import MOVED, ChaseState, HoldReason, last_due_on, rung_day, segments, standing
from fleet.chasing.rules.ladder import Dates
from fleet.chasing.service.planning import planned_for
from fleet.chasing.service.situation import situations
from fleet.clock import LONDON, local_date
from fleet.cohorts.calendar import HubCalendar, SpecialDays
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.people.models import Person
from fleet.people.rules import Channel as ContactBy
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fleet.chasing.conftest import Chasing

TODAY = date(2026, 6, 29)
CALENDARS = st.builds(
    lambda nation, begins, length: HubCalendar(
        nation, special=(SpecialDays(begins, begins + timedelta(days=length), "Sample", yearly=True),)
    ),
    st.sampled_from(["ENG", "SCT"]),
    st.dates(date(2025, 1, 1), date(2027, 12, 1)),
    st.integers(0, 20),
)


@given(
    number=st.integers(0, 7),
    calendar=CALENDARS,
    grace=st.integers(0, 12),
    today=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
)
def test_the_last_due_date_of_a_step_is_the_last_one_whose_day_has_come(
    number: int, calendar: HubCalendar, grace: int, today: date
) -> None:
    ladder = default_ladder()
    asked = {"calendar": calendar, "grace_days": grace, "ladder_grace_days": ladder.grace_days}
    rung = ladder.rungs[number]
    due_on = last_due_on(rung, today, **asked)  # type: ignore[arg-type]  # one dict for both functions
    assert rung_day(rung, due_on, **asked) <= today  # type: ignore[arg-type]  # the same
    assert rung_day(rung, due_on + timedelta(days=1), **asked) > today  # type: ignore[arg-type]  # the same


@given(
    calendar=CALENDARS,
    grace=st.integers(0, 12),
    today=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    late=st.integers(-20, 90),
    past=st.integers(-1, 7),
)
def test_the_stretches_of_due_dates_choose_the_step_that_a_loan_by_itself_stands_on(
    calendar: HubCalendar, grace: int, today: date, late: int, past: int
) -> None:
    ladder, due_on = default_ladder(), today - timedelta(days=late)
    taken = {rung.key for rung in ladder.rungs[: past + 1]}
    dates = Dates(due_on=due_on, given_on=due_on - timedelta(days=28), calendar=calendar, grace_days=grace)
    own = standing(ladder, dates, today, taken).rung
    stretches = segments(ladder, today, calendar=calendar, grace_days=grace)
    numbers = [
        each.number for each in stretches if due_on <= each.until and (each.after is None or due_on > each.after)
    ]
    assert len(numbers) <= 1
    number = numbers[0] if numbers else None
    chosen = None if number is None or number <= past else ladder.rungs[number]
    assert chosen == own


def _a_fleet(chasing: Chasing, chance: random.Random) -> None:
    """Loans of every sort that a tick may meet, most of them due some time round `TODAY`."""
    programmes = [chasing.lending.programme(open_loans_per_person=2, grace_days=grace) for grace in (0, 2, 9)]
    chasing.at(date(2026, 5, 4))
    people = [chasing.lending.person(channel=ContactBy.TEXT) for _ in range(2)]
    made: list[Loan] = []
    for number in range(26):
        due_on = TODAY + timedelta(days=chance.randint(-20, 12))
        by = chance.choice([ContactBy.TEXT, ContactBy.TEXT, ContactBy.CALL, ContactBy.EMAIL, ContactBy.LETTER])
        reached = {"phone": chance.choice(_PHONES), "email": chance.choice(_INBOXES)}
        person = people[number % 2] if number < 4 else chasing.lending.person(channel=by, **reached)
        state = chance.choice([LoanState.ACTIVE] * 5 + [LoanState.RETURN_ARRANGED, LoanState.COLLECTED])
        made.append(chasing.lending.loan_at(state, chance.choice(programmes), person=person, due_on=due_on))
    chasing.at(TODAY - timedelta(days=6))
    for loan in chance.sample(made, 9):
        _disturb(chasing, chance, loan)


_PHONES = [f"07700 90011{number}" for number in range(8)]
_INBOXES = [f"sample{number}@doorstep.example" for number in range(5)]


def _disturb(chasing: Chasing, chance: random.Random, loan: Loan) -> None:
    match chance.randrange(9):
        case 0:
            chasing.hold(loan, chance.choice(list(HoldReason)), until=TODAY + timedelta(days=chance.randint(-3, 5)))
        case 1:
            chasing.lending.do(loans.stop_contact, loan.id, StopReason.WITHDREW)
        case 2 if loan.state is LoanState.ACTIVE:
            chasing.lending.do(loans.extend, loan.id, reason="Longer", due_on=TODAY + timedelta(days=3))
        case 3:
            with chasing.database.write() as session:
                session.get_one(Tablet, chasing.lending.tablet_id(loan.id)).stage = Stage.LOST
        case 4 if loan.due_on is not None:
            with chasing.database.write() as session:
                session.add(_entry(loan, chance.choice(default_ladder().rungs).key, chasing.clock()))
        case 5 if loan.state is LoanState.ACTIVE:
            chasing.lending.do(loans.stop_for_death, loan.id)
        case 6 if loan.state is LoanState.ACTIVE and loan.due_on is not None and loan.due_on > TODAY:
            with chasing.database.write() as session:
                moved = {loan.id: (loan.due_on, loan.due_on + timedelta(days=2))}
                actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
                loans.move_due_dates(session, moved, actor=actor, happening=happening)
        case 7:
            with chasing.database.write() as session:
                session.get_one(Person, loan.person_id).phone = ""
        case _:
            chasing.tick()


def _entry(loan: Loan, rung: str, now: datetime) -> Chase:
    assert loan.due_on is not None
    return Chase(
        loan_id=loan.id,
        person_id=loan.person_id,
        due_version=loan.due_version,
        due_on=loan.due_on,
        rung=rung,
        stage=0,
        state=ChaseState.SKIPPED,
        created_at=now,
        changed_at=now,
    )


def test_the_plan_of_many_loans_is_the_plan_of_each_of_them(chasing: Chasing) -> None:
    chance = random.Random(1)
    _a_fleet(chasing, chance)
    seen: set[str] = set()
    for day, hour in ((-7, 12), (0, 12), (9, 8)):
        at = datetime.combine(TODAY + timedelta(days=day), time(hour), LONDON)
        with chasing.database.read() as session:
            together = list(service.plan_at(session, at))
            everybody = queries.loans_to_look_at(session, local_date(at) + timedelta(days=90))
            one_by_one = [planned_for(each) for each in situations(session, everybody, at=at)]
        assert together == [each for each in one_by_one if each is not None]
        seen |= {each.action.value for each in together} | {each.rung.key for each in together}
    assert seen >= {"message", "task", "wait", MOVED.key}
