"""The steps of a consignment: packed, with the carrier, received; and what each does to the tablets in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from fleet.clock import LONDON, local_date
from fleet.errors import BadInput, MoveRefused
from fleet.happening import Happening
from fleet.machine import SAY_WHY, Offer
from fleet.partners import service as partners
from fleet.recycling import queries
from fleet.recycling.models import Consignment
from fleet.recycling.rules import (
    BY_MOVE,
    EXEMPT_DAYS,
    MOVES,
    ConsignmentMove,
    ConsignmentTransition,
    Packing,
    ReceiverBasis,
    refusals,
    tablet_refusals,
    weight_words,
)
from fleet.recycling.service.putting_in import candidates
from fleet.recycling.service.writer import begin, log
from fleet.recycling.words import number_of
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Move
from fleet.users.actor import Actor


@dataclass(frozen=True)
class HandedOver:
    """What is known as the carrier takes it."""

    note_number: str


@dataclass(frozen=True)
class Receipt:
    """What came back. `grams`: what the receiver weighed, if they say; `destruction`: a certificate's reference."""

    reference: str
    received_on: date
    grams: int | None = None
    destruction: str = ""


def what_is_next(
    session: Session, consignment: Consignment, *, today: date
) -> tuple[Offer[ConsignmentTransition], ...]:
    """The steps that begin where it stands, and what still speaks against each, but for what is asked with the step."""
    facts = replace(_facts(session, consignment, today), note_number="asked", receipt="asked", destruction="asked")
    return tuple(Offer(each, refusals(each.move, facts)) for each in MOVES if consignment.state in each.sources)


def pack(session: Session, consignment_id: int, *, actor: Actor, happening: Happening) -> Consignment:
    """Close it for the carrier. Raises `MoveRefused` with every reason."""
    return _step(session, consignment_id, ConsignmentMove.PACK, actor=actor, happening=happening)


def unpack(session: Session, consignment_id: int, *, actor: Actor, happening: Happening) -> Consignment:
    """Open it again, saying why."""
    return _step(session, consignment_id, ConsignmentMove.UNPACK, actor=actor, happening=happening)


def call_off(session: Session, consignment_id: int, *, actor: Actor, happening: Happening) -> Consignment:
    """End an open one, saying why. What is in it waits for another."""
    found = _step(session, consignment_id, ConsignmentMove.CALL_OFF, actor=actor, happening=happening)
    for each in queries.packed(session, consignment_id):
        session.delete(each.row)
        words, theirs = f"Taken out of consignment {number_of(found.id)}", replace(happening, client_id=None)
        tablets.note(session, each.tablet, kind="consignment_taken_out", words=words, actor=actor, happening=theirs)
    session.flush()
    return found


def hand_over(
    session: Session,
    consignment_id: int,
    handed: HandedOver,
    *,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Consignment:
    """The carrier has it: every tablet in it is recycled, which cannot be taken back. Raises `MoveRefused`."""
    found, told = begin(session, consignment_id, ConsignmentMove.HAND_OVER.value, happening)
    if told:
        return found
    found.note_number = handed.note_number.strip()
    noted = replace(happening, reason=happening.reason or f"Note {found.note_number}")
    _step(session, consignment_id, ConsignmentMove.HAND_OVER, actor=actor, happening=noted)
    contents = queries.packed(session, consignment_id)
    _refuse_what_changed(session, found, [each.tablet.id for each in contents])
    for each in contents:
        told_so = Happening(
            happening.now,
            happening.source,
            happening.client_at,
            reason=_said(found, each.row.weight_grams),
            details={
                "consignment": number_of(found.id),
                "carrier": found.carrier_name,
                "registration": found.carrier_registration,
                "note_number": found.note_number,
                "waste_code": found.waste_code,
                "weight_grams": each.row.weight_grams,
            },
        )
        tablets.move(session, each.tablet.id, Move.RECYCLE, actor=actor, settings=settings, happening=told_so)
    return found


def receive(
    session: Session, consignment_id: int, receipt: Receipt, *, actor: Actor, happening: Happening
) -> Consignment:
    """The paper that says it arrived is here. Raises `BadInput`, `MoveRefused`."""
    found, told = begin(session, consignment_id, ConsignmentMove.RECEIVE.value, happening)
    if told:
        return found
    _check(found, receipt, local_date(happening.now))
    found.receipt_reference, found.received_on = receipt.reference.strip(), receipt.received_on
    found.received_grams, found.destruction_reference = receipt.grams, receipt.destruction.strip()
    _step(session, consignment_id, ConsignmentMove.RECEIVE, actor=actor, happening=happening)
    for each in queries.packed(session, consignment_id):
        destroyed = not each.row.certificate_number
        reference = found.destruction_reference if destroyed else found.receipt_reference
        words = "Storage destroyed, says the carrier" if destroyed else "Receipt of the carrier came"
        theirs = Happening(happening.now, happening.source, happening.client_at, reason=f"Reference {reference}")
        kind = "storage_destroyed" if destroyed else "consignment_received"
        tablets.note(session, each.tablet, kind=kind, words=words, actor=actor, happening=theirs)
    return found


def _step(
    session: Session, consignment_id: int, move: ConsignmentMove, *, actor: Actor, happening: Happening
) -> Consignment:
    found, told = begin(session, consignment_id, move.value, happening)
    if told:
        return found
    transition = BY_MOVE[move]
    if move is ConsignmentMove.PACK:
        _copy_the_carrier(session, found)
    reasons = refusals(move, _facts(session, found, local_date(happening.now)))
    if transition.needs_reason and not happening.reason.strip():
        reasons += (SAY_WHY,)
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. Consignment {number_of(found.id)} was not moved to “{transition.words.lower()}”.",
            reasons=reasons,
            next_step="Settle what is listed, then try again.",
        )
    found.state = transition.target
    if move is ConsignmentMove.PACK:
        found.packed_at = happening.now
    if move is ConsignmentMove.HAND_OVER:
        found.handed_over_at = happening.now
    log(session, found, move.value, transition.words, actor=actor, happening=happening)
    return found


def _copy_the_carrier(session: Session, consignment: Consignment) -> None:
    carrier = partners.get_organisation(session, consignment.carrier_id)
    consignment.carrier_name, consignment.carrier_registration = carrier.name, carrier.registration


def _facts(session: Session, consignment: Consignment, today: date) -> Packing:
    held = queries.sums(session, [consignment.id]).get(consignment.id, queries.Sum())
    return Packing(
        state=consignment.state,
        carrier=consignment.carrier_name,
        registration=consignment.carrier_registration,
        checked_on=consignment.register_checked_on,
        receiver=consignment.receiver_name,
        permit=consignment.receiver_permit,
        waste_code=consignment.waste_code,
        description=consignment.description,
        contained_in=consignment.contained_in,
        collected_from=consignment.collected_from,
        sic_code=consignment.sic_code,
        hierarchy=consignment.hierarchy_applied,
        tablets=held.tablets,
        today=today,
        note_number=consignment.note_number,
        receipt=consignment.receipt_reference,
        to_destroy=held.to_destroy,
        destruction=consignment.destruction_reference,
        exempt_grams=_exempt_grams(session, consignment, held.grams, today),
    )


def _exempt_grams(session: Session, consignment: Consignment, grams: int, today: date) -> int:
    """What that site would have had of us in twelve months with this one; 0 for a site with a permit."""
    if consignment.receiver_basis is not ReceiverBasis.EXEMPTION:
        return 0
    since = datetime.combine(today - timedelta(days=EXEMPT_DAYS), time(), LONDON)
    number = consignment.receiver_permit
    return grams + queries.grams_under_exemption(session, number, since, but=consignment.id)


def _refuse_what_changed(session: Session, consignment: Consignment, tablet_ids: Sequence[int]) -> None:
    """A tablet that was held, or found to be damaged, since it was put in does not leave among the others."""
    inside = [tablets.lock_tablet(session, tablet_id) for tablet_id in sorted(tablet_ids)]
    for tablet_id, each in candidates(session, inside).items():
        reasons = tablet_refusals(replace(each, elsewhere=""), consignment.kind)
        if reasons:
            raise MoveRefused(
                f"Nothing was changed. Tablet {tablet_id} may not leave with consignment {number_of(consignment.id)}.",
                reasons=reasons,
                next_step="Open the consignment again and take it out.",
            )


def _check(consignment: Consignment, receipt: Receipt, today: date) -> None:
    handed = local_date(consignment.handed_over_at) if consignment.handed_over_at else None
    problems = {
        "received_on": "This day is still to come."
        if receipt.received_on > today
        else ("It arrived after the carrier had it." if handed and receipt.received_on < handed else ""),
        "received_grams": ""
        if receipt.grams is None or 0 < receipt.grams < 2**31
        else "Enter a weight in grams, or leave it empty.",
    }
    fields = {name: problem for name, problem in problems.items() if problem}
    if fields:
        raise BadInput("The receipt was not written down.", fields=fields)


def _said(consignment: Consignment, grams: int) -> str:
    return (
        f"{consignment.carrier_name} ({consignment.carrier_registration}), note {consignment.note_number}, "
        f"{consignment.waste_code}, {weight_words(grams)}"
    )
