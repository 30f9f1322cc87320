"""Months of ticks at odd hours, with extensions, returns, holds and a death in any order: what must always hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from fleet.chasing import queries, service
from fleet.chasing.channels.base import Outgoing
from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import Acts, HoldReason, rung_day
from fleet.cohorts.calendar import HubCalendar, bank_holidays
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people.rules import Channel as ContactBy
from tests.fleet.chasing.conftest import LONDON, Chasing

ACTS = ("tick", "tick", "tick", "two ticks", "extend", "arrange", "call off", "hold", "lift", "give back", "die")


@dataclass
class Story:
    """What a careful clerk would remember, kept apart from the code under test; and a way out that asks the clerk."""

    chasing: Chasing
    loans: list[Loan]
    sent: list[tuple[int, int, str]] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    dead: bool = False
    gone: set[int] = field(default_factory=set)
    arranged: set[int] = field(default_factory=set)
    hold_until: date | None = None
    hold_id: int | None = None

    @property
    def now(self) -> datetime:
        return self.chasing.clock().astimezone(LONDON)

    def loan(self, loan_id: int) -> Loan:
        return self.chasing.lending.read(loans.get_loan, loan_id)

    def has_left(self, reference: str, channel: str) -> bool:
        return False

    def deliver(self, message: Outgoing) -> None:
        with self.chasing.database.read() as session:
            chase = queries.chase(session, int(message.reference.split("/")[1].split("-")[0]))
            assert chase is not None
            along = queries.riders(session, chase.id)
        today = self.now.date()
        assert not self.dead
        assert {chase.loan_id, *(each.loan_id for each in along)}.isdisjoint(self.gone | self.arranged)
        assert self.hold_until is None or today > self.hold_until
        assert 9 <= self.now.hour < 18
        assert today.weekday() != 6
        assert today not in bank_holidays(today.year, "ENG")
        assert today not in self.days, "two messages to one person on one day"
        for each in (chase, *along):
            assert (each.loan_id, each.due_version, each.rung) not in self.sent
            assert each.rung == self.highest_due(each.loan_id)
            self.sent.append((each.loan_id, each.due_version, each.rung))
        self.days.add(today)

    def highest_due(self, loan_id: int) -> str | None:
        """The last step whose day has come, counted afresh."""
        loan, ladder = self.loan(loan_id), default_ladder()
        assert loan.due_on is not None
        reached = [
            rung.key
            for rung in ladder.rungs
            if rung_day(
                rung, loan.due_on, calendar=HubCalendar("ENG"), grace_days=2, ladder_grace_days=ladder.grace_days
            )
            <= self.now.date()
        ]
        return reached[-1] if reached else None

    def do(self, act: str, days: int) -> None:
        loan_id = self.loans[days % len(self.loans)].id
        free = loan_id not in self.gone and not self.dead
        match act:
            case "tick" | "two ticks":
                before = len(self.days)
                self.chasing.tick(self)
                if act == "two ticks":
                    self.chasing.tick(self)
                assert len(self.days) - before <= 1
                self.check_nothing_was_forgotten()
            case "extend" if free and loan_id not in self.arranged:
                self.chasing.lending.do(loans.extend, loan_id, reason="Asked for it", override_cap=True)
            case "arrange" if free and loan_id not in self.arranged:
                self.chasing.lending.step(loan_id, LoanState.RETURN_ARRANGED)
                self.arranged.add(loan_id)
            case "call off" if free and loan_id in self.arranged:
                self.chasing.lending.do(loans.cancel_return, loan_id, reason="Nobody was in")
                self.arranged.discard(loan_id)
            case "hold":
                self.hold_until = self.now.date() + timedelta(days=days + 5)
                hold = self.chasing.hold(self.loan(loan_id), HoldReason.BEREAVEMENT, self.hold_until)
                self.lift()
                self.hold_until, self.hold_id = hold.until, hold.id
            case "lift":
                self.lift()
            case "give back" if free:
                self.chasing.lending.step(loan_id, LoanState.COLLECTED)
                self.gone.add(loan_id)
            case "die" if days == 0 and not self.dead and len(self.gone) < len(self.loans):
                alive = next(loan.id for loan in self.loans if loan.id not in self.gone)
                self.chasing.lending.do(loans.stop_for_death, alive)
                self.dead = True

    def lift(self) -> None:
        if self.hold_id is not None:
            self.chasing.lending.do(_lift, self.hold_id)
        self.hold_id = self.hold_until = None

    def check_nothing_was_forgotten(self) -> None:
        """After a tick in daylight, what was due is in the ledger, unless something stood in its way."""
        today = self.now.date()
        quiet = not 9 <= self.now.hour < 18 or today.weekday() == 6 or today in bank_holidays(today.year, "ENG")
        held = self.hold_until is not None and today <= self.hold_until
        if self.dead or quiet or held or (len(self.days) > 0 and today - max(self.days) < timedelta(days=8)):
            return
        for loan in self.loans:
            if loan.id in self.gone | self.arranged:
                continue
            fresh, due = self.loan(loan.id), self.highest_due(loan.id)
            taken = {each.rung for each in self.chasing.entries(loan) if each.due_version == fresh.due_version}
            rung = default_ladder().rung(due) if due is not None else None
            if rung is not None and (rung.days > 0 or rung.by is not Acts.SYSTEM):
                assert due in taken


def _lift(session: Any, hold_id: int, *, actor: Any, settings: Any, happening: Any) -> Any:
    return service.lift_hold(session, hold_id, actor=actor, happening=happening)


STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([7, 9, 12, 17, 18, 23]), st.sampled_from(ACTS)),
    min_size=4,
    max_size=24,
)


@example(steps=[(2, 9, "hold"), (1, 12, "tick"), (1, 12, "two ticks"), (9, 12, "tick")])
@example(steps=[(2, 9, "arrange"), (1, 9, "arrange"), (2, 12, "tick"), (4, 9, "call off"), (1, 12, "tick")])
@example(steps=[(2, 9, "give back"), (1, 9, "give back"), (2, 12, "tick"), (9, 12, "tick")])
@example(steps=[(3, 12, "tick"), (1, 12, "tick"), (7, 9, "extend"), (0, 12, "tick"), (9, 12, "two ticks")])
@example(steps=[(3, 12, "tick"), (0, 12, "die"), (1, 12, "two ticks"), (9, 12, "tick")])
@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # making a failing story shorter would mean replaying months for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_at_most_one_message_a_step_a_day_and_none_after_the_end(
    chasing: Chasing, steps: list[tuple[int, int, str]]
) -> None:
    chasing.at(max(date(2026, 6, 1), chasing.clock().date() + timedelta(days=1)))
    start = chasing.clock().date()
    person = chasing.lending.person(channel=ContactBy.TEXT)
    lent = [
        chasing.loan(start + timedelta(days=9 + each), person=person, policy={"open_loans_per_person": 2})
        for each in range(2)
    ]
    story = Story(chasing, lent)
    for days, hour, act in steps:
        chasing.at(max(chasing.clock().astimezone(LONDON).date() + timedelta(days=days), start), hour)
        story.do(act, days)
    if not story.dead and len(story.gone) < len(lent):
        chasing.lending.do(loans.stop_for_death, next(loan.id for loan in lent if loan.id not in story.gone))
        story.dead = True
    chasing.at(chasing.clock().astimezone(LONDON).date() + timedelta(days=50))
    before = list(story.sent)
    chasing.tick(story)
    assert story.sent == before
