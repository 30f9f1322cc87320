"""Ways out that somebody began to set up: nothing leaves by them, and it is said what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from structlog.testing import capture_logs

from fleet.chasing.channels.base import ChannelFailed
from fleet.chasing.channels.half_set import half_set
from fleet.chasing.channels.ways import ways_out
from fleet.chasing.rules import ChaseState
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_channels import MESSAGE
from tests.people import Browser
from workers.rooms import work_of_rooms

DUE = date(2026, 6, 29)
HALF = {
    "a key alone": ({"notify_key": SecretStr("sample-key")}, "DOORSTEP_NOTIFY_TEXT_TEMPLATE", ("text", "email")),
    "a template alone": ({"notify_text_template": "sample"}, "DOORSTEP_NOTIFY_KEY", ("text",)),
    "a server alone": ({"smtp_host": "mail.doorstep.example"}, "DOORSTEP_SMTP_SENDER", ("email",)),
    "a sender alone": ({"smtp_sender": "hub@doorstep.example"}, "DOORSTEP_SMTP_HOST", ("email",)),
}


def with_folder(folder: Path, **given: object) -> Settings:
    return Settings(data_dir=folder).model_copy(update=given)


@pytest.mark.parametrize(("given", "missing", "silent"), HALF.values(), ids=HALF)
def test_what_is_half_set_is_named_and_lets_nothing_leave(
    tmp_path: Path, given: dict[str, object], missing: str, silent: tuple[str, ...]
) -> None:
    settings = with_folder(tmp_path, **given)
    (found,) = half_set(settings)
    assert (missing in found.next_step, found.channels) == (True, silent)
    for channel in silent:
        with pytest.raises(ChannelFailed, match="half set up"):
            ways_out(settings).own[channel].deliver(MESSAGE)
    assert list(tmp_path.rglob("*.txt")) == []


def test_a_whole_way_out_carries_what_a_half_set_one_does_not(tmp_path: Path) -> None:
    mail = {"smtp_host": "mail.doorstep.example", "smtp_sender": "hub@doorstep.example"}
    settings = with_folder(tmp_path, notify_key=SecretStr("sample-key"), **mail)
    ways = ways_out(settings)
    assert type(ways.own["email"]) is not type(ways.own["text"])
    assert half_set(with_folder(tmp_path, **mail)) == ()


def test_where_nothing_is_set_up_messages_go_into_the_folder(tmp_path: Path) -> None:
    settings = with_folder(tmp_path)
    assert half_set(settings) == ()
    assert ways_out(settings).into_the_folder() == ("text", "email")
    ways_out(settings).deliver(MESSAGE)
    assert len(list(tmp_path.rglob("*.txt"))) == 1


def test_a_worker_says_at_its_start_what_is_half_set(tmp_path: Path) -> None:
    with capture_logs() as logged:
        work_of_rooms(with_folder(tmp_path, smtp_host="mail.doorstep.example"))
    assert [each["next_step"] for each in logged if each["event"] == "way_out_half_set"] == [
        "Set DOORSTEP_SMTP_SENDER, or take DOORSTEP_SMTP_HOST away."
    ]


@ON_SQLITE
def test_a_message_by_a_half_set_way_fails_with_that_reason_and_the_page_says_so(
    chasing: Chasing, browser_as: Callable[..., Browser], app: FastAPI
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    page = browser_as(Role.COORDINATOR).get("/chasing").text
    assert "Texts and emails go into the outbox folder on the server" in page
    half = chasing.settings.model_copy(update={"notify_key": SecretStr("sample-key")})
    assert (chasing.tick(ways_out(half)).sent, chasing.outbox()) == (0, [])
    entry = chasing.entries(loan)[-1]
    assert (entry.state, entry.note) == (
        ChaseState.FAILED,
        "GOV.UK Notify is half set up: it has a key and no template.",
    )
    app.state.settings = half
    page = browser_as(Role.COORDINATOR).get("/chasing").text
    assert "it has a key and no template" in page
    assert "outbox folder" not in page
