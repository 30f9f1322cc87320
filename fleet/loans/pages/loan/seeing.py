"""One loan in one column: how it stands, who it is for, what they need, what may happen next, what has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench.service.trace import Asked, trace
from fleet.clock import local_date
from fleet.happening import Happening
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.loans import queries, service
from fleet.loans.api.access import LoanId
from fleet.loans.models import DueVersion, Loan, LoanEvent, SecondLook
from fleet.loans.pages.loan.buttons import Button, button_of, is_rare, says_why_not
from fleet.loans.pages.loan.facts import facts_shown
from fleet.loans.pages.loan.warnings import card_left_behind, claimed, month_over, unanswered, unsuited
from fleet.loans.rules import (
    BEFORE_ALLOCATION,
    HAND_OVERS,
    HAND_OVERS_UNDONE,
    WITH_THE_PERSON,
    Beyond,
    HandedTo,
    LoanKind,
    LoanState,
    SafeAtHome,
    StopReason,
    Transition,
)
from fleet.loans.seeing import Gathered, gather
from fleet.loans.words import (
    GOES_ON_WORDS,
    HANDED_WORDS,
    SAFE_WORDS,
    STOP_WORDS,
    courier_comes,
    days,
    due_line,
    state_tag,
    stopped_line,
    what_next,
)
from fleet.machine import Offer
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.sight import SeenPerson, row_for, seen
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission, Sight
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/loans")


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    when: datetime
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class DueEntry:
    """One due date the loan was given."""

    day: date
    note: str


@dataclass(frozen=True)
class LoanPage:
    title: str
    loan: Loan
    state: StateTag
    person: SeenPerson
    person_url: str
    due: str
    facts: tuple[tuple[str, object, str, str], ...]
    warnings: tuple[str, ...]
    needs_asked: bool
    asks_safe: bool
    buttons: tuple[Button, ...]
    rare: tuple[Button, ...]
    unseen_url: str
    """Where a return is written down that nobody saw."""
    refused: Sequence[Offer[Transition]]
    traced: tuple[Asked, ...]
    due_entries: tuple[DueEntry, ...]
    entries: tuple[Entry, ...]
    may_decide: bool
    may_ask_why: bool
    alike: Sequence[Person] = ()
    """Other records that look the same, while the request can still go onto one of them."""
    loss_asked: SecondLook | None = None
    """Somebody asked for its tablet to be recorded as lost."""
    stopped: tuple[str, ...] = ()
    stopped_line: str = ""
    courier_comes: bool = False
    """Whether a courier is on the way although all contact was stopped."""
    goes_on: str = ""
    asks_next: bool = False
    card_left_behind: bool = False
    next_choices: tuple[tuple[str, str], ...] = ()
    stop_reasons: tuple[tuple[str, str], ...] = ()
    safe_choices: tuple[tuple[str, str], ...] = tuple((each.value, SAFE_WORDS[each]) for each in SafeAtHome)
    handed_choices: tuple[tuple[str, str], ...] = tuple((each.value, HANDED_WORDS[each]) for each in HandedTo)
    values: Mapping[str, str] = field(default_factory=dict)


@router.get("/{loan_id}")
def loan_page(
    request: Request,
    loan_id: LoanId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.LOANS_SEE))],
    settings: SettingsDep,
    clock: ClockDep,
    database: DatabaseDep,
) -> Response:
    loan = service.get_loan(session, loan_id)
    people.viewed(database, loan.person_id, actor=actor, now=clock())
    return render(request, "loans/detail.html", loan_page_of(session, loan, actor, settings, clock()))


def loan_page_of(session: Session, loan: Loan, actor: Actor, settings: Settings, now: datetime) -> LoanPage:
    """Everything the page shows, as this viewer may see it."""
    person = people.get_person(session, loan.person_id)
    needs = queries.needs_of(session, person.id)
    view = seen(person, needs, actor)
    gathered = gather(session, loan, now=now)
    today = local_date(now)
    due = due_line(loan, today)
    may_decide = actor.may(Permission.LOANS_DECIDE)
    offers = service.what_may_happen(session, loan, actor=actor, happening=Happening(now=now)) if may_decide else ()
    buttons = tuple((offer, button_of(loan, offer)) for offer in offers if offer.allowed)
    card, events = card_left_behind(session, gathered), queries.events(session, loan.id)
    return LoanPage(
        title=f"Loan {loan.id}",
        loan=loan,
        state=state_tag(loan, today=today, grace_days=gathered.programme.grace_days),
        person=view,
        person_url=f"/people/{person.id}",
        due=f"Due {due}" if due else "",
        facts=facts_shown(session, gathered, today, may_decide),
        warnings=(
            *month_over(gathered, today),
            *gathered.warnings,
            *claimed(session, loan),
            *unanswered(session, loan),
            *(unsuited(session, gathered, person, needs) if _knows_settings(actor) else ()),
            *card,
        ),
        card_left_behind=bool(card),
        needs_asked=person.needs_asked,
        asks_safe=may_decide and loan.safe_at_home is None and loan.state in (LoanState.REQUESTED, LoanState.WAITING),
        buttons=tuple(button for offer, button in buttons if not is_rare(offer)),
        rare=tuple(button for offer, button in buttons if is_rare(offer)),
        unseen_url=_unseen_url(session, gathered) if may_decide else "",
        refused=[offer for offer in offers if says_why_not(offer, gathered.programme)],
        traced=_traced(session, gathered, actor, settings),
        due_entries=_due_entries(session, loan, events),
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}", event.reason)
            for event in events
        ),
        may_decide=may_decide,
        alike=_alike(session, loan, person) if may_decide else (),
        may_ask_why=actor.may(Permission.CHASING_SEE),
        loss_asked=queries.open_loss(session, loan.id) if may_decide else None,
        stopped=tuple(service.what_stopped(session, loan)),
        stopped_line=stopped_line(loan) if loan.stopped_at is not None else "",
        courier_comes=courier_comes(loan),
        goes_on=GOES_ON_WORDS[loan.goes_on_to] if loan.goes_on_to is not None else "",
        asks_next=may_decide and service.may_say_what_next(loan) and loan.state not in WITH_THE_PERSON,
        next_choices=what_next(gathered.programme.outcomes),
        stop_reasons=_stop_reasons(loan) if may_decide else (),
    )


def _alike(session: Session, loan: Loan, person: Person) -> Sequence[Person]:
    if loan.state not in BEFORE_ALLOCATION or loan.kind is LoanKind.VENUE or person.erased_at is not None:
        return ()
    return [each for each in people.same_looking(session, person) if each.hub_id == person.hub_id]


def _traced(session: Session, gathered: Gathered, actor: Actor, settings: Settings) -> tuple[Asked, ...]:
    """Each setting with the need it came from, for those who may know a person's settings at all."""
    if gathered.tablet is None or not _knows_settings(actor):
        return ()
    return trace(session, gathered.tablet.id, settings)


def _knows_settings(actor: Actor) -> bool:
    return row_for(actor).needs in (Sight.FULL, Sight.SETTINGS)


def _unseen_url(session: Session, gathered: Gathered) -> str:
    if gathered.tablet is None or gathered.loan.state not in WITH_THE_PERSON:
        return ""
    code = tags.codes_of(session, [gathered.tablet.id]).get(gathered.tablet.id, str(gathered.tablet.id))
    return f"/returns/letter-box?label={code}"


def _stop_reasons(loan: Loan) -> tuple[tuple[str, str], ...]:
    if loan.closed_at is not None or loan.stopped_at is not None:
        return ()
    return tuple((each.value, STOP_WORDS[each]) for each in StopReason)


def _due_entries(session: Session, loan: Loan, newest_first: Sequence[LoanEvent]) -> tuple[DueEntry, ...]:
    """Every due date it was given. A hand-over that was taken back gave one too; longer needs a reason, and it none."""
    handed = [event for event in reversed(newest_first) if event.kind in HAND_OVERS | HAND_OVERS_UNDONE]
    never_were = {event.at for event, then in pairwise(handed) if then.kind in HAND_OVERS_UNDONE}
    at_hand_overs = {event.at for event in handed if event.kind in HAND_OVERS}
    return tuple(
        DueEntry(
            version.due_on,
            _handed_over(version, taken_back=version.set_at in never_were)
            if version.number == 1 or (version.set_at in at_hand_overs and not version.reason)
            else _extended(version),
        )
        for version in queries.due_versions(session, loan.id)
    )


def _handed_over(version: DueVersion, *, taken_back: bool) -> str:
    if version.number == 1:
        return f"The first date{', of a hand-over that was taken back' if taken_back else ''}"
    return f"Handed over again{', and taken back' if taken_back else ''}"


def _extended(version: DueVersion) -> str:
    late = f", {days(version.days_late_before)} late by then" if version.days_late_before else ""
    beyond = Beyond(version.beyond_number, version.beyond_length, version.beyond_need, version.beyond_early).words
    allowed = f", {beyond}, by {version.actor_name}" if beyond else ""
    return f"Extended{late}{allowed}: {version.reason}"
