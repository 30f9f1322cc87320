"""A receiver on a loopback port that checks signatures by itself, by the words of the specification, and misbehaves."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fleet.clock import utc_now

_BLOCK = 64


class Mood(StrEnum):
    """What it does with a message."""

    TAKES = "takes"
    BREAKS = "answers 500"
    HANGS_UP = "hangs up without an answer"
    TAKES_AND_HANGS_UP = "takes it, and hangs up without an answer"
    DRIPS = "answers a letter at a time"
    SENDS_ELSEWHERE = "answers 302"
    IS_BUSY = "answers 429 with Retry-After"
    IS_GONE = "answers 410"


@dataclass
class Receiver:
    """`moods` are used up a message at a time, then it takes everything. `refused`: messages that did not verify."""

    secrets: list[str] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, str] = field(default_factory=dict)
    signatures: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    port: int = 0
    now: Callable[[], datetime] = utc_now
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/doorstep?from=test"


def verifies(headers: Any, body: bytes, secrets: Sequence[str], *, now: float) -> bool:
    """What the specification asks of a consumer: one `v1` signature that holds, of a moment not far off."""
    message_id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(now - int(stamp)) > 300:
        return False
    content = f"{message_id}.{stamp}.".encode() + body
    wanted = {base64.b64encode(_hmac_sha256(base64.b64decode(each[6:]), content)).decode() for each in secrets}
    given = (each.split(",", 1) for each in headers["webhook-signature"].split(" "))
    return any(version == "v1" and signature in wanted for version, signature in given)


def _hmac_sha256(key: bytes, content: bytes) -> bytes:
    """RFC 2104, written out, so that no mistake is shared with the sender."""
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + content).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver, message_id = self.receiver, self.headers["webhook-id"]
        with receiver.lock:
            mood = receiver.moods.pop(0) if receiver.moods else Mood.TAKES
            receiver.signatures.append(self.headers["webhook-signature"])
            if not verifies(self.headers, body, receiver.secrets, now=receiver.now().timestamp()):
                receiver.refused.append(message_id)
            if mood in (Mood.TAKES, Mood.TAKES_AND_HANGS_UP):
                receiver.taken[message_id] += 1
                receiver.bodies[message_id] = body.decode()
        self._answer(mood)

    def _answer(self, mood: Mood) -> None:
        status = {Mood.BREAKS: 500, Mood.SENDS_ELSEWHERE: 302, Mood.IS_BUSY: 429, Mood.IS_GONE: 410}.get(mood, 204)
        if mood in (Mood.HANGS_UP, Mood.TAKES_AND_HANGS_UP):
            self.close_connection = True
            return
        if mood is Mood.DRIPS:
            try:
                for letter in b"HTTP/1.1 204 No Content\r\n" * 20:
                    self.wfile.write(bytes([letter]))
                    time.sleep(0.02)
            except OSError:
                return
        self.send_response(status)
        if mood is Mood.SENDS_ELSEWHERE:
            self.send_header("Location", self.receiver.url)
        if mood is Mood.IS_BUSY:
            self.send_header("Retry-After", "120")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Says nothing."""


@contextmanager
def running() -> Iterator[Receiver]:
    receiver = Receiver()
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
