"""What may be chosen, where it may go, how it is signed, and when it is tried again."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.webhooks.rules import (
    BY_MOVE,
    GIVEN_UP_AFTER,
    LONGEST_ASKED_REST,
    MOVES,
    WAITS,
    DeliveryMove,
    DeliveryState,
    Outcome,
    is_kind,
    rest_after,
    signed,
    url_problem,
    wait_before,
    wants,
)
from tests.fleet.webhooks.receiver import verifies

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_every_state_of_a_message_is_reached_and_none_is_a_dead_end() -> None:
    assert {row.target for row in MOVES} == set(DeliveryState)
    assert {source for row in MOVES for source in row.sources} == set(DeliveryState)
    assert set(BY_MOVE) == set(DeliveryMove)


def test_a_signature_is_the_one_that_the_reference_library_gives() -> None:
    """The message, secret and signature are those of the project's own tests, in each of its libraries."""
    header = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}', [SECRET])
    assert header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(max_size=200), st.binary(min_size=24, max_size=64), st.integers(0, 2**33))
def test_whatever_is_signed_verifies_and_nothing_else_does(body: str, key: bytes, at: int) -> None:
    secret = f"whsec_{base64.b64encode(key).decode()}"
    signature = signed("msg_1", at, body, [secret])
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signature}
    assert verifies(headers, body.encode(), [secret], now=at)
    assert not verifies(headers, body.encode() + b" ", [secret], now=at)
    assert not verifies(headers | {"webhook-id": "msg_2"}, body.encode(), [secret], now=at)
    assert not verifies(headers, body.encode(), [SECRET], now=at)
    assert not verifies(headers, body.encode(), [secret], now=at + 301)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://exämple.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://example.org:port/",
        "example.org",
    ],
)
def test_an_address_that_will_not_do_is_refused_in_a_sentence(url: str) -> None:
    assert url_problem(url, demo=False).endswith(".")


def test_an_address_outside_will_do_and_this_computer_only_in_a_demonstration() -> None:
    assert url_problem("https://example.org:8443/hooks?from=doorstep", demo=False) == ""
    assert url_problem("https://8.8.8.8/", demo=False) == ""
    assert url_problem("http://127.0.0.1:9000/", demo=True) == ""
    assert url_problem("http://10.0.0.1/", demo=True) != ""


def test_all_of_a_subject_or_single_kinds_can_be_chosen() -> None:
    offered = ("loan.*", "loan.extend", "person.*", "loan.", "*", "loan.a.b")
    assert [each for each in offered if is_kind(each)] == ["loan.*", "loan.extend"]
    assert wants(["loan.*"], "loan.extend")
    assert wants(["loan.extend"], "loan.extend")
    assert not wants(["loan.extend", "tablet.*"], "loan.collect")


def test_nine_tries_take_about_a_day_and_each_wait_is_longer_than_the_one_before() -> None:
    waits = [wait_before(tries, chance=0.5) for tries in range(1, 10)]
    assert waits[:-1] == list(WAITS)
    assert waits[-1] is None
    assert sorted(WAITS) == list(WAITS)
    assert timedelta(hours=23) < sum(WAITS, timedelta()) < timedelta(hours=26)
    assert sum((wait_before(tries, chance=1.0) or timedelta() for tries in range(1, 9)), timedelta()) < GIVEN_UP_AFTER
    assert wait_before(1, chance=0.0) != wait_before(1, chance=1.0)


@given(st.integers(1, 10_000), st.timedeltas(timedelta(), timedelta(days=9)) | st.none(), st.floats(0, 1))
def test_a_rest_is_never_endless_however_often_it_failed_and_whatever_is_asked(
    troubles: int, asked: timedelta | None, chance: float
) -> None:
    assert timedelta(seconds=4) <= rest_after(troubles, asked, chance=chance) <= LONGEST_ASKED_REST


def test_only_2xx_counts_as_delivered_and_only_silence_or_load_as_trouble() -> None:
    statuses = (200, 204, 299, 301, 404, 410, 429, 500, 503, None)
    outcomes = [Outcome(status, "") for status in statuses]
    assert [each.status for each in outcomes if each.is_delivered] == [200, 204, 299]
    assert [each.status for each in outcomes if each.is_trouble] == [429, 503, None]
