"""Draws docs/roles.md from the matrix: `python -m fleet.users.roles_doc > docs/roles.md`. Decides nothing."""

from __future__ import annotations

import sys

from fleet.users.rules import MATRIX, SIGHT, SIGN_IN_ROLES, Permission, Role, Sight

_PERMISSION_WORDS: dict[Permission, str] = {
    Permission.PUBLIC: "Open pages that need no sign-in: signing in, a finder's page, a certificate's check",
    Permission.SIGNED_IN: "Be signed in: home, one's own account",
    Permission.TABLETS_SEE: "See tablets and what happened to them",
    Permission.TABLETS_RECORD: "Record work on a tablet: kit, cleaning, labels scanned back",
    Permission.TABLETS_DECIDE: "Decide about a tablet: waive the Android floor or the stolen check, lost, gift",
    Permission.TABLET_LIFE_SEE: "See the life of a tablet, without people (donors: their own gifts)",
    Permission.HOLDS_PLACE: "Hold a tablet, for safety or another reason",
    Permission.HOLDS_LIFT: "Lift a hold",
    Permission.INTAKE_RECORD: "Book tablets in, look at them, triage them",
    Permission.DONATIONS_SEE: "See donations (a donor: their own gifts only)",
    Permission.DONATIONS_RECORD: "Record donations and purchases",
    Permission.PURCHASES_SEE: "See purchases",
    Permission.BENCH_SEE: "See the bench and its runs",
    Permission.BENCH_RUN: "Wipe and provision tablets",
    Permission.BENCH_SET_UP: "Set up benches, profiles and the app library",
    Permission.BENCH_TRUST: "Take another signer for an app's maker",
    Permission.CERTIFICATES_SEE: "See wipe certificates",
    Permission.RECYCLING_SEE: "See consignments for recycling and their papers",
    Permission.RECYCLING_RECORD: "Pack tablets for recycling, hand them to the carrier, write down the receipt",
    Permission.LABELS_PRINT: "Print labels, and send them to a printer",
    Permission.PRINTERS_SET_UP: "Add, change and take away printers",
    Permission.PEOPLE_SEE: "See the people who borrow",
    Permission.PEOPLE_RECORD: "Record the people who borrow",
    Permission.PRIVACY_COPY: "Take a copy of everything about a person, for that person",
    Permission.PRIVACY_ERASE: "Erase a person's record, and see what that waits for",
    Permission.EQUALITY_RECORD: "Write down what somebody chose to say about equality, without reading it again",
    Permission.EQUALITY_FIGURES: "See how often each answer about equality was given, small numbers hidden",
    Permission.REQUESTS_MAKE: "Ask for a tablet for somebody",
    Permission.REQUESTS_SEE: "See requests (referrers and partner leads: their own)",
    Permission.LOANS_SEE: "See loans",
    Permission.LOANS_DECIDE: "Approve, allocate, extend and end loans",
    Permission.SECOND_LOOKS_DECIDE: "Agree to what another asked for: a tablet lost, a death taken back",
    Permission.PAPERS_PRINT: "See and print the papers of a loan: the guide and the agreement",
    Permission.BUNDLES_SEE: "See SIMs and data bundles",
    Permission.BUNDLES_RECORD: "Record SIMs and data bundles",
    Permission.SIM_SECRETS_SEE: "See a SIM's PIN and PUK; each time stands in its log",
    Permission.GATHERINGS_SEE: "See the gatherings (partner leads: the approved ones and their own)",
    Permission.GATHERINGS_PROPOSE: "Propose a gathering, and change one's own until it is approved",
    Permission.GATHERINGS_DECIDE: "Approve, change and end gatherings, and see their links",
    Permission.COHORTS_SEE: "See programmes, cohorts, the forecast and the hub's days",
    Permission.COHORTS_SET_UP: "Set up programmes and cohorts, bring in plans, close the hub on some days",
    Permission.DELIVERIES_PLAN: "Plan runs and stops",
    Permission.DELIVERIES_DO: "Do a run: scan, hand over, collect",
    Permission.DESK_WORK: "Work at the hub desk: scan with mode cards, shelves, stock-takes, tablets that were seen",
    Permission.LOST_REPORT: "Say where a lost tablet is that one has met",
    Permission.CHASING_SEE: "See what was sent to whom, and what is due",
    Permission.CHASING_DO: "Send, pause and record calls",
    Permission.PARTNERS_SEE: "See partner organisations",
    Permission.PARTNERS_SET_UP: "Add and change partner organisations and the hub's own settings",
    Permission.USERS_SET_UP: "Add people who sign in, change their roles, end their sign-ins",
    Permission.COURIER_LINKS_MAKE: "Hand a courier a sign-in link",
    Permission.AUDIT_SEE: "See who signed in and what was done",
    Permission.WEBHOOKS_SET_UP: "Say which other programs are told of events, and see what they were told",
    Permission.SHEETS_SEE: "See which records may be taken out or brought in as files; each asks its own row as well",
}

_SIGHT_WORDS: dict[Sight, str] = {
    Sight.NO: "no",
    Sight.FIRST: "first name",
    Sight.FIRST_AND_INITIAL: "first name and initial",
    Sight.TODAY: "today's stops",
    Sight.OWN: "their own",
    Sight.FLAGS: "flags",
    Sight.SETTINGS: "settings to apply",
    Sight.COUNTS: "counts",
    Sight.FULL: "all",
}

_OPENING = """# Who may do what

A person has one or more roles. What roles may do is a table in `fleet/users/rules.py`, and this page is drawn from
it; every route of the application asks that table, and a test tries every role on every route. Somebody with several
roles may do what any of them may, and each act is recorded with the role in which it was done.

An API token may do what its scopes name (the words in code type below) and its owner's roles allow, never more.
"""


def roles_page() -> str:
    """The page as Markdown, ending in a newline."""
    return "\n".join(
        [_OPENING, "## What each role may do\n", *_matrix(), "", "## What each role sees of a person\n", *_sight(), ""]
    )


def role_words(role: Role) -> str:
    """A role as people say it."""
    return role.value.replace("_", " ")


def permission_words(permission: Permission) -> str:
    """What a permission lets somebody do, in a few words."""
    return _PERMISSION_WORDS.get(permission, permission.value.replace(".", ": ").replace("_", " "))


def _matrix() -> list[str]:
    rows = [_row("", "Scope", *(role_words(role) for role in SIGN_IN_ROLES)), _row(*["---"] * (len(SIGN_IN_ROLES) + 2))]
    for permission, roles in MATRIX.items():
        marks = ("yes" if role in roles else "" for role in SIGN_IN_ROLES)
        rows.append(_row(permission_words(permission), f"`{permission.value}`", *marks))
    return rows


def _sight() -> list[str]:
    fields = ("name", "address", "channel", "needs", "equality", "loan")
    rows = [_row("Role", *fields), _row(*["---"] * (len(fields) + 1))]
    for role in SIGN_IN_ROLES:
        seen = (_SIGHT_WORDS[getattr(SIGHT[role], field)] for field in fields)
        rows.append(_row(role_words(role), *seen))
    return rows


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(roles_page())
