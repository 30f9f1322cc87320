"""The days of those who lend and who ask: a coordinator, and a referring partner with its own requests."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.bundles import service as bundles
from fleet.chasing import service as chasing
from fleet.clock import local_date
from fleet.home import queries
from fleet.home.day import Day, Go, Line, Number, Section, loud
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, said
from fleet.loans.words import status_line
from fleet.partners.service import hub_of
from fleet.people.sight import is_own, name_form, row_for
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.tablets.words import label_of
from fleet.users.actor import Actor
from fleet.web.shapes import Shape

MOST_SEEN = 3


def coordinator_day(session: Session, settings: Settings, actor: Actor, *, now: datetime) -> Day:
    hub = hub_of(session, actor)
    counts = chasing.counts(session, now=now)
    states = queries.loans_by_state(session)
    old = queries.ready_too_long(
        session, hub_id=hub.id, with_virtual=settings.demo, fresh_since=tablets.fresh_since(settings, now)
    )
    shelf = queries.tablets_by_stage(session, hub_id=hub.id, with_virtual=settings.demo).get(Stage.READY, 0)
    ready = shelf - old
    return Day(
        question="What needs you today?",
        numbers=(
            Number(counts.tasks, "to ring", "/chasing?show=tasks", loud(counts.tasks, Shape.HANDS)),
            Number(counts.late, "late", "/chasing?show=late", loud(counts.late, Shape.DANGER)),
            Number(counts.today, "due today", "/chasing?show=today", loud(counts.today, Shape.WAITING)),
            Number(counts.soon, "due this week", "/chasing?show=soon"),
            Number(
                ready,
                "tablet ready" if ready == 1 else "tablets ready",
                f"/tablets?stage=ready{queries.of_hub(session, hub.id)}",
                loud(ready, Shape.DONE),
            ),
        ),
        hands=nothing_leaves(session, settings, may_say=True) + _turn_back(session) + _seen(session),
        sections=(
            Section(
                "Waiting for you",
                _waiting(session, states, counts, old, local_date(now)),
                "Nothing waits. Requests appear here as soon as somebody asks for a tablet.",
            ),
        ),
        starts=(
            Go("Who do I ring first?", "/chasing"),
            Go("Ask for a tablet", "/requests/new"),
            Go("Plan a courier run", "/courier-runs"),
        ),
    )


def nothing_leaves(session: Session, settings: Settings, *, may_say: bool) -> tuple[Line, ...]:
    """Said where this looks like a copy of the database that counts, so that nobody waits for what it does not send.
    `may_say`: whether they may say that it counts."""
    if not chasing.is_copy(session, settings):
        return ()
    words = "Does it count?" if may_say else "A coordinator says whether it counts."
    href = "/chasing/restored" if may_say else ""
    return (Line("No message leaves from here", f"This looks like a copy. {words}", href),)


def _turn_back(session: Session) -> tuple[Line, ...]:
    """The couriers who are on the way to a door where nobody is to come any more."""
    return tuple(
        Line(
            f"Ring {each.courier or 'the courier'}, who is on the way with loan {each.loan_id}",
            "All contact was stopped: nobody goes to that door",
            f"/courier-runs/{each.run_id}",
        )
        for each in queries.couriers_to_turn_back(session)
    )


def _seen(session: Session) -> tuple[Line, ...]:
    """The tablets that somebody says they have seen; what finders write comes first of all."""
    said = tablets.open_sightings(session)
    lines = []
    for each in said[:MOST_SEEN]:
        tablet = tablets.get_tablet(session, each.tablet_id)
        name = label_of(tablet) or tablet.serial
        lines.append(Line(f"{each.by} says where {name} is", each.place, "/desk/sightings"))
    if len(said) > MOST_SEEN:
        lines.append(Line(f"{len(said) - MOST_SEEN} more were seen", "Look at them all", "/desk/sightings"))
    return tuple(lines)


def _waiting(
    session: Session, states: dict[LoanState, int], counts: chasing.Counts, old: int, today: date
) -> tuple[Line, ...]:
    waiting = (
        (states.get(LoanState.REQUESTED, 0), "to decide on", "Say yes, later or no", "/loans?state=requested"),
        (states.get(LoanState.APPROVED, 0), "approved", "Choose a tablet and a SIM", "/loans?state=approved"),
        (
            states.get(LoanState.WAITING, 0),
            "on the waiting list",
            "Say yes once there is one",
            "/loans?state=waiting",
        ),
        (old, "ready, but verified too long ago", "Check each again at the bench before it is lent", "/bench"),
        (counts.letters, "to print and post", "Print the letters", "/chasing/letters"),
        (counts.printed, "printed and not posted", "Say which were posted", "/chasing/letters?show=printed"),
        (
            counts.not_delivered,
            "not delivered, and tried",
            "Ring them before a courier goes again",
            "/loans?tried=yes",
        ),
        (queries.loans_without_a_run(session), "without a courier", "Put them on a run", "/courier-runs"),
        (
            counts.stopped,
            "to be fetched when it suits those who are there",
            "Nobody is written to any more: agree a day, kindly",
            "/loans?stopped=yes",
        ),
        (bundles.count_needed(session, today=today), "about data", "See what it asks for", "/data"),
        (
            loans.count_open_looks(session, besides=None),
            "for a second person",
            "Agree to it, or leave it as it is",
            "/second-looks",
        ),
        (
            queries.scans_to_settle(session),
            "from the door to settle",
            "See what does not fit",
            "/courier-runs/conflicts",
        ),
    )
    return tuple(Line(f"{number} {words}", action, href) for number, words, action, href in waiting if number)


def partner_day(session: Session, actor: Actor) -> Day:
    """A referrer's or a partner lead's own requests, each with its one line."""
    own = queries.own_requests(session, actor.organisation_id) if actor.organisation_id is not None else ()
    sight = row_for(actor).name
    lines = tuple(Line(name_form(person, sight, own=is_own(person, actor)), _status(loan)) for loan, person in own)
    return Day(
        question="How do your requests stand?",
        sections=(Section("Your last requests", lines, "Your requests will be listed here, each with how it stands."),),
        starts=(Go("Ask for a tablet", "/requests/new"), Go("All your requests", "/requests")),
    )


def _status(loan: Loan) -> str:
    due = f" Due back on {said(loan.due_on)}." if loan.state is LoanState.ACTIVE and loan.due_on else ""
    return status_line(loan) + due
