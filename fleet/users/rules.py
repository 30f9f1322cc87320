"""Who may do what: the matrix of roles and permissions, as data (docs/roles.md is drawn from it).

Every route names one `Permission`; a test walks the app and fails for a route whose permission has no row here.
What a role may *see* of a person is in `sight` below; rooms ask it before they render.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    TECHNICIAN = "technician"
    COURIER = "courier"
    COORDINATOR = "coordinator"
    BUDDY = "buddy"
    REFERRER = "referrer"
    PARTNER_LEAD = "partner_lead"
    EVALUATOR = "evaluator"
    DONOR = "donor"
    HUB_ADMIN = "hub_admin"
    DATA_PROTECTION = "data_protection"
    SYSTEM = "system"


SIGN_IN_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)


class Permission(StrEnum):
    """One row of the matrix. The value is what API documents and refusals call it."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    TABLETS_SEE = "tablets.see"
    TABLETS_RECORD = "tablets.record"
    TABLETS_DECIDE = "tablets.decide"
    TABLET_LIFE_SEE = "tablet_life.see"
    HOLDS_PLACE = "holds.place"
    HOLDS_LIFT = "holds.lift"
    INTAKE_RECORD = "intake.record"
    DONATIONS_SEE = "donations.see"
    DONATIONS_RECORD = "donations.record"
    PURCHASES_SEE = "purchases.see"
    BENCH_SEE = "bench.see"
    BENCH_RUN = "bench.run"
    BENCH_SET_UP = "bench.set_up"
    BENCH_TRUST = "bench.trust"
    CERTIFICATES_SEE = "certificates.see"
    RECYCLING_SEE = "recycling.see"
    RECYCLING_RECORD = "recycling.record"
    LABELS_PRINT = "labels.print"
    PRINTERS_SET_UP = "printers.set_up"
    PEOPLE_SEE = "people.see"
    PEOPLE_RECORD = "people.record"
    PRIVACY_COPY = "privacy.copy"
    PRIVACY_ERASE = "privacy.erase"
    EQUALITY_RECORD = "equality.record"
    EQUALITY_FIGURES = "equality.figures"
    REQUESTS_MAKE = "requests.make"
    REQUESTS_SEE = "requests.see"
    LOANS_SEE = "loans.see"
    LOANS_DECIDE = "loans.decide"
    SECOND_LOOKS_DECIDE = "second_looks.decide"
    PAPERS_PRINT = "papers.print"
    BUNDLES_SEE = "bundles.see"
    BUNDLES_RECORD = "bundles.record"
    SIM_SECRETS_SEE = "sim_secrets.see"
    GATHERINGS_SEE = "gatherings.see"
    GATHERINGS_PROPOSE = "gatherings.propose"
    GATHERINGS_DECIDE = "gatherings.decide"
    COHORTS_SEE = "cohorts.see"
    COHORTS_SET_UP = "cohorts.set_up"
    DELIVERIES_PLAN = "deliveries.plan"
    DELIVERIES_DO = "deliveries.do"
    DESK_WORK = "desk.work"
    LOST_REPORT = "lost.report"
    CHASING_SEE = "chasing.see"
    CHASING_DO = "chasing.do"
    PARTNERS_SEE = "partners.see"
    PARTNERS_SET_UP = "partners.set_up"
    USERS_SET_UP = "users.set_up"
    COURIER_LINKS_MAKE = "courier_links.make"
    AUDIT_SEE = "audit.see"
    WEBHOOKS_SET_UP = "webhooks.set_up"
    SHEETS_SEE = "sheets.see"


_T, _C, _O, _B = Role.TECHNICIAN, Role.COURIER, Role.COORDINATOR, Role.BUDDY
_R, _L, _E, _D = Role.REFERRER, Role.PARTNER_LEAD, Role.EVALUATOR, Role.DONOR
_H, _P, _S = Role.HUB_ADMIN, Role.DATA_PROTECTION, Role.SYSTEM

MATRIX: dict[Permission, frozenset[Role]] = {
    Permission.PUBLIC: frozenset(Role),
    Permission.SIGNED_IN: frozenset(Role),
    Permission.TABLETS_SEE: frozenset({_T, _O, _H, _P, _S}),
    Permission.TABLETS_RECORD: frozenset({_T, _S}),
    Permission.TABLETS_DECIDE: frozenset({_O, _S}),
    Permission.TABLET_LIFE_SEE: frozenset({_T, _O, _E, _D, _H, _P, _S}),
    Permission.HOLDS_PLACE: frozenset({_T, _C, _O, _B, _S}),
    Permission.HOLDS_LIFT: frozenset({_T, _O, _S}),
    Permission.INTAKE_RECORD: frozenset({_T, _S}),
    Permission.DONATIONS_SEE: frozenset({_T, _O, _H, _D, _S}),
    Permission.DONATIONS_RECORD: frozenset({_T, _O, _H, _S}),
    Permission.PURCHASES_SEE: frozenset({_T, _O, _H, _S}),
    Permission.BENCH_SEE: frozenset({_T, _O, _H, _S}),
    Permission.BENCH_RUN: frozenset({_T, _S}),
    Permission.BENCH_SET_UP: frozenset({_T, _H, _S}),
    Permission.BENCH_TRUST: frozenset({_H, _S}),
    Permission.CERTIFICATES_SEE: frozenset({_T, _O, _H, _P, _S}),
    Permission.RECYCLING_SEE: frozenset({_T, _O, _H, _S}),
    Permission.RECYCLING_RECORD: frozenset({_T, _O, _S}),
    Permission.LABELS_PRINT: frozenset({_T, _O, _H, _S}),
    Permission.PRINTERS_SET_UP: frozenset({_H, _S}),
    Permission.PEOPLE_SEE: frozenset({_O, _P, _S}),
    Permission.PEOPLE_RECORD: frozenset({_O, _S}),
    Permission.PRIVACY_COPY: frozenset({_P, _S}),
    Permission.PRIVACY_ERASE: frozenset({_P, _S}),
    Permission.EQUALITY_RECORD: frozenset({_O, _S}),
    Permission.EQUALITY_FIGURES: frozenset({_E, _P, _S}),
    Permission.REQUESTS_MAKE: frozenset({_O, _R, _L, _S}),
    Permission.REQUESTS_SEE: frozenset({_O, _R, _L, _S}),
    Permission.LOANS_SEE: frozenset({_O, _P, _S}),
    Permission.LOANS_DECIDE: frozenset({_O, _S}),
    Permission.SECOND_LOOKS_DECIDE: frozenset({_O, _H, _S}),
    Permission.PAPERS_PRINT: frozenset({_T, _O, _S}),
    Permission.BUNDLES_SEE: frozenset({_T, _O, _H, _S}),
    Permission.BUNDLES_RECORD: frozenset({_T, _O, _H, _S}),
    Permission.SIM_SECRETS_SEE: frozenset({_T, _O, _S}),
    Permission.GATHERINGS_SEE: frozenset({_T, _O, _L, _H, _S}),
    Permission.GATHERINGS_PROPOSE: frozenset({_O, _L, _S}),
    Permission.GATHERINGS_DECIDE: frozenset({_O, _S}),
    Permission.COHORTS_SEE: frozenset({_T, _O, _H, _E, _S}),
    Permission.COHORTS_SET_UP: frozenset({_O, _H, _S}),
    Permission.DELIVERIES_PLAN: frozenset({_O, _S}),
    Permission.DELIVERIES_DO: frozenset({_C, _S}),
    Permission.DESK_WORK: frozenset({_T, _O, _S}),
    Permission.LOST_REPORT: frozenset({_T, _C, _O, _B, _S}),
    Permission.CHASING_SEE: frozenset({_O, _P, _S}),
    Permission.CHASING_DO: frozenset({_O, _S}),
    Permission.PARTNERS_SEE: frozenset({_O, _H, _S}),
    Permission.PARTNERS_SET_UP: frozenset({_O, _H, _S}),
    Permission.USERS_SET_UP: frozenset({_H, _S}),
    Permission.COURIER_LINKS_MAKE: frozenset({_O, _H, _S}),
    Permission.AUDIT_SEE: frozenset({_H, _P, _S}),
    Permission.WEBHOOKS_SET_UP: frozenset({_H, _S}),
    Permission.SHEETS_SEE: frozenset({_T, _O, _E, _H, _P, _S}),
}


class Sight(StrEnum):
    """How much of one thing about a person a role may see (domain.md 4.5)."""

    NO = "no"
    FIRST = "first"
    FIRST_AND_INITIAL = "first_and_initial"
    TODAY = "today"
    OWN = "own"
    FLAGS = "flags"
    SETTINGS = "settings"
    COUNTS = "counts"
    FULL = "full"


@dataclass(frozen=True)
class SightRow:
    """What one role may see of a person and a loan."""

    name: Sight = Sight.NO
    address: Sight = Sight.NO
    channel: Sight = Sight.NO
    needs: Sight = Sight.NO
    equality: Sight = Sight.NO
    loan: Sight = Sight.NO


SIGHT: dict[Role, SightRow] = {
    _T: SightRow(name=Sight.FIRST_AND_INITIAL, needs=Sight.SETTINGS, loan=Sight.FULL),
    _C: SightRow(name=Sight.FIRST, address=Sight.TODAY, needs=Sight.FLAGS, loan=Sight.TODAY),
    _O: SightRow(name=Sight.FULL, address=Sight.FULL, channel=Sight.FULL, needs=Sight.FULL, loan=Sight.FULL),
    _B: SightRow(name=Sight.FIRST, channel=Sight.OWN, needs=Sight.OWN, loan=Sight.OWN),
    _R: SightRow(name=Sight.OWN, needs=Sight.OWN, loan=Sight.OWN),
    _L: SightRow(name=Sight.OWN, needs=Sight.FLAGS, loan=Sight.OWN),
    _E: SightRow(),
    _D: SightRow(loan=Sight.COUNTS),
    _H: SightRow(),
    _P: SightRow(name=Sight.FULL, address=Sight.FULL, channel=Sight.FULL, needs=Sight.FULL, loan=Sight.FULL),
    _S: SightRow(),
}


def may(roles: frozenset[Role], permission: Permission) -> bool:
    """Whether any of these roles has the row."""
    return bool(MATRIX[permission] & roles)


def acting_role(roles: frozenset[Role], permission: Permission) -> Role | None:
    """The role in which somebody with several acts here: the first of theirs, in the order of `Role`."""
    allowed = MATRIX[permission] & roles
    return next((role for role in Role if role in allowed), None)


DEMO_DOMAIN = "demo.doorstep.example"
"""Addresses under it can sign in only while the installation is in demo mode."""


def may_exist_here(email: str, *, demo: bool) -> bool:
    """Whether this account counts: demonstration accounts are nobody outside the demonstration."""
    return demo or not email.endswith(f"@{DEMO_DOMAIN}")


MIN_PASSWORD_LENGTH = 12
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def password_problem(password: str, email: str) -> str | None:
    """Why this password will not do, as a sentence, or None. Length is what counts (NCSC: three random words)."""
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Use at least {MIN_PASSWORD_LENGTH} characters; three random words are good."
    if email and email.split("@")[0].lower() in password.lower():
        return "Do not put the email address into the password."
    if len(set(password)) < 5:
        return "Use more than a few different characters."
    return None


def email_problem(email: str) -> str | None:
    """Why this cannot be an email address, as a sentence, or None."""
    return None if _EMAIL.fullmatch(email) else "Enter an email address such as name@example.org."


def pause_seconds(failures: int, *, tries: int, first_pause: int) -> int:
    """How long sign-in waits after `failures` in a row: nothing up to `tries`, then doubling, one hour at most."""
    if failures < tries:
        return 0
    return int(min(3600, first_pause * 2 ** min(failures - tries, 12)))


FAILURES_COUNT_FOR = timedelta(days=1)
"""From the first failure on; then counting begins anew. Longer than the longest pause."""

ACCOUNT_TRIES = 100
"""Failures in a day, from all addresses together, before everybody waits at this account.

One address gets to about 40 in a day, because its own pauses double; so one stranger never makes the person wait.
"""
ACCOUNT_PAUSE_SECONDS = 60
"""Between two tries beyond those, from anywhere: 1,540 guesses a day at most, and the person can get in between."""

WRONG_CODES = 100
"""Wrong six-digit codes in the life of a code, from all addresses together.

The life of a code touches two such counts at most, so one that is guessed at all the time is found with a chance of
1 in 5,000. Fifty couriers who each mistype theirs once stay below.
"""


def account_pause_seconds(failures: int) -> int:
    """How long an account waits for everybody after `failures` in a day, wherever they came from."""
    return ACCOUNT_PAUSE_SECONDS if failures >= ACCOUNT_TRIES else 0
