"""Asking Android's package manager to install one app, by the best way this daemon has."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from provisioning.command import Command, Quoted
from provisioning.errors import LinkLost, TransportError
from provisioning.transports.base import Progress, Transport
from provisioning.transports.install_answers import check_answer
from provisioning.transports.install_service import OpenStream, allowed_seconds, ask, streaming_ways
from provisioning.transports.install_session import install_session


def install_app(
    transport: Transport,
    open_stream: OpenStream,
    apks: Sequence[Path],
    *,
    grant_all: bool = False,
    progress: Progress | None = None,
) -> None:
    """`Transport.install` for any transport that opens streams: see there for what is raised."""
    flags = ["-r", "--user", "0", *(["-g"] if grant_all else [])]
    if len(apks) > 1:
        answer = install_session(transport, open_stream, apks, flags=flags, progress=progress)
    else:
        answer = _streamed(transport, open_stream, apks[0], flags, progress)
        if not answer:
            answer = _pushed(transport, apks[0], grant_all=grant_all, progress=progress)
    name = apks[0].name
    if not answer.strip():
        raise LinkLost(
            f"The tablet at {transport.address} closed the link before saying whether {name} is installed. "
            "Read its app list before trying again.",
            address=transport.address,
        )
    check_answer(answer, app=name, address=transport.address)


def _streamed(
    transport: Transport, open_stream: OpenStream, apk: Path, flags: Sequence[str], progress: Progress | None
) -> str:
    """What the package manager answered; empty when no streamed way got an answer.

    Trying another way is safe, for installing twice ends the same.
    """
    size = apk.stat().st_size
    for way in streaming_ways(transport.features):
        service = way.service("install", *flags, "-S", str(size))
        answer = ask(open_stream, service, apk=apk, seconds=allowed_seconds(size), progress=progress)
        if answer.strip():
            return answer
    return ""


def _pushed(transport: Transport, apk: Path, *, grant_all: bool, progress: Progress | None) -> str:
    target = f"/data/local/tmp/doorstep-{secrets.token_hex(4)}.apk"
    flags = ("-r", "-g") if grant_all and _android_api(transport) >= 23 else ("-r",)
    seconds = allowed_seconds(apk.stat().st_size)
    try:
        transport.push(apk, target, progress=progress)
        result = transport.run(Command("pm", "install", *flags, Quoted(target)), timeout_seconds=seconds)
        return result.stdout + result.stderr
    finally:
        with suppress(TransportError):  # whatever went wrong before is the news, not the left-over file
            transport.run(Command("rm", "-f", Quoted(target)))


def _android_api(transport: Transport) -> int:
    answer = transport.run(Command("getprop", "ro.build.version.sdk")).stdout.strip()
    return int(answer) if answer.isdecimal() else 0
