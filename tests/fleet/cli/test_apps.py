"""`doorstep app` for real: a bundle comes in, a stranger's does not, and programs read the list."""

from __future__ import annotations

from pathlib import Path

from tests.apks import ApkRecipe, build_apk
from tests.bundles import build_splits, sai_apks
from tests.fleet.cli.conftest import Installation

TOLD = ("--licence", "open", "--note", "Apache 2.0")


def test_a_bundle_is_added_and_listed(installed: Installation, tmp_path: Path) -> None:
    path = sai_apks(tmp_path / "parts.apks", build_splits())
    said = installed("app", "add", str(path), *TOLD)
    assert (said.code, "is in the library as app 1" in said.out) == (0, True)
    (told,) = installed("app", "list", "--json").json
    assert (told["package"], told["container"], told["licence"]) == ("org.example.parts", "apks", "open")
    assert len(told["variants"][0]["parts"]) == len(build_splits())


def test_what_is_refused_is_said_and_nothing_is_added(installed: Installation) -> None:
    torn = build_apk(ApkRecipe(package="org.example.torn", tampered=True))
    said = installed("app", "add", str(torn), *TOLD)
    assert (said.code, "changed after it was signed" in said.words) == (1, True)
    unsaid = installed("app", "add", str(build_apk()), "--licence", "open")
    assert (unsaid.code, "Name the licence" in unsaid.words) == (1, True)
    assert installed("app", "add", "no-such-file.apk", *TOLD).code == 2
    assert installed("app", "list", "--json").json == []


def test_another_signer_needs_a_reason(installed: Installation) -> None:
    assert installed("app", "add", str(build_apk(ApkRecipe(package="org.example.key"))), *TOLD).code == 0
    other = build_apk(ApkRecipe(package="org.example.key", version_code=2, signer="stranger"))
    said = installed("app", "add", str(other), *TOLD)
    assert (said.code, "is signed by" in said.words) == (1, True)
    again = installed("app", "add", str(other), *TOLD, "--signer-change", "Said on its maker's page", "--json")
    assert (again.code, again.json["version_code"]) == (0, 2)
