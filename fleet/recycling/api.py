"""Consignments for recycling, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Response
from sqlalchemy.orm import Session

from fleet.http.acts import Act, ReasonedAct
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.papers import PDF, pdf_response
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.recycling import queries, service
from fleet.recycling.models import Consignment
from fleet.recycling.schemas import (
    ConsignmentIn,
    ConsignmentList,
    ConsignmentOut,
    HandOverIn,
    PackedOut,
    PutIn,
    ReceiptIn,
)
from fleet.recycling.words import number_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/consignments", tags=["recycling"])

Recycles = Annotated[Actor, Depends(may(Permission.RECYCLING_RECORD))]
SEES = Depends(may(Permission.RECYCLING_SEE))


@router.get("", dependencies=[SEES], responses=responses())
def list_consignments(session: ReadSession, query: Listed) -> ConsignmentList:
    """Consignments, a page at a time, the latest first. Filters: `state`, `q` (carrier, note or receipt)."""
    found = queries.find_consignments(session, query)
    held = queries.sums(session, [each.id for each in found.items])
    items = [ConsignmentOut.of(each, held.get(each.id, queries.Sum())) for each in found.items]
    return ConsignmentList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("", status_code=201, responses=responses(409))
def begin(asked: ConsignmentIn, session: WriteSession, actor: Recycles, clock: ClockDep) -> ConsignmentOut:
    """Begin a consignment."""
    return _shown(session, service.make(session, asked.asked(), actor=actor, happening=asked.happening(clock())))


@router.get("/{consignment_id}", dependencies=[SEES], responses=responses(404))
def see(consignment_id: RowId, session: ReadSession) -> ConsignmentOut:
    """One consignment."""
    return _shown(session, service.get_consignment(session, consignment_id))


@router.put("/{consignment_id}", responses=responses(404, 409))
def change(
    consignment_id: RowId, asked: ConsignmentIn, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """Change what its note says, while it is open."""
    happening = asked.happening(clock())
    return _shown(session, service.change(session, consignment_id, asked.asked(), actor=actor, happening=happening))


@router.get("/{consignment_id}/tablets", dependencies=[SEES], responses=responses(404))
def contents(consignment_id: RowId, session: ReadSession) -> list[PackedOut]:
    """What is in it."""
    service.get_consignment(session, consignment_id)
    return [PackedOut.of(each) for each in queries.packed(session, consignment_id)]


@router.post("/{consignment_id}/tablets", status_code=201, responses=responses(404, 409))
def put_in(
    consignment_id: RowId, asked: PutIn, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """Put a tablet in. A refusal lists every reason."""
    service.put_in(
        session,
        consignment_id,
        asked.tablet_id,
        weight_grams=asked.weight_grams,
        battery_in=asked.battery_in,
        actor=actor,
        happening=asked.happening(clock()),
    )
    return _shown(session, service.get_consignment(session, consignment_id))


@router.post("/{consignment_id}/tablets/{tablet_id}/take-out", responses=responses(404, 409))
def take_out(
    consignment_id: RowId, tablet_id: RowId, asked: Act, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """Take a tablet out again."""
    service.take_out(session, consignment_id, tablet_id, actor=actor, happening=asked.happening(clock()))
    return _shown(session, service.get_consignment(session, consignment_id))


@router.post("/{consignment_id}/pack", responses=responses(404, 409))
def pack(
    consignment_id: RowId, asked: ReasonedAct, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """Close it for the carrier. A refusal lists what is still to be written down."""
    return _shown(session, service.pack(session, consignment_id, actor=actor, happening=asked.happening(clock())))


@router.post("/{consignment_id}/unpack", responses=responses(404, 409))
def unpack(
    consignment_id: RowId, asked: ReasonedAct, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """Open it again, saying why."""
    return _shown(session, service.unpack(session, consignment_id, actor=actor, happening=asked.happening(clock())))


@router.post("/{consignment_id}/hand-over", responses=responses(404, 409))
def hand_over(
    consignment_id: RowId,
    asked: HandOverIn,
    session: WriteSession,
    actor: Recycles,
    settings: SettingsDep,
    clock: ClockDep,
) -> ConsignmentOut:
    """The carrier has it: its tablets are recycled, which cannot be taken back."""
    happening = asked.happening(clock())
    found = service.hand_over(
        session, consignment_id, asked.asked(), actor=actor, settings=settings, happening=happening
    )
    return _shown(session, found)


@router.post("/{consignment_id}/receipt", responses=responses(404, 409))
def receive(
    consignment_id: RowId, asked: ReceiptIn, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """The paper that says it arrived is here."""
    happening = asked.happening(clock())
    return _shown(session, service.receive(session, consignment_id, asked.asked(), actor=actor, happening=happening))


@router.post("/{consignment_id}/call-off", responses=responses(404, 409))
def call_off(
    consignment_id: RowId, asked: ReasonedAct, session: WriteSession, actor: Recycles, clock: ClockDep
) -> ConsignmentOut:
    """End an open one, saying why; what is in it waits for another."""
    return _shown(session, service.call_off(session, consignment_id, actor=actor, happening=asked.happening(clock())))


@router.get("/{consignment_id}/note", dependencies=[SEES], response_class=Response, responses=responses(404) | PDF)
def note(consignment_id: RowId, session: ReadSession) -> Response:
    """The note that goes with it, as PDF."""
    return pdf_response(service.note_pdf(session, consignment_id), f"note-{number_of(consignment_id)}")


def _shown(session: Session, found: Consignment) -> ConsignmentOut:
    return ConsignmentOut.of(found, service.weighed(session, found.id))
