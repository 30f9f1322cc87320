"""First part of the month: the hub is set up, six tablets are given, looked at and triaged."""

from __future__ import annotations

from fleet.bench import queries as bench_queries
from fleet.bench import service as bench
from fleet.demo.client import Refused
from fleet.demo.scene import Scene, act_id
from fleet.partners import queries as partner_queries
from fleet.partners.models import Organisation, OrganisationKind
from fleet.partners.service import add_organisation, get_hub
from fleet.users.actor import Actor
from fleet.users.queries import user_by_id
from fleet.users.rules import Role
from fleet.users.service import actor_of, place_with

BENCH_NAME = "Bench 1"
PARTNERS = {
    OrganisationKind.DONOR: "Sample Electronics",
    OrganisationKind.FUNDER: "Sample Data Fund",
    OrganisationKind.REFERRER: "Sample Surgery",
    OrganisationKind.VENUE: "Sample Library",
    OrganisationKind.COURIER: "Sample Wheels",
    OrganisationKind.CARRIER: "Sample Recycling",
}
PLACED = {
    Role.DONOR: OrganisationKind.DONOR,
    Role.REFERRER: OrganisationKind.REFERRER,
    Role.PARTNER_LEAD: OrganisationKind.VENUE,
}
"""Whose people see only what is their own organisation's."""


def person(scene: Scene, role: Role) -> Actor:
    """Somebody of the demonstration as services receive them."""
    with scene.database.read() as session:
        user = user_by_id(session, scene.people[role].user_id)
        assert user is not None
        return actor_of(user)


def partner(scene: Scene, kind: OrganisationKind) -> Organisation:
    """A partner of the demonstration, found or made."""
    with scene.database.write() as session:
        name = PARTNERS[kind]
        return partner_queries.by_name(session, kind, name) or add_organisation(
            session,
            kind=kind,
            name=name,
            covers=("N19", "N7") if kind is OrganisationKind.COURIER else (),
            vehicle_capacity=6 if kind is OrganisationKind.COURIER else None,
            registration="CBDU000000" if kind is OrganisationKind.CARRIER else "",
            now=scene.clock(),
        )


def set_up(scene: Scene) -> None:
    """A bench with six slots, the partners with their people, and the launcher in the app library."""
    for kind in PARTNERS:
        partner(scene, kind)
    _place_people(scene)
    admin = person(scene, Role.HUB_ADMIN)
    with scene.database.write() as session:
        hub = get_hub(session)
        table = bench_queries.bench_named(session, hub.id, BENCH_NAME) or bench.add_bench(
            session, name=BENCH_NAME, actor=admin, clock=scene.clock
        )
        taken = {slot.place for slot in bench_queries.slots(session, table.id)}
        for number, slot in enumerate(scene.bench.slots, start=1):
            if f"1-1.{number}" not in taken:
                bench.add_slot(session, bench_id=table.id, place=f"1-1.{number}", address=slot.address, actor=admin)
    for apk in bench.shipped_apps():
        scene.technician.upload("/apps", "file", apk, licence="ours", licence_note="Built from its source here.")
    scene.say(f"The hub has a bench with {len(scene.bench.slots)} slots, and its launcher in the app library.")


def _place_people(scene: Scene) -> None:
    for role, kind in PLACED.items():
        organisation = partner(scene, kind)
        with scene.database.write() as session:
            place_with(session, scene.people[role].user_id, organisation_id=organisation.id)


def take_in(scene: Scene) -> None:
    """A donation of six tablets, booked in by serial; one is scanned a second time by mistake."""
    donor = partner(scene, OrganisationKind.DONOR)
    batches = scene.technician.get("/donations")["items"]
    batch = (
        batches[0]
        if batches
        else scene.technician.post(
            "/donations",
            {
                "donor_id": donor.id,
                "received_on": scene.today.isoformat(),
                "expected_count": len(scene.names),
                "owns_it": True,
                "no_return": True,
                "contracts_ended": True,
                "accounts_removed": True,
                "declared_by": "Sample Signatory",
                "declared_on": scene.today.isoformat(),
            },
        )
    )
    for name in scene.names:
        serial = scene.virtual(name).serial
        scene.technician.post(
            "/intake/tablets", {"scan": serial, "batch_id": batch["id"], "client_id": act_id("book in", serial)}
        )
    again = scene.virtual(scene.names[0]).serial
    try:
        scene.technician.post("/intake/tablets", {"scan": again, "client_id": act_id("book in again", again)})
    except Refused as refused:
        scene.say(f"Scanned twice by mistake, and refused: “{refused.message}”")
    scene.say(f"{len(scene.names)} tablets from {donor.name} are booked in.")


def look_and_triage(scene: Scene) -> None:
    """Each tablet is plugged in, recognised, looked over and triaged; older Androids need a coordinator's waiver."""
    slots = {slot["address"]: slot["id"] for slot in scene.technician.get("/benches")[0]["slots"]}
    for name in scene.names:
        tablet_id = scene.tablet_id(name)
        look(scene, slots[scene.bench.slot(name).address])
        seen = scene.tablet(name)
        if scene.stage(name) == "received":
            _triage(scene, name, tablet_id)
        if seen["os_release"] < scene.settings.os_floor_release:
            _waive_floor(scene, tablet_id)
        if scene.stage(name) == "triaged":
            scene.technician.post(
                f"/tablets/{tablet_id}/moves", {"move": "queue_wipe", "client_id": act_id("queue wipe", tablet_id)}
            )
        scene.say(f"Tablet {tablet_id} is a {seen['manufacturer']} {seen['model']} with Android {seen['os_release']}.")


def look(scene: Scene, slot_id: int) -> None:
    """Have the bench ask the tablet in a slot who it is, until it answers."""
    try:
        slot = scene.technician.post(f"/slots/{slot_id}/look")
    except Refused as refused:
        if refused.code == "run_in_progress":
            return  # begun by a demonstration that was interrupted: its tablet is known
        raise

    def answers() -> bool:
        slot.update(scene.technician.get(f"/slots/{slot_id}"))
        if slot["look_asked_at"] is None and slot["seen_problem"]:
            slot.update(scene.technician.post(f"/slots/{slot_id}/look"))
        return slot["look_asked_at"] is None

    scene.wait_for(f"slot {slot_id} answers", answers)


def _triage(scene: Scene, name: str, tablet_id: int) -> None:
    intake = f"/intake/tablets/{tablet_id}"
    scene.technician.put(
        f"{intake}/look",
        {
            "accounts_left": "unknown",
            "locked": "no",
            "battery": "ok",
            "condition": "Small scratches on the back.",
            "client_id": act_id("look", name),
        },
    )
    scene.technician.put(
        f"{intake}/stolen-check",
        {
            "provider": "Sample Register",
            "result": "clear",
            "ref": f"SR-{tablet_id:04d}",
            "client_id": act_id("stolen", name),
        },
    )
    scene.technician.post(
        f"{intake}/triage",
        {"grade": "B", "route": "usable", "reason": "Works; marked.", "client_id": act_id("triage", name)},
    )


def _waive_floor(scene: Scene, tablet_id: int) -> None:
    events = scene.coordinator.get(f"/tablets/{tablet_id}/events")
    if not any(event["kind"] == "os_floor_waived" for event in events):
        scene.coordinator.post(
            f"/tablets/{tablet_id}/os-floor-waiver", {"reason": "Lent for video calls in the hub's own rooms only."}
        )
