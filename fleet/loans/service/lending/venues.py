"""Several tablets lent together to a custodian at a partner's place: one day on which all are due, and each
of them given back by itself. The custodian is the one person who is written to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import queries
from fleet.loans.models import VenueLoan
from fleet.loans.rules import HandedTo, LoanKind, LoanState, SafeAtHome, said
from fleet.loans.service.lending.allocating import allocate
from fleet.loans.service.lending.custodians import write_custodian
from fleet.loans.service.lending.due_dates import extend, open_day
from fleet.loans.service.lending.handing_over import hand_over
from fleet.loans.service.requests.asking import request_loan
from fleet.loans.service.requests.deciding import approve
from fleet.loans.service.writer.locks import WrongTablet, label_of
from fleet.loans.service.writer.several import known_venue, locked_venue
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.users.actor import Actor

PLACES = (OrganisationKind.VENUE, OrganisationKind.REFERRER)
"""Partners at whose place somebody may look after several tablets."""
MOST_TABLETS = 40


def get_venue_loan(session: Session, venue_loan_id: int) -> VenueLoan:
    """Raises `NotFound`."""
    return known_venue(queries.venue_loan(session, venue_loan_id), venue_loan_id)


def lend_to_venue(
    session: Session,
    *,
    place_id: int,
    person_id: int,
    programme_id: int,
    tablet_ids: Sequence[int],
    due_on: date,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> VenueLoan:
    """Keep these tablets for a custodian: all of them or none. Each is a loan of its own, and all are due on one day,
    rolled to a working day of the hub. Raises `BadInput`, `MoveRefused`."""
    programme = cohorts.get_programme(session, programme_id)
    chosen = sorted(set(tablet_ids))
    _check(session, place_id, chosen, due_on, programme.hub_id, happening)
    for tablet_id in chosen:
        tablets.lock_tablet(session, tablet_id)
    venue = VenueLoan(
        hub_id=programme.hub_id,
        place_id=place_id,
        person_id=person_id,
        programme_id=programme_id,
        due_on=open_day(session, programme.hub_id, due_on),
        made_at=happening.now,
    )
    session.add(venue)
    session.flush()
    today = local_date(happening.now, ZoneInfo(partners.get_organisation(session, venue.hub_id).time_zone))
    write_custodian(session, venue, person_id, today, None, agreed=False, actor=actor, happening=happening)
    told = replace(happening, client_id=None)
    for tablet_id in chosen:
        loan = request_loan(
            session,
            person_id=person_id,
            programme_id=programme_id,
            safe_at_home=SafeAtHome.YES,
            referrer_id=place_id,
            kind=LoanKind.VENUE,
            venue_loan_id=venue.id,
            actor=actor,
            settings=settings,
            happening=told,
        )
        approve(session, loan.id, actor=actor, settings=settings, happening=told)
        allocate(
            session,
            loan.id,
            tablet_id=tablet_id,
            due_on=venue.due_on,
            actor=actor,
            settings=settings,
            happening=told,
        )
    return venue


def _check(
    session: Session, place_id: int, tablet_ids: Sequence[int], due_on: date, hub_id: int, happening: Happening
) -> None:
    place = partners.get_organisation(session, place_id)
    today = local_date(happening.now, ZoneInfo(partners.get_organisation(session, hub_id).time_zone))
    problems = {
        "place_id": "" if place.kind in PLACES and place.active else "Choose a venue or a partner of ours.",
        "tablet_ids": "" if 0 < len(tablet_ids) <= MOST_TABLETS else f"Choose from 1 to {MOST_TABLETS} tablets.",
        "due_on": "" if due_on > today else f"{said(due_on)} is not a later day; choose one.",
    }
    fields = {field: sentence for field, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("Nothing was lent.", fields=fields)


def hand_over_venue(
    session: Session,
    venue_loan_id: int,
    *,
    in_hand: Collection[int] | None = None,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> VenueLoan:
    """The custodian takes with them, at the hub, the tablets that are kept for them and has accepted the agreement:
    those whose labels were scanned, or every one where `in_hand` does not say which.

    Raises `Conflict` when none waits, `WrongTablet` for one that is not kept for them.
    """
    venue, waiting = locked_venue(session, venue_loan_id, lambda loan: loan.state is LoanState.ALLOCATED)
    if not waiting:
        raise Conflict("Nothing was changed. None of its tablets waits at the hub.", next_step="Reload the page.")
    kept = {link.tablet_id: loan for loan in waiting if (link := queries.open_tablet(session, loan.id)) is not None}
    for tablet_id in kept if in_hand is None else in_hand:
        if tablet_id not in kept:
            raise WrongTablet(
                f"Nothing was changed. {label_of(session, tablet_id)} is not kept for this place.",
                next_step="Put it back, and take one of those that are listed.",
                details={"tablet_id": tablet_id},
            )
        hand_over(
            session,
            kept[tablet_id].id,
            tablet_id=tablet_id,
            handed_to=HandedTo.VENUE_LEAD,
            agreement_accepted=True,
            actor=actor,
            settings=settings,
            happening=replace(happening, client_id=None),
        )
    return venue


def extend_venue(
    session: Session,
    venue_loan_id: int,
    *,
    due_on: date,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    override_cap: bool = False,
) -> VenueLoan:
    """Give the custodian longer: one later day for every tablet that they still have, with `happening.reason`.

    All of them or none. Raises `MoveRefused`, `Conflict` when none is with them.
    """
    venue, running = locked_venue(session, venue_loan_id, lambda loan: loan.state is LoanState.ACTIVE)
    if not running:
        raise Conflict("Nothing was changed. They have none of its tablets.", next_step="Reload the page.")
    for loan in running:
        extend(
            session,
            loan.id,
            due_on=due_on,
            override_cap=override_cap,
            with_its_venue=True,
            actor=actor,
            settings=settings,
            happening=replace(happening, client_id=None),
        )
    venue.due_on = running[0].due_on or venue.due_on
    for loan in queries.loans_at_venue(session, venue_loan_id):
        if loan.state in (LoanState.ALLOCATED, LoanState.OUT_FOR_DELIVERY):
            loan.wanted_due_on = venue.due_on
    session.flush()
    return venue
