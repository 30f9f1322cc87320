"""One file of every kind that comes in, in the order in which each finds what it names; and files compared."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.kinds import KINDS, KindName
from fleet.spreadsheet import unguarded, written
from fleet.users.actor import Actor
from tests.people import FakeClock

ORDER = (
    KindName.PARTNERS,
    KindName.PROGRAMMES,
    KindName.COHORTS,
    KindName.CLOSURES,
    KindName.GATHERINGS,
    KindName.OFFERS,
    KindName.DONATIONS,
    KindName.PURCHASES,
    KindName.TABLETS,
    KindName.TAGS,
    KindName.SIMS,
    KindName.BUNDLES,
    KindName.PEOPLE,
    KindName.REQUESTS,
    KindName.LOANS,
)
"""The order in which files of a whole installation come in (docs/leaving.md)."""


def taken_out(session: Session, name: KindName) -> str:
    return "".join(service.lines(session, KINDS[name]))


def bring_in(session: Session, name: KindName, text: str, *, actor: Actor, settings: Settings, clock: FakeClock) -> int:
    told = Happening(clock())
    return service.keep(session, KINDS[name], text, actor=actor, settings=settings, happening=told)


def same_again(text: str, name: KindName, numbers: Mapping[str, str]) -> list[dict[str, str]]:
    """What of a file comes in again, row by row. Numbers are given anew, so those of people are looked up."""
    comes_in = {column.name for column in KINDS[name].comes_in} - {"number"}
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [
        {column: numbers.get(cell, cell) if column == "person" else cell for column, cell in row.items()}
        for row in ({each: row[each] for each in comes_in & row.keys()} for row in rows)
    ]


def numbers_in(text: str) -> list[str]:
    return [row["number"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def a_file(*rows: Mapping[str, object]) -> str:
    head = list(dict.fromkeys(name for row in rows for name in row))
    return "".join(written(head, [[row.get(name, "") for name in head] for row in rows]))


def readable(word: str) -> bool:
    """Whether a cell keeps this as it is: cells are trimmed, and hold no signs that no text has."""
    return word == word.strip() and unguarded(word) != ""


def world(word: str, other: str) -> dict[KindName, str]:
    """A file of each kind, in which these two words stand wherever somebody may write what they like."""
    return {
        KindName.PARTNERS: a_file(
            {"kind": "funder", "name": word, "address": f"1 {other}\nSample Street"},
            {"kind": "donor", "name": f"{word} too", "help_hours": other, "active": "no"},
            {"kind": "referrer", "name": f"R {other}", "email": "sample@example.org"},
            {"kind": "courier", "name": f"C {other}", "covers": "N19; N7", "vehicle_capacity": "12"},
            {"kind": "venue", "name": "Sample hall", "time_zone": "Europe/London", "nation": "SCT"},
            {"kind": "venue", "name": f"R {other}"},
        ),
        KindName.PROGRAMMES: a_file(
            {
                "name": f"P {word}",
                "funder": word,
                "taster_days": "30",
                "areas": "N19; N7",
                "open_loans_per_person": "2",
            },
            {"name": f"Q {other}", "barriers": "device; skills", "gifts_allowed": "yes"},
        ),
        KindName.COHORTS: a_file(
            {
                "programme": f"P {word}",
                "name": other,
                "starts_on": "2026-07-06",
                "ends_on": "2026-08-03",
                "places": "20",
                "kept_because": word,
            }
            | {"collections": f"2026-07-01 Before | kept: {word}; 2026-07-20 Data collection; 03/08/2026 End: {other}"},
        ),
        KindName.CLOSURES: a_file(
            {"first_on": "2026-12-24", "last_on": "2026-12-27", "name": word, "yearly": "yes"},
            {"first_on": "2026-03-02", "name": other},
        ),
        KindName.GATHERINGS: a_file(
            {"title": f"T {other}"[:60], "host": "Sample hall", "theme": "music", "day": "Tuesday", "starts_at": "9:30"}
            | {"minutes": "45", "platform": "web", "link": "https://example.org/music", "state": "ended"},
            {"title": "Tea", "host": f"R {other} (venue)", "theme": "music", "day": "Friday", "starts_at": "9:30"}
            | {"minutes": "45", "platform": "web", "link": "https://example.org/tea"},
        ),
        KindName.OFFERS: a_file(
            {"name": word, "network": "Sample Mobile", "gb_per_month": "20", "months": "6", "cost": "12.50"}
            | {"funder": word, "zero_rated": "Sample health; Sample school"},
        ),
        KindName.DONATIONS: a_file(
            {
                "donor": f"{word} too",
                "received_on": "2026-05-01",
                "expected_count": "2",
                "declared": "owns_it; no_return",
            }
            | {"declared_by": other, "declared_on": "2026-05-01", "note": word},
            {"donor": f"{word} too", "received_on": "2026-05-01", "note": "A second one"},
        ),
        KindName.PURCHASES: a_file(
            {
                "supplier": other,
                "order_number": "PO-1",
                "purchase_date": "2026-02-01",
                "cost": "1049.99",
                "funder": word,
            },
        ),
        KindName.TABLETS: a_file(
            {"serial": "WORLD00001", "manufacturer": word, "model": other, "supplier": other}
            | {"purchase_date": "2026-02-01", "order_number": "PO-1"},
            {"serial": "WORLD00002", "donor": f"{word} too", "received_on": "2026-05-01"},
            {"serial": "WORLD00002", "serial_note": "B"},
            *({"serial": f"WORLD0000{number}"} for number in range(3, 7)),
            {"serial": "WORLD00007", "stage": "recycled", "donor": f"{word} too", "received_on": "2026-05-01"},
        ),
        KindName.TAGS: a_file(
            {"code": "K7F3-QX", "state": "replaced", "serial": "WORLD00001", "replaced_by": "M2P9-TA", "reason": word},
            {"code": "M2P9-TA", "state": "attached", "serial": "WORLD00001", "made_as": "tablet"},
            {"code": "B8D4-RW", "state": "void", "reason": other},
            {"code": "H3N6-YC"},
            {"code": "2JWT-RF", "state": "attached", "serial": "WORLD00007", "made_as": "tablet"},
        ),
        KindName.SIMS: a_file(
            {"iccid": "8944100000000000000", "network": "Sample Mobile", "phone": "07700 900001", "pin": "4071"},
            {"iccid": "8944100000000000018", "network": word, "kind": "mifi", "serial": other},
        ),
        KindName.BUNDLES: a_file(
            {
                "iccid": "8944100000000000000",
                "gb_per_month": "10",
                "months": "2",
                "cost": "5",
                "activated_on": "2026-01-01",
            },
            {"iccid": "8944100000000000000", "gb_per_month": "20", "months": "12", "cost": "20", "funder": word},
            {
                "iccid": "8944100000000000018",
                "gb_per_month": "5",
                "months": "1",
                "cost": "0",
                "ownership": "persons_own",
            }
            | {"eligible_on": "2026-05-05"},
        ),
        KindName.PEOPLE: a_file(
            {
                "number": "A-1",
                "first_name": word,
                "last_name": other,
                "phone": "07700 900002",
                "consent_at": "2026-01-05",
            }
            | {"door_note": other, "apps_used": "whatsapp; zoom", "referrer": f"R {other}"},
            {"number": "A-2", "first_name": "Sample", "last_name": "Two", "consent_at": "2026-01-05 10:00:00"}
            | {"email": "two@example.org", "opted_out": "yes", "channel": "email"},
            {"number": "A-3", "first_name": "Sample", "last_name": "Three", "consent_at": "05/01/2026"}
            | {"deceased_on": "2026-04-01", "language_read": "cy", "phone": "020 7946 0003"},
            {"number": "A-4", "first_name": "Sample", "last_name": "Four", "consent_at": "2026-01-05"}
            | {"phone": "07700 900002", "somebody_else": "yes", "referrer": "Sample hall"},
            {"number": "A-5", "first_name": "Sample", "last_name": "FOUR", "consent_at": "2026-01-05"}
            | {"phone": "020 7946 0005", "postcode": "N19 5XX", "referrer": f"R {other} (venue)"},
            {"number": "A-6", "first_name": "sample", "last_name": "Four", "consent_at": "2026-01-05"}
            | {"phone": "020 7946 0006", "postcode": "N195XX", "somebody_else": "yes"},
        ),
        KindName.REQUESTS: a_file(
            {
                "person": "A-2",
                "programme": f"P {word}",
                "state": "waiting",
                "requested_at": "2026-03-01",
                "cohort": other,
            },
            {"person": "A-1", "programme": f"Q {other}", "state": "declined", "decline_reason": "not_in_area"}
            | {"requested_at": "2026-03-02", "closed_at": "2026-03-04", "barriers": "device"},
            {"person": "A-4", "programme": f"P {word}", "state": "approved", "requested_at": "2026-03-03"}
            | {"safe_at_home": "yes", "referrer": "Sample hall", "asked_by": "partner"},
        ),
        KindName.LOANS: a_file(
            {"number": "L9", "person": "A-1", "label_code": "M2P9-TA", "programme": f"P {word}", "cohort": other}
            | {"state": "active", "started_on": "2026-05-20", "due_on": "2026-07-01", "original_due_on": "2026-06-20"}
            | {"iccid": "8944100000000000000", "handed_to": "participant", "safe_at_home": "yes"},
            {"person": "A-3", "serial": "WORLD00001", "programme": f"P {word}", "state": "closed_returned"}
            | {"started_on": "2026-02-10", "due_on": "2026-03-10", "returned_on": "2026-03-12", "condition": "good"}
            | {"stop_reason": "died", "kit_missing": other},
            {"person_email": "two@example.org", "serial": "WORLD00003", "programme": f"Q {other}"}
            | {"state": "closed_gifted", "started_on": "2026-02-10", "closed_at": "2026-04-01", "gift_authority": word},
            {"person": "A-2", "serial": "WORLD00004", "programme": f"Q {other}", "state": "closed_lost"}
            | {"started_on": "2026-02-10", "closed_at": "2026-04-01", "lost_reference": word},
            {"person": "A-5", "serial": "WORLD00007", "programme": f"Q {other}", "state": "closed_returned"}
            | {"started_on": "2026-02-10", "returned_on": "2026-03-12", "referrer": f"R {other} (venue)"},
            {"person": "A-6", "label_code": "2JWT-RF", "programme": f"Q {other}", "referrer": f"R {other}"}
            | {"started_on": "2026-04-10", "returned_on": "2026-05-12"},
        ),
    }
