"""One loan in one column: how it stands, who it is for, what they need, what may happen next, what has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.bench.service.trace import Asked, trace
from fleet.bundles.words import bundle_words, grouped
from fleet.clock import local_date
from fleet.gatherings import service as gatherings
from fleet.happening import Happening
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep
from fleet.loans import queries, service
from fleet.loans.api import LoanId
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import (
    Barrier,
    DeclineReason,
    HandedTo,
    LoanMove,
    LoanState,
    SafeAtHome,
    StopReason,
    Transition,
    said,
)
from fleet.loans.seeing import Gathered, gather
from fleet.loans.words import (
    BARRIER_WORDS,
    DECLINE_WORDS,
    HANDED_WORDS,
    SAFE_WORDS,
    STOP_WORDS,
    days,
    due_line,
    place_words,
    state_tag,
)
from fleet.machine import Offer
from fleet.people import service as people
from fleet.people.sight import SeenPerson, row_for, seen
from fleet.people.words import language_words
from fleet.settings import Settings
from fleet.tablets.words import name_of
from fleet.tags import service as tags
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission, Sight
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = APIRouter(prefix="/loans")

_DECLINE_CHOICES = tuple((each.value, DECLINE_WORDS[each]) for each in DeclineReason)


@dataclass(frozen=True)
class Button:
    """One thing that may be pressed next. With `goes` it opens a form of its own."""

    words: str
    url: str
    goes: bool = False
    key: str = ""
    reason: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    confirm: str = ""
    danger: bool = False


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
    refused: Sequence[Offer[Transition]]
    traced: tuple[Asked, ...]
    due_entries: tuple[DueEntry, ...]
    entries: tuple[Entry, ...]
    may_decide: bool
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
    view = seen(person, queries.needs_of(session, person.id), actor)
    gathered = gather(session, loan, now=now)
    today = local_date(now)
    may_decide = actor.may(Permission.LOANS_DECIDE)
    offers = service.what_may_happen(session, loan, actor=actor, happening=Happening(now=now)) if may_decide else ()
    buttons = tuple((offer, _button(loan, offer)) for offer in offers if offer.allowed)
    return LoanPage(
        title=f"Loan {loan.id}",
        loan=loan,
        state=state_tag(loan, today=today, grace_days=gathered.programme.grace_days),
        person=view,
        person_url=f"/people/{person.id}",
        due=f"Due {due_line(loan, today)}" if loan.due_on else "",
        facts=_facts(session, gathered, today, may_decide),
        warnings=(*gathered.warnings, *_unanswered(session, loan)),
        needs_asked=person.needs_asked,
        asks_safe=may_decide and loan.safe_at_home is None and loan.state in (LoanState.REQUESTED, LoanState.WAITING),
        buttons=tuple(button for offer, button in buttons if not _is_rare(offer)),
        rare=tuple(button for offer, button in buttons if _is_rare(offer)),
        refused=[offer for offer in offers if not offer.allowed and not _is_rare(offer)],
        traced=_traced(session, gathered, actor, settings),
        due_entries=tuple(_due_entry(version) for version in queries.due_versions(session, loan.id)),
        entries=tuple(
            Entry(event.at, event.words, f"{event.actor_name}, {event.role.replace('_', ' ')}", event.reason)
            for event in queries.events(session, loan.id)
        ),
        may_decide=may_decide,
        stop_reasons=_stop_reasons(loan) if may_decide else (),
    )


def _traced(session: Session, gathered: Gathered, actor: Actor, settings: Settings) -> tuple[Asked, ...]:
    """Each setting with the need it came from, for those who may know a person's settings at all."""
    if gathered.tablet is None or row_for(actor).needs not in (Sight.FULL, Sight.SETTINGS):
        return ()
    return trace(session, gathered.tablet.id, settings)


_RARE = frozenset(
    {
        LoanMove.CANCEL,
        LoanMove.CALL_OFF_SWAP,
        LoanMove.LOSE_SWAP,
        LoanMove.UNDO_ALLOCATION,
        LoanMove.GIFT,
        LoanMove.LOSE,
        LoanMove.LOSE_ON_THE_WAY_OUT,
        LoanMove.LOSE_ON_THE_WAY_BACK,
    }
)

_LABELS: dict[LoanMove, tuple[str, str]] = {
    LoanMove.APPROVE: ("Approve", "a"),
    LoanMove.WAIT: ("Put on the waiting list", "w"),
    LoanMove.DECLINE: ("Decline", ""),
    LoanMove.CANCEL: ("Cancel the request", ""),
    LoanMove.ALLOCATE: ("Choose a tablet", "a"),
    LoanMove.UNDO_ALLOCATION: ("Choose another tablet", ""),
    LoanMove.DISPATCH: ("Record it as packed", "p"),
    LoanMove.HUB_HAND_OVER: ("Hand it over at the hub", "h"),
    LoanMove.EXTEND: ("Give them longer", "e"),
    LoanMove.ARRANGE_SWAP: ("Swap it for another", "s"),
    LoanMove.CALL_OFF_SWAP: ("Call the swap off", ""),
    LoanMove.SWAP: ("Swap them at the hub", "s"),
    LoanMove.LOSE_SWAP: ("Record the other tablet as lost on the way", ""),
    LoanMove.ARRANGE_RETURN: ("Arrange the return", "r"),
    LoanMove.CANCEL_RETURN: ("Call the return off", ""),
    LoanMove.GIFT: ("Give it for good", ""),
    LoanMove.LOSE: ("Record it as lost", ""),
    LoanMove.LOSE_ON_THE_WAY_OUT: ("Record the tablet as lost on the way", ""),
    LoanMove.LOSE_ON_THE_WAY_BACK: ("Record the tablet as lost on the way back", ""),
}
_FORMS = {
    LoanMove.ALLOCATE: "allocate",
    LoanMove.EXTEND: "extend",
    LoanMove.HUB_HAND_OVER: "hand-over",
    LoanMove.ARRANGE_SWAP: "swap",
    LoanMove.SWAP: "swap/at-hub",
}
_CONFIRM = {
    LoanMove.GIFT: "The tablet becomes the person's own and leaves the fleet. This cannot be taken back.",
    LoanMove.LOSE: "The loan ends, and you are asked to have the SIM barred. Has everything been tried?",
    LoanMove.LOSE_SWAP: "The other tablet is lost. The person's loan stays as it is.",
    LoanMove.LOSE_ON_THE_WAY_OUT: "The tablet is lost, and its SIM to be barred. The request stays approved.",
    LoanMove.LOSE_ON_THE_WAY_BACK: "The tablet is lost, and its SIM to be barred. The person did their part.",
}


def _is_rare(offer: Offer[Transition]) -> bool:
    return offer.transition.move in _RARE


def _button(loan: Loan, offer: Offer[Transition]) -> Button:
    move = offer.transition.move
    words, key = _LABELS[move]
    if move in _FORMS:
        return Button(words, f"/loans/{loan.id}/{_FORMS[move]}", goes=True, key=key)
    if move is LoanMove.DECLINE:
        return Button(words, f"/loans/{loan.id}/decline", reason="Why?", reasons=_DECLINE_CHOICES)
    return Button(
        words,
        f"/loans/{loan.id}/moves/{move.value}",
        key=key,
        reason="Why?" if offer.transition.needs_reason else "",
        confirm=_CONFIRM.get(move, ""),
        danger=move in _CONFIRM,
    )


def _stop_reasons(loan: Loan) -> tuple[tuple[str, str], ...]:
    if loan.closed_at is not None or loan.stopped_at is not None:
        return ()
    return tuple((each.value, STOP_WORDS[each]) for each in StopReason)


def _due_entry(version: DueVersion) -> DueEntry:
    if version.number == 1:
        return DueEntry(version.due_on, "The first date")
    late = f", {days(version.days_late_before)} late by then" if version.days_late_before else ""
    return DueEntry(version.due_on, f"Extended{late}: {version.reason}")


def _facts(
    session: Session, gathered: Gathered, today: date, may_decide: bool
) -> tuple[tuple[str, object, str, str], ...]:
    loan = gathered.loan
    rows: list[tuple[str, object, str, str]] = [("Programme", gathered.programme.name, "", "")]
    if gathered.cohort is not None:
        rows.append(("Cohort", f"{gathered.cohort.name}, ends {said(gathered.cohort.ends_on)}", "", ""))
    if loan.state in (LoanState.WAITING, LoanState.APPROVED):
        place = service.place_in_queue(session, loan.id, today=today)
        words = f"{place_words(place.number)} of {place.of} who wait"
        rows.append(("Place", words, f"/requests/{loan.id}/place", "Why"))
    rows.append(_gatherings(session, loan, may_decide))
    rows.append(_papers(session, loan, may_decide))
    if loan.due_on is not None:
        rows.append(("Due", due_line(loan, today), "", ""))
    elif loan.wanted_due_on is not None:
        rows.append(("Wanted back on", said(loan.wanted_due_on), "", ""))
    if gathered.tablet is not None:
        code = tags.codes_of(session, [gathered.tablet.id]).get(gathered.tablet.id, f"Tablet {gathered.tablet.id}")
        words = f"{code}, {name_of(gathered.tablet)}"
        rows.append(("Tablet", words, f"/tablets/{gathered.tablet.id}", "Open"))
    if gathered.loan.swap_tablet_id is not None:
        other_id = gathered.loan.swap_tablet_id
        other = tags.codes_of(session, [other_id]).get(other_id, f"Tablet {other_id}")
        rows.append(("To be swapped for", other, f"/tablets/{other_id}", "Open"))
    if gathered.sim is not None:
        rows.append(
            ("SIM", f"{grouped(gathered.sim.iccid)}, {gathered.sim.network}", f"/sims/{gathered.sim.id}", "Open")
        )
        ends = gathered.bundle.ends_on if gathered.bundle else None
        until = f", until {said(ends)}" if ends else ""
        rows.append(("Data", bundle_words(gathered.bundle) + until, "", ""))
    rows.append(("Safe at home", SAFE_WORDS[loan.safe_at_home] if loan.safe_at_home else "Not asked yet", "", ""))
    if loan.barriers:
        rows.append(("Why offline", "; ".join(BARRIER_WORDS[Barrier(each)] for each in loan.barriers), "", ""))
    return (*rows, *_doorstep_facts(loan), *_return_facts(loan))


def _gatherings(session: Session, loan: Loan, may_decide: bool) -> tuple[str, object, str, str]:
    chosen, own = service.chosen_gatherings(session, loan)
    titles = ", ".join(each.title for each in gatherings.in_order(session, chosen)) or "None"
    words = titles if own or not chosen else f"{titles} (the programme's own)"
    may_choose = may_decide and loan.closed_at is None
    return ("Gatherings", words, f"/loans/{loan.id}/gatherings" if may_choose else "", "Choose" if may_choose else "")


def _papers(session: Session, loan: Loan, may_decide: bool) -> tuple[str, object, str, str]:
    kept = queries.agreement(session, loan.id)
    words = "Made when a tablet is chosen"
    if kept is not None:
        words = f"Agreement: {service.named(kept)}{', accepted' if kept.frozen_at else ''}"
    return (
        "Guide and agreement",
        words,
        f"/loans/{loan.id}/papers" if may_decide else "",
        "Open" if may_decide else "",
    )


def _unanswered(session: Session, loan: Loan) -> tuple[str, ...]:
    """While a loan runs or is being prepared: that its papers have no text in the person's language."""
    if loan.closed_at is not None:
        return ()
    language = service.paper_state(session, loan).language
    if language.language is not None:
        return ()
    return (
        f"There are no papers in {language_words(language.missing)} yet. Open its papers and say what is to be done.",
    )


def _doorstep_facts(loan: Loan) -> list[tuple[str, object, str, str]]:
    rows: list[tuple[str, object, str, str]] = []
    if loan.doorstep_phrase and loan.closed_at is None:
        rows.append(("Word at the door", f"“{loan.doorstep_phrase}”", "", ""))
    if loan.attempts:
        rows.append(("Not delivered", f"{loan.attempts} time{'' if loan.attempts == 1 else 's'}", "", ""))
    if loan.handed_to is not None and loan.started_on is not None:
        rows.append(("Handed to", f"{HANDED_WORDS[loan.handed_to]}, {said(loan.started_on)}", "", ""))
    return rows


def _return_facts(loan: Loan) -> list[tuple[str, object, str, str]]:
    if loan.returned_on is None:
        return []
    rows: list[tuple[str, object, str, str]] = [("Given back", said(loan.returned_on), "", "")]
    if loan.condition:
        rows.append(("Came back", loan.condition.replace("_", " "), "", ""))
    if loan.kit_missing:
        rows.append(("Missing", loan.kit_missing, "", ""))
    return rows
