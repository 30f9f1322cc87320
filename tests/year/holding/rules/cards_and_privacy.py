"""Rules R25 to R33: SIM cards and data, and what people may expect of us."""

from __future__ import annotations

from tests.year.holding.rules.rule import Rule

CARDS_AND_PRIVACY: tuple[Rule, ...] = (
    Rule(
        "R25",
        "A card is one of a kind, and its PIN is sealed",
        "ICCID and living phone numbers are unique, however they are written; secrets are sealed under the "
        "installation's key",
        came_about=(
            "sims",
            "sealed secrets",
        ),
        tests=(
            "tests/fleet/bundles/test_stock.py::test_a_phone_number_is_on_one_living_card",
            "tests/fleet/bundles/test_stock.py::test_a_card_whose_check_digit_was_read_or_left_out_is_one_card",
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
        "It keeps whose it is, and a day instead of papers; the card does not rest for somebody else, and is offered "
        "to nobody who was not asked",
        came_about=(
            "grants used",
            "refused R27",
        ),
        tests=(
            "tests/fleet/bundles/test_stock.py::test_a_grant_needs_the_day_it_was_asked_for_and_stays_with_its_person",
            (
                "tests/fleet/bundles/test_stock.py::"
                "test_a_grant_that_was_kept_for_one_person_is_offered_to_no_other_until_they_were_asked"
            ),
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
        "It goes back into stock after the days that the hub says; its phone number rests as long, on whatever card",
        came_about=(
            "cards used again",
            "refused R29",
        ),
        tests=(
            "tests/fleet/loans/test_trays.py::test_the_right_card_rests_before_it_is_for_somebody_else",
            ("tests/fleet/bundles/test_stock.py::test_a_number_that_somebody_had_rests_whatever_card_it_comes_back_on"),
        ),
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
            "tests/fleet/privacy/test_erasing.py::test_nobody_is_asked_to_ring_somebody_who_was_erased",
        ),
    ),
    Rule(
        "R31",
        "Whoever was forgotten stays forgotten after a restore",
        "A journal outside the database, and its copy outside the data folder, are replayed before anything else runs",
        came_about=(
            "restores",
            "forgotten again",
        ),
        tests=(
            "tests/fleet/privacy/test_replaying.py::test_whoever_was_erased_since_the_backup_is_erased_again",
            "tests/fleet/privacy/test_replaying.py::test_an_erasure_outlives_the_whole_data_folder_too",
        ),
    ),
    Rule(
        "R32",
        "One file with everything about somebody",
        "Gathered from every table that leads to the person, from what was typed about their tablet and card "
        "meanwhile, and from the files",
        came_about=("copies asked for",),
        tests=(
            (
                "tests/fleet/privacy/test_everything.py::"
                "test_a_copy_holds_the_record_the_loans_the_messages_and_who_looked"
            ),
            "tests/fleet/privacy/test_everything.py::test_a_copy_holds_what_stands_in_rows_that_lead_to_nobody",
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
