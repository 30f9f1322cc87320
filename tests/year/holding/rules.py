"""The rules of lending and the invariants of a tablet's life: what each asks, what Doorstep does, which test holds it.

docs/rules.md is drawn from this. Every one of them is looked at on each day of the simulated year.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`came_about` are the counters that the year must have brought above nought, or the rule was never put to a test;
    `tests` hold it by themselves, as `file::name`."""

    id: str
    asks: str
    doorstep: str
    came_about: tuple[str, ...]
    tests: tuple[str, ...]


RULES: tuple[Rule, ...] = (
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
        ),
    ),
    Rule(
        "R3",
        "Closed days roll forward; a closure added later moves loans and spreads them",
        "Each hub has its week, its nation's bank holidays and its own days; a closure is shown, "
        "confirmed, and moves each loan by a due version of its own",
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
        "Versions are only added, each with who, why and how late it was; their number is capped",
        came_about=(
            "extended",
            "extended while late",
            "refused R5",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_an_extension_is_another_version_and_the_first_stays",
            "tests/fleet/loans/test_service.py::test_extending_an_overdue_loan_keeps_how_late_it_was",
        ),
    ),
    Rule(
        "R6",
        "What others wait for caps extensions, on the server, with an override that says why",
        "Only a coordinator extends; beyond the cap only with an override and a reason. Loans are not of "
        "one tablet, so nobody's place in the queue is held against one loan",
        came_about=(
            "extended beyond the cap",
            "refused R6",
        ),
        tests=("tests/fleet/loans/test_service.py::test_extensions_have_a_cap_that_a_coordinator_may_go_beyond",),
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
        "folder carry a mark that must be the same",
        came_about=(
            "held",
            "answers",
            "opted out",
            "ticks before nine",
            "messages that waited in a copy",
            "restores",
        ),
        tests=(
            "tests/fleet/chasing/test_last_moment.py::test_nothing_leaves_once_anything_speaks_against_it",
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
            "tests/fleet/chasing/test_sending.py::test_who_prefers_a_call_becomes_a_task_for_a_person",
        ),
    ),
    Rule(
        "R12",
        "A death stops everything at once",
        "One act stops every loan of theirs, withdraws what was asked, and takes messages out of the outbox",
        came_about=(
            "died",
            "died before the delivery",
            "refused R12",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_death_stops_everything_at_once_on_every_loan",
            "tests/fleet/chasing/test_sending.py::test_a_death_at_the_last_moment_stops_a_message_that_was_claimed",
        ),
    ),
    Rule(
        "R13",
        "A scan is a fact with an id of its own",
        "Facts are kept whatever they say, applied once in the order they happened, and answered the same "
        "when told again",
        came_about=(
            "facts told twice",
            "phones with a wrong clock",
        ),
        tests=(
            "tests/fleet/deliveries/test_scanning.py::test_the_same_id_twice_gets_the_same_answer_and_changes_nothing",
            (
                "tests/fleet/deliveries/test_any_order.py::"
                "test_any_day_of_two_couriers_ends_the_same_however_its_facts_arrive"
            ),
        ),
    ),
    Rule(
        "R14",
        "One open loan for a tablet, one holder",
        "Partial unique indexes; locks always in the order tablet, loan, SIM",
        came_about=("loans",),
        tests=(
            "tests/fleet/loans/test_races.py::test_the_database_itself_refuses_a_second_open_loan",
            "tests/fleet/loans/test_machine.py::test_no_order_of_acts_breaks_an_invariant",
        ),
    ),
    Rule(
        "R15",
        "Delivered is not packed",
        "The due date is set at the hand-over and never before; failed attempts are counted and come back to the hub",
        came_about=(
            "failed attempts",
            "refused R15",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_the_due_date_counts_from_the_hand_over_not_from_the_packing",
            (
                "tests/fleet/deliveries/test_scanning.py::"
                "test_nobody_in_then_back_at_the_hub_keeps_the_tablet_for_its_loan"
            ),
        ),
    ),
    Rule(
        "R16",
        "The first trusted receipt closes the borrower's part",
        "A courier's, a hub's or a partner's taking it stops the clock; a tablet at a partner's place "
        "counts there until it comes to the hub",
        came_about=(
            "left at a partner",
            "came on from a partner",
        ),
        tests=("tests/fleet/loans/test_service.py::test_whatever_is_scanned_at_the_hub_ends_where_it_should",),
    ),
    Rule(
        "R17",
        "A swap changes the tablet and nothing else",
        "Same loan, due date, agreement and SIM; two links without a gap; the old label says that it was swapped out",
        came_about=(
            "swapped at a door",
            "swapped at a hub",
            "old labels scanned",
        ),
        tests=(
            "tests/fleet/loans/test_swapping.py::test_a_swap_leaves_the_loan_as_it_was_but_for_its_tablet",
            (
                "tests/fleet/deliveries/test_swap.py::"
                "test_the_old_label_at_another_door_is_refused_and_says_what_became_of_it"
            ),
        ),
    ),
    Rule(
        "R18",
        "A courier sees today's doors, and no longer",
        "An address is shown from the acceptance until some hours after the door, never beyond the run's day",
        came_about=("doors looked at again",),
        tests=(
            (
                "tests/fleet/deliveries/test_sight.py::"
                "test_an_address_is_seen_from_acceptance_until_some_hours_after_the_door"
            ),
        ),
    ),
    Rule(
        "R19",
        "A claim of a return is neither a return nor a loss",
        "It pauses the ladder and asks somebody to look for two weeks; then a coordinator decides",
        came_about=(
            "claims",
            "claims that were true",
        ),
        tests=(
            (
                "tests/fleet/chasing/test_last_moment.py::"
                "test_a_claim_is_looked_for_and_then_decided_about_and_never_chased"
            ),
        ),
    ),
    Rule(
        "R20",
        "Found reopens nothing",
        "The loan is corrected, the tablet waits for its wipe, nobody is written to",
        came_about=(
            "found",
            "refused R20",
        ),
        tests=(
            (
                "tests/fleet/loans/test_service.py::"
                "test_lost_and_found_corrects_the_loan_and_leaves_the_tablet_to_be_wiped"
            ),
        ),
    ),
    Rule(
        "R21",
        "Nothing is lost by itself",
        "Only a coordinator records a loss, with a reason; the ladder ends with a decision, not with a loss",
        came_about=(
            "lost",
            "refused R21",
        ),
        tests=("tests/fleet/tablets/test_rules.py::test_only_a_coordinator_may_say_that_a_tablet_is_lost",),
    ),
    Rule(
        "R22",
        "Nothing is lent again without a verified wipe since it was out",
        "A certificate newer than the last return, a fresh verification, label, kit and battery are asked "
        "for on the server",
        came_about=(
            "wipes",
            "verified too long ago",
            "refused R22",
        ),
        tests=(
            "tests/fleet/loans/test_service.py::test_a_tablet_is_lent_again_only_after_another_wipe",
            "tests/fleet/tablets/test_rules.py::test_nothing_unwiped_is_provisioned_made_ready_lent_or_loaded",
        ),
    ),
    Rule(
        "R23",
        "A gift ends the loan by authority",
        "Only where the programme allows it, with a reason; reminders end and the SIM stays with the person",
        came_about=(
            "given for good",
            "refused R23",
        ),
        tests=("tests/fleet/loans/test_service.py::test_a_gift_needs_a_programme_that_allows_it",),
    ),
    Rule(
        "R24",
        "Only what holds no data is recycled",
        "Retired, then wiped or ordered to be destroyed, then handed to a carrier with a note",
        came_about=(
            "recycled",
            "refused R24",
        ),
        tests=(
            "tests/fleet/tablets/test_service.py::test_a_tablet_that_cannot_be_wiped_leaves_by_a_destruction_order",
        ),
    ),
    Rule(
        "R25",
        "A card is one of a kind, and its PIN is sealed",
        "ICCID and living phone numbers are unique; secrets are sealed under the installation's key",
        came_about=(
            "sims",
            "sealed secrets",
        ),
        tests=(
            "tests/fleet/bundles/test_stock.py::test_a_phone_number_is_on_one_living_card",
            (
                "tests/fleet/bundles/test_secrets.py::"
                "test_what_is_kept_cannot_be_read_from_the_database_and_each_look_is_in_the_log"
            ),
        ),
    ),
    Rule(
        "R26",
        "Data has days of its own, and both ends are warned of",
        "The end follows from the day it was switched on; each due date reckons the warnings anew; no "
        "connected loan leaves without data",
        came_about=(
            "topped up",
            "refused R26",
        ),
        tests=(
            "tests/fleet/bundles/test_usage.py::test_every_extension_reckons_the_warnings_anew",
            "tests/fleet/loans/test_service.py::test_a_programme_with_data_refuses_a_loan_without",
        ),
    ),
    Rule(
        "R27",
        "A grant is for one person",
        "It keeps whose it is, and a day instead of papers; the card does not rest for somebody else",
        came_about=(
            "grants used",
            "refused R27",
        ),
        tests=(
            "tests/fleet/bundles/test_stock.py::test_a_grant_needs_the_day_it_was_asked_for_and_stays_with_its_person",
        ),
    ),
    Rule(
        "R28",
        "The card in the tray is compared with the record",
        "Another card stops the return until it is bagged; data used while nobody has it is asked about",
        came_about=(
            "refused R28",
            "used at rest",
            "strange cards",
        ),
        tests=(
            "tests/fleet/loans/test_trays.py::test_another_card_stops_the_return_and_says_what_to_do",
            "tests/fleet/bundles/test_usage.py::test_data_used_while_nobody_has_the_card_is_looked_into",
        ),
    ),
    Rule(
        "R29",
        "A card rests between two people",
        "It goes back into stock after the days that the hub says",
        came_about=(
            "cards used again",
            "refused R29",
        ),
        tests=("tests/fleet/loans/test_trays.py::test_the_right_card_rests_before_it_is_for_somebody_else",),
    ),
    Rule(
        "R30",
        "An erasure waits for what is open, and is then whole",
        "It is tried again every day, empties rows and files, and leaves the chain of custody whole",
        came_about=(
            "erased at once",
            "erasures that wait",
        ),
        tests=(
            "tests/fleet/privacy/test_erasing.py::test_it_waits_for_an_open_loan_and_says_which",
            "tests/fleet/privacy/test_erasing.py::test_no_word_of_the_person_is_left_anywhere_in_the_database",
        ),
    ),
    Rule(
        "R31",
        "Whoever was forgotten stays forgotten after a restore",
        "A journal outside the database is replayed before anything else runs",
        came_about=(
            "restores",
            "forgotten again",
        ),
        tests=("tests/fleet/privacy/test_replaying.py::test_whoever_was_erased_since_the_backup_is_erased_again",),
    ),
    Rule(
        "R32",
        "One file with everything about somebody",
        "Gathered from every table that leads to the person, and from the files",
        came_about=("copies asked for",),
        tests=(
            (
                "tests/fleet/privacy/test_everything.py::"
                "test_a_copy_holds_the_record_the_loans_the_messages_and_who_looked"
            ),
        ),
    ),
    Rule(
        "R33",
        "Nothing personal goes to another host by default",
        "Messages lie in a folder until somebody sets up another way; pages load nothing from elsewhere",
        came_about=("messages that left",),
        tests=(
            "tests/fleet/test_pages.py",
            "tests/fleet/chasing/test_ways_out.py::test_the_settings_choose_the_way_out_of_each_channel",
        ),
    ),
)

INVARIANTS: tuple[Rule, ...] = (
    Rule(
        "I1",
        "One open loan for a tablet",
        "As R14",
        came_about=("loans",),
        tests=("tests/fleet/loans/test_races.py::test_the_database_itself_refuses_a_second_open_loan",),
    ),
    Rule(
        "I2",
        "No way from unknown or dirty data to ready but by a certificate",
        "Only the move `wipe_passed` makes data clean, with a certificate that nothing changes",
        came_about=(
            "wipes",
            "certificates",
        ),
        tests=("tests/fleet/tablets/test_rules.py::test_no_path_from_unwiped_to_ready_avoids_a_verified_wipe",),
    ),
    Rule(
        "I3",
        "No gap in the chain of custody",
        "One writer asks one table of moves; every move is an entry of an append-only log",
        came_about=("loans",),
        tests=("tests/fleet/loans/test_machine.py::test_no_order_of_acts_breaks_an_invariant",),
    ),
    Rule(
        "I4",
        "Every event says who, when and from where",
        "Columns that every log has",
        came_about=("loans",),
        tests=("tests/fleet/tablets/test_service.py::test_a_move_is_recorded_with_who_what_when_and_from_where",),
    ),
    Rule(
        "I5",
        "Told twice is done once",
        "Ids that are unique in each log",
        came_about=("told twice",),
        tests=(
            (
                "tests/fleet/tablets/test_service.py::"
                "test_the_same_client_id_twice_changes_nothing_and_gets_the_same_answer"
            ),
        ),
    ),
    Rule(
        "I6",
        "Nothing happens to what left the fleet",
        "No move begins at gifted or recycled",
        came_about=(
            "recycled",
            "refused I6",
        ),
        tests=("tests/fleet/tablets/test_rules.py::test_a_tablet_that_has_left_for_good_accepts_nothing",),
    ),
    Rule(
        "I7",
        "A label's code is never used again",
        "Codes are unique for ever",
        came_about=("labels",),
        tests=(
            (
                "tests/fleet/tags/test_claiming.py::"
                "test_whatever_is_done_in_whatever_order_a_code_never_comes_to_a_second_tablet"
            ),
        ),
    ),
    Rule(
        "I8",
        "A hold stops every move forward",
        "A guard of each of those moves",
        came_about=(
            "refused I8",
            "held at intake",
        ),
        tests=("tests/fleet/tablets/test_rules.py::test_a_hold_blocks_every_move_forward",),
    ),
)

COUNTED = {
    "loans across a change of the clocks": "SELECT count(*) FROM loan WHERE (started_on <= '2026-10-24' AND due_on >="
    " '2026-10-26') OR (started_on <= '2027-03-27' AND due_on >= '2027-03-29')",
    "loans by calendar months": "SELECT count(*) FROM loan l JOIN programme p ON p.id = l.programme_id"
    " WHERE p.taster_months IS NOT NULL AND l.started_on IS NOT NULL",
    "steps passed over": "SELECT count(*) FROM chase WHERE state = 'skipped'",
    "messages about a later version": "SELECT count(*) FROM chase WHERE state = 'sent' AND due_version > 1",
    "messages for a whole home": "SELECT count(*) FROM chase WHERE along_with IS NOT NULL AND state = 'sent'",
    "tasks for people": "SELECT count(*) FROM chase WHERE state IN ('to_do', 'done')",
    "phones with a wrong clock": "SELECT count(*) FROM scan WHERE clock_flagged",
    "loans": "SELECT count(*) FROM loan WHERE started_on IS NOT NULL",
    "sealed secrets": "SELECT count(*) FROM sim_secret",
    "grants used": "SELECT count(*) FROM data_bundle WHERE ownership = 'persons_own' AND activated_on IS NOT NULL",
    "strange cards": "SELECT count(*) FROM stray_sim",
    "certificates": "SELECT count(*) FROM certificate",
    "tablets": "SELECT count(*) FROM tablet",
    "labels": "SELECT count(*) FROM tag WHERE state = 'attached'",
}
"""What came about, asked of the database at the end of the year."""
