"""`doorstep check` says each thing that can be wrong with an installation, once it is."""

from __future__ import annotations

import pytest

from tests.fleet.cli.conftest import Installation, add_user


def found(installation: Installation) -> str:
    said = installation("check", "--json")
    assert said.code == (1 if said.json else 0)
    assert all(each["what"].endswith(".") and each["next_step"].endswith(".") for each in said.json)
    return " ".join(each["what"] for each in said.json)


def test_nothing_is_wrong_with_a_whole_installation(with_admin: Installation) -> None:
    said = with_admin("check")
    assert (said.code, "Nothing is wrong." in said.out) == (0, True)
    assert with_admin("check", "--json").json == []


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SECRET_KEY", "change-me-before-serving", "secret key is the default one"),
        ("SECRET_KEY", "short", "shorter than 32 characters"),
        ("PUBLIC_URL", "https://a-very-long-name-of-a-hub.doorstep.example", "is 60 characters long"),
        ("PUBLIC_URL", "http://t.example", "not https"),
        ("FINDER_LANGUAGES", "cy, klingon", "no words in klingon"),
        ("NOTIFY_KEY", "sample-key", "GOV.UK Notify is half set up: it has a key and no template. No texts and emails"),
        ("SMTP_HOST", "mail.doorstep.example", "no address is given that emails come from. No emails leave by it"),
        ("DATA_DIR", "/dev/null/var", "cannot be written"),
        ("BROKER_URL", "amqp://guest:guest@127.0.0.1:1//", "broker does not answer"),
        ("BROKER_URL", "nonsense://127.0.0.1", "broker does not answer"),
        pytest.param(
            "DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/doorstep", "database does not answer", id="away"
        ),
    ],
)
def test_a_bad_setting_is_found(with_admin: Installation, setting: str, value: str, words: str) -> None:
    with_admin.settings[f"DOORSTEP_{setting}"] = value
    assert words in found(with_admin)


def test_a_password_in_a_broker_url_is_not_printed(with_admin: Installation) -> None:
    with_admin.settings["DOORSTEP_BROKER_URL"] = "amqp://guest:verysecretword@127.0.0.1:1//"
    said = with_admin("check")
    assert "verysecretword" not in said.out + said.err


def test_nobody_to_sign_in_is_found(installed: Installation) -> None:
    assert "Nobody is hub admin yet." in found(installed)


def test_a_database_that_was_never_made_is_found(doorstep: Installation) -> None:
    assert "The database is not up to date." in found(doorstep)
    assert not (doorstep.folder / "var" / "doorstep.sqlite3").exists(), "looking makes nothing"


def test_a_hub_without_a_phone_is_found(installed: Installation) -> None:
    installed.settings["DOORSTEP_HUB_PHONE"] = ""
    add_user(installed)
    assert "has no phone number, and labels" in found(installed)
