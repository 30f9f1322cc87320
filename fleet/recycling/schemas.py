"""What the API says of consignments for recycling. No person is in any of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fleet.http.acts import DatedAct, ReasonedAct
from fleet.http.ids import RowId
from fleet.recycling.models import Consignment
from fleet.recycling.queries import Packed, Sum
from fleet.recycling.rules import HEAVIEST_GRAMS, ConsignmentKind, ConsignmentState, ReceiverBasis
from fleet.recycling.service import HandedOver, NewConsignment, Receipt
from fleet.recycling.words import number_of

Words = Annotated[str, Field(max_length=500)]
Short = Annotated[str, Field(max_length=120)]


class ConsignmentWords(BaseModel):
    """What a consignment's note says. Only kind and carrier are needed to begin; the rest before it is packed."""

    model_config = ConfigDict(from_attributes=True)

    kind: ConsignmentKind
    carrier_id: RowId = Field(description="An organisation of kind `carrier`, with its registration in its record.")
    register_checked_on: date | None = Field(None, description="When somebody looked the carrier up in the register.")
    receiver_name: Short = ""
    receiver_address: Words = ""
    receiver_basis: ReceiverBasis = ReceiverBasis.PERMIT
    receiver_permit: str = Field("", max_length=60, description="The number of the permit or exemption.")
    waste_code: str = Field("", max_length=10, description="Six figures, with a star when it is hazardous: 16 02 13*.")
    description: Words = ""
    contained_in: Short = ""
    collected_from: Words = ""
    sic_code: str = Field("", max_length=10, description="The hub's industry code, SIC 2007.")
    hierarchy_applied: bool = Field(False, description="None of it could be used or repaired first.")


class ConsignmentIn(DatedAct, ConsignmentWords):
    """A consignment to begin or to change. The same `client_id` twice changes nothing."""

    def asked(self) -> NewConsignment:
        return NewConsignment(**{name: getattr(self, name) for name in ConsignmentWords.model_fields})


class ConsignmentOut(ConsignmentWords):
    """A consignment as it stands."""

    id: int
    number: str = Field(description="Our own number of it.")
    state: ConsignmentState
    carrier_name: str
    carrier_registration: str
    note_number: str
    packed_at: datetime | None
    handed_over_at: datetime | None
    received_on: date | None
    receipt_reference: str
    received_grams: int | None
    destruction_reference: str
    tablet_count: int
    weight_grams: int = Field(description="What the tablets in it weigh together.")

    @classmethod
    def of(cls, found: Consignment, held: Sum) -> ConsignmentOut:
        names = set(cls.model_fields) - {"number", "tablet_count", "weight_grams"}
        told = {name: getattr(found, name) for name in names}
        return cls(**told, number=number_of(found.id), tablet_count=held.tablets, weight_grams=held.grams)


class ConsignmentList(BaseModel):
    """One page of consignments."""

    items: list[ConsignmentOut]
    total: int
    page: int
    page_count: int


class PutIn(DatedAct):
    """A tablet to put in, with its weight."""

    tablet_id: RowId
    weight_grams: int = Field(ge=1, le=HEAVIEST_GRAMS)
    battery_in: bool = True


class PackedOut(BaseModel):
    """A tablet in a consignment."""

    tablet_id: int
    serial: str
    weight_grams: int
    battery_in: bool
    certificate_number: str = Field(description="Of its last wipe; empty where its storage is to be destroyed.")

    @classmethod
    def of(cls, each: Packed) -> PackedOut:
        return cls(
            tablet_id=each.tablet.id,
            serial=each.tablet.serial,
            weight_grams=each.row.weight_grams,
            battery_in=each.row.battery_in,
            certificate_number=each.row.certificate_number,
        )


class HandOverIn(ReasonedAct):
    """The carrier takes it."""

    note_number: str = Field(
        min_length=1, max_length=40, description="Of the transfer note, or the consignment note code."
    )

    def asked(self) -> HandedOver:
        return HandedOver(self.note_number)


class ReceiptIn(ReasonedAct):
    """The paper that says it arrived."""

    reference: str = Field(min_length=1, max_length=60)
    received_on: date
    grams: int | None = Field(None, ge=1, le=2**31 - 1, description="What the receiver weighed, if they say.")
    destruction: str = Field(
        "", max_length=60, description="Reference of the certificate of destruction, where tablets were not wiped."
    )

    def asked(self) -> Receipt:
        return Receipt(self.reference, self.received_on, self.grams, self.destruction)
