"""`doorstep tablet plan` and `apply` as a person types them: every step says why, and the second plan is empty."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioning.transports.install_session import MARK
from provisioning.virtual import person, person_settings
from provisioning.virtual.faults import Fault
from provisioning.virtual.scripted import Script, ScriptedPerson
from provisioning.virtual.serve import listening
from provisioning.virtual.tablet import VirtualTablet
from tests.apks import ApkRecipe, build_apk
from tests.bundles import build_splits, sai_apks
from tests.fleet.cli.conftest import Installation, Said


@dataclass(frozen=True)
class OnBench:
    """A virtual tablet, where it is, and the command pointed at it."""

    tablet: VirtualTablet
    address: str
    doorstep: Installation

    def __call__(self, verb: str, *options: str) -> Said:
        return self.doorstep("tablet", verb, "--connect", self.address, *options)


PutOnBench = Callable[[str], OnBench]


@pytest.fixture
def put_on_bench(tmp_path: Path, doorstep: Installation) -> Iterator[PutOnBench]:
    """`put_on_bench("lenovo-tab-m8-13")`: set up, debugging on, and somebody beside it who taps Allow."""
    with contextlib.ExitStack() as stack:

        def put(model: str) -> OnBench:
            tablet = VirtualTablet.open(tmp_path / model, model, serial="VIRTSAMPLE8", boot_seconds=0.1)
            stack.callback(tablet.close)
            person.finish_setup_wizard(tablet)
            person.switch_on_debugging(tablet)
            stack.enter_context(ScriptedPerson(tablet, Script(delay_seconds=0.01)))
            port = stack.enter_context(listening(tablet))
            return OnBench(tablet, f"tcp:127.0.0.1:{port}", doorstep)

        yield put


FOR_HER = ("--profile", "large-clear", "--need", "low-vision", "--language", "pa")


@pytest.mark.parametrize("model", ["lenovo-tab-m10-9", "nokia-t20-12", "lenovo-tab-m8-13", "google-pixel-tablet-15"])
def test_every_step_names_its_reason_and_after_applying_the_plan_is_empty(put_on_bench: PutOnBench, model: str) -> None:
    bench = put_on_bench(model)
    before = bench.tablet.content.settings
    planned = bench("plan", *FOR_HER, "--json")
    assert planned.code == 0, planned.words
    steps = planned.json["steps"]
    assert len(steps) > 15
    assert all(step["reason"] and step["origins"] for step in steps)
    assert {"need:low-vision", "profile:large-clear"} < {origin for step in steps for origin in step["origins"]}
    assert bench.tablet.content.settings == before, "planning changes nothing"

    applied = bench("apply", *FOR_HER, "--json")
    assert applied.code == 0, applied.words
    assert applied.json["left"] == applied.json["in_doubt"] == []
    assert [hands["what"] for hands in applied.json["for_hands"]] == ["The tablet speaks Punjabi"]
    assert "LocalePicker" in bench.tablet.app_in_front, "the screen for the person is open"

    again = bench("plan", *FOR_HER, "--json").json
    assert again["empty"] is True
    assert again["for_hands"] == ["language"]
    person_settings.choose_language(bench.tablet, "pa-IN")
    finished = bench("plan", *FOR_HER, "--json").json
    assert (finished["empty"], finished["for_hands"], finished["in_doubt"]) == (True, [], [])


def test_a_person_reads_what_why_and_for_whom(put_on_bench: PutOnBench) -> None:
    said = put_on_bench("samsung-tab-a9-14")("plan", *FOR_HER).out
    assert "Large and clear, version 2, with: Low vision; Reads Punjabi. Tablet: samsung Virtual SM-X210" in said
    assert (
        "Words are very large (font_scale 1.5, was 1.0).\n     why: Words must be read at arm's length. for: Low"
        in said
    )
    assert "For your hands:\n  -  The tablet speaks Punjabi: On the tablet, under Languages" in said
    assert "kept 1.5 (Low vision) over 1.0 (Standard), 1.3 (New to tablets), because the larger words" in said


def test_a_stored_plan_is_applied_exactly_and_refused_once_the_tablet_changed(
    put_on_bench: PutOnBench, tmp_path: Path
) -> None:
    bench, stored = put_on_bench("lenovo-tab-m8-13"), str(tmp_path / "plan.json")
    assert bench("plan", "--profile", "hearing", "--out", stored).code == 0
    applied = bench("apply", "--plan", stored)
    assert applied.code == 0, applied.words
    assert "Everything the profile asks for was read back from the tablet." in applied.out
    assert " 1 of " in applied.out
    stale = bench("apply", "--plan", stored)
    assert stale.code == 1
    assert stale.words == "Nothing was changed. The tablet has changed since the plan was made. Plan again."
    assert stale.out == "", "the steps of a plan that is refused are not said again"


def test_a_file_in_a_folder_is_a_profile_and_another_a_quirk_and_no_python_is_written(
    put_on_bench: PutOnBench, tmp_path: Path
) -> None:
    folder = tmp_path / "ours"
    (folder / "quirks").mkdir(parents=True)
    (folder / "our-own.toml").write_text(
        'name = "our-own"\nversion = 3\ntitle = "Our own"\ndescription = "For tests."\nextends = "standard"\n'
        '[[resource]]\nkind = "volume"\nstream = "media"\npercent = 40\nreason = "Not too loud"\nsource = "us"\n'
        '[[resource]]\nkind = "three_buttons"\nreason = "Seen"\nsource = "us"\n'
    )
    (folder / "quirks" / "our-lenovo.toml").write_text(
        'name = "our-lenovo"\nversion = 1\ntitle = "The Lenovo M8"\nsource = "seen on ours"\n'
        '[match]\nmanufacturer = "lenovo"\nmodel = "*TB300FU"\n'
        '[[skip]]\nresource = "volume/media"\nwhy = "Its speaker rattles."\n'
        '[[guide]]\nresource = "navigation"\nwords = "Hold the blue key."\n'
    )
    bench = put_on_bench("lenovo-tab-m8-13")
    said = bench("plan", "--profile", "our-own", "--profiles", str(folder)).out
    assert "Our own, version 3. Tablet: LENOVO" in said
    assert "is 40 %: Its speaker rattles.\n     why: Not too loud. for: Our own, The Lenovo M8" in said
    assert "three buttons at the bottom of the screen: Hold the blue key." in said
    applied = bench("apply", "--profile", "our-own", "--profiles", str(folder), "--json")
    assert applied.code == 0, applied.words
    assert applied.json["for_hands"][0]["do"] == "Hold the blue key."
    bench.doorstep.settings["DOORSTEP_PROFILES_DIR"] = str(folder)
    person_settings.choose_buttons(bench.tablet)
    again = bench("plan", "--profile", "our-own", "--json").json
    assert (again["empty"], again["for_hands"]) == (True, [])


def test_the_protected_list_is_no_profiles_to_override(put_on_bench: PutOnBench, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(
        'name = "bad"\nversion = 1\ntitle = "Bad"\ndescription = "x"\n'
        '[[resource]]\nkind = "package_disabled"\npackage = "com.android.systemui"\ntitle = "x"\nreason = "y"\n'
    )
    refused = put_on_bench("lenovo-tab-m8-13")("plan", "--profile", "bad", "--profiles", str(tmp_path))
    assert refused.code == 1
    assert "bad.toml line 5, resource 1 (package_disabled): com.android.systemui is protected" in refused.words


OWNED = (
    'name = "owned"\nversion = 1\ntitle = "Owned"\ndescription = "x"\n'
    '[[resource]]\nkind = "wifi"\nnetwork = "Sample hub"\nsecurity = "wpa2"\npassphrase = "hub"\nreason = "Updates"\n'
    '[[resource]]\nkind = "app"\npackage = "org.example.manager"\ntitle = "Manager"\nreason = "A kiosk"\n'
    '[[resource]]\nkind = "device_owner"\npackage = "org.example.manager"\nreceiver = ".Admin"\ntitle = "Manager"\n'
    'reason = "A kiosk"\n'
)


def owner_of(bench: OnBench) -> str:
    return bench.tablet.content.owner.admin if bench.tablet.content.owner else ""


def test_what_cannot_be_undone_is_asked_about_and_secrets_are_never_shown(
    put_on_bench: PutOnBench, tmp_path: Path
) -> None:
    (tmp_path / "owned.toml").write_text(OWNED)
    apps = tmp_path / "apps"
    apps.mkdir()
    (apps / "manager.apk").symlink_to(build_apk(ApkRecipe(package="org.example.manager")))
    secret = tmp_path / "passphrase"
    secret.write_text("open sesame\n")
    bench = put_on_bench("nokia-t20-12")
    options = ("--profile", "owned", "--profiles", str(tmp_path), "--apps", str(apps))
    asked = bench("apply", *options, "--secret", f"hub={secret}")
    assert asked.code == 1
    assert "This cannot be undone: Make Manager the owner of the tablet." in asked.words
    assert "Nothing was changed." in asked.words
    missing = bench("apply", *options, "--yes")
    assert missing.code == 1
    assert "Not given: hub" in missing.words
    assert owner_of(bench) == ""
    done = bench("apply", *options, "--yes", "--secret", f"hub={secret}")
    assert done.code == 0, done.out + done.err
    assert owner_of(bench) == "org.example.manager/.Admin"
    assert bench.tablet.content.wifi_in_use == "Sample hub"
    assert "sesame" not in asked.out + asked.err + done.out + done.err
    assert bench("plan", *options[:4], "--json").json["empty"] is True


def test_wifi_is_a_persons_work_where_android_keeps_it_from_the_bench(put_on_bench: PutOnBench, tmp_path: Path) -> None:
    lines = OWNED.split("[[resource]]")
    (tmp_path / "owned.toml").write_text("[[resource]]".join(lines[:2]))
    bench = put_on_bench("lenovo-tab-m8-13")
    options = ("--profile", "owned", "--profiles", str(tmp_path), "--json")
    assert bench("plan", *options).json["for_hands"] == ["wifi/Sample hub"]
    assert bench("apply", *options).code == 0
    assert "WifiSettings" in bench.tablet.app_in_front
    person_settings.join_wifi(bench.tablet, "Sample hub")
    assert bench("plan", *options).json["for_hands"] == []


def test_an_app_that_is_nowhere_is_named_before_anything_is_changed(put_on_bench: PutOnBench, tmp_path: Path) -> None:
    (tmp_path / "owned.toml").write_text(
        OWNED.replace('kind = "wifi"', 'kind = "wifi_forgotten"').replace('security = "wpa2"\npassphrase = "hub"\n', "")
    )
    bench = put_on_bench("nokia-t20-12")
    refused = bench("apply", "--profile", "owned", "--profiles", str(tmp_path), "--yes")
    assert refused.code == 1
    assert "Nothing was changed. The app library has no file for org.example.manager" in refused.words


CAPTIONS = (
    'name = "captions"\nversion = 1\ntitle = "Captions"\ndescription = "x"\n'
    '[[resource]]\nkind = "setting"\nnamespace = "secure"\nkey = "accessibility_captioning_enabled"\nvalue = "1"\n'
    'means = "Captions are on"\nreason = "Read"\n'
)


def test_what_the_tablet_refuses_is_said_and_is_no_success(put_on_bench: PutOnBench, tmp_path: Path) -> None:
    (tmp_path / "captions.toml").write_text(CAPTIONS)
    bench = put_on_bench("nokia-t20-12")
    bench.tablet.faults.arm(Fault.SETTINGS_LIE)
    lied = bench("apply", "--profile", "captions", "--profiles", str(tmp_path))
    assert lied.code == 1
    assert "1 of 1  refused  Captions are on" in lied.out
    assert "Not done: Captions are on" in lied.out
    assert "was read back" not in lied.out


def test_a_lost_link_is_not_known_and_the_same_command_goes_on(put_on_bench: PutOnBench) -> None:
    bench = put_on_bench("nokia-t20-12")
    assert bench("plan", "--profile", "hearing").code == 0
    bench.tablet.faults.arm(Fault.DROP_AFTER, 9_000, times=1)
    lost = bench("apply", "--profile", "hearing")
    bench.tablet.faults.clear()
    assert lost.code == 3
    assert bench("apply", "--profile", "hearing").code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--profile", "huge"), "There is no profile “huge”. There are: standard, large-clear"),
        (("--need", "tea"), "There is no need “tea”"),
        (("--language", "xx"), "There is no language “xx”"),
        (("--wish", "tea"), "There is no wish “tea”"),
    ],
)
def test_a_wrong_name_is_answered_before_the_tablet_is_touched(
    doorstep: Installation, options: tuple[str, ...], words: str
) -> None:
    said = doorstep("tablet", "plan", "--connect", "tcp:127.0.0.1:9", *options)
    assert said.code == 1
    assert words in said.words


def test_what_is_no_plan_or_no_secret_is_refused_in_words(put_on_bench: PutOnBench, tmp_path: Path) -> None:
    bad = tmp_path / "plan.json"
    bad.write_text('{"profile": 3}')
    bench = put_on_bench("nokia-t20-12")
    assert "holds no plan that this version can read" in bench("apply", "--plan", str(bad)).words
    assert "not a secret's name and file" in bench("apply", "--secret", "hub").words


def test_the_last_step_leaves_a_tablet_that_answers_no_more(put_on_bench: PutOnBench, tmp_path: Path) -> None:
    (tmp_path / "sealed.toml").write_text(
        'name = "sealed"\nversion = 1\ntitle = "Sealed"\ndescription = "x"\n'
        'extends = "standard"\ndebugging_off = true\n'
    )
    bench = put_on_bench("nokia-t20-12")
    options = ("--profile", "sealed", "--profiles", str(tmp_path))
    assert "At the very end, once everything was read back: Switch the developer options" in bench("plan", *options).out
    done = bench("apply", *options, "--json")
    assert done.code == 0, done.words
    assert done.json["closing"]["closed"] == "gone"
    assert not bench.tablet.debugging_on
    assert bench("plan", *options, "--wait", "0").code != 0


PARTS = (
    'name = "parts"\nversion = 1\ntitle = "Parts"\ndescription = "x"\n'
    '[[resource]]\nkind = "app"\npackage = "org.example.parts"\ntitle = "Parts"\nreason = "Calls"\n'
)


@pytest.fixture
def parts(tmp_path: Path) -> tuple[str, ...]:
    """The options for a profile of one app in parts, and the folder that has it."""
    (tmp_path / "parts.toml").write_text(PARTS)
    apps = tmp_path / "apps"
    apps.mkdir()
    sai_apks(apps / "parts.apks", build_splits())
    return ("--profile", "parts", "--profiles", str(tmp_path), "--apps", str(apps))


def test_an_app_in_parts_is_chosen_for_the_tablets_own_screen_and_the_persons_language(
    put_on_bench: PutOnBench, parts: tuple[str, ...]
) -> None:
    bench = put_on_bench("lenovo-tab-m8-13")
    with bench.tablet.changing() as state:
        state.content.sessions["77"] = {"flags": {"--referrer": MARK}, "files": {}}
    applied = bench("apply", *parts, "--language", "pa")
    assert applied.code == 0, applied.words
    splits = bench.tablet.content.packages["org.example.parts"].splits
    assert "config.pa" in splits
    assert "config.de" not in splits
    assert len([each for each in splits if "dpi" in each]) == 1, "one screen's pictures, not every screen's"
    assert bench.tablet.content.sessions == {}, "what an earlier link left half given was given up"


def test_an_app_that_a_tablet_has_no_room_for_is_refused_before_a_byte_moves(
    put_on_bench: PutOnBench, parts: tuple[str, ...]
) -> None:
    bench = put_on_bench("lenovo-tab-m8-13")
    bench.tablet.faults.arm(Fault.DISK_FULL, 20_000)
    refused = bench("apply", *parts)
    assert refused.code == 1
    assert "MB free" in refused.words
    assert "org.example.parts" not in bench.tablet.content.packages
