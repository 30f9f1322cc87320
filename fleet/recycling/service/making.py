"""Beginning a consignment, and writing down what its note says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.partners.models import Organisation, OrganisationKind
from fleet.recycling import queries
from fleet.recycling.models import Consignment
from fleet.recycling.rules import ConsignmentKind, ReceiverBasis, sic_problem, tidy_code
from fleet.recycling.service.writer import begin, log, must_be_open
from fleet.users.actor import Actor


@dataclass(frozen=True)
class NewConsignment:
    """What a consignment says of itself. Only kind and carrier are needed to begin; the rest before it is packed."""

    kind: ConsignmentKind
    carrier_id: int
    register_checked_on: date | None = None
    receiver_name: str = ""
    receiver_address: str = ""
    receiver_basis: ReceiverBasis = ReceiverBasis.PERMIT
    receiver_permit: str = ""
    waste_code: str = ""
    description: str = ""
    contained_in: str = ""
    collected_from: str = ""
    sic_code: str = ""
    hierarchy_applied: bool = False


def make(session: Session, new: NewConsignment, *, actor: Actor, happening: Happening) -> Consignment:
    """Begin a consignment. Raises `BadInput`. The same `client_id` twice makes one."""
    before = queries.event_by_client_id(session, happening.client_id) if happening.client_id else None
    if before is not None:
        return begin(session, before.consignment_id, "began", happening)[0]
    carrier = _usable(session, new, local_date(happening.now), "The consignment was not begun.")
    made = Consignment(hub_id=partners.hub_of(session, actor).id, created_at=happening.now, changed_at=happening.now)
    _write(made, new, carrier)
    session.add(made)
    session.flush()
    log(session, made, "began", f"Began for {carrier.name}", actor=actor, happening=happening)
    return made


def change(
    session: Session, consignment_id: int, new: NewConsignment, *, actor: Actor, happening: Happening
) -> Consignment:
    """Write down what its note says. Its kind stays once something is in it. Raises `BadInput`, `Conflict`."""
    found, told = begin(session, consignment_id, "changed", happening)
    if told:
        return found
    must_be_open(found)
    carrier = _usable(session, new, local_date(happening.now), "Nothing was changed.")
    if new.kind is not found.kind and queries.sums(session, [found.id]):
        raise BadInput(
            "Nothing was changed.", fields={"kind": "Take the tablets out first: they would not travel in this kind."}
        )
    _write(found, new, carrier)
    log(session, found, "changed", "What its note says was changed", actor=actor, happening=happening)
    return found


def _write(consignment: Consignment, new: NewConsignment, carrier: Organisation) -> None:
    for each in fields(new):
        value = getattr(new, each.name)
        setattr(consignment, each.name, value.strip() if type(value) is str else value)
    consignment.waste_code = tidy_code(new.waste_code)
    consignment.carrier_name, consignment.carrier_registration = carrier.name, carrier.registration


def _usable(session: Session, new: NewConsignment, today: date, refusal: str) -> Organisation:
    carrier = _carrier(session, new.carrier_id)
    problems = {
        "carrier_id": "" if carrier else "Choose a waste carrier from the list of partners.",
        "waste_code": "Enter a waste code of six figures, such as 16 02 14, with a star if it has one."
        if new.waste_code.strip() and not tidy_code(new.waste_code)
        else "",
        "sic_code": (sic_problem(new.sic_code) or "") if new.sic_code.strip() else "",
        "register_checked_on": "This day is still to come."
        if new.register_checked_on is not None and new.register_checked_on > today
        else "",
    }
    fields_wrong = {name: problem for name, problem in problems.items() if problem}
    if fields_wrong or carrier is None:
        raise BadInput(refusal, fields=fields_wrong)
    return carrier


def _carrier(session: Session, carrier_id: int) -> Organisation | None:
    try:
        found = partners.get_organisation(session, carrier_id)
    except NotFound:
        return None
    return found if found.kind is OrganisationKind.CARRIER else None
