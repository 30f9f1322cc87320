"""Second part: what stands against a wipe is found and settled, then wipe, provision, label, and ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fleet.demo.arriving import look
from fleet.demo.scene import DemonstrationStuck, Scene, act_id
from fleet.tags.service import codes_of
from provisioning.virtual import person as hands

PROFILE = "large-clear"
ATTEMPTS = 3
FINISHED = ("passed", "failed", "abandoned")
STAYS_BLOCKED = "owner"


def runs_to_the_end(scene: Scene, kind: str, names: Iterable[str], *, cycle: str) -> dict[str, dict[str, Any]]:
    """Begin a run for each tablet, side by side, and wait for all; one that failed by mischance is begun again."""
    waiting = list(names)
    ended: dict[str, dict[str, Any]] = {}
    for attempt in range(1, ATTEMPTS + 1):
        begun = {name: _begin(scene, kind, name, cycle=cycle, attempt=attempt) for name in waiting}
        for name, run_id in begun.items():
            ended[name] = _ended(scene, name, kind, run_id)
        waiting = [name for name in waiting if ended[name]["state"] != "passed" and not ended[name]["blockers"]]
        if not waiting:
            return ended
    problems = "; ".join(f"{name}: {ended[name]['problem']}" for name in waiting)
    raise DemonstrationStuck(f"The {kind} did not pass in {ATTEMPTS} attempts. {problems}")


def _begin(scene: Scene, kind: str, name: str, *, cycle: str, attempt: int) -> int:
    body = {
        "kind": kind,
        "tablet_id": scene.tablet_id(name),
        "slot_id": slot_ids(scene)[scene.bench.slot(name).address],
        "media_removed": kind == "wipe",
        "profile": PROFILE if kind == "provision" else "",
        "client_id": act_id(kind, name, cycle, attempt),
    }
    run_id: int = scene.technician.post("/bench-runs", body)["id"]
    return run_id


def _ended(scene: Scene, name: str, kind: str, run_id: int) -> dict[str, Any]:
    run: dict[str, Any] = {}
    told = ""

    def over() -> bool:
        nonlocal told
        run.update(scene.technician.get(f"/bench-runs/{run_id}"))
        if run["hands"] and run["hands"] != told:
            told = run["hands"]
            scene.say(f"  tablet {run['tablet_id']} needs hands: {told}")
        return run["state"] in FINISHED

    scene.wait_for(f"the {kind} of {name} ends (run {run_id})", over)
    return run


def slot_ids(scene: Scene) -> dict[str, int]:
    return {slot["address"]: slot["id"] for slot in scene.technician.get("/benches")[0]["slots"]}


def wipe_what_can_be_wiped(scene: Scene) -> None:
    """The first try, with nothing settled: three pass, three are stopped before anything is touched."""
    for name, run in runs_to_the_end(scene, "wipe", scene.names, cycle="as they came").items():
        _tell(scene, name, run)


def _tell(scene: Scene, name: str, run: dict[str, Any]) -> None:
    if run["blockers"]:
        for blocker in run["blockers"]:
            scene.say(f"  tablet {run['tablet_id']} is not wiped: {blocker['what']} {blocker['next']}")
    else:
        scene.say(f"  tablet {run['tablet_id']} is wiped, certificate {run['certificate']}.")


def settle_blockers(scene: Scene) -> None:
    """The giver takes their account off, the flat battery is charged; the managed tablet stays where it is."""
    account, battery = scene.virtual("account"), scene.virtual("battery")
    if scene.stage("account") == "awaiting_wipe":
        hands.remove_account(account, "com.google")
        _lift_holds(scene, "account", "The giver removed their account, on the phone with us.")
    if scene.stage("battery") == "awaiting_wipe":
        hands.plug_in(battery)
        hands.charge_to(battery, 85)
        _lift_holds(scene, "battery", "Charged at the bench.")
    scene.say("The giver removed their account; the flat battery was charged.")
    ended = runs_to_the_end(scene, "wipe", ("account", "battery"), cycle="once settled")
    for name, run in ended.items():
        if run["blockers"]:
            raise DemonstrationStuck(f"{name} is still blocked: {run['blockers']}")
        _tell(scene, name, run)
    scene.say(f"Tablet {scene.tablet_id(STAYS_BLOCKED)} belongs to another organisation's fleet: it is kept apart.")


def _lift_holds(scene: Scene, name: str, reason: str) -> None:
    tablet = scene.tablet(name)
    for kind in tablet["holds"]:
        scene.technician.post(f"/tablets/{tablet['id']}/holds/{kind}/lift", {"reason": reason})


def usable(scene: Scene) -> list[str]:
    return [name for name in scene.names if name != STAYS_BLOCKED]


def provision_and_label(scene: Scene) -> None:
    """Every wiped tablet gets the large and clear profile, its label, and is made ready."""
    names = usable(scene)
    for run in runs_to_the_end(scene, "provision", names, cycle="first").values():
        scene.say(f"  tablet {run['tablet_id']} is set up as “{PROFILE}”; each setting was read again and is right.")
    print_labels(scene, names)
    for name in names:
        make_ready(scene, name, cycle="first")
    scene.say(f"{len(names)} tablets are labelled and ready to lend.")


def print_labels(scene: Scene, names: list[str]) -> None:
    """One A4 sheet with a label for each; each label is scanned back from its own tablet."""
    ids = [scene.tablet_id(name) for name in names]
    codes = label_codes(scene, ids)
    if not scene.folder.labels.exists():
        batch = scene.technician.post("/print-batches", {"tablet_ids": ids, "sheet": "L7160"})
        staged = scene.folder.labels.with_suffix(".new")
        staged.write_bytes(scene.technician.download(batch["pdf_url"].removeprefix("/api/v1")))
        staged.replace(scene.folder.labels)
        codes = label_codes(scene, ids)
    for tablet_id in ids:
        scene.technician.post(
            f"/tags/{codes[tablet_id]}/confirm", {"tablet_id": tablet_id, "client_id": act_id("label", tablet_id)}
        )


def label_codes(scene: Scene, tablet_ids: Iterable[int]) -> dict[int, str]:
    """The code on each tablet's label, for those that have one."""
    with scene.database.read() as session:
        return dict(codes_of(session, list(tablet_ids)))


def make_ready(scene: Scene, name: str, *, cycle: str) -> None:
    """Charge it, look again so that the level is known, check its kit, and put it on the shelf."""
    if scene.stage(name) != "provisioned":
        return
    hands.plug_in(scene.virtual(name))
    hands.charge_to(scene.virtual(name), 96)
    look(scene, slot_ids(scene)[scene.bench.slot(name).address])
    tablet_id = scene.tablet_id(name)
    scene.technician.post(f"/tablets/{tablet_id}/kit", {"complete": "yes"})
    scene.technician.post(
        f"/tablets/{tablet_id}/moves", {"move": "make_ready", "client_id": act_id("ready", name, cycle)}
    )
