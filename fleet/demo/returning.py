"""Last part: reminders as the days pass, collections, the second wipe, and recycling."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from fleet.demo.arriving import partner
from fleet.demo.benching import make_ready, runs_to_the_end
from fleet.demo.lending import BORROWERS, Borrower, at, borrower, loan_of, planned_run, tell
from fleet.demo.scene import DemonstrationStuck, Scene, act_id
from fleet.partners.models import OrganisationKind
from provisioning.virtual.belongings import move_in

MORNING = time(10, 30)
WEEK_BEFORE = timedelta(days=7)
A_DAY = timedelta(days=1)
MOST_DAYS_WAITED = 14
"""Bank holidays and Sundays hold a message back; no calendar of ours holds it longer than this."""


def use_the_tablets(scene: Scene) -> None:
    """The people who borrow take photos and put things on their tablets, while these are theirs."""
    names = {scene.tablet_id(name): name for name in scene.names}
    for each in BORROWERS:
        loan = loan_of(scene, each.key)
        if loan["state"] == "active":
            move_in(scene.virtual(names[loan["tablet_id"]]), seed=len(each.key))


def remind(scene: Scene) -> None:
    """A week before the end everybody is reminded; one asks for longer."""
    use_the_tablets(scene)
    loans = [loan_of(scene, each.key) for each in BORROWERS]
    due = date.fromisoformat(loans[0]["original_due_on"])
    _days_pass_until_sent(scene, due - WEEK_BEFORE, "week_before", [loan["id"] for loan in loans])
    longer = loan_of(scene, "keeps it longer")
    if longer["due_on"] == longer["original_due_on"]:
        asked = {"reason": "More practice wanted.", "client_id": act_id("extend", longer["id"])}
        longer = scene.coordinator.post(f"/loans/{longer['id']}/extend", asked)
    scene.say(f"Everybody was reminded once; loan {longer['id']} was extended to {longer['due_on']}.")


def collect_in_time(scene: Scene) -> None:
    """One gives back on the day it is due."""
    _collect(scene, borrower("gives back in time"), day=_original_due(scene, "gives back in time"))
    scene.say("The first tablet came back on its day.")


def chase_and_collect_late(scene: Scene) -> None:
    """One does not; after three working days they are reminded kindly, and a courier fetches it."""
    late = loan_of(scene, "is late")
    if late["state"] == "active":
        _days_pass_until_sent(scene, _original_due(scene, "is late") + A_DAY, "days_after", [late["id"]])
        why = scene.coordinator.get(f"/chasing/loans/{late['id']}/why")
        scene.say(f"  why? {why['sentence']}")
    _collect(scene, borrower("is late"), day=scene.calendar.roll_forward(scene.today + A_DAY))
    scene.say("The late one was reminded kindly, once, and fetched.")


def _collect(scene: Scene, each: Borrower, *, day: date) -> None:
    """Arrange the return, fetch it on a run, bring it to the hub, look it over."""
    loan = loan_of(scene, each.key)
    if loan["state"] == "active":
        scene.coordinator.post(
            f"/loans/{loan['id']}/moves",
            {"move": "arrange_return", "reason": "Agreed on the phone.", "client_id": act_id("arrange", each.key)},
        )
    if loan_of(scene, each.key)["state"] in ("return_arranged", "collected"):
        run = planned_run(scene, "collect", [each.key], day=day)
        on = date.fromisoformat(run["day"])
        scene.let_time_pass_until(at(on, time(13, 0)))
        tell(scene, run, each, "collect", at(on, time(11, 0)), 0)
        tell(scene, run, each, "back_at_hub", at(on, time(12, 30)), 1)
        inspected = {
            "condition": "good" if each.key != "is late" else "damaged",
            "cleaned": True,
            "sim_in_tray": True,
            "sim_seen": each.iccid,
            "kit_missing": "",
            "client_id": act_id("inspect", each.key),
        }
        scene.technician.post(f"/returns/{scene.tablet_id(each.tablet)}/inspect", inspected)


def wipe_again_and_relend(scene: Scene) -> None:
    """The tablet that came back in time is wiped again, set up again, and ready for the next person."""
    name = borrower("gives back in time").tablet
    _press(scene, name, "cleaned", "queue_wipe_again")
    if scene.stage(name) in ("awaiting_wipe", "wiping"):
        run = runs_to_the_end(scene, "wipe", [name], cycle="second")[name]
        scene.say(f"  tablet {run['tablet_id']} is wiped again, certificate {run['certificate']}.")
    if scene.stage(name) in ("wiped", "provisioning"):
        runs_to_the_end(scene, "provision", [name], cycle="second")
    make_ready(scene, name, cycle="second")
    scene.say(f"Tablet {scene.tablet_id(name)} is ready for the next person.")


def recycle(scene: Scene) -> None:
    """The damaged one is retired, wiped a last time, and goes to the recycler."""
    name = borrower("is late").tablet
    _press(scene, name, "cleaned", "retire", reason="The screen is cracked and not worth a repair.")
    _press(scene, name, "retired", "queue_final_wipe")
    if scene.stage(name) in ("awaiting_wipe", "wiping"):
        run = runs_to_the_end(scene, "wipe", [name], cycle="last")[name]
        scene.say(f"  tablet {run['tablet_id']} is wiped a last time, certificate {run['certificate']}.")
    _press(scene, name, "wiped", "finish_retirement")
    note = _leave_with_the_carrier(scene, scene.tablet_id(name))
    scene.say(f"Tablet {scene.tablet_id(name)} went to Sample Recycling with note {note}, and arrived.")


def _leave_with_the_carrier(scene: Scene, tablet_id: int) -> str:
    """A consignment of this one tablet, from its first word to the receipt; gives its number."""
    desk, today = scene.technician, scene.today.isoformat()
    begun = desk.post(
        "/consignments",
        {
            "kind": "tablets",
            "carrier_id": partner(scene, OrganisationKind.CARRIER).id,
            "register_checked_on": today,
            "receiver_name": "Sample Yard",
            "receiver_address": "1 Sample Yard",
            "receiver_permit": "EPR/AB1234CD",
            "waste_code": "20 01 36",
            "description": "A tablet computer with a cracked screen",
            "contained_in": "1 closed box",
            "collected_from": "2 Sample Street",
            "sic_code": "88.99",
            "hierarchy_applied": True,
            "client_id": act_id("consignment"),
        },
    )
    steps: dict[str, dict[str, Any]] = {
        "tablets": {"tablet_id": tablet_id, "weight_grams": 500},
        "pack": {},
        "hand-over": {"note_number": "SR-1"},
        "receipt": {"reference": "SR-1-R", "received_on": today, "grams": 500},
    }
    for step, told in steps.items():
        desk.post(f"/consignments/{begun['id']}/{step}", {**told, "client_id": act_id("consignment", step)})
    return str(begun["number"])


def _press(scene: Scene, name: str, stage: str, move: str, *, reason: str = "") -> None:
    """Make a move if the tablet stands where it begins."""
    if scene.stage(name) == stage:
        body = {"move": move, "reason": reason, "client_id": act_id(move, name)}
        scene.technician.post(f"/tablets/{scene.tablet_id(name)}/moves", body)


def _original_due(scene: Scene, key: str) -> date:
    return date.fromisoformat(loan_of(scene, key)["original_due_on"])


def _days_pass_until_sent(scene: Scene, first: date, rung: str, loan_ids: list[int]) -> None:
    """Let mornings come, from `first` on, until this reminder has gone out for all of these loans."""
    for waited in range(MOST_DAYS_WAITED):
        told = {each["loan_id"] for each in messages(scene) if each["rung"] == rung and each["state"] == "sent"}
        if told >= set(loan_ids):
            return
        scene.let_time_pass_until(at(first + waited * A_DAY, MORNING))
        scene.coordinator.post("/chasing/tick")
    raise DemonstrationStuck(f"The reminder “{rung}” was not sent for all of the loans {loan_ids}.")


def messages(scene: Scene) -> list[dict[str, Any]]:
    """The ledger of what was sent, oldest first."""
    found: list[dict[str, Any]] = scene.coordinator.get("/chases", per_page=200)["items"]
    return sorted(found, key=lambda each: int(each["id"]))
