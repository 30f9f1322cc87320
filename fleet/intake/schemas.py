"""What the API says of donations, purchases and the intake table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import Act, DatedAct
from fleet.http.ids import RowId
from fleet.intake.models import DonationBatch, Intake, PurchaseLot
from fleet.intake.rules import Answer, BatteryLook, Route, StolenResult
from fleet.intake.sources import declared_fields
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, Grade, HoldKind, Stage

Words = Annotated[str, Field(max_length=500)]


class DeclarationIn(BaseModel):
    """What the giver agreed to, who signed for them, and when."""

    owns_it: bool = False
    no_return: bool = False
    contracts_ended: bool = False
    accounts_removed: bool = False
    declared_by: str = Field("", max_length=120)
    declared_on: date | None = None

    def agreed(self) -> frozenset[str]:
        names = ("owns_it", "no_return", "contracts_ended", "accounts_removed")
        return frozenset(name for name in names if getattr(self, name))


class BatchIn(DeclarationIn):
    """A donation. The giver is an organisation of kind `donor`."""

    donor_id: RowId
    received_on: date
    expected_count: int | None = Field(None, ge=1, le=10_000)
    wiping_requirement: Words = Field("", description="What the giver asks of the wipe, in their words.")
    note: Words = ""


class BatchOut(BaseModel):
    """A donation and its declaration."""

    id: int
    donor_id: int
    received_on: date
    expected_count: int | None
    declared: list[str] = Field(description="The parts of the declaration that were agreed to.")
    declared_by: str
    declared_on: date | None
    wiping_requirement: str
    note: str
    created_at: datetime
    tablet_count: int

    @classmethod
    def of(cls, batch: DonationBatch, tablet_count: int) -> BatchOut:
        return cls(
            id=batch.id,
            donor_id=batch.donor_id,
            received_on=batch.received_on,
            expected_count=batch.expected_count,
            declared=sorted(declared_fields(batch)),
            declared_by=batch.declared_by,
            declared_on=batch.declared_on,
            wiping_requirement=batch.wiping_requirement,
            note=batch.note,
            created_at=batch.created_at,
            tablet_count=tablet_count,
        )


class BatchList(BaseModel):
    """One page of donations."""

    items: list[BatchOut]
    total: int
    page: int
    page_count: int


class LotIn(BaseModel):
    """A purchase. `cost_pence` is what the whole lot cost."""

    supplier: str = Field(min_length=1, max_length=120)
    invoice_ref: str = Field(min_length=1, max_length=60)
    bought_on: date
    cost_pence: int = Field(ge=0, le=2**31 - 1)
    warranty_end: date | None = None
    funder_id: RowId | None = None
    note: Words = ""


class LotOut(BaseModel):
    """A purchase."""

    id: int
    supplier: str
    invoice_ref: str
    bought_on: date
    cost_pence: int
    warranty_end: date | None
    funder_id: int | None
    note: str
    created_at: datetime
    tablet_count: int

    @classmethod
    def of(cls, lot: PurchaseLot, tablet_count: int) -> LotOut:
        names = ("id", "supplier", "invoice_ref", "bought_on", "cost_pence", "warranty_end", "funder_id", "note")
        return cls(**{name: getattr(lot, name) for name in names}, created_at=lot.created_at, tablet_count=tablet_count)


class LotList(BaseModel):
    """One page of purchases."""

    items: list[LotOut]
    total: int
    page: int
    page_count: int


class FateOut(BaseModel):
    """What became of one given tablet: as much as a giver may know."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    serial: str
    manufacturer: str
    model: str
    stage: Stage
    data: DataState
    certificate_at: datetime | None = Field(description="When its last verified wipe was certified.")


class BookInIn(DatedAct):
    """A scan at the intake table: the maker's serial, or the code on one of our labels."""

    scan: str = Field(max_length=200, examples=["R52N80ABCDE", "K7F3-QX"])
    batch_id: RowId | None = None
    lot_id: RowId | None = None
    manufacturer: str = Field("", max_length=60)
    model: str = Field("", max_length=80)
    serial_note: str = Field("", max_length=60, description="Tells two tablets of the same serial apart.")


class ExpectIn(BaseModel):
    """Tablets that will arrive. One serial that cannot be used refuses them all."""

    serials: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=500)
    batch_id: RowId | None = None
    lot_id: RowId | None = None


class LookIn(DatedAct):
    """The quick look. A battery that is not ok holds the tablet for safety, a locked one for identity, at once."""

    accounts_left: Answer = Field(description="Are accounts of the giver still on it?")
    locked: Answer = Field(description="Does it ask for an account or a lock that nobody can open?")
    battery: BatteryLook
    condition: Words = ""


class StolenCheckIn(Act):
    """What a register of stolen goods answered."""

    provider: str = Field(min_length=1, max_length=60)
    result: StolenResult
    ref: str = Field(min_length=1, max_length=60)


class ReasonIn(BaseModel):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


class TriageIn(DatedAct):
    """The outcome of triage."""

    grade: Grade
    route: Route
    reason: str = Field(min_length=1, max_length=500)


class HazardIn(DatedAct):
    """A tablet that may be dangerous: its serial or code, and what was seen."""

    scan: str = Field(min_length=1, max_length=200)
    seen: str = Field(min_length=1, max_length=500)


class HazardOut(BaseModel):
    """The tablet is held. Do not charge it; do not carry it."""

    tablet_id: int
    held: HoldKind
    advice: list[str]
    help_phone: str


class IntakeOut(BaseModel):
    """A tablet at the intake table, with what was found out so far."""

    tablet_id: int
    serial: str
    stage: Stage
    holds: list[HoldKind]
    batch_id: int | None = None
    lot_id: int | None = None
    accounts_left: Answer | None = None
    locked: Answer | None = None
    battery: BatteryLook | None = None
    condition: str = ""
    stolen_result: StolenResult | None = None
    stolen_provider: str = ""
    stolen_ref: str = ""
    stolen_reason: str = ""
    grade: Grade | None = None
    grade_reason: str = ""
    route: Route | None = None
    triaged_at: datetime | None = None

    @classmethod
    def of(cls, tablet: Tablet, record: Intake | None, holds: list[HoldKind]) -> IntakeOut:
        own = ("tablet_id", "serial", "stage", "holds")
        found = {name: getattr(record, name) for name in cls.model_fields if name not in own} if record else {}
        return cls(tablet_id=tablet.id, serial=tablet.serial, stage=tablet.stage, holds=holds, **found)
