"""Asking Android's package manager to install one APK, by the best way this daemon has, and reading its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from provisioning.errors import InstallRefused
from provisioning.transports.adb_device import StreamClosed
from provisioning.transports.base import Progress
from provisioning.transports.install_reasons import sentence_for
from provisioning.transports.streams import Stream

_FAILURE = re.compile(r"^Failure \[([A-Z0-9_]+)(?::\s*(.*?))?\]\s*$", re.MULTILINE | re.DOTALL)
_EXCEPTION = re.compile(r"^(?:[\w.$]+\.)?(\w+(?:Exception|Error))(?::\s*(.*))?$", re.MULTILINE)
_NOT_ENOUGH_SPACE = re.compile(r"not enough space|No space left on device", re.IGNORECASE)


def allowed_seconds(size: int) -> float:
    """How long an install of `size` bytes may take: five minutes, and a second for each megabyte."""
    return 300.0 + size / 1_000_000


@dataclass(frozen=True)
class Streaming:
    """One way of handing an APK to the package manager as a stream of bytes."""

    feature: str
    service: bytes


def streaming_ways(features: frozenset[str], *, size: int, grant_all: bool) -> list[Streaming]:
    """The streamed ways this daemon advertises, the best first (adb, client/adb_install.cpp). Empty on Android 6."""
    words = [b"install", b"-r", b"--user", b"0", *([b"-g"] if grant_all else []), b"-S", str(size).encode()]
    ways = [
        Streaming("abb_exec", b"abb_exec:" + b"\0".join([b"package", *words])),
        Streaming("cmd", b"exec:cmd package " + b" ".join(words)),
    ]
    return [way for way in ways if way.feature in features]


def stream_apk(stream: Stream, source: BinaryIO, *, size: int, progress: Progress | None) -> str:
    """Write the APK and return everything the package manager answered.

    An empty answer means that the daemon closed the service: some advertise `abb_exec` and then drop it, after
    taking as many bytes as their buffers hold. Trying another way is safe, for installing twice ends the same.
    """
    buffer = bytearray(stream.largest_payload)
    sent = 0
    try:
        while sent < size and (count := source.readinto(buffer)):  # type: ignore[attr-defined]  # typeshed's BinaryIO lacks it
            with memoryview(buffer) as view:
                stream.write(view[:count])
            sent += count
            if progress:
                progress(sent, size)
    except StreamClosed:
        pass  # what it said before closing is still to be read
    answer = bytearray()
    while (data := stream.read()) is not None:
        answer += data
    return answer.decode(errors="replace")


def check_answer(answer: str, *, app: str, address: str) -> None:
    """Return when the package manager said Success, else raise `InstallRefused` with its code.

    The exit code is not looked at: up to Android 6 it is 0 for failures, and streams have none.
    """
    if re.search(r"^Success\b", answer, re.MULTILINE):
        return
    code, detail = read_refusal(answer)
    raise InstallRefused(
        f"The tablet at {address} refused {app}: {sentence_for(code)} (Android says: {code}"
        f"{': ' + detail if detail else ''})",
        code=code,
        detail=detail,
        address=address,
    )


def read_refusal(answer: str) -> tuple[str, str]:
    """Android's code and detail out of what a refused install printed."""
    if _NOT_ENOUGH_SPACE.search(answer):
        return "INSTALL_FAILED_INSUFFICIENT_STORAGE", _first_line(answer)
    if match := _FAILURE.search(answer):
        return match[1], (match[2] or "").strip()
    if match := _EXCEPTION.search(answer):
        return match[1], (match[2] or "").strip()
    return "INSTALL_ANSWER_UNKNOWN", _first_line(answer)


def _first_line(answer: str) -> str:
    return next((line.strip() for line in answer.splitlines() if line.strip()), "")
