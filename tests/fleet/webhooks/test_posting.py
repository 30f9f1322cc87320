"""Nothing leaves for an address that its name only turns out to have when it is connected to."""

from __future__ import annotations

import socket
import time

import pytest

from fleet.webhooks.posting import Patience, post
from tests.fleet.webhooks.receiver import Mood, Receiver

HEADERS = (("webhook-id", "msg_1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,x"))


def send(url: str, *, demo: bool = False) -> tuple[int | None, str]:
    outcome = post(url, HEADERS, "{}", demo=demo, patience=Patience(connect=0.5, whole=0.3))
    return outcome.status, outcome.words


def test_a_name_that_leads_here_is_not_connected_to(receiver: Receiver) -> None:
    status, words = send(f"http://localhost:{receiver.port}/")
    assert (status, "own network" in words) == (None, True)
    assert receiver.signatures == []
    assert send(f"http://localhost:{receiver.port}/", demo=True)[0] == 204


def test_one_address_of_ours_among_others_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a name does that was changed after it was looked at."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: found)
    assert "own network" in send("https://example.org/")[1]


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.moods = [Mood.SENDS_ELSEWHERE]
    assert send(receiver.url, demo=True)[0] == 302
    assert len(receiver.signatures) == 1


def test_an_answer_that_drips_in_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.moods = [Mood.DRIPS]
    began = time.monotonic()
    assert send(receiver.url, demo=True) == (None, "It did not answer in time.")
    assert time.monotonic() - began < 5


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()
    here = ("127.0.0.1", receiver.port)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in (closed, here)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: found)
    assert send("http://receiver.example/", demo=True)[0] == 204


def test_a_name_that_no_name_can_be_is_said_in_words() -> None:
    assert "could not be found" in send(f"https://{'a' * 64}.example/")[1]


def test_what_is_not_there_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = send(f"http://127.0.0.1:{port}/", demo=True)[1]
    assert answer == "It could not be reached: nothing takes calls at that address."


def test_a_line_without_a_certificate_is_not_spoken_over(receiver: Receiver) -> None:
    status, words = send(f"https://127.0.0.1:{receiver.port}/", demo=True)
    assert (status, words.endswith(".")) == (None, True)
    assert receiver.signatures == []
