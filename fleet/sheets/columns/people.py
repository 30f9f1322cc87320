"""The columns of people, of what they asked for and of what they have: only the first of these names anybody."""

from __future__ import annotations

from datetime import date, datetime

from fleet.clock import local_date
from fleet.loans.rules import (
    AskedBy,
    Barrier,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    LoanState,
    SafeAtHome,
    StopReason,
)
from fleet.people.rules import Channel, FamiliarApp, Household, PrintFormat
from fleet.sheets.columns.fields import both, fields, out, stays_out
from fleet.sheets.rules import Column, a_day, a_moment, a_switch, one_of, some_of, whole, words

REFERRER = Column(
    "referrer",
    lambda row: row.referrer,
    words(140),
    hint="A referrer or venue among your partners, such as Sample Library (venue)",
)
PEOPLE = (
    Column(
        "number",
        lambda row: row.Person.id,
        words(60),
        also=("Reference",),
        hint="Their number where the file comes from: loans that come in later find them by it",
    ),
    both("Person", "first_name", words(80), "First name", needed=True),
    both("Person", "last_name", words(80), "Last name", needed=True),
    both("Person", "birth_year", whole(1890, 2100), "Year of birth"),
    both("Person", "phone", words(30), "Such as 07700 900123"),
    both("Person", "email", words(254), "Email address"),
    both("Person", "address_line_1", words(120), "House and street"),
    both("Person", "address_line_2", words(120), "More of it"),
    both("Person", "town", words(60), "Town"),
    both("Person", "postcode", words(10), "Such as N19 5XX"),
    both("Person", "door_note", words(120), "How to get to the door"),
    both("Person", "channel", one_of(Channel), ", ".join(Channel)),
    both("Person", "print_format", one_of(PrintFormat), ", ".join(PrintFormat)),
    both("Person", "language_spoken", words(16), "Such as en, cy or yo"),
    both("Person", "language_read", words(16), "The same for what is read"),
    both("Person", "interpreter", a_switch, "Whether one is needed"),
    both("Person", "household", one_of(Household), ", ".join(Household)),
    both("Person", "apps_used", some_of(FamiliarApp), "; ".join(FamiliarApp)),
    *fields("Person", "needs_asked"),
    both("Person", "opted_out", a_switch, "yes: wants no automatic messages"),
    both("Person", "deceased_on", a_day, "The day on which they died"),
    REFERRER,
    Column(
        "consent_at",
        lambda row: row.Person.consent_at,
        a_moment,
        needed=True,
        hint="The day on which they agreed that this is kept",
    ),
    Column(
        "somebody_else",
        lambda row: "yes" if row.somebody_else else "",
        a_switch,
        hint="yes: though somebody on record, or in a row above, has the same name or phone",
    ),
    out("came_as", lambda row: row.Person.reference),
    out("created_at", lambda row: row.Person.created_at),
)
_WHO = (
    Column("person", lambda row: row.Loan.person_id, words(60), hint="Their number in the file of people that came in"),
    Column("person_email", None, words(254), also=("Email",), hint="Or their email address"),
    Column("person_phone", None, words(30), also=("Phone",), hint="Or their phone"),
)


def swapped_on(since: datetime | None, started_on: date) -> date | None:
    """The day on which a tablet took the place of the first."""
    day = local_date(since) if since else started_on
    return day if day > started_on else None


_ASKED = (
    both("Loan", "kind", one_of(LoanKind), "tablet, if left out"),
    Column(
        "programme", lambda row: row.programme, words(120), hint="Its name; may be left out where there is only one"
    ),
    Column("cohort", lambda row: row.cohort, words(120), hint="A cohort of that programme"),
)
_BY = (
    both("Loan", "asked_by", one_of(AskedBy), ", ".join(AskedBy)),
    REFERRER,
    both("Loan", "requested_at", a_moment, "The day it was asked for: a place in the queue counts from it"),
    both("Loan", "barriers", some_of(Barrier), "; ".join(Barrier)),
    both("Loan", "safe_at_home", one_of(SafeAtHome), ", ".join(SafeAtHome)),
)
REQUESTS = (
    out("number", lambda row: row.Loan.id),
    *_WHO,
    *_ASKED,
    both(
        "Loan",
        "state",
        one_of(LoanState),
        "requested, waiting, approved, declined or cancelled; requested if left out. "
        "Allocated and out for delivery come in as approved",
    ),
    *_BY,
    both("Loan", "decline_reason", one_of(DeclineReason), ", ".join(DeclineReason)),
    both("Loan", "closed_at", a_moment, "The day it was declined or cancelled"),
    stays_out(lambda row: row.stays_out),
)
LOANS = (
    Column(
        "number", lambda row: row.Loan.id, words(40), also=("Loan ID",), hint="Its number where the file comes from"
    ),
    *_WHO,
    out("tablet", lambda row: row.tablet_id),
    Column("label_code", lambda row: row.label_code, words(40), hint="The tablet, by the code on its label"),
    Column("serial", lambda row: row.serial, words(64), also=("Serial Number",), hint="Or by its serial"),
    Column("serial_note", lambda row: row.serial_note, words(60), hint="Where two tablets have the same serial"),
    Column("iccid", lambda row: row.iccid, words(40), hint="The card that went with it"),
    *_ASKED,
    both(
        "Loan",
        "state",
        one_of(LoanState),
        "active, closed_returned, closed_lost or closed_gifted. "
        "Return arranged comes in as active, collected as closed_returned",
    ),
    *_BY,
    Column(
        "started_on",
        lambda row: row.Loan.started_on,
        a_day,
        needed=True,
        also=("Checkout Date",),
        hint="The day of the hand-over",
    ),
    Column(
        "tablet_since",
        lambda row: swapped_on(row.tablet_from, row.Loan.started_on),
        a_day,
        hint="The day from which they had this tablet, where it was swapped in later",
    ),
    both("Loan", "original_due_on", a_day, "The day first agreed, where it was extended"),
    Column("due_on", lambda row: row.Loan.due_on, a_day, also=("Expected Checkin Date",), hint="The day it is due"),
    Column("returned_on", lambda row: row.Loan.returned_on, a_day, also=("Checkin Date",), hint="The day it came back"),
    both("Loan", "closed_at", a_moment, "The day it ended otherwise: lost or given"),
    both("Loan", "handed_to", one_of(HandedTo), ", ".join(HandedTo)),
    both("Loan", "condition", words(20), "As it came back"),
    both("Loan", "kit_missing", words(200), "What was missing"),
    both("Loan", "sim_in_tray", a_switch, "Whether the card was in it"),
    both("Loan", "stop_reason", one_of(StopReason), f"Nobody is written to: {', '.join(StopReason)}"),
    both("Loan", "goes_on_to", one_of(GoesOn), ", ".join(GoesOn)),
    both("Loan", "lost_reference", words(60), "Of the police or an insurer"),
    both("Loan", "gift_authority", words(120), "Who allowed it to be given"),
    *fields("Loan", "allocated_at", "dispatched_at", "due_version", "return_arranged_at", "stopped_at"),
    stays_out(lambda row: row.stays_out),
)
