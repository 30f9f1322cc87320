"""Sends one message over HTTP: to an address outside our network, looked up and judged on connecting, once.

Nothing is followed and no proxy is used. The receiver's words are not read: only its status counts.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from fleet.addresses import Standing, may_speak_to
from fleet.webhooks.rules import Outcome

MOST_ADDRESSES = 3
"""Of one name, that are tried: a hub without IPv6 gets to the one that it can reach."""


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for a receiver; the specification recommends 15 to 30 for the whole."""

    connect: float = 5.0
    whole: float = 15.0


class _NotOutside(Exception):
    """The name stands for an address that is not to be spoken to."""


def post(
    url: str, headers: tuple[tuple[str, str], ...], body: str, *, demo: bool, patience: Patience = Patience()
) -> Outcome:
    """What came of it; never raises for what the other side or the line does."""
    parts = urlsplit(url)
    try:
        with closing(_reached(parts, demo, patience)) as line, _no_longer_than(line, patience.whole):
            return _sent(line, parts, headers, body)
    except _NotOutside:
        return Outcome(None, "Not sent: its name leads into our own network, which is not told from here.")
    except TimeoutError:
        return Outcome(None, "It did not answer in time.")
    except ssl.SSLCertVerificationError:
        return Outcome(None, "Its certificate does not hold, so nothing was sent.")
    except (socket.gaierror, UnicodeError):  # the second for a name that no name can be
        return Outcome(None, "Its name could not be found.")
    except ConnectionRefusedError:
        return Outcome(None, "It could not be reached: nothing takes calls at that address.")
    except (OSError, http.client.HTTPException):
        return Outcome(None, "It could not be reached, or hung up.")


def _reached(parts: SplitResult, demo: bool, patience: Patience) -> socket.socket:
    """A line to it. Every address that its name has must be outside: one that is not is somebody's trick."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not all(may_speak_to(ip_address(str(each[4][0])), Standing.OUTSIDE, demo=demo) for each in found):
        raise _NotOutside
    line = _connected(found[:MOST_ADDRESSES], patience)
    try:
        if parts.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise
    line.settimeout(patience.whole)
    return line


def _connected(found: Sequence[tuple[Any, ...]], patience: Patience) -> socket.socket:
    """A line to the first address that answers, and to none but these: the name is not looked up again."""
    why: OSError = TimeoutError()
    for family, kind, protocol, _, address in found:
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(patience.connect)
            line.connect(address)
        except OSError as error:
            line.close()
            why = error
        else:
            return line
    raise why


def _sent(line: socket.socket, parts: SplitResult, headers: tuple[tuple[str, str], ...], body: str) -> Outcome:
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = line
    target = parts.path or "/"
    connection.request(
        "POST",
        f"{target}?{parts.query}" if parts.query else target,
        body.encode(),
        {"Host": parts.netloc, "Connection": "close", **dict(headers)},
    )
    answer = connection.getresponse()
    return Outcome(
        answer.status, f"It answered {answer.status}.", _asked_to_wait(answer.getheader("Retry-After") or "")
    )


def _asked_to_wait(header: str) -> timedelta | None:
    """`Retry-After` in seconds; its other form, a date, counts as none."""
    return timedelta(seconds=int(header)) if header.isascii() and header.isdigit() and len(header) < 8 else None


@contextmanager
def _no_longer_than(line: socket.socket, seconds: float) -> Iterator[None]:
    """Hang up after so long, however much drips in meanwhile. Raises `TimeoutError` then."""
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    else:
        if late.is_set():  # what was read until then may be half an answer
            raise TimeoutError
    finally:
        timer.cancel()
