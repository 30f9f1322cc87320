"""Mutations about due dates, extensions and reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.year.longer import NEED
from tests.year.mutations.making import LAST, NOW, Copy, Mutation
from tests.year.mutations.rows import OVER, RUNNING, entry, event, left
from tests.year.town import Town

_MONTHS = "(SELECT l.id FROM loan l JOIN programme p ON p.id = l.programme_id WHERE p.taster_months IS NOT NULL)"


_GIVEN_AGAIN = f"""SELECT max(v.id) FROM loan l JOIN loan_due_version v ON v.loan_id = l.id AND v.number = l.due_version
JOIN loan_due_version b ON b.loan_id = l.id AND b.number = v.number - 1
WHERE l.state = 'active' AND l.stopped_at IS NULL AND b.due_on <= '{LAST}' AND v.set_at < '{LAST - timedelta(days=5)}'
AND NOT EXISTS (SELECT 1 FROM chase_hold h WHERE h.person_id = l.person_id)
AND NOT EXISTS (SELECT 1 FROM chase_reply r WHERE r.person_id = l.person_id)"""
"""The last due date but the first of a loan that runs, given some days ago, after the day before it went by."""


_DAYS = "(SELECT l.id FROM loan l JOIN programme p ON p.id = l.programme_id WHERE p.taster_months IS NULL)"


_HANDED = "kind IN ('hand_over', 'hub_hand_over')"


def _nobody_was_refused(town: Town) -> Town:
    """The last who was refused while others wait was told yes."""
    asked = next(each for each in reversed(town.asked_longer) if each.codes == {NEED} and not each.overridden)
    told = replace(asked, day=LAST, codes=frozenset())
    return replace(town, asked_longer=[*town.asked_longer, told])


TIMES: tuple[Mutation, ...] = (
    Mutation(
        "R1",
        "the_due_day_is_counted_in_local_days",
        (event("loan_event", f"{_HANDED} AND loan_id IN {_DAYS}"),),
    ),
    Mutation(
        "R1",
        "a_loan_is_due_when_its_last_version_says",
        (f"UPDATE loan SET due_on = date(due_on, '+1 day') WHERE id = ({OVER})",),
    ),
    Mutation(
        "R2",
        "nobody_is_late_before_the_day_is_over",
        (entry(OVER, due_on=f"'{LAST}'", stage="3", state="'done'", reference="''", message_day="NULL"),),
    ),
    Mutation("R2", "what_came_by_the_letter_box_came_that_day", (event("loan_event", "kind = 'hand_in'"),)),
    Mutation(
        "R3",
        "nothing_is_due_on_a_closed_day",
        (f"UPDATE loan SET due_on = '2027-06-05' WHERE id = ({RUNNING})",),
        also=("R1", "R26"),
    ),
    Mutation(
        "R3",
        "a_closure_moves_loans_to_several_days_and_says_so",
        (
            Copy("loan_event", "kind = 'moved_for_closure'", {"client_id": "NULL"}),
            "UPDATE loan_due_version SET reason = '' WHERE reason LIKE 'The hub is closed%'",
        ),
        also=("I4",),
    ),
    Mutation(
        "R3",
        "whoever_would_come_on_the_old_day_was_told_before",
        (f"UPDATE loan_due_version SET moved_because = 'closure' WHERE id = ({_GIVEN_AGAIN})",),
    ),
    Mutation(
        "R3",
        "nobody_is_told_of_a_day_that_stayed",
        (entry(RUNNING, due_version="1", rung="'day_moved'"),),
        also=("R8", "R10"),
    ),
    Mutation(
        "R4",
        "a_month_is_a_calendar_month",
        (
            Copy(
                "loan_event",
                f"{_HANDED} AND loan_id IN {_MONTHS}",
                {"at": NOW, "client_at": "coalesce(client_at, at)", "client_id": "NULL"},
            ),
            "UPDATE programme SET taster_months = 2 WHERE taster_months = 1",
        ),
    ),
    Mutation(
        "R5",
        "every_due_date_stays_on_record",
        (
            (
                "UPDATE loan_due_version SET due_on = date(due_on, '+1 day') WHERE id = (SELECT min(v.id)"
                " FROM loan_due_version v JOIN loan_due_version w ON w.loan_id = v.loan_id AND w.number = 2"
                " WHERE v.number = 1)"
            ),
        ),
    ),
    Mutation(
        "R5",
        "extensions_are_capped",
        (event("loan_event", "kind = 'extend' AND reason <> ''"),) * 3,
        also=("R6",),
    ),
    Mutation(
        "R6",
        "only_a_coordinator_extends_and_says_why",
        (
            (
                "UPDATE loan_event SET role = 'courier' WHERE id = (SELECT max(id) FROM loan_event"
                " WHERE kind = 'extend' AND reason <> '')"
            ),
        ),
    ),
    Mutation(
        "R6",
        "going_beyond_a_cap_is_written_down",
        ("UPDATE loan_due_version SET beyond_number = 1 - beyond_number WHERE number > 1",),
    ),
    Mutation("R6", "who_waits_caps_an_extension_on_the_server", town=_nobody_was_refused),
    Mutation(
        "R6",
        "going_beyond_what_others_need_is_written_down",
        ("UPDATE loan_due_version SET beyond_need = NOT beyond_need WHERE number > 1",),
    ),
)


REMINDERS: tuple[Mutation, ...] = (
    Mutation(
        "R7",
        "the_ladder_is_climbed_once_and_never_down",
        (
            (
                "UPDATE chase SET id = 1000000 WHERE id = (SELECT max(a.id) FROM chase a JOIN chase b"
                " ON b.loan_id = a.loan_id AND b.due_version = a.due_version AND b.id > a.id"
                " WHERE a.state <> 'skipped' AND b.state <> 'skipped')"
            ),
        ),
        also=("I5",),
    ),
    Mutation(
        "R7",
        "nobody_is_forgotten",
        (f"UPDATE loan SET state = 'active', due_on = '2027-05-01' WHERE id = ({OVER} AND l.due_version = 1)",),
        also=("R1", "R14", "I1"),
    ),
    Mutation(
        "R8",
        "another_due_date_arms_the_ladder_again",
        (f"UPDATE loan SET state = 'active', due_on = '2027-05-01' WHERE id = ({OVER} AND l.due_version > 1)",),
        also=("R1", "R14", "I1"),
    ),
    Mutation(
        "R9",
        "nobody_is_written_to_who_must_not_be",
        (entry(OVER),),
        town=left(("made-up", 0)),
    ),
    Mutation(
        "R9",
        "nothing_leaves_in_quiet_hours_or_from_a_copy",
        (entry(RUNNING),),
        town=left(("made-up", 0)),
    ),
    Mutation("R10", "every_message_was_written_down_first_and_left_once", town=left(("in-no-ledger", 0))),
    Mutation(
        "R11",
        "one_message_a_home_and_day_and_three_a_week",
        town=left(("one", 1), ("two", 2), ("three", 3), ("four", 4)),
    ),
    Mutation(
        "R12",
        "the_dead_are_left_in_peace",
        (f"UPDATE person SET deceased_on = '{LAST}' WHERE id = (SELECT person_id FROM loan WHERE id = ({RUNNING}))",),
    ),
    Mutation(
        "R19",
        "a_claim_is_neither_a_return_nor_a_loss",
        ("UPDATE chase_hold SET until = date(until, '+40 days') WHERE reason = 'says_given_back'",),
    ),
    Mutation(
        "R19",
        "what_became_of_a_claim_is_written_down",
        ("UPDATE return_claim SET outcome = NULL, settled_at = NULL WHERE id = (SELECT max(id) FROM return_claim)",),
    ),
    Mutation("R21", "nothing_is_lost_by_itself", ("UPDATE loan_event SET role = 'system' WHERE kind = 'lose'",)),
)
