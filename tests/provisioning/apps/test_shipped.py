"""The launcher we ship is the one its papers describe, and asks for nothing."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

from provisioning.apps.reading import read_app
from provisioning.apps.trust import check_signer
from provisioning.command import Command
from provisioning.transports.address import connect
from provisioning.transports.keys import load_or_make_key
from tests.contracts.tablets import tablet_on_a_port

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "provisioning" / "apps" / "shipped"
LAUNCHER = SHIPPED / "doorstep-home.apk"
DIGESTS = re.findall(r"`([0-9a-f]{64})`", (SHIPPED / "PROVENANCE.md").read_text(encoding="utf-8"))


def test_the_papers_are_about_this_file() -> None:
    file_digest, dex_digest, certificate_digest = DIGESTS
    app = read_app(LAUNCHER)
    with zipfile.ZipFile(LAUNCHER) as archive:
        dex = archive.read("classes.dex")
    assert (app.sha256, hashlib.sha256(dex).hexdigest()) == (file_digest, dex_digest)
    check_signer(app, {certificate_digest})


def test_it_is_a_home_screen_for_android_7_and_later_that_asks_for_nothing() -> None:
    app = read_app(LAUNCHER)
    assert (app.package, app.label) == ("org.doorstep.home", "Doorstep Home")
    assert (app.min_sdk, app.target_sdk) == (24, 34)
    assert app.home_activities == ("org.doorstep.home/org.doorstep.home.HomeActivity",)
    assert app.permissions == ()
    assert app.size_bytes < 100_000


def test_androids_own_tool_finds_its_signature_good() -> None:
    subprocess.run(["apksigner", "verify", LAUNCHER], check=True)
    subprocess.run(["zipalign", "-c", "-p", "4", LAUNCHER], check=True, stdout=subprocess.DEVNULL)


def test_every_picture_a_bench_may_name_is_inside() -> None:
    readme = (ROOT / "deploy" / "home" / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith("| `picture`"))
    named = row.split("`")[3].split()
    with zipfile.ZipFile(LAUNCHER) as archive:
        inside = set(archive.namelist())
    assert len(named) == 11
    assert {f"res/drawable/picture_{name}.xml" for name in named} <= inside


def test_a_tablet_takes_it_and_offers_it_as_a_home_screen(tmp_path: Path) -> None:
    key = load_or_make_key(tmp_path / "key")
    with tablet_on_a_port(tmp_path / "tablet", "samsung-tab-a9-14") as (_, port):
        link = connect(f"tcp:127.0.0.1:{port}", signer=key)
        link.install([LAUNCHER])
        homes = link.run(
            Command(
                "cmd package query-activities --brief -a android.intent.action.MAIN", "-c android.intent.category.HOME"
            )
        ).stdout
        link.close()
    assert "org.doorstep.home/" in homes


def test_it_speaks_four_languages_and_brings_nothing_that_asks_or_reports() -> None:
    said = subprocess.run(["aapt", "dump", "badging", LAUNCHER], check=True, capture_output=True, text=True).stdout
    asked = subprocess.run(["aapt", "dump", "permissions", LAUNCHER], check=True, capture_output=True, text=True).stdout
    assert "locales: '--_--' 'cy' 'pa' 'ur'" in said
    assert asked.splitlines() == ["package: org.doorstep.home"]
    code = subprocess.run(["dexdump", LAUNCHER], check=True, capture_output=True, text=True).stdout
    classes = re.findall(r"Class descriptor\s+: 'L([\w/]+)", code)
    assert classes
    assert all(name.startswith("org/doorstep/home/") for name in classes)
    assert "Ljava/net/Socket" not in code
    assert "Ljava/net/URL;" not in code
