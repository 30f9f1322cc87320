"""Plays the demonstration as a user does: as a command of its own, in an empty folder, perhaps killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

PLAY_SECONDS = 400


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "fleet.cli", "demo", "--exit", "--folder", str(folder)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DOORSTEP_")}
    with folder.with_suffix(".log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)


def play(folder: Path) -> dict[str, Any]:
    """Play to the end; the report. The log of a demonstration that did not succeed is the failure's message."""
    code = start(folder).wait(timeout=PLAY_SECONDS)
    assert code == 0, folder.with_suffix(".log").read_text()[-4000:]
    return report_of(folder)


def play_on(folder: Path) -> dict[str, Any]:
    """Go on with a demonstration that may have been killed; one that had ended is not played again."""
    return report_of(folder) if (folder / "finished").exists() else play(folder)


def report_of(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return report


def play_and_kill(folder: Path, *, after_seconds: float) -> bool:
    """Begin (or go on) and kill everything at once after some time; False when it had ended by itself before."""
    child = start(folder)
    try:
        child.wait(timeout=after_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return True
    return False


def end_state(report: dict[str, Any]) -> dict[str, Any]:
    """What a killed and resumed month must have in common with one played through. Codes and dates are left out."""
    tablets = {
        each["name"]: {
            "stands": (each["stage"], each["data"], each["custody"], each["holds"]),
            "wipes": len(each["wipes"]),
            "certificates": len({wipe["certificate"] for wipe in each["wipes"]}),
            "provisions": len(each["provisions"]),
            "labelled": each["label"] is not None,
            "blockers": sorted({blocker["code"] for blocker in each["blockers"]}),
            "loans": len(each["loans"]),
            "gatherings": each["gatherings"],
        }
        for each in report["tablets"]
    }
    loans = [(each["state"], each["messages"], len(each["due_dates"])) for each in report["loans"]]
    return {"tablets": tablets, "loans": loans, "checked": report["checked"]}
