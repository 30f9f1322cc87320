"""The columns of every kind of file, one table each. People are in one of them; all others know them by number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fleet.sheets.rules import Column, a_day, a_switch, pounds, several, whole, words

Row = Any


def out(name: str, write: Callable[[Row], object]) -> Column:
    """A column that goes out only."""
    return Column(name, write)


def fields(entity: str, *names: str) -> tuple[Column, ...]:
    """Columns that go out only, each named as the field of that row's thing which stands in it."""
    return tuple(out(name, partial(_field, entity, name)) for name in names)


def _field(entity: str, name: str, row: Row) -> object:
    value: object = getattr(getattr(row, entity), name)
    return value


PEOPLE = (
    out("number", lambda row: row.Person.id),
    *fields(
        "Person",
        "first_name",
        "last_name",
        "birth_year",
        "phone",
        "email",
        "address_line_1",
        "address_line_2",
        "town",
        "postcode",
        "door_note",
        "channel",
        "print_format",
        "language_spoken",
        "language_read",
        "interpreter",
        "household",
        "apps_used",
        "needs_asked",
        "opted_out",
        "deceased_on",
    ),
    out("referrer", lambda row: row.referrer),
    out("consent_at", lambda row: row.Person.consent_at),
    out("created_at", lambda row: row.Person.created_at),
)
_ASKED = (
    out("number", lambda row: row.Loan.id),
    out("person", lambda row: row.Loan.person_id),
    out("kind", lambda row: row.Loan.kind),
    out("programme", lambda row: row.programme),
    out("cohort", lambda row: row.cohort),
    out("state", lambda row: row.Loan.state),
    out("asked_by", lambda row: row.Loan.asked_by),
    out("referrer", lambda row: row.referrer),
    out("requested_at", lambda row: row.Loan.requested_at),
)
REQUESTS = (
    *_ASKED,
    out("barriers", lambda row: row.Loan.barriers),
    out("safe_at_home", lambda row: row.Loan.safe_at_home),
    out("decline_reason", lambda row: row.Loan.decline_reason),
    out("closed_at", lambda row: row.Loan.closed_at),
)
LOANS = (
    *_ASKED,
    out("tablet", lambda row: row.tablet_id),
    out("iccid", lambda row: row.iccid),
    *fields(
        "Loan",
        "allocated_at",
        "dispatched_at",
        "started_on",
        "original_due_on",
        "due_on",
        "due_version",
        "handed_to",
        "return_arranged_at",
        "returned_on",
        "condition",
        "kit_missing",
        "sim_in_tray",
        "stop_reason",
        "stopped_at",
        "closed_at",
        "goes_on_to",
        "lost_reference",
        "gift_authority",
    ),
)
PROGRAMMES = (
    out("number", lambda row: row.Programme.id),
    Column("name", lambda row: row.Programme.name, words(120), needed=True, hint="Its name"),
    Column("funder", lambda row: row.funder, words(120), hint="A funder among your partners"),
    Column("taster_days", lambda row: row.Programme.taster_days, whole(1, 366), hint="How long a loan lasts, in days"),
    Column(
        "taster_months",
        lambda row: row.Programme.taster_months,
        whole(1, 24),
        hint="Or in calendar months, if filled in",
    ),
    Column(
        "max_extensions", lambda row: row.Programme.max_extensions, whole(0, 20), hint="How often it may be extended"
    ),
    Column("extension_days", lambda row: row.Programme.extension_days, whole(1, 366), hint="And for how many days"),
    Column("grace_days", lambda row: row.Programme.grace_days, whole(0, 60), hint="Days before anybody is reminded"),
    Column("bundle_required", lambda row: row.Programme.bundle_required, a_switch, hint="Whether it comes with data"),
    Column(
        "open_loans_per_person", lambda row: row.Programme.open_loans_per_person, whole(1, 20), hint="How many at once"
    ),
    Column("gifts_allowed", lambda row: row.Programme.gifts_allowed, a_switch, hint="Whether a loan may end as a gift"),
    Column("min_age", lambda row: row.Programme.min_age, whole(0, 120), hint="The youngest it is for"),
    Column("areas", lambda row: row.Programme.areas, several, hint="First halves of postcodes, such as N19; N7"),
    Column("barriers", lambda row: row.Programme.barriers, several, hint="device; connectivity; skills"),
    Column(
        "turnaround_days",
        lambda row: row.Programme.turnaround_days,
        whole(0, 60),
        hint="Working days until it is ready",
    ),
    out("active", lambda row: row.Programme.active),
)
COHORTS = (
    out("number", lambda row: row.Cohort.id),
    Column("programme", lambda row: row.programme, words(120), needed=True, hint="The name of a programme on record"),
    Column("name", lambda row: row.Cohort.name, words(120), needed=True, hint="Its name"),
    Column("starts_on", lambda row: row.Cohort.starts_on, a_day, needed=True, hint="Its first day"),
    Column("ends_on", lambda row: row.Cohort.ends_on, a_day, needed=True, hint="Its last day"),
    Column("places", lambda row: row.Cohort.places, whole(1, 10_000), needed=True, hint="How many people"),
)
CLOSURES = (
    out("number", lambda row: row.Closure.id),
    Column("first_on", lambda row: row.Closure.first_on, a_day, needed=True, hint="The first day"),
    Column("last_on", lambda row: row.Closure.last_on, a_day, hint="The last day; empty for one day"),
    Column("name", lambda row: row.Closure.name, words(120), needed=True, hint="Why, in a few words"),
    Column("opens", lambda row: row.Closure.opens, a_switch, hint="yes: open though it would be closed"),
    Column("yearly", lambda row: row.Closure.yearly, a_switch, hint="yes: every year"),
    out("loans_moved", lambda row: row.Closure.loans_moved),
    out("withdrawn_at", lambda row: row.Closure.withdrawn_at),
)
BUNDLES = (
    out("number", lambda row: row.DataBundle.id),
    out("iccid", lambda row: row.iccid),
    out("network", lambda row: row.network),
    out("funder", lambda row: row.funder),
    *fields(
        "DataBundle", "gb_per_month", "months", "ownership", "activated_on", "ends_on", "suspended_on", "after_loan"
    ),
    out("cost", lambda row: pounds(row.DataBundle.cost_pence)),
    out("replaced_at", lambda row: row.DataBundle.replaced_at),
)
SIMS = fields(
    "Sim",
    "iccid",
    "network",
    "kind",
    "phone",
    "serial",
    "state",
    "used_before",
    "rests_until",
    "barred_at",
    "created_at",
)
"""Under the names that the list of cards is read by. No PIN and no PUK ever leaves in a file."""
CHASES = (
    out("number", lambda row: row.Chase.id),
    out("loan", lambda row: row.Chase.loan_id),
    out("person", lambda row: row.Chase.person_id),
    *fields(
        "Chase",
        "due_version",
        "due_on",
        "rung",
        "stage",
        "state",
        "channel",
        "language",
        "message_day",
        "failures",
        "note",
        "along_with",
        "created_at",
        "changed_at",
    ),
)
MESSAGES = tuple(column for column in CHASES if column.name not in ("stage", "failures", "note"))
HOLDS = (
    out("number", lambda row: row.ChaseHold.id),
    out("loan", lambda row: row.ChaseHold.loan_id),
    out("person", lambda row: row.ChaseHold.person_id),
    *fields("ChaseHold", "reason", "until", "placed_by", "placed_at", "lifted_by", "lifted_at"),
)
