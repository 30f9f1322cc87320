"""What is always true of a tablet."""

from __future__ import annotations

from tests.year.holding.rules.rule import Rule

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
