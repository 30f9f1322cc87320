"""The facts on a loan's page: what it has, when it is due, and how it went at the door and back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from fleet.bundles.words import KIND_WORDS as CARRIERS
from fleet.bundles.words import bundle_words, printed
from fleet.gatherings import service as gatherings
from fleet.loans import queries, service
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_A_TABLET, AskedBy, Barrier, LoanKind, LoanState, said
from fleet.loans.seeing import Gathered, referrer_of
from fleet.loans.words import BARRIER_WORDS, GOES_ON_WORDS, HANDED_WORDS, KIND_WORDS, SAFE_WORDS, due_line, place_words
from fleet.partners import service as partners
from fleet.partners.words import with_contacts
from fleet.people import service as people
from fleet.tablets.words import name_of
from fleet.tags import service as tags


def facts_shown(
    session: Session, gathered: Gathered, today: date, may_decide: bool
) -> tuple[tuple[str, object, str, str], ...]:
    loan = gathered.loan
    rows: list[tuple[str, object, str, str]] = [("Programme", gathered.programme.name, "", "")]
    rows += _cohort(gathered, may_decide)
    if loan.state in (LoanState.WAITING, LoanState.APPROVED) and loan.kind is LoanKind.TABLET:
        place = service.place_in_queue(session, loan.id, today=today)
        words = f"{place_words(place.number)} of {place.of} who wait"
        rows.append(("Place", words, f"/requests/{loan.id}/place", "Why"))
    rows += _kind(session, loan)
    rows.append(_referrer(session, loan))
    if loan.kind in WITH_A_TABLET:
        rows.append(_gatherings(session, loan, may_decide))
        rows.append(_papers(session, loan, may_decide))
    if due := due_line(loan, today):
        rows.append(("Due", due, "", ""))
    elif loan.due_on is None and loan.wanted_due_on is not None:
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
        sim = gathered.sim
        rows.append((CARRIERS[sim.kind], f"{printed(sim)}, {sim.network}", f"/sims/{sim.id}", "Open"))
        ends = gathered.bundle.ends_on if gathered.bundle else None
        until = f", until {said(ends)}" if ends else ""
        rows.append(("Data", bundle_words(gathered.bundle) + until, "", ""))
    rows.append(("Safe at home", SAFE_WORDS[loan.safe_at_home] if loan.safe_at_home else "Not asked yet", "", ""))
    if loan.barriers:
        rows.append(("Why offline", "; ".join(BARRIER_WORDS[Barrier(each)] for each in loan.barriers), "", ""))
    return (
        *rows,
        *_doorstep_facts(loan),
        *_return_facts(loan),
        *_end_facts(loan, gathered.programme.outcomes, may_decide),
    )


def _referrer(session: Session, loan: Loan) -> tuple[str, object, str, str]:
    """Who is rung where something is wrong and the borrower cannot be asked."""
    referrer_id = referrer_of(loan, people.get_person(session, loan.person_id))
    found = partners.referrers(session, [referrer_id]).get(referrer_id or 0)
    nobody = "Nobody: they asked for it themselves" if loan.asked_by is AskedBy.SELF else "Nobody"
    return ("Referred by", with_contacts(found) if found is not None else nobody, "", "")


def _cohort(gathered: Gathered, may_decide: bool) -> list[tuple[str, object, str, str]]:
    loan, cohort = gathered.loan, gathered.cohort
    words = f"{cohort.name}, ends {said(cohort.ends_on)}" if cohort else "None: a loan of their own"
    if may_decide and loan.state in service.BEFORE_IT_BEGINS and loan.kind is not LoanKind.VENUE:
        return [("Cohort", words, f"/loans/{loan.id}/cohort", "Change")]
    if cohort is None:
        return []
    return [("Cohort", words, f"/cohorts/{cohort.id}" if may_decide else "", "Open" if may_decide else "")]


def _kind(session: Session, loan: Loan) -> list[tuple[str, object, str, str]]:
    if loan.venue_loan_id is not None:
        venue = service.get_venue_loan(session, loan.venue_loan_id)
        place = partners.get_organisation(session, venue.place_id)
        return [("One of the tablets at", place.name, f"/venue-loans/{venue.id}", "All of them")]
    return [("What is lent", KIND_WORDS[loan.kind], "", "")] if loan.kind not in WITH_A_TABLET else []


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
    rows: list[tuple[str, object, str, str]] = [
        ("Over since" if loan.kind is LoanKind.DATA else "Given back", said(loan.returned_on), "", "")
    ]
    if loan.condition:
        rows.append(("Came back", loan.condition.replace("_", " "), "", ""))
    if loan.kit_missing:
        rows.append(("Missing", loan.kit_missing, "", ""))
    return rows


def _end_facts(loan: Loan, counted: Collection[str], may_decide: bool) -> list[tuple[str, object, str, str]]:
    rows: list[tuple[str, object, str, str]] = []
    if loan.gift_authority:
        letter = f"/loans/{loan.id}/gift-letter.pdf" if may_decide else ""
        rows.append(("Given for good, allowed by", loan.gift_authority, letter, "The letter" if letter else ""))
    if loan.lost_reference:
        rows.append(("Police or incident number", loan.lost_reference, "", ""))
    if loan.goes_on_to is not None:
        counts = loan.goes_on_to in counted
        words = GOES_ON_WORDS[loan.goes_on_to]
        rows.append(("Goes on to", f"{words}, which this programme counts" if counts else words, "", ""))
    return rows
