"""A small corruption for each check: of the database as the year left it, or of what the year remembers.

Each is made in a transaction that is never committed; the check must notice it, and no other rule but those named.
"""

from __future__ import annotations

import copy
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.year.days import DAYS, FIRST, moment
from tests.year.holding import CHECKS, Day, cards, privacy
from tests.year.letters import Left
from tests.year.town import Town
from tests.year.whole import Year

LAST = FIRST + timedelta(days=DAYS - 1)
NOON = moment(LAST, 12)
NOW = f"'{NOON:%Y-%m-%d %H:%M:%S}.000000'"
RUNNING = "SELECT min(id) FROM loan WHERE state = 'active' AND stopped_at IS NULL"
OVER = """SELECT min(l.id) FROM loan l JOIN person p ON p.id = l.person_id WHERE l.state = 'closed_returned'
AND p.erased_at IS NULL AND p.deceased_on IS NULL AND l.stopped_at IS NULL
AND NOT EXISTS (SELECT 1 FROM chase_hold h WHERE h.person_id = p.id)
AND NOT EXISTS (SELECT 1 FROM chase_reply r WHERE r.person_id = p.id)"""


@dataclass(frozen=True)
class Copy:
    """One row of a table written once more, with other values (in SQL) in some of its columns."""

    table: str
    where: str
    instead: Mapping[str, str]

    def run(self, connection: sqlite3.Connection) -> None:
        columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({self.table})") if name != "id"]
        values = ", ".join(self.instead.get(name, name) for name in columns)
        source = f"SELECT {values} FROM {self.table} WHERE {self.where} ORDER BY id DESC LIMIT 1"
        made = connection.execute(f"INSERT INTO {self.table} ({', '.join(columns)}) {source}")
        assert made.rowcount == 1, f"no {self.table} where {self.where}"


@dataclass(frozen=True)
class Mutation:
    """What is made wrong, the check that must say so, and the rules that it breaks as well."""

    rule: str
    check: str
    steps: tuple[str | Copy, ...] = ()
    also: tuple[str, ...] = ()
    town: Callable[[Town], Town] = lambda town: town
    day: Callable[[sqlite3.Connection], date] = lambda _: LAST
    patch: Callable[[pytest.MonkeyPatch], None] = lambda _: None


def found_after(year: Year, mutation: Mutation | None) -> dict[str, set[str]]:
    """rule -> the checks that complain, once this was made wrong."""
    made = mutation or Mutation("", "")
    found: dict[str, set[str]] = defaultdict(set)
    with year.town.database.read() as session, pytest.MonkeyPatch.context() as patch:
        made.patch(patch)
        day = Day(session, made.town(_own(year.town)), LAST, copy.deepcopy(year.memory))
        day.connection.execute("PRAGMA defer_foreign_keys = ON")
        for step in made.steps:
            if isinstance(step, Copy):
                step.run(day.connection)
            else:
                assert day.connection.execute(step).rowcount != 0, f"nothing to change: {step}"
        day.day = made.day(day.connection)
        for rule, checks in CHECKS.items():
            for check in checks:
                if list(check(day)):
                    found[rule].add(check.__name__)
        session.rollback()
    return dict(found)


def _own(town: Town) -> Town:
    """What a mutation may change without the year noticing."""
    post = replace(town.post, left=list(town.post.left))
    return replace(town, post=post, seen=town.seen.copy(), hosts=set(town.hosts))


def _left(*messages: tuple[str, int]) -> Callable[[Town], Town]:
    """These references left, so many days ago."""

    def tell(town: Town) -> Town:
        for reference, days_ago in messages:
            at = NOON - timedelta(days=days_ago)
            town.post.left.append(Left(at, reference, "text", "07700 900999", "Ring 020 7946 0100."))
        return town

    return tell


def _entry(loan: str, **instead: str) -> Copy:
    """An entry of the ledger that says it was sent today."""
    about = {"loan_id": f"({loan})", "person_id": f"(SELECT person_id FROM loan WHERE id = ({loan}))"}
    channel = {"channel": f"(SELECT p.channel FROM person p JOIN loan l ON l.person_id = p.id WHERE l.id = ({loan}))"}
    fresh = {"due_version": "98", "reference": "'made-up'", "created_at": NOW, "changed_at": NOW, "along_with": "NULL"}
    day = {"message_day": f"'{LAST}'", "state": "'sent'", "stage": "0"}
    return Copy("chase", "state = 'sent'", {**about, **channel, **fresh, **day, **instead})


def _event(table: str, where: str, **instead: str) -> Copy:
    return Copy(table, where, {"at": NOW, "client_at": "NULL", "client_id": "NULL", **instead})


def _weekday(number: int) -> Callable[[sqlite3.Connection], date]:
    """The last of the year."""
    return lambda _: LAST - timedelta(days=(LAST.weekday() - number) % 7)


def _two_days_after_a_run(connection: sqlite3.Connection) -> date:
    (day,) = connection.execute("SELECT max(day) FROM courier_run").fetchone()
    return date.fromisoformat(day) + timedelta(days=2)


def _for_weeks(town: Town) -> Town:
    return replace(town, settings=town.settings.model_copy(update={"address_hours_after_delivery": 900}))


def _to_another_host(town: Town) -> Town:
    return replace(town, hosts={"203.0.113.7"})


def _no_warnings(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cards, "bundles", SimpleNamespace(warnings_of_all=lambda *_, **__: {}))


def _empty_copy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(privacy, "everything_about", lambda *_, **__: SimpleNamespace(sections=()))


_MONTHS = "(SELECT l.id FROM loan l JOIN programme p ON p.id = l.programme_id WHERE p.taster_months IS NOT NULL)"
_DAYS = "(SELECT l.id FROM loan l JOIN programme p ON p.id = l.programme_id WHERE p.taster_months IS NULL)"
_HANDED = "kind IN ('hand_over', 'hub_hand_over')"
_DIRTY = "(SELECT id FROM tablet WHERE data = 'dirty' AND stage = 'on_loan')"
_ONE_ERASED = "(SELECT p.id FROM person p JOIN loan l ON l.person_id = p.id WHERE p.erased_at IS NOT NULL LIMIT 1)"

_TIMES = (
    Mutation(
        "R1",
        "the_due_day_is_counted_in_local_days",
        (_event("loan_event", f"{_HANDED} AND loan_id IN {_DAYS}"),),
    ),
    Mutation(
        "R1",
        "a_loan_is_due_when_its_last_version_says",
        (f"UPDATE loan SET due_on = date(due_on, '+1 day') WHERE id = ({OVER})",),
    ),
    Mutation(
        "R2",
        "nobody_is_late_before_the_day_is_over",
        (_entry(OVER, due_on=f"'{LAST}'", stage="3", state="'done'", reference="''", message_day="NULL"),),
    ),
    Mutation("R2", "what_came_by_the_letter_box_came_that_day", (_event("loan_event", "kind = 'hand_in'"),)),
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
        (_event("loan_event", "kind = 'extend' AND reason <> ''"),) * 3,
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
)
_REMINDERS = (
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
        (_entry(OVER),),
        town=_left(("made-up", 0)),
    ),
    Mutation(
        "R9",
        "nothing_leaves_in_quiet_hours_or_from_a_copy",
        (_entry(RUNNING),),
        town=_left(("made-up", 0)),
    ),
    Mutation("R10", "every_message_was_written_down_first_and_left_once", town=_left(("in-no-ledger", 0))),
    Mutation(
        "R11",
        "one_message_a_home_and_day_and_three_a_week",
        town=_left(("one", 1), ("two", 2), ("three", 3), ("four", 4)),
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
    Mutation("R21", "nothing_is_lost_by_itself", ("UPDATE loan_event SET role = 'system' WHERE kind = 'lose'",)),
)
_CUSTODY = (
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
_TABLETS = (
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
        (_event("tablet_event", f"tablet_id IN {_DIRTY} AND kind = 'hand_over'", kind="'kit'", data="'clean'"),),
        also=("I3",),
    ),
    Mutation("I3", "the_chain_of_custody_has_no_gap", ("UPDATE tablet SET holder = 'bench 9' WHERE stage = 'ready'",)),
    Mutation("I4", "every_event_says_who_when_and_from_where", (_event("loan_event", "kind = 'approve'", role="''"),)),
    Mutation(
        "I5",
        "what_is_told_twice_is_done_once",
        ("DELETE FROM loan_event WHERE id = (SELECT min(id) FROM loan_event WHERE kind = 'approve')",),
    ),
    Mutation(
        "I6",
        "what_left_the_fleet_stays_as_it_is",
        (_event("tablet_event", "kind = 'recycle'", kind="'clean'"),),
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
            _event(
                "tablet_event",
                "kind = 'allocate' AND tablet_id IN (SELECT tablet_id FROM tablet_hold WHERE lifted_at IS NULL)",
            ),
        ),
        also=("I2", "I3"),
    ),
)
_CARDS = (
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
            _event(
                "sim_event",
                "kind = 'added' AND sim_id NOT IN (SELECT sim_id FROM sim_event WHERE kind = 'rest')",
                kind="'reuse'",
            ),
        ),
    ),
)
_PRIVACY = (
    Mutation(
        "R30",
        "an_erasure_waits_and_is_then_whole",
        (f"UPDATE person SET phone = '07700 900123' WHERE id = {_ONE_ERASED}",),
    ),
    Mutation(
        "R30",
        "custody_outlives_an_erasure",
        (f"DELETE FROM loan_tablet WHERE loan_id IN (SELECT id FROM loan WHERE person_id = {_ONE_ERASED})",),
    ),
    Mutation(
        "R31",
        "whoever_was_forgotten_stays_forgotten",
        (f"UPDATE person SET erased_at = NULL WHERE id = {_ONE_ERASED}",),
    ),
    Mutation("R32", "a_copy_of_everything_is_whole", day=_weekday(3), patch=_empty_copy),
    Mutation("R33", "nothing_was_told_to_another_host", town=_to_another_host),
)

MUTATIONS: tuple[Mutation, ...] = (*_TIMES, *_REMINDERS, *_CUSTODY, *_TABLETS, *_CARDS, *_PRIVACY)
