"""Mutations about tablets, who has them, and what is known of them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.year.holding import custody
from tests.year.mutations.making import Copy, Mutation
from tests.year.mutations.rows import OVER, event
from tests.year.town import Town


def _two_days_after_a_run(connection: sqlite3.Connection) -> date:
    (day,) = connection.execute("SELECT max(day) FROM courier_run").fetchone()
    return date.fromisoformat(day) + timedelta(days=2)


def _for_weeks(town: Town) -> Town:
    return replace(town, settings=town.settings.model_copy(update={"address_hours_after_delivery": 900}))


def _nothing_comes_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(custody, "tablets_coming_back", lambda *_, **__: [])


_DIRTY = "(SELECT id FROM tablet WHERE data = 'dirty' AND stage = 'on_loan')"


CUSTODY: tuple[Mutation, ...] = (
    Mutation(
        "R13",
        "a_fact_is_kept_once_with_a_time_that_can_be_believed",
        ("DELETE FROM scan WHERE id = (SELECT max(id) FROM scan)",),
        also=("I5",),
    ),
    Mutation(
        "R14",
        "a_tablet_and_a_sim_are_in_one_open_loan",
        ("DROP INDEX uq_loan_tablet_open", Copy("loan_tablet", "to_at IS NULL", {})),
        also=("I1",),
    ),
    Mutation("R15", "delivered_is_not_packed", (f"UPDATE loan SET started_on = NULL WHERE id = ({OVER})",)),
    Mutation(
        "R16",
        "the_first_trusted_receipt_stops_the_clock",
        (f"UPDATE tablet SET custody = 'hub' WHERE id = (SELECT max(id) FROM tablet WHERE id IN {_DIRTY})",),
        also=("I3",),
    ),
    Mutation(
        "R16",
        "a_return_at_another_hub_ends_the_loan_there",
        (event("tablet_event", "kind = 'hand_in_elsewhere'"),),
        also=("I3", "R22"),
    ),
    Mutation(
        "R16",
        "it_counts_where_it_is_and_waits_to_go_home",
        (
            (
                "UPDATE tablet SET stage = 'in_transit_back', custody = 'hub', holder = 'hub ' || (SELECT max(h.hub_id)"
                " FROM tablet h WHERE h.hub_id <> tablet.hub_id) WHERE id = (SELECT max(id) FROM tablet"
                " WHERE stage = 'ready')"
            ),
        ),
        patch=_nothing_comes_back,
        also=("I3",),
    ),
    Mutation(
        "R17",
        "a_swap_changes_the_tablet_and_nothing_else",
        (
            (
                "UPDATE loan_tablet SET to_at = datetime(to_at, '-1 hour') WHERE loan_id = (SELECT max(e.loan_id) FROM"
                " loan_event e WHERE e.kind = 'swap') AND to_at IS NOT NULL"
            ),
        ),
    ),
    Mutation(
        "R18",
        "a_courier_sees_todays_doors_and_no_longer",
        day=_two_days_after_a_run,
        town=_for_weeks,
    ),
)


TABLETS: tuple[Mutation, ...] = (
    Mutation(
        "R20",
        "found_reopens_nothing",
        ("UPDATE loan SET state = 'closed_lost' WHERE id = (SELECT max(loan_id) FROM loan_event WHERE kind = 'find')",),
    ),
    Mutation(
        "R22",
        "nothing_leaves_without_a_wipe_since_it_was_out",
        ("UPDATE tablet SET data = 'dirty' WHERE stage = 'ready'",),
        also=("I2", "I3"),
    ),
    Mutation("R23", "a_gift_is_allowed_dated_and_the_end", ("UPDATE programme SET gifts_allowed = 0",)),
    Mutation(
        "R24",
        "only_what_holds_no_data_is_recycled",
        ("UPDATE tablet SET data = 'dirty' WHERE stage = 'recycled'",),
        also=("I3",),
    ),
    Mutation(
        "I2",
        "the_way_to_ready_passes_a_certificate",
        (event("tablet_event", f"tablet_id IN {_DIRTY} AND kind = 'hand_over'", kind="'kit'", data="'clean'"),),
        also=("I3",),
    ),
    Mutation("I3", "the_chain_of_custody_has_no_gap", ("UPDATE tablet SET holder = 'bench 9' WHERE stage = 'ready'",)),
    Mutation("I4", "every_event_says_who_when_and_from_where", (event("loan_event", "kind = 'approve'", role="''"),)),
    Mutation(
        "I5",
        "what_is_told_twice_is_done_once",
        ("DELETE FROM loan_event WHERE id = (SELECT min(id) FROM loan_event WHERE kind = 'approve')",),
    ),
    Mutation(
        "I6",
        "what_left_the_fleet_stays_as_it_is",
        (event("tablet_event", "kind = 'recycle'", kind="'clean'"),),
        also=("I3",),
    ),
    Mutation(
        "I7",
        "a_code_is_never_used_again",
        ("UPDATE tablet SET label_code = 'ZZZZZZ' WHERE id = (SELECT max(id) FROM tablet WHERE label_code <> '')",),
    ),
    Mutation(
        "I8",
        "a_hold_stops_every_move_forward",
        (
            (
                "UPDATE tablet_hold SET lifted_at = NULL WHERE id = (SELECT max(h.id) FROM tablet_hold h"
                " JOIN tablet_event e ON e.tablet_id = h.tablet_id AND e.kind = 'allocate')"
            ),
            event(
                "tablet_event",
                "kind = 'allocate' AND tablet_id IN (SELECT tablet_id FROM tablet_hold WHERE lifted_at IS NULL)",
            ),
        ),
        also=("I2", "I3"),
    ),
)
