"""The days of everybody else: givers, those who look after the installation or people's data, buddies, evaluators."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.home import queries
from fleet.home.day import Day, Go, Line, Number, Section, loud
from fleet.home.lending_day import nothing_leaves
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from fleet.web.shapes import Shape
from fleet.webhooks import service as webhooks

FATES: tuple[tuple[str, Shape, frozenset[Stage]], ...] = (
    (
        "with somebody who borrows it",
        Shape.DONE,
        frozenset({Stage.ON_LOAN, Stage.IN_TRANSIT_OUT, Stage.IN_TRANSIT_BACK, Stage.ALLOCATED}),
    ),
    ("given for good", Shape.DONE, frozenset({Stage.GIFTED})),
    ("ready to be lent", Shape.DONE, frozenset({Stage.READY})),
    (
        "being made ready",
        Shape.WORKING,
        frozenset(
            {
                *(Stage.RECEIVED, Stage.TRIAGED, Stage.AWAITING_WIPE, Stage.WIPING, Stage.WIPED),
                *(Stage.PROVISIONING, Stage.PROVISIONED, Stage.RETURNED, Stage.CLEANED),
            }
        ),
    ),
    ("still to come", Shape.WAITING, frozenset({Stage.EXPECTED})),
    ("being repaired", Shape.WORKING, frozenset({Stage.REPAIR})),
    ("lost", Shape.LOST, frozenset({Stage.LOST})),
    ("recycled, or about to be", Shape.PLAIN, frozenset({Stage.RETIRED, Stage.AWAITING_RECYCLE, Stage.RECYCLED})),
)
"""What a giver is told of a tablet's stage."""


def donor_day(session: Session, actor: Actor) -> Day:
    """The fate of a giver's own gifts, in numbers and nothing about people."""
    stages = queries.gifts_by_stage(session, actor.organisation_id) if actor.organisation_id is not None else {}
    lines = tuple(
        Line(f"{number} tablet{'' if number == 1 else 's'}", word=words[:1].upper() + words[1:], shape=shape)
        for words, shape, those in FATES
        if (number := sum(stages.get(stage, 0) for stage in those))
    )
    given = sum(count for stage, count in stages.items() if stage is not Stage.EXPECTED)
    return Day(
        question="What became of your gifts?",
        numbers=(Number(given, "tablet given" if given == 1 else "tablets given", "/donations"),),
        sections=(Section("Where they are", lines, "Your tablets appear here once they are booked in."),),
        starts=(
            *((Go("Your statement, to read or print", "/statements"),) if given else ()),
            Go("Your donations", "/donations"),
        ),
    )


def admin_day(session: Session, settings: Settings) -> Day:
    """How the installation stands, and what is missing from it."""
    failed = queries.failed_job_count(session)
    untold = webhooks.failed_count(session)
    seconds = loans.count_open_looks(session, besides=None)
    roles = queries.users_by_role(session)
    technicians, couriers = roles[Role.TECHNICIAN], roles[Role.COURIER]
    jobs = tuple(
        Line(f"Job {job.id}, {job.kind}", job.error or "It failed and left no word.")
        for job in queries.failed_jobs(session)
    )
    return Day(
        question="How does the installation stand?",
        numbers=(
            Number(queries.active_users(session), "people can sign in", "/users"),
            Number(technicians, "technician" if technicians == 1 else "technicians", "/users?role=technician"),
            Number(couriers, "courier" if couriers == 1 else "couriers", "/users?role=courier"),
            Number(failed, "job failed" if failed == 1 else "jobs failed", "#failed-jobs", loud(failed, Shape.DANGER)),
            *((Number(seconds, "for a second person", "/second-looks", Shape.WAITING),) if seconds else ()),
            *((Number(untold, "messages to programs failed", "/webhooks", Shape.DANGER),) if untold else ()),
        ),
        hands=nothing_leaves(session, settings, may_say=False),
        sections=(
            Section("What is missing", _missing(session, settings, roles), "Nothing is missing."),
            Section("Failed jobs", jobs, "No job failed. Work that fails five times is listed here with its reason."),
        ),
        starts=(Go("Add somebody", "/users/new"), Go("Partners", "/partners"), Go("Sign-ins", "/audit/sign-ins")),
    )


def _missing(session: Session, settings: Settings, roles: dict[Role, int]) -> tuple[Line, ...]:
    findings = (
        (
            not settings.hub_phone,
            "No phone number for the hub",
            "Set DOORSTEP_HUB_PHONE: it stands on labels and in every message.",
            "",
        ),
        (not queries.benches(session), "No bench", "Set up the first bench.", "/bench/set-up/new"),
        (not roles[Role.TECHNICIAN], "No technician", "Add somebody who wipes and sets up tablets.", "/users/new"),
        (not roles[Role.COORDINATOR], "No coordinator", "Add somebody who lends and rings people.", "/users/new"),
    )
    return tuple(Line(title, words, href) for wanting, title, words, href in findings if wanting)


def courier_day() -> Day:
    """For a courier who has another role as well; one who has none is sent straight to the run."""
    return Day(question="Where next?", starts=(Go("Today's run", "/run"),))


def protection_day() -> Day:
    return Day(
        question="Who saw and did what?",
        starts=(
            Go("Sign-ins", "/audit/sign-ins"),
            Go("People on record", "/people"),
            Go("Messages sent", "/chasing/ledger"),
            Go("Files taken out", "/sheets/taken"),
            Go("Erasures", "/erasures"),
            Go("Wipe certificates", "/certificates"),
        ),
    )


def evaluator_day() -> Day:
    return Day(
        question="How are the cohorts doing?",
        starts=(
            Go("Programmes and cohorts", "/cohorts"),
            Go("Who do we reach?", "/equality"),
            Go("Will there be enough tablets?", "/forecast"),
            Go("Files", "/sheets"),
        ),
    )


def buddy_day() -> Day:
    return Day(
        question="Is the tablet hot, swollen or leaking?",
        lead="If it is, put it down where it can burn nothing, and tell us at once.",
        starts=(Go("Report a dangerous tablet", "/hazard"),),
    )
