"""What goes wrong with a tablet in the middle of a run, and the truth about it, read from its own disk afterwards."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fleet.bench import queries
from fleet.bench.models import Run
from fleet.bench.rules import FINISHED, RunKind, RunState
from fleet.tablets.rules import DataState, Stage
from provisioning.virtual import person
from provisioning.virtual.faults import FOR_EVER, Fault
from provisioning.virtual.tablet import Screen, VirtualTablet
from tests.fleet.bench.workbench import Killed, Place, Watched, Workbench

MOST_TURNS = 40
HOME_APP = "org.doorstep.home"
BELONGINGS = "/data/media/0/DCIM/Camera/left-by-the-last-owner.jpg"


@dataclass(frozen=True)
class Trouble:
    """`fault` strikes as soon as the run comes to `at`; after `turns` of a worker somebody mends it."""

    fault: Fault
    at: RunState
    amount: int = 0
    times: int = FOR_EVER
    turns: int = 3


# How each fault is armed where nothing else is asked: bad enough to be met, and none for ever that time alone mends.
AMOUNTS = {Fault.DROP_AFTER: 900, Fault.SLOW: 2, Fault.DISK_FULL: 0}
ONCE = frozenset({Fault.REBOOT_IN_COMMAND})


def ordinary(fault: Fault, at: RunState) -> Trouble:
    return Trouble(fault, at, AMOUNTS.get(fault, 0), 1 if fault in ONCE else FOR_EVER)


@dataclass
class Mischief:
    """Arms troubles as a run comes to their states, kills its worker at some commits, and mends what was armed."""

    workbench: Workbench
    run: Run
    device: VirtualTablet
    troubles: Sequence[Trouble]
    kills: Collection[int] = ()
    armed: dict[int, int] = field(default_factory=dict)
    """Turns left until a trouble, by its place in the list, is mended."""

    def after_commit(self, number: int) -> None:
        state = self.workbench.run(self.run).state
        for at, trouble in enumerate(self.troubles):
            if trouble.at is state and at not in self.armed:
                self.armed[at] = trouble.turns
                self.device.faults.arm(trouble.fault, trouble.amount, times=trouble.times)
                self.device.nudge()
        if number in self.kills:
            raise Killed(f"after commit {number}")

    def mend(self) -> None:
        for at in self.armed:
            self.armed[at] -= 1
            if self.armed[at] == 0:
                self.device.faults.clear(self.troubles[at].fault)
                self.device.nudge()


def live_through(
    workbench: Workbench, place: Place, run: Run, troubles: Sequence[Trouble], kills: Collection[int] = ()
) -> Run:
    """Turn after turn, with hands at the tablet, until the run has ended; every trouble is mended in time."""
    mischief = Mischief(workbench, run, place.device, troubles, kills)
    database = Watched.round(workbench.database, mischief.after_commit)
    for _ in range(MOST_TURNS):
        with suppress(Killed):
            workbench.turn(run, database)
        if workbench.run(run).state in FINISHED:
            return workbench.run(run)
        lend_hands(place.device)
        mischief.mend()
    now = workbench.run(run)
    raise AssertionError(f"still {now.state} after {MOST_TURNS} turns: {now.doing} / {now.hands} ({troubles})")


def lend_hands(device: VirtualTablet) -> None:
    """What a person at the tablet can do at this moment; a tablet that reports by itself is left alone."""
    device.wait_for(lambda: device.power == "on", 5)
    if device.screen is Screen.RESET:
        person.tap_erase_everything(device)
        device.wait_for(lambda: device.power == "on", 5)
    if not device.set_up and not device.debugging_on:
        person.finish_setup_wizard(device)
        person.switch_on_debugging(device)
    elif not device.debugging_on:
        person.switch_on_debugging(device)


@dataclass(frozen=True)
class Life:
    """What the storage was before a wipe, for telling afterwards whether it was replaced."""

    generation: int
    android_id: str


def leave_belongings(device: VirtualTablet) -> Life:
    real = device.files.real(BELONGINGS)
    real.parent.mkdir(parents=True, exist_ok=True)
    real.write_bytes(b"somebody's photo")
    return Life(device.content.generation, device.content.android_id)


def on_disk(device: VirtualTablet) -> dict[str, Any]:
    """The state file, read as anybody could: nothing of ours has a say in it."""
    found: dict[str, Any] = json.loads((device.directory / "state.json").read_text(encoding="utf-8"))
    return found


def is_wiped(device: VirtualTablet, earlier: Life) -> bool:
    """Whether the storage is another one, with nothing of a person on it, and not left in a state for tests."""
    state = on_disk(device)
    content, body = state["content"], state["body"]
    return (
        content["generation"] > earlier.generation
        and content["android_id"] != earlier.android_id
        and not content["accounts"]
        and not body["frp_account"]
        and not body["erases_at_start"]
        and content["properties"].get("persist.sys.test_harness") != "1"
        and not list(device.directory.glob("data-*/**/left-by-the-last-owner.jpg"))
    )


def is_provisioned(device: VirtualTablet) -> bool:
    """Whether the profile's app is really there and at home, its tiles are whole, and its settings hold."""
    content = on_disk(device)["content"]
    package = content["packages"].get(HOME_APP)
    tiles = list(device.directory.glob("data-*/**/tiles.json"))
    return (
        package is not None
        and device.files.real(package["path"]).exists()
        and content["home"].startswith(f"{HOME_APP}/")
        and content["settings"]["secure"].get("high_text_contrast_enabled") == "1"
        and content["settings"]["system"].get("font_scale") == "1.3"
        and all(json.loads(each.read_text(encoding="utf-8")) for each in tiles)
        and bool(tiles)
    )


def assert_nothing_false(workbench: Workbench, place: Place, run: Run, earlier: Life) -> None:
    """The run ended well or by a sentence, and no record says more than the tablet's disk does."""
    ended, tablet = workbench.run(run), workbench.tablet(place)
    assert ended.state in (RunState.PASSED, RunState.FAILED)
    assert ended.state is RunState.PASSED or (ended.problem and ended.next_step)
    with workbench.database.read() as session:
        certificate = queries.certificate_of_run(session, run.id)
    if ended.kind is RunKind.WIPE:
        wiped = is_wiped(place.device, earlier)
        assert wiped or certificate is None, "a certificate was written for a tablet that was not wiped"
        assert wiped or tablet.data is not DataState.CLEAN
        assert (ended.state is RunState.PASSED) is (certificate is not None) is (tablet.stage is Stage.WIPED)
    else:
        provisioned = is_provisioned(place.device)
        assert provisioned or tablet.stage is not Stage.PROVISIONED, "called provisioned, and is not"
        assert (ended.state is RunState.PASSED) is (tablet.stage is Stage.PROVISIONED)
