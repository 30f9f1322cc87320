"""The demonstration is true: its report agrees with what crossed each tablet's wire, and a kill changes nothing."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from fleet.database.session import open_database
from fleet.home.lending_day import partner_day
from fleet.home.other_days import donor_day
from fleet.users.queries import user_by_email
from fleet.users.rules import DEMO_DOMAIN
from fleet.users.service import actor_of
from provisioning.virtual.wirelog import read_events
from tests.fleet.demo.playing import end_state, play, play_and_kill, play_on

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("demo")]

Report = dict[str, Any]
KILLS = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration") / "demo"


@pytest.fixture(scope="module")
def seconds_and_report(folder: Path) -> tuple[float, Report]:
    """A month played through, and how long it took from the first key to the prompt."""
    began = time.monotonic()
    report = play(folder)
    return time.monotonic() - began, report


@pytest.fixture(scope="module")
def report(seconds_and_report: tuple[float, Report]) -> Report:
    return seconds_and_report[1]


def wire(folder: Path, tablet: Report, kind: str) -> list[dict[str, Any]]:
    """What this tablet saw of one kind, by its own log."""
    return [
        dict(event)
        for event in read_events(folder / "tablets" / tablet["name"] / "wire.jsonl")
        if event["kind"] == kind
    ]


def test_each_long_step_is_said_before_it_begins(folder: Path, report: Report) -> None:
    said = folder.with_suffix(".log").read_text()
    steps = (
        "Making the database",
        "Switching on 6 tablets",
        "Starting the web server",
        "1 of 15",
        "Every claim is checked",
    )
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert said.index("What became of the six tablets") > places[-1]
    assert "is set up as “large-clear”; each setting was read again and is right." in said


def test_every_wipe_that_is_claimed_happened_on_the_tablet_itself(folder: Path, report: Report) -> None:
    for tablet in report["tablets"]:
        seen = wire(folder, tablet, "wipe")
        assert len(tablet["wipes"]) == len(seen), tablet["name"]
        for claimed, event in zip(tablet["wipes"], seen, strict=True):
            drawn = next(proof for proof in claimed["proofs"] if proof["name"] == "android_id")
            assert drawn["after"] == event["android_id"]
            assert drawn["before"] != drawn["after"]


def test_the_canary_of_every_wipe_crossed_the_wire_before_it(folder: Path, report: Report) -> None:
    for tablet in report["tablets"]:
        pushed = wire(folder, tablet, "push")
        for claimed, event in zip(tablet["wipes"], wire(folder, tablet, "wipe"), strict=True):
            canaries = [proof["sentence"] for proof in claimed["proofs"] if proof["name"] == "canary"]
            assert len(canaries) == 2
            for sentence in canaries:
                before = [push for push in pushed if push["path"] in sentence and push["time"] < event["time"]]
                assert before, sentence


def test_nothing_was_done_to_the_tablet_that_is_somebody_elses(folder: Path, report: Report) -> None:
    kept = next(tablet for tablet in report["tablets"] if tablet["name"] == "owner")
    assert kept["holds"] == ["identity"]
    assert not wire(folder, kept, "wipe")
    assert not wire(folder, kept, "install")
    assert not wire(folder, kept, "push")


def test_every_set_up_installed_the_launcher_and_was_read_back(folder: Path, report: Report) -> None:
    for tablet in report["tablets"]:
        installs = [event for event in wire(folder, tablet, "install") if event["package"] == "org.doorstep.home"]
        assert len(installs) == len(tablet["provisions"]), tablet["name"]
        for provision in tablet["provisions"]:
            assert provision["verified"]
            assert {step["outcome"] for step in provision["steps"]} == {"ok"}


def test_the_blockers_are_found_and_named(report: Report) -> None:
    found = {tablet["name"]: {blocker["code"] for blocker in tablet["blockers"]} for tablet in report["tablets"]}
    assert found == {
        "account": {"google_account"},
        "owner": {"managed"},
        "battery": {"battery_low"},
        "plain-13": set(),
        "plain-14": set(),
        "plain-15": set(),
    }


def test_no_message_and_no_paper_names_an_account(folder: Path, report: Report) -> None:
    assert "sample.one@example.com" not in (folder / "report.json").read_text()
    assert "sample.one@example.com" not in (folder / "server.log").read_text()


def test_each_tablet_that_is_set_up_shows_both_gatherings_and_no_other_does(folder: Path, report: Report) -> None:
    shown = {tablet["name"]: tablet["gatherings"] for tablet in report["tablets"]}
    both = ["Sample sing-along", "Sample tea and news"]
    set_up = ("account", "battery", "plain-13", "plain-15")
    assert shown == {name: both if name in set_up else [] for name in shown}
    kept = next(tablet for tablet in report["tablets"] if tablet["name"] == "plain-15")
    path = "/sdcard/Android/data/org.doorstep.home/files/tiles.json"
    assert any(push["path"] == path for push in wire(folder, kept, "push"))


def test_the_loan_of_a_swapped_tablet_goes_on_with_the_other(report: Report) -> None:
    tablets, longer = {tablet["name"]: tablet for tablet in report["tablets"]}, report["loans"][2]
    assert longer["tablets_had"] == [tablets["plain-15"]["id"], tablets["account"]["id"]]
    assert longer["state"] == "active"
    assert longer["started_on"] == report["loans"][0]["started_on"]
    assert (tablets["plain-15"]["stage"], tablets["plain-15"]["data"]) == ("cleaned", "dirty")


def test_the_labels_are_read_by_another_programs_eyes(folder: Path, report: Report) -> None:
    page = pypdfium2.PdfDocument(folder / "labels.pdf")[0].render(scale=300 / 72).to_pil()
    read = {found.text.rsplit("/", 1)[-1].replace("-", "") for found in zxingcpp.read_barcodes(page)}
    assert read == {tablet["label"].replace("-", "") for tablet in report["tablets"] if tablet["label"]}


def test_every_certificate_is_on_paper_and_names_its_tablet(folder: Path, report: Report) -> None:
    numbers = set()
    for tablet in report["tablets"]:
        for wipe in tablet["wipes"]:
            numbers.add(wipe["certificate"])
            with pypdfium2.PdfDocument(folder / "certificates" / f"{wipe['certificate']}.pdf") as paper:
                text = "\n".join(page.get_textpage().get_text_range() for page in paper)
            assert tablet["serial"] in text
            assert wipe["certificate"] in text
    assert {path.stem for path in (folder / "certificates").glob("*.pdf")} == numbers


def test_giver_surgery_and_library_each_see_what_is_theirs(folder: Path, report: Report) -> None:
    database = open_database(f"sqlite:///{folder / 'data' / 'doorstep.sqlite3'}")
    with database.read() as session:
        giver, surgery, library = (
            actor_of(user)
            for email in ("donor", "referrer", "partner-lead")
            if (user := user_by_email(session, f"{email}@{DEMO_DOMAIN}"))
        )
        gifts = donor_day(session, giver).sections[0].lines
        asked = [partner_day(session, each).sections[0].lines for each in (surgery, library)]
    database.close()
    assert sum(int(line.title.split()[0]) for line in gifts) == len(report["tablets"])
    assert [len(lines) for lines in asked] == [2, 1]


def test_killed_at_three_moments_the_month_ends_the_same(
    seconds_and_report: tuple[float, Report], tmp_path: Path
) -> None:
    whole, through = seconds_and_report
    chance = random.Random(20261122)
    killed = tmp_path / "demo"
    moments = [chance.uniform(0.15, 0.6) * whole for _ in range(KILLS)]
    kills = sum(play_and_kill(killed, after_seconds=moment) for moment in moments)
    assert kills >= 1
    assert end_state(play_on(killed)) == end_state(through)
