"""Why somebody was, or was not, messaged, in thirty situations: each sentence plain, true on its day, and whole."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.channels.base import ChannelFailed, ChannelUnsure
from fleet.chasing.rules import CallOutcome, HoldReason
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_last_moment import (
    answered,
    claims_returned,
    extended,
    in_a_copy_elsewhere,
    on_a_closed_day,
    opted_out,
    return_arranged,
    returned,
)
from tests.fleet.chasing.test_restoring import Post
from tests.lending import lost_by_two

DUE = date(2026, 6, 29)
GIVEN, WEEK_BEFORE, MEANWHILE, TODAY = date(2026, 6, 15), date(2026, 6, 22), date(2026, 6, 23), date(2026, 6, 30)
RING = "Ring and ask: shall we fetch it, or would you like it for longer?"
HOME = {"address_line_1": "Flat 2, 1 Sample Court", "town": "London", "postcode": "N19 5XX"}
NOT_ON = "Not messaged on Monday 22 June: "
NOT_TODAY = "Not messaged on Tuesday 30 June: "


def spoke(chasing: Chasing, loan: Loan) -> None:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, loan.id, CallOutcome.SPOKE, actor=actor, happening=happening)


def change(chasing: Chasing, loan: Loan, **values: object) -> None:
    with chasing.database.write() as session:
        person = session.get_one(Person, loan.person_id)
        for name, value in values.items():
            setattr(person, name, value)


@ON_SQLITE
def test_before_and_on_the_day_of_a_step(chasing: Chasing) -> None:
    chasing.at(GIVEN)
    loan, call, letter = chasing.loan(DUE), chasing.loan(DUE, by=ContactBy.CALL), chasing.loan(DUE, by=ContactBy.LETTER)
    change(chasing, letter, **HOME)
    shared = {"phone": "07700 900321"}
    first, second = chasing.loan(DUE, details=shared), chasing.loan(DUE, details=shared)
    unreachable, polish = chasing.loan(DUE), chasing.loan(DUE)
    change(chasing, unreachable, phone="")
    change(chasing, polish, language_read="pl")
    going = chasing.lending.loan_at(LoanState.ALLOCATED)
    assert chasing.why(loan) == (
        "Not messaged on Monday 15 June: nothing is due until Monday 22 June, a week before it is due."
    )
    assert chasing.why(loan, WEEK_BEFORE) == (
        "To be messaged by text on Monday 22 June, if nothing changes: a week before it is due."
    )
    assert chasing.why(loan, MEANWHILE) == (
        "Not to be messaged on Tuesday 23 June: if nothing changes, that message leaves by text on Monday 22 June, "
        "a week before it is due."
    )
    assert chasing.why(call, WEEK_BEFORE) == (
        "Not to be messaged on Monday 22 June: a task for a person is due instead (a week before it is due), "
        "because they prefer a phone call."
    )
    chasing.at(WEEK_BEFORE, 8)
    assert chasing.why(loan) == (
        f"{NOT_ON}a message is due (a week before it is due), but messages leave from 09:00 to 18:00 only."
    )
    chasing.at(WEEK_BEFORE)
    assert (
        chasing.why(loan) == f"{NOT_ON}a message is due (a week before it is due), and it leaves within five minutes."
    )
    chasing.tick(Post())
    assert chasing.why(loan) == "Messaged by text on Monday 22 June: a week before it is due."
    assert chasing.why(letter) == "Messaged by letter on Monday 22 June: a week before it is due."
    together = "Messaged by text on Monday 22 June: a week before it is due, in one message with loan"
    assert [chasing.why(first), chasing.why(second)] == [f"{together} {second.id}.", f"{together} {first.id}."]
    asked = "a person was asked on 22 June"
    assert chasing.why(call) == f"{NOT_ON}they prefer a phone call, so {asked}: “{RING}”"
    nothing = "there is nothing to reach them by text"
    assert chasing.why(unreachable) == f"{NOT_ON}{nothing}, so {asked}: “{RING}”"
    assert chasing.why(polish) == (
        f"{NOT_ON}{asked}: “They read Polish: decide on the loan's page how they hear from us. {RING}”"
    )
    assert chasing.why(going) == f"{NOT_ON}the person does not have the tablet yet."
    chasing.at(MEANWHILE)
    spoke(chasing, call)
    assert chasing.why(call, WEEK_BEFORE) == (
        f"{NOT_ON}they prefer a phone call, so {asked}, and rang on 23 June: spoke with them."
    )


AFTERWARDS = {
    "answered": "they answered on 23 June, and nobody has read it yet.",
    "extended": "on 23 June the day to give it back was moved to Monday 27 July, and nothing is due until Monday "
    "20 July, a week before it is due.",
    "claims": "they say that they gave it back, and we look for it until 7 July, hold set by a coordinator on 23 June.",
    "died": "the person has died, and all contact was stopped on 23 June.",
    "withdrew": "all contact about this loan was stopped on 23 June.",
    "opted out": "they want no automatic messages, so a person was asked on 30 June: “Ring and ask how they would like "
    "to give it back”.",
    "gave it back": "the loan has ended; the tablet was given back on 23 June.",
    "is fetched": "a return is arranged.",
    "lost": "the loan has ended: the tablet was recorded as lost on 23 June.",
    "in hospital": "in hospital until 12 July, hold set by a coordinator on 23 June.",
}


@ON_SQLITE
def test_afterwards_and_of_a_day_before_it_as_it_was_then(chasing: Chasing) -> None:
    chasing.at(GIVEN)
    lent = {name: chasing.loan(DUE) for name in AFTERWARDS}
    chasing.at(WEEK_BEFORE)
    chasing.tick(Post())
    chasing.at(MEANWHILE)
    answered(chasing, lent["answered"])
    extended(chasing, lent["extended"])
    claims_returned(chasing, lent["claims"])
    chasing.lending.do(loans.stop_for_death, lent["died"].id)
    chasing.lending.do(loans.stop_contact, lent["withdrew"].id, StopReason.WITHDREW)
    opted_out(chasing, lent["opted out"])
    returned(chasing, lent["gave it back"])
    return_arranged(chasing, lent["is fetched"])
    chasing.lending.do(lost_by_two, lent["lost"].id, reason="Looked everywhere")
    chasing.hold(lent["in hospital"], HoldReason.IN_HOSPITAL, until=date(2026, 7, 12))
    chasing.at(TODAY)
    chasing.tick(Post())
    assert {name: chasing.why(loan).removeprefix(NOT_TODAY) for name, loan in lent.items()} == AFTERWARDS
    for loan in lent.values():
        assert chasing.why(loan, WEEK_BEFORE) == "Messaged by text on Monday 22 June: a week before it is due."
        assert chasing.why(loan, date(2026, 6, 21)) == (
            "Not messaged on Sunday 21 June: nothing is due until Monday 22 June, a week before it is due."
        )


@ON_SQLITE
def test_somebody_who_wants_messages_again_is_told_of_both_times(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(GIVEN)
    opted_out(chasing, loan)
    chasing.at(date(2026, 6, 24))
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        people.set_opted_out(session, loan.person_id, False, actor=actor, happening=happening)
    assert "they want no automatic messages" in chasing.why(loan, MEANWHILE)
    assert "it leaves within five minutes" in chasing.why(loan)


@ON_SQLITE
@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (ChannelFailed, "the message did not leave (the test says so), and is tried again as soon as it may leave."),
        (ChannelUnsure, "the message is on its way, and nobody has said yet whether it left."),
    ],
)
def test_a_provider_that_is_down(chasing: Chasing, fails: type[Exception], said: str) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick(Post(fails=fails))
    assert chasing.why(loan) == f"Not messaged on Monday 29 June: {said}"


@ON_SQLITE
def test_a_message_that_failed_too_often_and_one_that_left_a_day_later(chasing: Chasing) -> None:
    given_up, later = chasing.loan(DUE), chasing.loan(TODAY)
    chasing.at(DUE)
    for _ in range(3):
        chasing.tick(Post(fails=ChannelFailed))
    assert "the message did not leave 3 times, so a person was asked on 29 June: “Ring and" in chasing.why(given_up)
    chasing.at(TODAY)
    chasing.tick(Post(fails=ChannelFailed))
    chasing.at(date(2026, 7, 1))
    chasing.tick(Post())
    assert chasing.why(later, TODAY) == f"{NOT_TODAY}the message did not leave on that day; it left on 1 July."


@ON_SQLITE
def test_sundays_closed_days_days_without_a_round_and_the_end_of_the_ladder(chasing: Chasing) -> None:
    chasing.at(GIVEN)
    loan, closing = chasing.loan(DUE), chasing.loan(date(2026, 7, 8))
    due = "a message is due (three working days after it was due), but no message leaves"
    chasing.at(date(2026, 7, 5))
    assert chasing.why(loan) == f"Not messaged on Sunday 5 July: {due} on a Sunday."
    on_a_closed_day(chasing, loan)
    rung = "a task for a chaser is due (a week after it was due), and no message."
    assert chasing.why(loan) == f"Not messaged on Wednesday 8 July: {rung}"
    assert chasing.why(closing).endswith("but no message leaves while the hub is closed (Staff training).")
    assert chasing.why(loan, date(2026, 7, 3)) == (
        "Not messaged on Friday 3 July: a message was due (three working days after it was due), and no round was made "
        "before the day was over."
    )
    chasing.at(date(2026, 8, 24))
    chasing.tick(Post())
    spoke(chasing, loan)
    chasing.at(date(2026, 8, 25))
    assert chasing.why(loan).endswith("every step of the ladder was taken, and a coordinator decides.")


@ON_SQLITE
def test_a_second_message_at_one_home_and_a_copy_of_the_database(chasing: Chasing) -> None:
    shared = {"phone": "07700 900321"}
    chasing.at(GIVEN)
    chasing.loan(DUE, details=shared)
    mate = chasing.loan(DUE, details=shared)
    hold = chasing.hold(mate, HoldReason.AWAY, until=DUE)
    chasing.at(DUE)
    chasing.tick(Post())
    chasing.lift(hold)
    assert chasing.why(mate).endswith("but they, or somebody at their home, had a message from us on this day.")
    in_a_copy_elsewhere(chasing, mate)
    assert chasing.why(mate).endswith("but this is a copy restored from a backup, and nothing leaves from a copy.")
    assert "leaves from a copy" not in chasing.why(mate, date(2026, 6, 26))
