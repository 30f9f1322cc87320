"""Running one command: shell protocol v2 taken apart, and the older protocol with its exit code asked for."""

from __future__ import annotations

import re
import secrets
import struct
from contextlib import suppress

from provisioning.transports.base import ShellResult
from provisioning.transports.link import Stream, StreamClosed

STDOUT, STDERR, EXIT, CLOSE_STDIN = 1, 2, 3, 4
_HEADER = struct.Struct("<BI")
_END_OF_INPUT = _HEADER.pack(CLOSE_STDIN, 0)


WRAPPING_BYTES = 96
"""More than either protocol puts around a command in the service's name."""


class AnswerCut(Exception):
    """The stream ended before the exit code came; `heard` says whether anything at all had come."""

    def __init__(self, *, heard: bool) -> None:
        super().__init__("the answer ended before its exit code")
        self.heard = heard


def service_v2(command: str) -> bytes:
    return b"shell,v2,raw:" + command.encode()


def run_v2(stream: Stream) -> ShellResult:
    """Read a ``shell,v2,raw:`` stream to its exit packet. An end without one raises `AnswerCut`."""
    # A command that reads its standard input would otherwise wait for us for ever.
    with suppress(StreamClosed):  # what it said before closing is still read
        stream.send(_END_OF_INPUT)
    parts: dict[int, bytearray] = {STDOUT: bytearray(), STDERR: bytearray()}
    unread = bytearray()
    while (data := stream.read()) is not None:
        unread += data
        code = _take_packets(unread, parts)
        if code is not None:
            return ShellResult(code, _text(parts[STDOUT]), _text(parts[STDERR]))
    raise AnswerCut(heard=stream.heard)


def _take_packets(unread: bytearray, parts: dict[int, bytearray]) -> int | None:
    """Move whole packets out of `unread`; the exit code once its packet is there."""
    start, code = 0, None
    while code is None and len(unread) - start >= _HEADER.size:
        kind, length = _HEADER.unpack_from(unread, start)
        end = start + _HEADER.size + length
        if len(unread) < end:
            break
        if kind in parts:
            parts[kind] += memoryview(unread)[start + _HEADER.size : end]
        elif kind == EXIT and length:
            code = unread[start + _HEADER.size]
        start = end
    del unread[:start]
    return code


def service_v1(command: str, nonce: str) -> bytes:
    """The command in a subshell without input, so that its own ``exit`` still leaves us the line with its code.

    The line break stands inside the quotes because not every Android's ``echo`` understands a backslash.
    """
    return f'shell:({command}\n)</dev/null; echo "\n{nonce}:$?"'.encode()


def new_nonce() -> str:
    return f"doorstep-{secrets.token_hex(8)}"


def run_v1(stream: Stream, nonce: str) -> ShellResult:
    """Read a ``shell:`` stream to its end. Android 6 and older put a terminal in between, hence the \\r\\n."""
    output = bytearray()
    while (data := stream.read()) is not None:
        output += data
    text = _text(output).replace("\r\n", "\n")
    ending = re.search(rf"\n{nonce}:(\d+)\n?\Z", text)
    if ending is None:
        raise AnswerCut(heard=stream.heard)
    return ShellResult(int(ending[1]), text[: ending.start()], "")


def _text(data: bytearray) -> str:
    return data.decode(errors="replace")
