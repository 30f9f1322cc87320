"""What may be asked of the recycling room: a consignment, what goes into it, its steps, and its note on paper."""

from fleet.recycling.service.making import NewConsignment, change, make
from fleet.recycling.service.moving import HandedOver, Receipt, call_off, hand_over, pack, receive, unpack, what_is_next
from fleet.recycling.service.paper import note_pdf
from fleet.recycling.service.putting_in import (
    consignments_of,
    put_in,
    refusals_by_kind,
    take_out,
    waiting,
    weighed,
)
from fleet.recycling.service.writer import get_consignment

__all__ = [
    "HandedOver",
    "NewConsignment",
    "Receipt",
    "call_off",
    "change",
    "consignments_of",
    "get_consignment",
    "hand_over",
    "make",
    "note_pdf",
    "pack",
    "put_in",
    "receive",
    "refusals_by_kind",
    "take_out",
    "unpack",
    "waiting",
    "weighed",
    "what_is_next",
]
