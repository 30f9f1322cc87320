"""Where tablets come from: donation batches with their declaration, and purchase lots. Not the tablets themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound, there
from fleet.intake import queries
from fleet.intake.models import DonationBatch, PurchaseLot
from fleet.intake.rules import DECLARATION
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.users.actor import Actor
from fleet.users.rules import Role


@dataclass(frozen=True)
class NewBatch:
    """A hand-over of gifts. `declared` names the sentences of the declaration that were agreed to."""

    donor_id: int
    received_on: date
    expected_count: int | None = None
    declared: frozenset[str] = field(default_factory=frozenset)
    declared_by: str = ""
    declared_on: date | None = None
    wiping_requirement: str = ""
    note: str = ""


@dataclass(frozen=True)
class NewLot:
    """Tablets bought together. `cost_pence` is the whole lot's."""

    supplier: str
    invoice_ref: str
    bought_on: date
    cost_pence: int
    warranty_end: date | None = None
    funder_id: int | None = None
    note: str = ""


def add_batch(session: Session, new: NewBatch, *, today: date, actor: Actor, now: datetime) -> DonationBatch:
    """Write down a donation. Raises `BadInput`. The declaration may follow later, before anything is wiped."""
    _refuse("The donation was not added.", batch_problems(session, new, today))
    batch = DonationBatch(
        donor_id=new.donor_id,
        received_on=new.received_on,
        expected_count=new.expected_count,
        wiping_requirement=new.wiping_requirement.strip(),
        note=new.note.strip(),
        created_at=now,
        created_by=actor.name,
    )
    _write_declaration(batch, new.declared, new.declared_by, new.declared_on)
    session.add(batch)
    session.flush()
    return batch


def declare(
    session: Session, batch_id: int, *, declared: frozenset[str], by: str, on: date | None, today: date
) -> DonationBatch:
    """Write down, or put right, what the giver declared. Raises `BadInput`."""
    batch = get_batch(session, batch_id)
    _refuse("The declaration was not written down.", _declaration_problems(declared, by, on, today))
    _write_declaration(batch, declared, by, on)
    session.flush()
    return batch


def add_lot(session: Session, new: NewLot, *, today: date, actor: Actor, now: datetime) -> PurchaseLot:
    """Write down a purchase. Raises `BadInput`."""
    problems = {
        "supplier": "" if new.supplier.strip() else "Enter who sold them.",
        "invoice_ref": "" if new.invoice_ref.strip() else "Enter the invoice's reference.",
        "bought_on": "" if new.bought_on <= today else "This day is still to come.",
        "cost_pence": "" if 0 <= new.cost_pence < 2**31 else "Enter what the lot cost, nought or more.",
        "warranty_end": ""
        if new.warranty_end is None or new.warranty_end >= new.bought_on
        else "The warranty cannot end before the day they were bought.",
        "funder_id": _kind_problem(session, new.funder_id, OrganisationKind.FUNDER) if new.funder_id else "",
    }
    _refuse("The purchase was not added.", problems)
    lot = PurchaseLot(
        supplier=new.supplier.strip(),
        invoice_ref=new.invoice_ref.strip(),
        bought_on=new.bought_on,
        cost_pence=new.cost_pence,
        warranty_end=new.warranty_end,
        funder_id=new.funder_id,
        note=new.note.strip(),
        created_at=now,
        created_by=actor.name,
    )
    session.add(lot)
    session.flush()
    return lot


def get_batch(session: Session, batch_id: int) -> DonationBatch:
    """Raises `NotFound`."""
    return there(
        queries.batch(session, batch_id),
        "There is no such donation.",
        next_step="Look for it in the list of donations.",
    )


def see_batch(session: Session, batch_id: int, *, actor: Actor) -> DonationBatch:
    """A batch this person may look at: a giver sees only their own. Raises `NotFound`, which tells a giver no more."""
    batch = get_batch(session, batch_id)
    bound = donor_bound(actor)
    if bound is not None and batch.donor_id != bound:
        raise NotFound("There is no such donation.", next_step="Look for it in the list of donations.")
    return batch


def donor_bound(actor: Actor) -> int | None:
    """The organisation whose gifts are all that this person may see, or None for staff.

    A giver without an organisation is bound to number 0, which no organisation has.
    """
    return (actor.organisation_id or 0) if actor.role is Role.DONOR else None


def get_lot(session: Session, lot_id: int) -> PurchaseLot:
    """Raises `NotFound`."""
    return there(
        queries.lot(session, lot_id), "There is no such purchase.", next_step="Look for it in the list of purchases."
    )


def declared_fields(batch: DonationBatch) -> frozenset[str]:
    """The names of the sentences the giver agreed to."""
    return frozenset(name for name, _ in DECLARATION if getattr(batch, name))


def batch_problems(session: Session, new: NewBatch, today: date) -> Mapping[str, str]:
    """Column by column, a sentence for what cannot be; empty for what can."""
    return {
        "donor_id": _kind_problem(session, new.donor_id, OrganisationKind.DONOR),
        "received_on": "" if new.received_on <= today else "This day is still to come.",
        "expected_count": ""
        if new.expected_count is None or 1 <= new.expected_count <= 10_000
        else "Enter how many tablets, from 1 to 10,000.",
        **_declaration_problems(new.declared, new.declared_by, new.declared_on, today),
    }


def _declaration_problems(declared: frozenset[str], by: str, on: date | None, today: date) -> dict[str, str]:
    unknown = declared - {name for name, _ in DECLARATION}
    return {
        "declared": f"Not part of the declaration: {', '.join(sorted(unknown))}." if unknown else "",
        "declared_by": "Say who declared this for the giver." if declared and not by.strip() else "",
        "declared_on": "This day is still to come." if on is not None and on > today else "",
    }


def _kind_problem(session: Session, organisation_id: int, kind: OrganisationKind) -> str:
    try:
        found = partners.get_organisation(session, organisation_id)
    except NotFound:
        return f"Choose a {kind.value} from the list of partners."
    return "" if found.kind is kind else f"{found.name} is not a {kind.value} in the list of partners."


def _write_declaration(batch: DonationBatch, declared: frozenset[str], by: str, on: date | None) -> None:
    for name, _ in DECLARATION:
        setattr(batch, name, name in declared)
    batch.declared_by = by.strip()
    batch.declared_on = on


def _refuse(message: str, problems: Mapping[str, str]) -> None:
    fields = {name: problem for name, problem in problems.items() if problem}
    if fields:
        raise BadInput(message, fields=fields)
