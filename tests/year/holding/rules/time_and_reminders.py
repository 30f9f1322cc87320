"""Rules R1 to R12: time, extensions, reminders."""

from __future__ import annotations

from tests.year.holding.rules.rule import Rule

TIME_AND_REMINDERS: tuple[Rule, ...] = (
    Rule(
        "R1",
        "Due is a local date, whatever the clocks do",
        "A loan keeps a date of its hub, counted from the local day of the hand-over; no hour is added to anything",
        came_about=(
            "told the next morning",
            "loans across a change of the clocks",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_due_is_a_local_date_across_the_clock_changes",
            "tests/fleet/loans/test_service.py::test_a_hand_over_told_late_counts_from_the_day_it_happened",
        ),
    ),
    Rule(
        "R2",
        "A day is late only once it is over",
        "Late is worked out after the local day and the days of grace; what came by the letter-box counts for its day",
        came_about=("letter box",),
        tests=(
            "tests/fleet/loans/test_service.py::test_overdue_begins_when_the_days_of_grace_are_over",
            "tests/fleet/loans/test_service.py::test_the_clock_stops_when_it_was_collected_and_not_when_that_was_told",
            "tests/fleet/loans/test_unseen.py::test_a_return_that_nobody_saw_counts_for_the_day_on_which_it_came",
        ),
    ),
    Rule(
        "R3",
        "Closed days roll forward; a closure added later moves loans and spreads them",
        "Each hub has its week, its nation's bank holidays and its own days; a closure is shown, "
        "confirmed, and moves each loan by a due version of its own; a step that no ladder can leave out tells "
        "each person once",
        came_about=(
            "closures",
            "loans moved",
        ),
        tests=(
            "tests/fleet/cohorts/test_calendar.py::test_3_january_2022_rolls_to_each_nations_own_day",
            (
                "tests/fleet/planning/service/test_closing.py::"
                "test_another_hub_closes_its_own_days_and_moves_its_own_loans"
            ),
            "tests/fleet/chasing/test_moved.py::test_who_would_have_come_to_a_closed_hub_hears_of_the_new_day_at_once",
        ),
    ),
    Rule(
        "R4",
        "A month is a calendar month",
        "A programme lends by days or by calendar months, the last day of a shorter month where need be",
        came_about=("loans by calendar months",),
        tests=("tests/fleet/loans/test_service.py::test_a_calendar_month_is_clamped_to_the_months_last_day",),
    ),
    Rule(
        "R5",
        "An extension is another due version",
        "Versions are only added, each with who, why and how late it was; their number is capped, and where the "
        "programme says so how long it is in all and from which day on it may be asked for; a refusal tells the days",
        came_about=(
            "extended",
            "extended while late",
            "refused R5",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_an_extension_is_another_version_and_the_first_stays",
            "tests/fleet/loans/test_service.py::test_extending_an_overdue_loan_keeps_how_late_it_was",
            "tests/fleet/loans/test_needed.py::test_beyond_the_longest_loan_of_its_programme_goes_only_who_says_why",
            "tests/fleet/loans/test_needed.py::test_sooner_than_it_may_be_asked_for_goes_only_who_says_why",
            "tests/fleet/loans/test_needed.py::test_it_is_said_when_others_will_be_back_for_who_waits",
        ),
    ),
    Rule(
        "R6",
        "What others wait for caps extensions, on the server, with an override that says why",
        "Only a coordinator extends; beyond the number allowed, or while others need a tablet of its kind that no "
        "other stock can be, only with an override and a reason, and the due version says which cap it was",
        came_about=(
            "extended beyond the cap",
            "extended as others have enough",
            "extended though others wait",
            "refused because others wait",
            "refused R6",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_extensions_have_a_cap_that_a_coordinator_may_go_beyond",
            (
                "tests/fleet/loans/test_needed.py::"
                "test_an_extension_waits_for_a_reason_while_somebody_waits_for_a_tablet_like_it"
            ),
            "tests/fleet/loans/test_needed.py::test_an_extension_waits_for_a_reason_while_a_month_would_lack_the_tablet",
            (
                "tests/fleet/loans/test_needed.py::"
                "test_an_extension_leaves_the_days_in_which_a_tablet_is_made_ready_for_a_month"
            ),
        ),
    ),
    Rule(
        "R7",
        "One message for a step, the highest due, however often or seldom the worker comes",
        "The ledger allows each step once for a due version; a tick takes the highest step due and passes "
        "over the others",
        came_about=(
            "steps passed over",
            "rounds left out",
            "rounds made twice",
        ),
        tests=(
            "tests/fleet/chasing/test_sending.py::test_missed_days_never_pile_up",
            "tests/fleet/chasing/test_sending.py::test_two_ticks_at_once_send_once",
            (
                "tests/fleet/chasing/test_last_moment.py::"
                "test_a_step_that_was_taken_by_a_clock_that_ran_ahead_is_not_taken_again"
            ),
        ),
    ),
    Rule(
        "R8",
        "Another due date arms the ladder again",
        "Steps belong to a due version; what was asked about the one before is withdrawn",
        came_about=("messages about a later version",),
        tests=("tests/fleet/chasing/test_sending.py::test_a_new_due_date_arms_the_ladder_again",),
    ),
    Rule(
        "R9",
        "The guard is asked again as a message leaves; a copy sends nothing",
        "Loan and person are locked and looked at again in the transaction that sends; database and data "
        "folder carry a mark that must be the same, and that says where the folder lies",
        came_about=(
            "held",
            "answers",
            "opted out",
            "ticks before nine",
            "messages that waited in a copy",
            "messages found to have left before the restore",
            "restores",
            "copies tried elsewhere",
        ),
        tests=(
            "tests/fleet/chasing/test_last_moment.py::test_nothing_leaves_once_anything_speaks_against_it",
            (
                "tests/fleet/chasing/test_restoring.py"
                "::test_what_left_since_the_backup_is_in_the_ledger_again_and_leaves_no_second_time"
            ),
            (
                "tests/fleet/chasing/test_last_moment.py::"
                "test_a_copy_says_so_and_sends_again_once_somebody_says_that_it_counts"
            ),
        ),
    ),
    Rule(
        "R10",
        "Not having heard is not the same as not sent",
        "The attempt is in the ledger before the call; its reference is looked up before anything is tried again",
        came_about=(
            "messages of which nobody heard",
            "messages that failed",
        ),
        tests=(
            "tests/fleet/chasing/test_sending.py::test_a_message_that_left_before_the_process_died_is_not_sent_again",
            "tests/fleet/chasing/test_ways_out.py::test_a_text_whose_answer_never_came_is_looked_up_and_not_sent_again",
            (
                "tests/fleet/chasing/test_sending.py::"
                "test_a_message_that_was_passed_on_before_the_process_died_is_passed_on_once"
            ),
        ),
    ),
    Rule(
        "R11",
        "One message a home and day, and a person where a message cannot go",
        "What is due at one home goes in one message; a call task stands where there is no other way",
        came_about=(
            "messages for a whole home",
            "tasks for people",
        ),
        tests=(
            "tests/fleet/chasing/test_sending.py::test_two_people_with_one_phone_hear_from_us_together",
            "tests/fleet/chasing/test_sending.py::test_one_home_is_one_however_its_address_was_typed",
            "tests/fleet/chasing/test_sending.py::test_what_is_said_is_true_on_the_day_on_which_it_leaves",
            "tests/fleet/chasing/test_sending.py::test_who_prefers_a_call_becomes_a_task_for_a_person",
        ),
    ),
    Rule(
        "R12",
        "A death stops everything at once",
        "One act stops every loan of theirs, withdraws what was asked, and takes messages out of the outbox; only two "
        "people take it back, and nothing that was withdrawn leaves",
        came_about=(
            "died",
            "died before the delivery",
            "refused R12",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_death_stops_everything_at_once_on_every_loan",
            "tests/fleet/chasing/test_sending.py::test_a_death_at_the_last_moment_stops_a_message_that_was_claimed",
            "tests/fleet/loans/test_second_look.py::test_a_death_is_taken_back_by_two_and_only_what_still_runs_goes_on",
        ),
    ),
)
