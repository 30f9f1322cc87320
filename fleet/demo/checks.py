"""Holds a report against its witnesses: each tablet's own wire log and state, the outbox, the papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fleet.demo.benching import PROFILE, STAYS_BLOCKED
from fleet.demo.gathering import TITLES, gatherings_shown
from fleet.demo.lending import borrower
from fleet.demo.scene import Scene
from fleet.demo.swapping import KEY as SWAPPED
from fleet.demo.swapping import OTHER
from provisioning.virtual.tablet import VirtualTablet

EXPECTED_STAGES = {
    "account": "on_loan",
    "owner": "awaiting_wipe",
    "battery": "ready",
    "plain-13": "ready",
    "plain-14": "recycled",
    "plain-15": "cleaned",
}
EXPECTED_WIPES = {"account": 1, "owner": 0, "battery": 1, "plain-13": 2, "plain-14": 2, "plain-15": 1}
EXPECTED_PROVISIONS = {"account": 1, "owner": 0, "battery": 1, "plain-13": 2, "plain-14": 1, "plain-15": 1}
EXPECTED_BLOCKERS = {"account": "google_account", "owner": "managed", "battery": "battery_low"}
THEIR_APP = "com.example.crossword"
"""What a borrower put on it."""
EXPECTED_LOANS = ("closed_returned", "closed_returned", "active")


def doubts_about(report: dict[str, Any], scene: Scene) -> list[str]:
    """Every claim that a witness does not bear out, as a sentence; empty when all are borne out."""
    found: list[str] = []
    for tablet in report["tablets"]:
        witness = scene.virtual(tablet["name"])
        found += [f"Tablet {tablet['id']} ({tablet['name']}): {doubt}" for doubt in _of_tablet(tablet, witness, scene)]
    found += _of_loans(report, scene)
    return found


def _of_tablet(tablet: dict[str, Any], witness: VirtualTablet, scene: Scene) -> Iterator[str]:
    name = tablet["name"]
    if tablet["serial"] != witness.serial:
        yield "its serial is not the one of the tablet on the bench."
    if tablet["stage"] != EXPECTED_STAGES[name]:
        yield f"it ended {tablet['stage']}, not {EXPECTED_STAGES[name]}."
    codes = {blocker["code"] for blocker in tablet["blockers"]}
    wanted = EXPECTED_BLOCKERS.get(name)
    if (wanted and wanted not in codes) or (not wanted and codes):
        yield f"what stood in its way was {sorted(codes)}, and should have been {wanted or 'nothing'}."
    yield from _of_wipes(tablet, witness, scene)
    yield from _of_provisions(tablet, witness)
    yield from _of_gatherings(tablet, witness)
    if name != STAYS_BLOCKED:
        tag = scene.technician.get(f"/tags/{tablet['label']}")
        if tag["tablet_id"] != tablet["id"] or not tag["confirmed_at"]:
            yield "its label was not scanned back from it."


def _of_wipes(tablet: dict[str, Any], witness: VirtualTablet, scene: Scene) -> Iterator[str]:
    really = len(witness.wire.events("wipe"))
    if not really == len(tablet["wipes"]) == EXPECTED_WIPES[tablet["name"]]:
        yield f"{len(tablet['wipes'])} wipes are claimed, and the tablet itself was wiped {really} times."
    for wipe in tablet["wipes"]:
        held = [proof for proof in wipe["proofs"] if proof["outcome"] == "holds"]
        if len(held) < 3 or wipe["same_unit"] != "holds":
            yield f"certificate {wipe['certificate']} rests on {len(held)} proofs."
        paper = scene.folder.certificates / f"{wipe['certificate']}.pdf"
        if not paper.read_bytes().startswith(b"%PDF-"):
            yield f"certificate {wipe['certificate']} is not on paper."
    if tablet["name"] == STAYS_BLOCKED and not witness.content.owner:
        yield "it belongs to another organisation, and something took that away."


def _of_provisions(tablet: dict[str, Any], witness: VirtualTablet) -> Iterator[str]:
    if len(tablet["provisions"]) != EXPECTED_PROVISIONS[tablet["name"]]:
        yield f"{len(tablet['provisions'])} set-ups are claimed."
    if not all(each["verified"] and each["profile"] == PROFILE for each in tablet["provisions"]):
        yield "a set-up is claimed that was not read back."
    installs = [event for event in witness.wire.events("install") if event.get("result") == "Success"]
    if len(installs) < len(tablet["provisions"]):
        yield f"{len(installs)} installs of the launcher crossed the wire."
    if tablet["stage"] == "ready" and witness.setting("system", "font_scale") != "1.3":
        yield f"its text size is {witness.setting('system', 'font_scale')}, not what the profile says."


def _of_gatherings(tablet: dict[str, Any], witness: VirtualTablet) -> Iterator[str]:
    wanted = TITLES if tablet["stage"] in ("ready", "on_loan", "cleaned") else []
    claimed, shown = tablet["gatherings"], gatherings_shown(witness)
    if not claimed == shown == wanted:
        yield f"its gatherings are claimed to be {claimed}, it shows {shown}, and it should show {wanted}."


def _of_loans(report: dict[str, Any], scene: Scene) -> Iterator[str]:
    for loan, state in zip(report["loans"], EXPECTED_LOANS, strict=True):
        if loan["state"] != state:
            yield f"Loan {loan['id']} ended {loan['state']}, not {state}."
        if len(loan["messages"]) != len(set(loan["messages"])) and loan["due_dates"][1:] == []:
            yield f"Loan {loan['id']}: somebody was sent the same reminder twice."
        if "week_before" not in loan["messages"]:
            yield f"Loan {loan['id']}: nobody was reminded a week before."
    late, longer = report["loans"][1], report["loans"][2]
    if "days_after" not in late["messages"]:
        yield f"Loan {late['id']} was late and nobody was reminded."
    if len(longer["due_dates"]) != 2 or longer["due_on"] == longer["original_due_on"]:
        yield f"Loan {longer['id']} was not extended."
    yield from _of_the_swap(longer, report["tablets"], scene)
    sent = sum(len(loan["messages"]) for loan in report["loans"])
    letters = len(list((scene.settings.data_dir / "outbox").rglob("*.txt")))
    if sent != letters:
        yield f"{sent} messages are claimed, and {letters} lie in the outbox."


def _of_the_swap(loan: dict[str, Any], tablets: list[dict[str, Any]], scene: Scene) -> Iterator[str]:
    """The tablet that came back holds what its person put on it, and the loan goes on with the other and its SIM."""
    by_name = {tablet["name"]: tablet for tablet in tablets}
    came_back, stays = by_name[borrower(SWAPPED).tablet], by_name[OTHER]
    if loan["tablet_id"] != stays["id"] or loan["tablets_had"] != [came_back["id"], stays["id"]]:
        yield f"Loan {loan['id']} had the tablets {loan['tablets_had']}, and should go on with {stays['id']}."
    if loan["sim_id"] is None:
        yield f"Loan {loan['id']}: its SIM did not go on with it."
    if came_back["data"] != "dirty" or THEIR_APP not in scene.virtual(came_back["name"]).content.packages:
        yield f"Tablet {came_back['id']} came back with somebody's data, and is said to be {came_back['data']}."
