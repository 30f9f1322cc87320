"""Rules R13 to R24: scans, custody, loss and the end of a tablet."""

from __future__ import annotations

from tests.year.holding.rules.rule import Rule

CUSTODY_AND_LOSS: tuple[Rule, ...] = (
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
        "The due date is set at the hand-over and never before; failed attempts are counted and come back to the hub; "
        "a hand-over pressed by mistake is taken back within a day, with a reason, by whoever has that tablet before "
        "them and says that nobody had it: loan, tablet, card, agreement and the courier's stop are where they were; "
        "so is a collection that was pressed while the person had it still",
        came_about=(
            "failed attempts",
            "hand-overs taken back",
            "refused R15",
        ),
        tests=(
            (
                "tests/fleet/loans/test_not_handed_over.py::"
                "test_what_was_pressed_in_the_van_leaves_the_tablet_with_its_courier"
            ),
            "tests/fleet/deliveries/test_taken_back.py::test_the_stop_is_to_be_done_again_and_is",
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
        "A courier's, any hub's or a partner's taking it stops the clock; a tablet at a partner's place, or at another "
        "hub than its own, counts there until its own hub scans it in; a courier's stop brings it home, or the hub "
        "where it lies keeps it",
        came_about=(
            "left at a partner",
            "came on from a partner",
            "handed in at another hub",
            "nights at another hub",
            "came home from another hub",
            "refused R16",
        ),
        tests=(
            (
                "tests/fleet/loans/test_another_hub.py::"
                "test_a_tablet_received_at_another_hub_stops_its_loan_there_and_goes_home"
            ),
            "tests/fleet/loans/test_service.py::test_whatever_is_scanned_at_the_hub_ends_where_it_should",
            (
                "tests/fleet/deliveries/test_homeward.py::"
                "test_several_are_fetched_from_the_other_hub_and_scanned_in_at_their_own"
            ),
        ),
    ),
    Rule(
        "R17",
        "A swap changes the tablet and nothing else",
        "Same loan, due date, agreement and SIM, of which the swap says where it is; two links without a gap; the old "
        "label says that it was swapped out",
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
            "tests/fleet/deliveries/test_swap.py::test_where_a_sim_is_is_asked_only_where_there_is_one",
        ),
    ),
    Rule(
        "R18",
        "A courier sees today's doors, and no longer",
        "An address is shown from the acceptance until some hours after the door, never beyond the run's day, and is "
        "in no answer that is kept; what is handed on leaves the phone; at the last stop the phone says so",
        came_about=("doors looked at again",),
        tests=(
            (
                "tests/fleet/deliveries/test_sight.py::"
                "test_an_address_is_seen_from_acceptance_until_some_hours_after_the_door"
            ),
            "tests/fleet/deliveries/test_sight.py::test_no_answer_that_is_given_again_brings_an_address_back",
            (
                "tests/fleet/deliveries/test_offline.py::"
                "test_the_stops_of_a_run_that_was_handed_on_are_gone_from_the_phone_with_the_next_signal"
            ),
            "tests/fleet/deliveries/test_phone.py::test_after_the_last_but_one_door_the_phone_says_that_one_is_left",
        ),
    ),
    Rule(
        "R19",
        "A claim of a return is neither a return nor a loss",
        "It pauses the ladder and asks somebody to look for two weeks; then a coordinator decides, and what became of "
        "the claim is a record of its own. The search shows its shelf, its last scan, and when its data was used last",
        came_about=(
            "claims",
            "claims that were true",
        ),
        tests=(
            (
                "tests/fleet/chasing/test_last_moment.py::"
                "test_a_claim_is_looked_for_and_then_decided_about_and_never_chased"
            ),
            "tests/fleet/loans/test_claims.py::test_what_happens_to_the_tablet_ends_the_search_by_itself",
            (
                "tests/fleet/chasing/test_searches.py::"
                "test_a_search_stands_in_the_day_when_its_limit_has_come_however_late_the_loan_is_due"
            ),
            (
                "tests/fleet/chasing/test_traces.py::"
                "test_a_search_knows_the_shelf_the_last_scan_and_the_last_use_of_data"
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
        "A coordinator asks for a loss, with a reason, and sees what it would do; a second person agrees. The ladder "
        "ends with a decision, not with a loss",
        came_about=(
            "lost",
            "refused R21",
        ),
        tests=(
            "tests/fleet/tablets/test_rules.py::test_nobody_else_may_say_that_a_tablet_is_lost",
            "tests/fleet/loans/test_second_look.py::test_a_tablet_is_lost_only_once_somebody_else_agrees",
        ),
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
        "Retired, then wiped or ordered to be destroyed, then handed to a carrier with a note, which nothing deletes; "
        "no more than 1,000 tonnes a year to a site under an exemption",
        came_about=(
            "recycled",
            "refused R24",
        ),
        tests=(
            "tests/fleet/tablets/test_service.py::test_a_tablet_that_cannot_be_wiped_leaves_by_a_destruction_order",
            "tests/fleet/recycling/test_kept.py::test_weights_and_notes_outlive_years_of_every_days_jobs",
            (
                "tests/fleet/recycling/test_service.py::"
                "test_no_more_than_a_thousand_tonnes_a_year_go_to_a_site_under_its_exemption"
            ),
        ),
    ),
)
