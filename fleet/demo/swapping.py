"""One tablet is swapped for another at its door, while the loan goes on."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from fleet.demo.benching import label_codes
from fleet.demo.lending import LOADED_AT, at, borrower, loan_of, planned_run, tell, tell_of
from fleet.demo.returning import use_the_tablets
from fleet.demo.scene import Scene, act_id

KEY = "keeps it longer"
OTHER = "account"
"""The tablet that is brought instead."""
DAYS_LATER = timedelta(days=4)
AT_THE_DOOR = time(11, 0)
BACK_AT = time(12, 30)


def swap_at_the_door(scene: Scene) -> None:
    """A few days on, a courier brings another tablet and takes the first one back to the hub."""
    use_the_tablets(scene)
    loan, each = loan_of(scene, KEY), borrower(KEY)
    own, other = scene.tablet_id(each.tablet), scene.tablet_id(OTHER)
    if loan["tablet_id"] == own and loan["swap_tablet_id"] is None:
        asked = {"tablet_id": other, "reason": "The battery does not last", "client_id": act_id("swap", KEY)}
        loan = scene.coordinator.post(f"/loans/{loan['id']}/swap", asked)
    day = scene.calendar.roll_forward(date.fromisoformat(loan["started_on"]) + DAYS_LATER)
    run = planned_run(scene, "swap", [KEY], day=day)
    day = date.fromisoformat(run["day"])
    scene.let_time_pass_until(at(day, time(13, 0)))
    codes = label_codes(scene, [own, other])
    tell_of(scene, run, each, "load", codes[other], at(day, LOADED_AT), 0)
    tell_of(scene, run, each, "swap", codes[own], at(day, AT_THE_DOOR), 1, _told_at_the_door(codes[other]))
    tell(scene, run, each, "back_at_hub", at(day, BACK_AT), 2)
    if scene.stage(each.tablet) == "returned":
        looked_over = {"condition": "worn", "cleaned": True, "client_id": act_id("inspect", KEY)}
        scene.technician.post(f"/returns/{own}/inspect", looked_over)
    scene.say(f"Loan {loan['id']} goes on with tablet {other}, until the same day; tablet {own} came back.")


def _told_at_the_door(stays: str) -> dict[str, Any]:
    return {
        "second_code": stays,
        "handed_to": "participant",
        "phrase_heard": True,
        "condition": "worn",
        "sim_in_tray": False,
        "ticks": ["turned_on", "charging"],
        "face": "good",
    }
