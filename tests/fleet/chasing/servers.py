"""A mail server and a GOV.UK Notify on loopback ports, with the ways in which they go wrong."""

from __future__ import annotations

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Trouble(StrEnum):
    """What a server does instead of its work."""

    NONE = "none"
    REFUSES = "refuses"
    BREAKS_OFF = "breaks off"
    """It takes the message, and closes the connection before it says so."""


@dataclass
class Post:
    """A mail server: what it took, and from whom to whom."""

    trouble: Trouble = Trouble.NONE
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    port: int = 0


class _Smtp(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 for a client that is not ours (Python's smtplib) to speak to."""

    post: Post

    def handle(self) -> None:
        self._say("220 post.example")
        sender = recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self._say("354 go on")
                data = b"".join(line.removeprefix(b".") for line in iter(self._line, b".\r\n"))
                self.post.taken.append((sender, recipient, data))
                if self.post.trouble is Trouble.BREAKS_OFF:
                    return
                self._say("250 taken")
            elif verb == "RCPT" and self.post.trouble is Trouble.REFUSES:
                self._say("550 nobody of that name")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                sender = line[10:].strip("<>").split(">")[0] if verb == "MAIL" else sender
                recipient = line[8:].strip("<>") if verb == "RCPT" else recipient
                self._say("250 fine")

    def _line(self) -> bytes:
        return self.rfile.readline() or b".\r\n"

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Post]:
    post = Post()
    handler = type("Handler", (_Smtp,), {"post": post})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server, _running(server):
        post.port = server.server_address[1]
        yield post


@dataclass
class NotifyService:
    """GOV.UK Notify as its documentation says: a key, what was asked of it, and what it sent."""

    key: str
    trouble: Trouble = Trouble.NONE
    sent: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    page: int = 250


def _fits(sent: dict[str, Any], asked: dict[str, list[str]]) -> bool:
    older = int(asked["older_than"][0]) if "older_than" in asked else 10**9
    names = ("reference", "status")
    return int(sent["id"]) < older and all(sent[name] in asked.get(name, [sent[name]]) for name in names)


class _Notify(BaseHTTPRequestHandler):
    service: NotifyService

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = self.path.rpartition("/")[2]
        if not self._known() or self.service.trouble is Trouble.REFUSES:
            self._answer(403 if self.service.trouble is Trouble.NONE else 400, {"errors": []})
            return
        self.service.sent.append({"type": kind, "status": "created", **asked})
        if self.service.trouble is Trouble.BREAKS_OFF:
            self.close_connection = True
            return
        self._answer(201, {"id": str(len(self.service.sent)), "reference": asked["reference"]})

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        told = [{"id": str(number), **each} for number, each in enumerate(self.service.sent)]
        found = [each for each in reversed(told) if _fits(each, asked)]
        well = self._known() and self.service.trouble is not Trouble.REFUSES
        self._answer(200 if well else 403, {"notifications": found[: self.service.page]})

    def _known(self) -> bool:
        """Whether the token says which service asks. Its signature is checked by the tests, with the key."""
        claims = self.headers["Authorization"].removeprefix("Bearer ").split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return bool(told["iss"] == self.service.key[-73:-37])

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Says nothing."""


@contextmanager
def notify_service(key: str) -> Iterator[NotifyService]:
    service = NotifyService(key)
    handler = type("Handler", (_Notify,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, _running(server):
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield service


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
