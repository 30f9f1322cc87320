"""Venue loans over HTTP: several tablets, one custodian, one day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.http.acts import ReasonedAct
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.loans import queries, service
from fleet.loans.api.access import Decider, sees
from fleet.loans.models import VenueLoan
from fleet.loans.schemas import CustodianIn, CustodianOut, VenueExtendIn, VenueLoanIn, VenueLoanList, VenueLoanOut

router = ApiRouter(prefix="/venue-loans", tags=["venue-loans"])


def _shown(session: Session, venue: VenueLoan) -> VenueLoanOut:
    each = queries.loans_at_venue(session, venue.id)
    more = {
        "tablets": len(each),
        "still_open": sum(loan.closed_at is None for loan in each),
        "loan_ids": [loan.id for loan in each],
        "custodians": [CustodianOut.model_validate(one) for one in service.custodians_of(session, venue.id)],
    }
    return VenueLoanOut.model_validate(venue).model_copy(update=more)


@router.get("", dependencies=sees, responses=responses())
def list_venue_loans(session: ReadSession, query: Listed) -> VenueLoanList:
    """Venue loans, a page at a time. Filters: `open=yes`, `q` (the place's name)."""
    found = queries.find_venue_loans(session, query)
    counts = queries.counts_at_venues(session, [venue.id for venue in found.items])
    items = []
    for venue in found.items:
        count = counts.get(venue.id, queries.AtVenue())
        more = {"tablets": count.lent, "still_open": count.left}
        items.append(VenueLoanOut.model_validate(venue).model_copy(update=more))
    return VenueLoanList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(404, 409))
def lend_to_venue(
    asked: VenueLoanIn, session: WriteSession, actor: Decider, settings: SettingsDep, clock: ClockDep
) -> VenueLoanOut:
    """Keep tablets for a custodian: all of them or none."""
    venue = service.lend_to_venue(
        session,
        place_id=asked.place_id,
        person_id=asked.person_id,
        programme_id=asked.programme_id,
        tablet_ids=asked.tablet_ids,
        due_on=asked.due_on,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _shown(session, venue)


@router.get("/{venue_loan_id}", dependencies=sees, responses=responses(404))
def see_venue_loan(venue_loan_id: RowId, session: ReadSession) -> VenueLoanOut:
    """One venue loan, with the loan of each of its tablets."""
    return _shown(session, service.get_venue_loan(session, venue_loan_id))


@router.post("/{venue_loan_id}/hand-over", responses=responses(404, 409))
def hand_over_venue(
    venue_loan_id: RowId,
    asked: ReasonedAct,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> VenueLoanOut:
    """The custodian takes with them every tablet that waits at the hub for them, and has accepted the agreement."""
    happening = asked.happening(clock())
    venue = service.hand_over_venue(session, venue_loan_id, actor=actor, settings=settings, happening=happening)
    return _shown(session, venue)


@router.post("/{venue_loan_id}/extend", responses=responses(404, 409))
def extend_venue(
    venue_loan_id: RowId,
    asked: VenueExtendIn,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> VenueLoanOut:
    """Give the custodian longer: one later day for every tablet that they still have."""
    venue = service.extend_venue(
        session,
        venue_loan_id,
        due_on=asked.due_on,
        override_cap=asked.override_cap,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _shown(session, venue)


@router.post("/{venue_loan_id}/custodian", responses=responses(404, 409))
def change_custodian(
    venue_loan_id: RowId,
    asked: CustodianIn,
    session: WriteSession,
    actor: Decider,
    settings: SettingsDep,
    clock: ClockDep,
) -> VenueLoanOut:
    """Somebody else looks after the tablets that are still to come back, and is the one who is written to."""
    venue = service.change_custodian(
        session,
        venue_loan_id,
        person_id=asked.person_id,
        from_on=asked.from_on,
        why=asked.why,
        agreed=asked.agreement_accepted,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _shown(session, venue)
