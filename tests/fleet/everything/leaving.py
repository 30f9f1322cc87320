"""What leaves the furnished hub: consignments for recycling at each step, and tablets that wait for one."""

from __future__ import annotations

from fleet.partners.models import OrganisationKind
from fleet.recycling import service as recycling
from fleet.recycling.rules import ConsignmentKind
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind, Stage
from fleet.users.rules import Role
from tests.fleet.everything.hub import Everything


def recycle(everything: Everything) -> None:
    """One that is open, with a tablet that may go in and one that may not; one packed; one whose receipt is here."""
    today = everything.clock().date()
    carrier = everything.organisations[OrganisationKind.CARRIER]
    with everything.database.write() as session:
        session.merge(carrier).registration = "CBDU000000"
    words = recycling.NewConsignment(
        kind=ConsignmentKind.TABLETS,
        carrier_id=carrier.id,
        register_checked_on=today,
        receiver_name="Sample recycling site",
        receiver_address="1 Sample Yard",
        receiver_permit="EPR/AB1234CD",
        waste_code="16 02 13*",
        description="Tablet computers with lithium-ion batteries",
        contained_in="1 closed crate",
        collected_from="2 Sample Street",
        sic_code="88.99",
        hierarchy_applied=True,
    )
    made = [everything.act(recycling.make, words).id for _ in range(3)]
    for consignment_id in made:
        tablet = everything.lending.tablet(Stage.AWAITING_RECYCLE, destruction_ordered=True)
        everything.act(recycling.put_in, consignment_id, tablet.id, weight_grams=480, battery_in=True)
    everything.lending.tablet(Stage.AWAITING_RECYCLE, destruction_ordered=True)
    swollen = everything.lending.tablet(Stage.AWAITING_RECYCLE, destruction_ordered=True)
    with everything.database.write() as session:
        seen = everything.lending.happening(reason="Swollen")
        tablets.place_hold(
            session, swollen.id, HoldKind.SAFETY, actor=everything.actor(Role.TECHNICIAN), happening=seen
        )
    for consignment_id in made[1:]:
        everything.act(recycling.pack, consignment_id)
    handed = recycling.HandedOver("TESTHU/00001")
    everything.act(recycling.hand_over, made[2], handed, settings=everything.settings)
    everything.act(recycling.receive, made[2], recycling.Receipt("REC-1", today, 470, "DES-1"))
    for consignment_id in made:
        everything.note("consignment_id", consignment_id)
    everything.numbers["/recycling/{consignment_id}/change"] = [str(made[0])]
    giver = str(everything.organisations[OrganisationKind.DONOR].id)
    for path in ("/statements/{organisation_id}", "/statements/{organisation_id}/pdf"):
        everything.numbers[path] = [giver]
