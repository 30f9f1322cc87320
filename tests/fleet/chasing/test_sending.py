"""One tick after another: what leaves, what waits, and what never leaves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.channels.base import ChannelFailed, Outgoing
from fleet.chasing.rules import ChaseState, HoldReason, LanguageChoice
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.people import service as people
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import PrintFormat
from fleet.users.rules import Role
from tests.fleet.chasing.conftest import Chasing

DUE = date(2026, 6, 29)  # a Monday, four weeks after the hand-over


def test_a_reminder_is_written_to_the_outbox_once(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, details={"print_format": PrintFormat.PRINT_18})
    chasing.at(date(2026, 6, 22))
    assert chasing.tick().sent == 1
    assert chasing.tick().sent == 0
    (path,) = chasing.outbox()
    text = path.read_text(encoding="utf-8")
    assert path.parent.name == "2026-06-22"
    assert path.stem.split("-")[0] == str(chasing.entries(loan)[0].id)
    assert "Hello Sample" in text
    assert "Monday 29 June" in text
    assert "ring us on 020 7946 0000" in text
    assert "Send by: text" in text
    assert "Format: print_18" in text
    assert "overdue" not in text.lower()


def test_missed_days_never_pile_up(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 7, 2))
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan) == [
        ("week_before", ChaseState.SKIPPED),
        ("two_days_before", ChaseState.SKIPPED),
        ("due_day", ChaseState.SKIPPED),
        ("days_after", ChaseState.SENT),
    ]


def test_a_new_due_date_arms_the_ladder_again(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick()
    chasing.lending.do(loans.extend, loan.id, reason="Would like it for longer", due_on=date(2026, 7, 27))
    chasing.at(date(2026, 7, 19), hour=12)  # a Sunday, the day before the next week-before
    assert chasing.tick().sent == 0
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().sent == 1
    assert [(each.rung, each.due_version) for each in chasing.entries(loan) if each.state is ChaseState.SENT] == [
        ("due_day", 1),
        ("week_before", 2),
    ]


def test_two_ticks_at_once_send_once(chasing: Chasing) -> None:
    people_asked = 6
    for _ in range(people_asked):
        chasing.loan(DUE)
    chasing.at(DUE)
    together = threading.Barrier(3)
    results: list[service.Ticked] = []

    def work() -> None:
        together.wait()
        results.append(chasing.tick())

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result.sent for result in results) == people_asked
    assert len(chasing.outbox()) == people_asked


def test_nothing_leaves_in_quiet_hours_on_sundays_or_bank_holidays(chasing: Chasing) -> None:
    chasing.loan(date(2026, 8, 31))  # the late summer bank holiday in England rolls it to 1 September
    for day, hour, minute in ((25, 8, 59), (25, 18, 0), (30, 12, 0), (31, 12, 0)):
        chasing.at(date(2026, 8, day), hour, minute)
        assert chasing.tick().sent == 0
    chasing.at(date(2026, 9, 1), 9, 0)
    assert chasing.tick().sent == 1


def test_a_person_gets_one_message_a_day_that_speaks_of_every_tablet(chasing: Chasing) -> None:
    person = chasing.lending.person(channel=ContactBy.TEXT)
    policy = {"open_loans_per_person": 2}
    first = chasing.loan(DUE, person=person, policy=policy)
    second = chasing.loan(date(2026, 7, 1), person=person, policy=policy)
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    (path,) = chasing.outbox()
    text = path.read_text(encoding="utf-8")
    assert "Today, Monday 29 June, is the day" in text
    assert "your other tablet. You can keep that one until Wednesday 1 July." in text
    assert chasing.ledger(first)[-1] == ("due_day", ChaseState.SENT)
    assert chasing.ledger(second)[-1] == ("two_days_before", ChaseState.SENT)
    chasing.at(date(2026, 6, 30))
    assert chasing.tick().sent == 0


def test_what_is_said_is_true_on_the_day_on_which_it_leaves(chasing: Chasing) -> None:
    person = chasing.lending.person(channel=ContactBy.TEXT)
    policy = {"open_loans_per_person": 2}
    chasing.loan(DUE, person=person, policy=policy)
    chasing.loan(date(2026, 6, 30), person=person, policy=policy)
    chasing.at(date(2026, 7, 1))  # nothing ran for some days
    assert chasing.tick().sent == 1
    (path,) = chasing.outbox()
    text = path.read_text(encoding="utf-8")
    assert "Your time with the tablet ended on Monday 29 June." in text
    assert "Your time with that one ended on Tuesday 30 June." in text
    assert "Today" not in text
    assert "until" not in text


def test_two_people_with_one_phone_hear_from_us_together(chasing: Chasing) -> None:
    shared = {"phone": "07700 900321"}
    first = chasing.loan(DUE, details={**shared, "first_name": "Ann"})
    second = chasing.loan(DUE, details={**shared, "first_name": "Ben"})
    reads_welsh = chasing.loan(DUE, details={**shared, "language_read": "cy"})
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        choice = LanguageChoice.DRAFT
        service.answer_language(session, reads_welsh.id, choice, actor=actor, happening=happening)
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    (path,) = chasing.outbox()
    assert "Hello Ann and Ben" in path.read_text(encoding="utf-8")
    assert [chasing.ledger(loan)[-1][1] for loan in (first, second)] == [ChaseState.SENT] * 2
    assert chasing.ledger(reads_welsh) == []
    chasing.at(date(2026, 6, 30))
    assert chasing.tick().sent == 1


def test_neighbours_in_one_house_get_a_letter_each(chasing: Chasing) -> None:
    house = {"address_line_1": "Sample House", "postcode": "N19 5XX"}
    for flat in ("Flat 1", "Flat 2", "Flat 2"):
        chasing.loan(DUE, by=ContactBy.LETTER, details={**house, "address_line_2": flat})
    chasing.at(DUE)
    assert chasing.tick().to_print == 2


ONE_HOME: tuple[tuple[ContactBy, Sequence[dict[str, str]]], ...] = (
    (ContactBy.EMAIL, [{"email": "sample.home@example.org"}, {"email": "Sample.Home@Example.ORG "}]),
    (
        ContactBy.LETTER,
        [
            {"address_line_1": "Flat 2", "address_line_2": "1 Sample House"},
            {"address_line_1": "Flat 2, 1 Sample House", "postcode": "n195xx"},
            {"address_line_1": "FLAT 2,", "address_line_2": "1 Sample  House."},
        ],
    ),
    (ContactBy.TEXT, [{"phone": "07700 900321"}, {"phone": "+44 7700-900-321"}]),
)


@pytest.mark.parametrize(("by", "written"), ONE_HOME, ids=[by.value for by, _ in ONE_HOME])
def test_one_home_is_one_however_its_address_was_typed(
    chasing: Chasing, by: ContactBy, written: Sequence[dict[str, str]]
) -> None:
    for details in written:
        chasing.loan(DUE, by=by, details=details)
    chasing.at(DUE)
    done = chasing.tick()
    assert done.sent + done.to_print == 1


def test_what_must_not_leave_stays_behind_and_the_rest_leaves(chasing: Chasing) -> None:
    person = chasing.lending.person(channel=ContactBy.TEXT)
    policy = {"open_loans_per_person": 2}
    first, second = (chasing.loan(DUE, person=person, policy=policy) for _ in range(2))
    chasing.at(DUE)
    with chasing.database.write() as session:
        claimed = service.claim(session, first.id, now=chasing.clock(), settings=chasing.settings)
    assert claimed is not None
    chasing.lending.step(second.id, LoanState.RETURN_ARRANGED)
    way_out = service.outbox(chasing.settings)
    service.send(chasing.database, claimed.id, channel=way_out, clock=chasing.clock, settings=chasing.settings)
    assert chasing.ledger(first)[-1] == ("due_day", ChaseState.SENT)
    assert chasing.ledger(second)[-1] == ("due_day", ChaseState.FAILED)
    assert "other tablet" not in chasing.outbox()[0].read_text(encoding="utf-8")


def test_nobody_hears_from_us_after_giving_it_back(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.lending.step(loan.id, LoanState.RETURN_ARRANGED)
    chasing.at(DUE)
    assert chasing.tick().sent == 0
    chasing.lending.step(loan.id, LoanState.COLLECTED)
    chasing.at(date(2026, 7, 20))
    assert chasing.tick() == service.Ticked()
    assert chasing.outbox() == []


def test_a_death_at_the_last_moment_stops_a_message_that_was_claimed(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    with chasing.database.write() as session:
        claimed = service.claim(session, loan.id, now=chasing.clock(), settings=chasing.settings)
        assert claimed is not None
    chasing.lending.do(loans.stop_for_death, loan.id)
    way_out = service.outbox(chasing.settings)
    service.send(chasing.database, claimed.id, channel=way_out, clock=chasing.clock, settings=chasing.settings)
    chasing.at(date(2026, 8, 3))
    chasing.tick()
    assert chasing.outbox() == []
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.WITHDRAWN)


def test_what_still_lies_in_the_outbox_goes_with_a_death_and_the_others_stay(chasing: Chasing) -> None:
    loan, _ = chasing.loan(DUE), chasing.loan(DUE)
    chasing.at(DUE)
    assert chasing.tick().sent == 2
    chasing.lending.do(loans.stop_for_death, loan.id)
    chasing.tick()
    outbox = chasing.settings.data_dir / "outbox"
    (left,) = outbox.rglob("*.txt")
    assert left.stem.split("-")[0] != str(chasing.entries(loan)[-1].id)
    assert "has died" in chasing.entries(loan)[-1].note


def test_a_death_recorded_on_the_person_alone_stops_everything_too(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE)
    assert chasing.tick().tasks == 1
    with chasing.database.write() as session:
        people.record_death(
            session,
            loan.person_id,
            on=None,
            actor=chasing.lending.actor(Role.COORDINATOR),
            happening=chasing.lending.happening(),
        )
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().tasks == 0
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.WITHDRAWN)


def test_who_prefers_a_call_becomes_a_task_for_a_person(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE)
    assert chasing.tick().tasks == 1
    assert chasing.outbox() == []
    task = chasing.entries(loan)[-1]
    assert task.state is ChaseState.TO_DO
    assert task.note.startswith("Ring")


def test_who_wants_no_automatic_messages_gets_none(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    with chasing.database.write() as session:
        people.set_opted_out(
            session,
            loan.person_id,
            True,
            actor=chasing.lending.actor(Role.COORDINATOR),
            happening=chasing.lending.happening(),
        )
    chasing.at(DUE)
    assert (chasing.tick().tasks, chasing.outbox()) == (1, [])


def test_from_a_week_late_a_person_rings(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 7, 6))
    assert chasing.tick().tasks == 1
    chasing.at(date(2026, 7, 13))
    assert chasing.tick().tasks == 1
    assert chasing.ledger(loan)[-2:] == [("week_after", ChaseState.WITHDRAWN), ("fortnight_after", ChaseState.TO_DO)]


def test_a_hold_keeps_the_peace_and_one_message_follows_it(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 20))
    chasing.hold(loan, HoldReason.IN_HOSPITAL, until=date(2026, 7, 2))
    for day in (22, 27, 29):
        chasing.at(date(2026, 6, day))
        assert chasing.tick().sent == 0
    chasing.at(date(2026, 7, 3))
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan)[-1] == ("days_after", ChaseState.SENT)


class BrokenChannel:
    """A way out that is shut."""

    def __init__(self) -> None:
        self.asked = 0

    def deliver(self, message: Outgoing) -> None:
        self.asked += 1
        raise ChannelFailed("The outbox folder could not be written to (No space left on device).")

    def has_left(self, reference: str, channel: str) -> bool | None:
        return False


def test_a_message_that_cannot_leave_is_tried_again_and_then_given_to_a_person(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    broken = BrokenChannel()
    for _ in range(6):
        chasing.tick(broken)
    assert broken.asked == 3
    task = chasing.entries(loan)[-1]
    assert (task.rung, task.state) == ("due_day", ChaseState.TO_DO)


def test_a_message_that_could_not_leave_leaves_once_the_way_is_open(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick(BrokenChannel())
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
    assert len(chasing.outbox()) == 1


class DyingChannel:
    """A way out whose process is killed as soon as the message has left."""

    def __init__(self, chasing: Chasing, *, leaves: bool) -> None:
        self.way_out = service.outbox(chasing.settings)
        self.leaves = leaves

    def deliver(self, message: Outgoing) -> None:
        if self.leaves:
            self.way_out.deliver(message)
        raise KeyboardInterrupt

    def has_left(self, reference: str, channel: str) -> bool | None:
        return self.way_out.has_left(reference, channel)


def _killed_while_sending(chasing: Chasing, *, leaves: bool) -> None:
    try:
        chasing.tick(DyingChannel(chasing, leaves=leaves))
    except KeyboardInterrupt:
        return
    raise AssertionError("nothing was sent")


def test_a_message_that_left_before_the_process_died_is_not_sent_again(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    _killed_while_sending(chasing, leaves=True)
    assert chasing.tick().sent == 0
    chasing.clock.advance(minutes=11)
    chasing.tick()
    assert len(chasing.outbox()) == 1
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)


def test_a_message_that_was_passed_on_before_the_process_died_is_passed_on_once(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    _killed_while_sending(chasing, leaves=True)
    (taken,) = chasing.outbox()
    taken.unlink()
    chasing.clock.advance(minutes=11)
    chasing.tick()
    assert (chasing.outbox(), chasing.ledger(loan)[-1]) == ([], ("due_day", ChaseState.SENT))


def test_a_message_that_did_not_leave_before_the_process_died_leaves_later(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    _killed_while_sending(chasing, leaves=False)
    chasing.clock.advance(minutes=11)
    assert chasing.tick().sent == 1
    assert len(chasing.outbox()) == 1
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
