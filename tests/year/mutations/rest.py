"""Mutations about SIM cards and about what people may expect of us."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.year.holding import cards, privacy
from tests.year.mutations.making import LAST, Mutation
from tests.year.mutations.rows import event
from tests.year.town import Town


def _weekday(number: int) -> Callable[[sqlite3.Connection], date]:
    """The last of the year."""
    return lambda _: LAST - timedelta(days=(LAST.weekday() - number) % 7)


def _to_another_host(town: Town) -> Town:
    return replace(town, hosts={"203.0.113.7"})


def _no_warnings(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cards, "bundles", SimpleNamespace(warnings_of_all=lambda *_, **__: {}))


def _empty_copy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(privacy, "everything_about", lambda *_, **__: SimpleNamespace(sections=()))


_ONE_ERASED = "(SELECT p.id FROM person p JOIN loan l ON l.person_id = p.id WHERE p.erased_at IS NOT NULL LIMIT 1)"


CARDS: tuple[Mutation, ...] = (
    Mutation("R25", "a_card_is_one_of_a_kind_and_its_pin_is_sealed", ("UPDATE sim SET iccid = '89441' WHERE id = 1",)),
    Mutation(
        "R26",
        "data_has_days_of_its_own",
        (
            (
                "UPDATE data_bundle SET ends_on = activated_on WHERE id = (SELECT min(bundle_id) FROM sim_use WHERE"
                " over_at IS NOT NULL AND from_on IS NOT NULL)"
            ),
        ),
    ),
    Mutation("R26", "data_that_ends_too_early_or_too_late_is_told", day=_weekday(2), patch=_no_warnings, also=("R18",)),
    Mutation(
        "R27",
        "a_grant_is_for_one_person",
        ("UPDATE data_bundle SET eligible_on = NULL WHERE ownership = 'persons_own'",),
    ),
    Mutation(
        "R28",
        "a_card_works_exactly_while_somebody_has_it",
        ("UPDATE sim SET state = 'activated' WHERE id = (SELECT max(id) FROM sim WHERE state = 'in_stock')",),
    ),
    Mutation(
        "R29",
        "a_card_rests_between_two_people",
        (
            event(
                "sim_event",
                "kind = 'added' AND sim_id NOT IN (SELECT sim_id FROM sim_event WHERE kind = 'rest')",
                kind="'reuse'",
            ),
        ),
    ),
)


PRIVACY: tuple[Mutation, ...] = (
    Mutation(
        "R30",
        "an_erasure_waits_and_is_then_whole",
        (f"UPDATE person SET phone = '07700 900123' WHERE id = {_ONE_ERASED}",),
    ),
    Mutation(
        "R30",
        "custody_outlives_an_erasure",
        (f"DELETE FROM loan_tablet WHERE loan_id IN (SELECT id FROM loan WHERE person_id = {_ONE_ERASED})",),
        also=("R17",),
    ),
    Mutation(
        "R31",
        "whoever_was_forgotten_stays_forgotten",
        (f"UPDATE person SET erased_at = NULL WHERE id = {_ONE_ERASED}",),
    ),
    Mutation("R32", "a_copy_of_everything_is_whole", day=_weekday(3), patch=_empty_copy),
    Mutation("R33", "nothing_was_told_to_another_host", town=_to_another_host),
)
