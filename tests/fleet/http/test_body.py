"""What is sent is read only so far, by whomever it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from fleet.http.body import MOST_BYTES
from tests.people import Browser

TOO_MUCH = "x" * (MOST_BYTES + 1)


def test_a_stranger_cannot_send_a_file_without_end(browser_as: Callable[..., Browser]) -> None:
    answer = browser_as().post("/sign-in", files={"email": ("large.bin", TOO_MUCH)})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_body_that_does_not_say_how_long_it_is_is_counted(app: FastAPI) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(5):
            yield b"x" * (MOST_BYTES // 4)

    kind = {"content-type": "application/x-www-form-urlencoded"}
    with Browser(app, base_url="https://t.example") as stranger:
        assert stranger.post("/sign-in", content=pieces(), headers=kind).status_code == 413


@pytest.mark.parametrize("path", ["/api/v1/scans", "/api/v1/requests"])
def test_a_program_is_told_the_same_in_its_own_words(browser_as: Callable[..., Browser], path: str) -> None:
    answer = browser_as().post(path, content=f'"{TOO_MUCH}"', headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "refused")
