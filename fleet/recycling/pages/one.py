"""One consignment: what its note says, what is in it, what may go in, and what may happen next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.http.forms import Form
from fleet.http.ids import RowId
from fleet.http.papers import pdf_response
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession
from fleet.machine import Offer
from fleet.recycling import queries, service
from fleet.recycling.models import Consignment
from fleet.recycling.rules import (
    KEEP_YEARS,
    ConsignmentMove,
    ConsignmentState,
    ConsignmentTransition,
    is_hazardous,
    weight_words,
)
from fleet.recycling.words import BASIS_WORDS, KIND_WORDS, STATE_WORDS, count_words, number_of
from fleet.tablets.models import Tablet
from fleet.tablets.words import label_of, name_of
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from fleet.web.shapes import StateTag

router = PageRouter(prefix="/recycling")


@dataclass(frozen=True)
class Line:
    """A tablet in it, or one that waits. `why`: what speaks against putting it in."""

    tablet_id: int
    name: str
    serial: str
    label: str
    weight: str = ""
    data: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    when: object
    what: str
    who: str
    note: str = ""


@dataclass(frozen=True)
class ConsignmentPage:
    title: str
    consignment: Consignment
    state: StateTag
    facts: tuple[tuple[str, str], ...]
    inside: tuple[Line, ...]
    total: str
    may_go_in: tuple[Line, ...]
    may_not: tuple[Line, ...]
    offers: Sequence[Offer[ConsignmentTransition]]
    entries: tuple[Entry, ...]
    may_record: bool
    is_open: bool
    hazardous: bool
    to_destroy: int
    today: date
    typed: Form = field(default_factory=Form)
    errors: dict[str, str] = field(default_factory=dict)

    def offer(self, move: str) -> Offer[ConsignmentTransition] | None:
        """The step of this name, where it begins here."""
        return next((each for each in self.offers if each.transition.move is ConsignmentMove(move)), None)


@router.get("/{consignment_id}")
def consignment_page(
    request: Request,
    consignment_id: RowId,
    session: ReadSession,
    actor: Annotated[Actor, Depends(may(Permission.RECYCLING_SEE))],
    clock: ClockDep,
) -> Response:
    page = page_of(session, consignment_id, actor, local_date(clock()))
    return render(request, "recycling/detail.html", page)


@router.get("/{consignment_id}/note", dependencies=[Depends(may(Permission.RECYCLING_SEE))])
def note(consignment_id: RowId, session: ReadSession) -> Response:
    return pdf_response(service.note_pdf(session, consignment_id), f"note-{number_of(consignment_id)}")


def page_of(
    session: Session,
    consignment_id: int,
    actor: Actor,
    today: date,
    typed: Form | None = None,
    errors: dict[str, str] | None = None,
) -> ConsignmentPage:
    """The page as this person sees it."""
    found = service.get_consignment(session, consignment_id)
    contents, held = queries.packed(session, found.id), service.weighed(session, found.id)
    is_open = found.state is ConsignmentState.OPEN
    may_record = actor.may(Permission.RECYCLING_RECORD)
    waiting = _waiting(session, found) if is_open and may_record else ()
    return ConsignmentPage(
        title=f"Consignment {number_of(found.id)}",
        consignment=found,
        state=STATE_WORDS[found.state],
        facts=_facts(found, held.tablets, weight_words(held.grams)),
        inside=tuple(_inside(each) for each in contents),
        total=weight_words(held.grams),
        may_go_in=tuple(line for line in waiting if not line.why),
        may_not=tuple(line for line in waiting if line.why),
        offers=service.what_is_next(session, found, today=today),
        entries=tuple(
            Entry(each.at, each.words, f"{each.actor_name}, {each.role.replace('_', ' ')}", each.reason)
            for each in queries.events(session, found.id)
        ),
        may_record=may_record,
        is_open=is_open,
        hazardous=is_hazardous(found.waste_code),
        to_destroy=held.to_destroy,
        today=today,
        typed=typed or Form(),
        errors=errors or {},
    )


def _waiting(session: Session, found: Consignment) -> tuple[Line, ...]:
    tablets = service.waiting(session)
    why = service.refusals_by_kind(session, tablets, found.kind)
    return tuple(_line(tablet, why[tablet.id]) for tablet in tablets)


def _line(tablet: Tablet, why: tuple[str, ...]) -> Line:
    return Line(tablet.id, name_of(tablet), tablet.serial, label_of(tablet), why=why)


def _inside(each: queries.Packed) -> Line:
    return Line(
        each.tablet.id,
        name_of(each.tablet),
        each.tablet.serial,
        label_of(each.tablet),
        weight=weight_words(each.row.weight_grams),
        data=each.row.certificate_number or "Storage to be destroyed",
    )


def _facts(found: Consignment, tablets: int, weight: str) -> tuple[tuple[str, str], ...]:
    hazardous = is_hazardous(found.waste_code)
    checked = f", looked up {found.register_checked_on:%-d %B %Y}" if found.register_checked_on else ""
    received = f"{found.receipt_reference}, {found.received_on:%-d %B %Y}" if found.received_on else ""
    comes_later = (
        ("Consignment note code" if hazardous else "Transfer note", found.note_number),
        ("Receipt", received),
        ("Weighed by the receiver", weight_words(found.received_grams) if found.received_grams else ""),
        ("Certificate of destruction", found.destruction_reference),
    )
    return (
        ("Tablets", f"{count_words(tablets)}, {weight} together" if tablets else "None yet"),
        ("Kind", KIND_WORDS[found.kind]),
        ("Carrier", f"{found.carrier_name} ({found.carrier_registration or 'no registration on record'}){checked}"),
        ("Receiver", ", ".join(part for part in (found.receiver_name, found.receiver_address) if part)),
        (BASIS_WORDS[found.receiver_basis], found.receiver_permit),
        ("Waste code", f"{found.waste_code}{' (hazardous)' if hazardous else ''}" if found.waste_code else ""),
        ("Description", found.description),
        ("Contained in", found.contained_in),
        ("Collected from", found.collected_from),
        ("SIC code", found.sic_code),
        ("Waste hierarchy", "Nothing could be used first" if found.hierarchy_applied else "Not confirmed yet"),
        *(fact for fact in comes_later if fact[1]),
        ("Keep the papers for", f"{KEEP_YEARS[hazardous]} years"),
    )
