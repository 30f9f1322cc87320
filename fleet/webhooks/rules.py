"""What may be told and to whom, how a message is signed, and when one is tried again. No I/O.

Signatures and headers are those of Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks).
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from fleet.addresses import Standing, may_speak_to


class Subject(StrEnum):
    """Whose log an event stands in; the first word of its kind. Records of people are no subject: see `UNTOLD`."""

    TABLET = "tablet"
    LOAN = "loan"
    SIM = "sim"
    RUN = "run"
    GATHERING = "gathering"


PING = "doorstep.ping"
UNTOLD = frozenset({"loan.stopped", "loan.stop_lifted", "loan.safe_at_home"})
"""What the kind alone would tell of somebody's life: a death, a home that is not safe."""
MOST_WEBHOOKS = 20
MOST_AT_A_TIME = 100
"""Messages that one job delivers before others have their turn."""
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""
OLD_SECRET_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=30)
GIVEN_UP_AFTER = timedelta(hours=28)
"""Later than the last of the tries, however chance moved each."""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 28_800, 32_400))
"""After the first failed try, the second and so on: nine tries in about a day."""
LONGEST_REST = timedelta(minutes=15)
LONGEST_ASKED_REST = timedelta(hours=1)
BUSY_STATUSES = frozenset({429, 502, 503, 504})
GONE = 410

_KIND = re.compile(rf"(?:{'|'.join(Subject)})\.(?:\*|[a-z0-9_]{{1,40}})")


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryMove(StrEnum):
    ARRIVE = "arrive"
    TRY_AGAIN = "try_again"
    GIVE_UP = "give_up"
    SEND_AGAIN = "send_again"


@dataclass(frozen=True)
class DeliveryTransition:
    """One row of a message's table."""

    move: DeliveryMove
    sources: tuple[DeliveryState, ...]
    target: DeliveryState
    words: str
    who: str
    when: str = ""


_WAITING, _DELIVERED, _FAILED = DeliveryState.WAITING, DeliveryState.DELIVERED, DeliveryState.FAILED
_A_WORKER = "a worker"

MOVES: tuple[DeliveryTransition, ...] = (
    DeliveryTransition(
        DeliveryMove.ARRIVE,
        (_WAITING, _FAILED),
        _DELIVERED,
        "Delivered",
        _A_WORKER,
        "the receiver answered 2xx, be it after the message was given up",
    ),
    DeliveryTransition(
        DeliveryMove.TRY_AGAIN, (_WAITING,), _WAITING, "To be tried again", _A_WORKER, "it was tried fewer than 9 times"
    ),
    DeliveryTransition(
        DeliveryMove.GIVE_UP,
        (_WAITING,),
        _FAILED,
        "Given up",
        "a worker, or the sweep",
        "it was tried 9 times, or waited for more than a day",
    ),
    DeliveryTransition(
        DeliveryMove.SEND_AGAIN, (_DELIVERED, _FAILED), _WAITING, "To be sent again", "a hub admin", "somebody asks"
    ),
)
BY_MOVE: dict[DeliveryMove, DeliveryTransition] = {row.move: row for row in MOVES}


@dataclass(frozen=True)
class Outcome:
    """What came of one try. `status` is None when there was no answer."""

    status: int | None
    words: str
    retry_after: timedelta | None = None

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_trouble(self) -> bool:
        """Whether the receiver itself is away or busy, so that its other messages would fare no better."""
        return self.status is None or self.status in BUSY_STATUSES


def is_kind(kind: str) -> bool:
    """Whether this can be chosen: `loan.extend`, or `loan.*` for all of a subject."""
    return _KIND.fullmatch(kind) is not None


def wants(chosen: Iterable[str], kind: str) -> bool:
    """Whether a webhook with these choices is told of an event of this kind."""
    return kind in chosen or f"{kind.partition('.')[0]}.*" in chosen


def url_problem(url: str, *, demo: bool) -> str:
    """Why nothing may be sent there, as a sentence; empty when it may. A name is judged when it is connected to."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "Enter the whole address, such as https://example.org/doorstep."
    if parts.scheme != "https" and not (demo and parts.scheme == "http"):
        return "Enter an address that begins with https://, so that nobody reads along."
    if not host or parts.username is not None or parts.fragment or not url.isascii() or re.search(r"\s", url):
        return "Enter the whole address, without a name and password and without a # in it."
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if may_speak_to(address, Standing.OUTSIDE, demo=demo):
        return ""
    return "Enter an address outside your own network: what is in it is not told from here."


def signed(message_id: str, at_seconds: int, body: str, secrets: Sequence[str]) -> str:
    """The header `webhook-signature`: one for each secret, so that a receiver may hold the old or the other."""
    content = f"{message_id}.{at_seconds}.{body}".encode()
    return " ".join(f"v1,{base64.b64encode(_hmac(secret, content)).decode()}" for secret in secrets)


def wait_before(tries: int, *, chance: float) -> timedelta | None:
    """How long to wait after so many tries; None to give up. `chance`, 0 to 1, moves it by a tenth either way."""
    if tries > len(WAITS):
        return None
    return WAITS[tries - 1] * (0.9 + 0.2 * chance)


def rest_after(troubles: int, asked: timedelta | None, *, chance: float) -> timedelta:
    """How long a receiver that is away or busy is left alone; at least what it asked for, within reason."""
    own = min(LONGEST_REST, timedelta(seconds=5 * 4.0 ** min(troubles - 1, 6))) * (0.9 + 0.2 * chance)
    return max(own, min(asked, LONGEST_ASKED_REST)) if asked is not None else own


def _hmac(secret: str, content: bytes) -> bytes:
    return hmac.new(base64.b64decode(secret.removeprefix("whsec_")), content, sha256).digest()
