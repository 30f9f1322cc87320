"""Masking: what names a person, a network or a unit goes; what a parser needs stays; equal values stay equal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.capture.masking import masked
from provisioning.capture.stand_ins import StandIns
from provisioning.command import Command
from provisioning.facts.identity import ANDROID_ID, IDENTITY
from provisioning.facts.properties import GETPROP, PROPERTIES
from provisioning.facts.reading import Answer
from provisioning.facts.settings import SETTINGS_GLOBAL, SETTINGS_SECURE
from provisioning.facts.users import USERS

KEY = StandIns(b"a key for tests")
OTHER = Command("another probe")


def mask(*texts: str) -> list[str]:
    """The texts as answers to commands that no key is known of."""
    commands = [Command("probe", str(number)) for number in range(len(texts))]
    answers = {command: Answer(text, 0) for command, text in zip(commands, texts, strict=True)}
    return [answer.text for answer in masked(answers, KEY).values()]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail: sample.one+tablet@example.org.", "sample.one"),
        ("ring 07700 900123 please", "900123"),
        ("ring 020 7946 0123", "0123"),
        ("ring +44 7700 900123", "900123"),
        ("<string name='number'>+447700900123</string>", "900123"),
        ("link/ether 02:00:5e:00:53:aa brd", "5e:00:53:aa"),
        ("imei 350000000000006 ", "350000000000006"),
        ("ccid 8944000000000000006", "8944000000000000006"),
        ('Wifi is connected to "Sample home"', "Sample home"),
        ("mWifiInfo SSID: Sample home, BSSID: 02:00:5e:00:53:01, MAC", "Sample home"),
        ('SSID: "Sample home", BSSID: 02:00:5e:00:53:01', "02:00:5e:00:53:01"),
        ("\tUserInfo{10:Sample: One:1030} running", "Sample: One"),
        ("    Account {name=sample one, type=com.google}", "sample one"),
        ('{"serial":"SAMPLE0016","imei":["350000000000006"]}', "SAMPLE0016"),
        ("BatteryHealthData{batterySerialNumber: B4TT3RY, x: 1}", "B4TT3RY"),
    ],
)
def test_a_persons_mark_is_gone_wherever_it_stands(text: str, secret: str) -> None:
    (told,) = mask(text)
    assert secret not in told


@pytest.mark.parametrize(
    "text",
    [
        "MemTotal:        3912032 kB",
        "/dev/block/dm-1  56368440 32053608 24167376  58% /data",
        "package:com.example.meet versionCode:2147483647  installer=com.android.vending",
        "1763812800",
        "2026-11-22 12:00:00.123",
        "mWifiInfo SSID: <none>, BSSID: <none>, MAC: none",
        "Charge counter: 4370000",
        "ro.build.fingerprint: example/sample10/sample10:13/TP1A.220624.014/10450123:user/release-keys",
        "com.example/.Main 12:34:56",
        "[init.svc.audio]: [android.hardware.audio@5.0-impl.so and health@2.1-service]",
        "getHealthInfo -> HealthInfo{batteryFullChargeUah: 8065000, batteryCycleCount: 60}",
    ],
)
def test_what_a_parser_needs_is_left_as_it_is(text: str) -> None:
    assert mask(text) == [text]


def test_equal_values_stay_equal_in_every_answer_and_others_differ() -> None:
    one, other = "sample.one@example.org", "sample.two@example.org"
    first, second = mask(f"{one} {other}", f"again {one}")
    stand_in, another = first.split()
    assert stand_in != another
    assert second == f"again {stand_in}"


def test_another_bundle_has_other_stand_ins() -> None:
    answers = {OTHER: Answer("sample.one@example.org", 0)}
    assert masked(answers, KEY) != masked(answers, StandIns(b"another key"))


def test_a_serial_is_masked_by_its_key_and_then_wherever_it_occurs() -> None:
    told = masked(
        {
            GETPROP: Answer("[ro.serialno]: [R52SAMPLE01]\n[ro.boot.serialno]: [R52SAMPLE01]\n", 0),
            OTHER: Answer("unit R52SAMPLE01 is here", 0),
        },
        KEY,
    )
    properties = PROPERTIES.parse(told[GETPROP].text)
    stand_in = properties.first("ro.serialno")
    assert stand_in == properties.first("ro.boot.serialno") != "R52SAMPLE01"
    assert told[OTHER].text == f"unit {stand_in} is here"


@pytest.mark.parametrize(
    "key",
    [
        "ro.boot.wifimac",
        "ro.ril.oem.imei",
        "gsm.sn1",
        "ro.lenovosn",
        "ril.serialnumber",
        "ro.boot.em.did",
        "net.hostname",
    ],
)
def test_makers_keep_the_units_marks_under_many_keys(key: str) -> None:
    told = masked({GETPROP: Answer(f"[{key}]: [A1B2C3D4E5F6]\n[ro.build.type]: [user]\n", 0)}, KEY)[GETPROP].text
    assert "A1B2" not in told
    assert PROPERTIES.parse(told).first("ro.build.type") == "user"


def test_a_serial_that_many_units_share_tells_nothing_and_stays() -> None:
    text = "[ro.build.version.release]: [7.1]\n[ro.build.version.sdk]: [25]\n[ro.serialno]: [0123456789ABCDEF]\n"
    told = masked({GETPROP: Answer(text, 0)}, KEY)
    assert not IDENTITY.parse(told[GETPROP].text).unit.serial_is_its_own
    assert told[GETPROP].text == text


@given(st.integers(0, 2**64 - 1))
def test_an_android_id_is_still_one_and_another(number: int) -> None:
    before = f"{number:016x}"
    told = masked({ANDROID_ID.command: Answer(f"{before}\n", 0)}, KEY)[ANDROID_ID.command]
    after = ANDROID_ID.parse(told.text).value
    assert after != before
    assert len(after) == 16


def test_what_somebody_wrote_into_the_settings_is_masked_over_all_its_lines() -> None:
    text = (
        "device_provisioned=1\nlock_screen_owner_info=Sample One\n1 Sample Street\n0113 496 0000\n"
        "default_input_method=com.example.keyboard/.Ime\nlock_screen_owner_info_enabled=1\nvpn_note=back by six\n"
        "odd_key=Σαμπλ\n"
    )
    told = masked({SETTINGS_SECURE.command: Answer(text, 0)}, KEY)[SETTINGS_SECURE.command].text
    table = SETTINGS_SECURE.parse(told)
    assert not re.search(r"Sample|Street|0113|six|Σ", told)
    kept = ("device_provisioned", "default_input_method", "lock_screen_owner_info_enabled")
    assert [table.get(key) for key in kept] == ["1", "com.example.keyboard/.Ime", "1"]
    assert set(table.values) == set(SETTINGS_SECURE.parse(text).values)


def test_a_tablet_named_after_its_model_keeps_its_model() -> None:
    told = masked(
        {
            GETPROP: Answer("[ro.product.model]: [Sample Tab 10]\n", 0),
            SETTINGS_GLOBAL.command: Answer("device_name=Sample Tab 10\n", 0),
        },
        KEY,
    )
    assert told[GETPROP].text == "[ro.product.model]: [Sample Tab 10]\n"
    assert "Sample Tab" not in told[SETTINGS_GLOBAL.command].text


def test_an_app_that_stands_under_a_private_key_is_still_listed_as_installed() -> None:
    told = masked(
        {
            SETTINGS_SECURE.command: Answer("assist_package_name=com.example.helper\n", 0),
            OTHER: Answer("package:com.example.helper\n", 0),
        },
        KEY,
    )
    assert told[OTHER].text == "package:com.example.helper\n"


def test_users_keep_their_numbers_and_kinds() -> None:
    text = "Users:\n\tUserInfo{0:Sample One:c13} running\n\tUserInfo{10:Work profile:1030} running\n"
    told = masked({USERS.command: Answer(text, 0)}, KEY)[USERS.command].text
    assert USERS.parse(told) == USERS.parse(text)
    assert "Sample" not in told


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_answer_can_be_masked_and_has_as_many_lines_as_before(text: str) -> None:
    (told,) = mask(text)
    plain = text.replace("\r", "").replace("\0", "")
    assert told.count("\n") == plain.count("\n")
