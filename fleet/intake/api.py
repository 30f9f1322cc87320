"""Donations, purchases and the intake table for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.intake import queries, service, sources
from fleet.intake.rules import QuickLook
from fleet.intake.schemas import (
    BatchIn,
    BatchList,
    BatchOut,
    BookInIn,
    DeclarationIn,
    ExpectIn,
    FateOut,
    HazardIn,
    HazardOut,
    IntakeOut,
    LookIn,
    LotIn,
    LotList,
    LotOut,
    ReasonIn,
    StolenCheckIn,
    TriageIn,
)
from fleet.intake.service import Kind, Source
from fleet.intake.words import SAFETY_WORDS
from fleet.partners.service import help_line, hub_of
from fleet.tablets.api import TabletId
from fleet.tablets.rules import HoldKind
from fleet.tablets.service import facts_of, get_tablet
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["intake"])

SeesDonations = Annotated[Actor, Depends(may(Permission.DONATIONS_SEE))]
RecordsDonations = Annotated[Actor, Depends(may(Permission.DONATIONS_RECORD))]
AtTheTable = Annotated[Actor, Depends(may(Permission.INTAKE_RECORD))]


@router.get("/donations", responses=responses())
def list_donations(session: ReadSession, actor: SeesDonations, query: Listed) -> BatchList:
    """Donations, a page at a time; a giver sees only their own. Filter: `q` (part of the giver's name)."""
    found = queries.find_batches(session, query, donor_id=sources.donor_bound(actor))
    counts = queries.counts_of_batches(session, [batch.id for batch in found.items])
    items = [BatchOut.of(batch, counts.get(batch.id, 0)) for batch in found.items]
    return BatchList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/donations", status_code=201, responses=responses())
def add_donation(asked: BatchIn, session: WriteSession, actor: RecordsDonations, clock: ClockDep) -> BatchOut:
    """Write down a donation. Its declaration may follow later."""
    new = sources.NewBatch(
        donor_id=asked.donor_id,
        received_on=asked.received_on,
        expected_count=asked.expected_count,
        declared=asked.agreed(),
        declared_by=asked.declared_by,
        declared_on=asked.declared_on,
        wiping_requirement=asked.wiping_requirement,
        note=asked.note,
    )
    return BatchOut.of(sources.add_batch(session, new, today=local_date(clock()), actor=actor, now=clock()), 0)


@router.get("/donations/{batch_id}", responses=responses(404))
def see_donation(batch_id: RowId, session: ReadSession, actor: SeesDonations) -> BatchOut:
    """One donation."""
    batch = sources.see_batch(session, batch_id, actor=actor)
    return BatchOut.of(batch, len(queries.tablets_of(session, batch_id=batch.id)))


@router.put("/donations/{batch_id}/declaration", responses=responses(404))
def declare(
    batch_id: RowId, asked: DeclarationIn, session: WriteSession, _actor: RecordsDonations, clock: ClockDep
) -> BatchOut:
    """Write down what the giver declared."""
    batch = sources.declare(
        session,
        batch_id,
        declared=asked.agreed(),
        by=asked.declared_by,
        on=asked.declared_on,
        today=local_date(clock()),
    )
    return BatchOut.of(batch, len(queries.tablets_of(session, batch_id=batch.id)))


@router.get("/donations/{batch_id}/tablets", responses=responses(404))
def donation_tablets(batch_id: RowId, session: ReadSession, actor: SeesDonations) -> list[FateOut]:
    """What became of each tablet of a donation."""
    batch = sources.see_batch(session, batch_id, actor=actor)
    return [FateOut.model_validate(tablet) for tablet in queries.tablets_of(session, batch_id=batch.id)]


@router.get("/purchases", dependencies=[Depends(may(Permission.PURCHASES_SEE))], responses=responses())
def list_purchases(session: ReadSession, query: Listed) -> LotList:
    """Purchases, a page at a time. Filter: `q` (part of the supplier or the invoice reference)."""
    found = queries.find_lots(session, query)
    counts = queries.counts_of_lots(session, [lot.id for lot in found.items])
    items = [LotOut.of(lot, counts.get(lot.id, 0)) for lot in found.items]
    return LotList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/purchases", status_code=201, responses=responses())
def add_purchase(asked: LotIn, session: WriteSession, actor: RecordsDonations, clock: ClockDep) -> LotOut:
    """Write down a purchase."""
    new = sources.NewLot(**asked.model_dump())
    return LotOut.of(sources.add_lot(session, new, today=local_date(clock()), actor=actor, now=clock()), 0)


@router.get("/purchases/{lot_id}", dependencies=[Depends(may(Permission.PURCHASES_SEE))], responses=responses(404))
def see_purchase(lot_id: RowId, session: ReadSession) -> LotOut:
    """One purchase."""
    return LotOut.of(sources.get_lot(session, lot_id), len(queries.tablets_of(session, lot_id=lot_id)))


@router.post("/intake/tablets", status_code=201, responses=responses(404, 409))
def book_in(
    asked: BookInIn, session: WriteSession, actor: AtTheTable, settings: SettingsDep, clock: ClockDep
) -> IntakeOut:
    """Receive a tablet. A serial that already lives in the fleet is refused (409), with where it is and what to do."""
    tablet = service.book_in(
        session,
        asked.scan,
        source=Source(asked.batch_id, asked.lot_id),
        kind=Kind(asked.manufacturer, asked.model, asked.serial_note),
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _shown(session, tablet.id, settings, clock)


@router.post("/intake/expected", status_code=201, responses=responses(404, 409))
def expect(
    asked: ExpectIn, session: WriteSession, actor: RecordsDonations, settings: SettingsDep, clock: ClockDep
) -> list[IntakeOut]:
    """Write down tablets that will arrive."""
    made = service.expect(
        session,
        asked.serials,
        source=Source(asked.batch_id, asked.lot_id),
        actor=actor,
        happening=Happening(clock(), "api"),
    )
    return [_shown(session, tablet.id, settings, clock) for tablet in made]


@router.get(
    "/intake/tablets/{tablet_id}", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses(404)
)
def see_intake(tablet_id: TabletId, session: ReadSession, settings: SettingsDep, clock: ClockDep) -> IntakeOut:
    """What intake found out about a tablet."""
    return _shown(session, tablet_id, settings, clock)


@router.put("/intake/tablets/{tablet_id}/look", responses=responses(404, 409))
def record_look(
    tablet_id: TabletId,
    asked: LookIn,
    session: WriteSession,
    actor: AtTheTable,
    settings: SettingsDep,
    clock: ClockDep,
) -> IntakeOut:
    """Write down the quick look."""
    look = QuickLook(asked.accounts_left, asked.locked, asked.battery, asked.condition)
    happening = asked.happening(clock())
    service.record_look(session, tablet_id, look, actor=actor, happening=happening)
    return _shown(session, tablet_id, settings, clock)


@router.put("/intake/tablets/{tablet_id}/stolen-check", responses=responses(404))
def record_stolen_check(
    tablet_id: TabletId,
    asked: StolenCheckIn,
    session: WriteSession,
    actor: AtTheTable,
    settings: SettingsDep,
    clock: ClockDep,
) -> IntakeOut:
    """Write down what a register of stolen goods answered. A hit holds the tablet."""
    service.record_stolen_check(
        session,
        tablet_id,
        provider=asked.provider,
        result=asked.result,
        ref=asked.ref,
        actor=actor,
        happening=asked.happening(clock()),
    )
    return _shown(session, tablet_id, settings, clock)


@router.post("/intake/tablets/{tablet_id}/stolen-check/waiver", responses=responses(404, 409))
def waive_stolen_check(
    tablet_id: TabletId,
    asked: ReasonIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_DECIDE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> IntakeOut:
    """Let a tablet through without the check, with the reason on record. A hit cannot be waived (409)."""
    happening = Happening(clock(), "api")
    service.waive_stolen_check(session, tablet_id, reason=asked.reason, actor=actor, happening=happening)
    return _shown(session, tablet_id, settings, clock)


@router.post("/intake/tablets/{tablet_id}/triage", responses=responses(404, 409))
def triage(
    tablet_id: TabletId,
    asked: TriageIn,
    session: WriteSession,
    actor: AtTheTable,
    settings: SettingsDep,
    clock: ClockDep,
) -> IntakeOut:
    """Close triage. A refusal (409) lists every reason."""
    service.triage(
        session,
        tablet_id,
        grade=asked.grade,
        route=asked.route,
        reason=asked.reason,
        actor=actor,
        settings=settings,
        happening=asked.happening(clock()),
    )
    return _shown(session, tablet_id, settings, clock)


@router.post("/hazards", status_code=201, responses=responses(404))
def report_hazard(
    asked: HazardIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.HOLDS_PLACE))],
    settings: SettingsDep,
    clock: ClockDep,
) -> HazardOut:
    """Hold a tablet for safety, from any stage, by its serial or code."""
    happening = asked.happening(clock())
    tablet = service.report_hazard(session, asked.scan, seen=asked.seen, actor=actor, happening=happening)
    phone = help_line(session, settings=settings, hub_id=hub_of(session, actor).id).phone
    return HazardOut(tablet_id=tablet.id, held=HoldKind.SAFETY, advice=list(SAFETY_WORDS), help_phone=phone)


def _shown(session: Session, tablet_id: int, settings: SettingsDep, clock: ClockDep) -> IntakeOut:
    tablet = get_tablet(session, tablet_id)
    holds = sorted(facts_of(session, tablet, settings=settings, now=clock()).holds)
    return IntakeOut.of(tablet, queries.intake_of(session, tablet_id), holds)
