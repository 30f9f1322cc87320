"""Writes what a demonstration did, as JSON and papers, once every claim in it was held against its witnesses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fleet.cli.console import out
from fleet.demo.benching import label_codes
from fleet.demo.checks import doubts_about
from fleet.demo.gathering import gatherings_claimed
from fleet.demo.lending import BORROWERS, loan_of
from fleet.demo.returning import messages
from fleet.demo.scene import Scene
from fleet.loans import queries as loan_queries
from fleet.tablets import queries as tablet_queries


def write_report(scene: Scene, *, seconds: float) -> list[str]:
    """Write ``report.json`` and the certificates, print the summary; returns what could not be shown to be true."""
    report = make_report(scene)
    for tablet in report["tablets"]:
        for wipe in tablet["wipes"]:
            pdf = scene.technician.download(f"/certificates/{wipe['certificate']}/pdf")
            (scene.folder.certificates / f"{wipe['certificate']}.pdf").write_bytes(pdf)
    doubts = doubts_about(report, scene)
    report["seconds"] = round(seconds, 1)
    report["checked"] = not doubts
    _write(scene.folder.report, report)
    _summary(scene, report)
    return doubts


def make_report(scene: Scene) -> dict[str, Any]:
    """Everything that became of each tablet, each loan and each message, as the API tells it."""
    loans = [loan_of(scene, each.key) for each in BORROWERS]
    sent = messages(scene)
    return {
        "tablets": [_tablet(scene, name, loans) for name in scene.names],
        "loans": [_loan(scene, loan, sent) for loan in loans],
        "messages": [{key: each[key] for key in ("loan_id", "rung", "state", "due_version")} for each in sent],
    }


def _tablet(scene: Scene, name: str, loans: list[dict[str, Any]]) -> dict[str, Any]:
    tablet = scene.tablet(name)
    runs = _runs(scene, tablet["id"])
    with scene.database.read() as session:
        events = tablet_queries.event_count(session, tablet["id"])
    return {
        "name": name,
        "id": tablet["id"],
        "serial": tablet["serial"],
        "kind": f"{tablet['manufacturer']} {tablet['model']}".strip(),
        "android": tablet["os_release"],
        "stage": tablet["stage"],
        "data": tablet["data"],
        "custody": tablet["custody"],
        "holds": tablet["holds"],
        "blockers": [blocker for run in runs for blocker in run["blockers"]],
        "wipes": [_wipe(run) for run in runs if run["kind"] == "wipe" and run["state"] == "passed"],
        "provisions": [_provision(run) for run in runs if run["kind"] == "provision" and run["state"] == "passed"],
        "gatherings": gatherings_claimed(scene, tablet["id"]),
        "label": label_codes(scene, [tablet["id"]]).get(tablet["id"]),
        "loans": [loan["id"] for loan in loans if _had(scene, loan["id"], tablet["id"])],
        "events": events,
    }


def _runs(scene: Scene, tablet_id: int) -> list[dict[str, Any]]:
    lines = scene.technician.get("/bench-runs", tablet=tablet_id, per_page=200)["items"]
    ids = sorted(line["id"] for line in lines if line["tablet_id"] == tablet_id)
    return [scene.technician.get(f"/bench-runs/{run_id}") for run_id in ids]


def _wipe(run: dict[str, Any]) -> dict[str, Any]:
    verdict = run["result"]
    proofs = ("name", "sentence", "before", "after", "outcome", "strength")
    return {
        "run": run["id"],
        "certificate": run["certificate"],
        "method": verdict["method"],
        "same_unit": verdict["same_unit"],
        "proofs": [{key: proof[key] for key in proofs} for proof in verdict["proofs"]],
    }


def _provision(run: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": run["id"],
        "profile": run["profile"],
        "verified": bool(run["result"]["passed"]),
        "steps": [{"sentence": step["sentence"], "outcome": step["outcome"]} for step in run["steps"]],
    }


def _had(scene: Scene, loan_id: int, tablet_id: int) -> bool:
    events = scene.coordinator.get(f"/loans/{loan_id}/events")
    return any(event["tablet_id"] == tablet_id for event in events)


def _loan(scene: Scene, loan: dict[str, Any], sent: list[dict[str, Any]]) -> dict[str, Any]:
    kept = ("id", "state", "started_on", "original_due_on", "due_on", "returned_on", "sim_id", "tablet_id")
    told = {key: loan[key] for key in kept}
    due_dates = [each["due_on"] for each in scene.coordinator.get(f"/loans/{loan['id']}/due-dates")]
    messages_sent = [each["rung"] for each in sent if each["loan_id"] == loan["id"] and each["state"] == "sent"]
    with scene.database.read() as session:
        had = [link.tablet_id for link in loan_queries.tablets_had(session, loan["id"])]
    return told | {"due_dates": due_dates, "messages": messages_sent, "tablets_had": had}


def _write(path: Path, report: dict[str, Any]) -> None:
    staged = path.with_suffix(".new")
    staged.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    staged.replace(path)


def _summary(scene: Scene, report: dict[str, Any]) -> None:
    out.print("\n[bold]What became of the six tablets[/]")
    for each in report["tablets"]:
        found = ", ".join(dict.fromkeys(blocker["code"].replace("_", " ") for blocker in each["blockers"]))
        held = f", held ({', '.join(each['holds'])})" if each["holds"] else ""
        out.print(
            f"  {each['id']}  {each['kind']}, Android {each['android']}, label {each['label'] or 'none'}\n"
            f"     [bold]{each['stage'].replace('_', ' ')}{held}[/]; found in the way: {found or 'nothing'}; "
            f"wipes {len(each['wipes'])}, set-ups {len(each['provisions'])}, loans {len(each['loans'])}, "
            f"gatherings on it: {', '.join(each['gatherings']) or 'none'}",
            soft_wrap=True,
        )
    sent = [message for message in report["messages"] if message["state"] == "sent"]
    out.print(
        f"{len(report['loans'])} loans, {len(sent)} kind messages, "
        f"{sum(len(each['wipes']) for each in report['tablets'])} wipes with certificates, "
        f"in {report['seconds']} seconds. Every claim was checked: {'yes' if report['checked'] else 'NO'}.",
        soft_wrap=True,
    )
    out.print(
        f"A month went by: the demonstration's clock stands at {scene.today:%A %-d %B %Y}, and its pages say so too.",
        soft_wrap=True,
    )
    out.print(f"The report is {scene.folder.report}, the labels {scene.folder.labels}.", soft_wrap=True)
