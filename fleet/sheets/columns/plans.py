"""The columns of what is planned: programmes, cohorts, closed days and gatherings."""

from __future__ import annotations

from fleet.cohorts.rules import OUTCOMES
from fleet.gatherings.rules import GatheringState, Platform, Theme
from fleet.sheets.columns.fields import both, out, stays_out
from fleet.sheets.rules import (
    DAYS,
    Column,
    a_day,
    a_switch,
    a_time,
    a_weekday,
    collections,
    one_of,
    several,
    whole,
    words,
)

PROGRAMMES = (
    out("number", lambda row: row.Programme.id),
    Column("name", lambda row: row.Programme.name, words(120), needed=True, hint="Its name"),
    Column(
        "funders",
        lambda row: row.funders,
        several,
        also=("funder",),
        hint="Funders among your partners, such as Sample Fund (a third); Sample Trust",
    ),
    Column("outcomes", lambda row: row.Programme.outcomes, several, hint="; ".join(OUTCOMES)),
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
    Column("longest_days", lambda row: row.Programme.longest_days, whole(1, 1830), hint="And in all, if filled in"),
    Column(
        "extend_from_days",
        lambda row: row.Programme.extend_from_days,
        whole(0, 366),
        hint="Asked for from so many days before it is due, if filled in",
    ),
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
    both("Cohort", "kept_because", words(500), "Why its first day is right, though out of order"),
    Column(
        "collections",
        lambda row: row.collections,
        collections,
        hint="Days on which data is collected, such as 2026-07-20 Data collection; 2026-08-03 End of the month",
    ),
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
    stays_out(lambda row: row.Closure.withdrawn_at),
)
GATHERINGS = (
    out("number", lambda row: row.Gathering.id),
    Column("title", lambda row: row.Gathering.title, words(60), needed=True, hint="What stands on its tile"),
    Column("host", lambda row: row.host, words(140), needed=True, hint="Who holds it, among your partners"),
    Column("theme", lambda row: row.Gathering.theme, one_of(Theme), needed=True, hint=", ".join(Theme)),
    Column("day", lambda row: DAYS[row.Gathering.weekday], a_weekday, needed=True, hint="Such as Monday"),
    Column(
        "starts_at", lambda row: row.Gathering.starts_at, a_time, needed=True, hint="Such as 10:30, as clocks here show"
    ),
    Column("minutes", lambda row: row.Gathering.minutes, whole(1, 480), needed=True, hint="How long it lasts"),
    Column("language", lambda row: row.Gathering.language, words(16), hint="Such as en or cy"),
    Column("bsl", lambda row: row.Gathering.bsl, a_switch, hint="Whether it is signed"),
    Column("captions", lambda row: row.Gathering.captions, a_switch, hint="Whether it is captioned"),
    Column("platform", lambda row: row.Gathering.platform, one_of(Platform), needed=True, hint=", ".join(Platform)),
    Column("link", lambda row: row.Gathering.link, words(1000), needed=True, hint="The address that lets somebody in"),
    Column(
        "state", lambda row: row.Gathering.state, one_of(GatheringState), hint="approved, or ended for one that is over"
    ),
    stays_out(lambda row: row.Gathering.state is GatheringState.PROPOSED),
)
