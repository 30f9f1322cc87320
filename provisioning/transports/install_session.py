"""An install of several APKs as one session: made, filled, committed, and given up where it does not come to that.

A session outlives the link it was made over and cannot be filled further by another one. Each of ours carries a mark,
so that the next session first gives up what a lost link left behind; Android itself clears sessions after some days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from provisioning.command import Command, Quoted
from provisioning.errors import CommandTimedOut, LinkLost, ServiceRefused, TransportError
from provisioning.transports.adb_errors import KNOWN
from provisioning.transports.base import Progress, Transport
from provisioning.transports.install_answers import check_answer, session_number
from provisioning.transports.install_service import OpenStream, Way, allowed_seconds, ask, session_ways

MARK = "doorstep:bench"
"""Given as the session's referrer, which ``dumpsys package installs`` shows (AOSP, PackageInstaller.SessionParams)."""
_SHORT_SECONDS = 60.0

_SESSION = re.compile(r"^\s*(?:Active )?Session (\d+):\s*$")
_UNDER_WAY = re.compile(r"\b(?:mSealed|mCommitted)=true\b")
_MARKED = re.compile(rf"\breferrerUri={re.escape(MARK)}(?:\s|$)")


@dataclass(frozen=True)
class _Session:
    open_stream: OpenStream
    way: Way
    number: str

    def ask(
        self, *words: str, apk: Path | None = None, seconds: float = _SHORT_SECONDS, progress: Progress | None = None
    ) -> str:
        return ask(self.open_stream, self.way.service(*words), apk=apk, seconds=seconds, progress=progress)


def install_session(
    transport: Transport,
    open_stream: OpenStream,
    apks: Sequence[Path],
    *,
    flags: Sequence[str],
    progress: Progress | None,
) -> str:
    """Install `apks` as one app and return what the commit answered; empty when it answered nothing.

    Raises `InstallRefused` for what is refused before the commit. Whatever ends it early, the session is given up, at
    once or, where the link was lost, before the next one.
    """
    abandon_left_behind(transport)
    sizes = [apk.stat().st_size for apk in apks]
    session = _created(transport, open_stream, [*flags, "-S", str(sum(sizes))], app=apks[0].name)
    try:
        for at, (apk, size) in enumerate(zip(apks, sizes, strict=True)):
            answer = session.ask(
                "install-write", "-S", str(size), session.number, f"{at}.apk", "-",
                apk=apk, seconds=allowed_seconds(size), progress=_part_of(progress, sum(sizes[:at]), sum(sizes)),
            )  # fmt: skip
            _need_answer(answer, transport.address, apk.name)
            check_answer(answer, app=apk.name, address=transport.address)
    except LinkLost:
        raise
    except BaseException:
        with suppress(TransportError, *KNOWN):  # what went wrong before is the news
            session.ask("install-abandon", session.number)
        raise
    return session.ask("install-commit", session.number, seconds=allowed_seconds(sum(sizes)))


def abandon_left_behind(transport: Transport) -> None:
    """Give up every session of ours that nobody is committing. A tablet that cannot list them keeps them."""
    try:
        listed = transport.run(Command("dumpsys package installs")).stdout
        for number in left_behind(listed):
            transport.run(Command("pm install-abandon", Quoted(number)))
    except (CommandTimedOut, ServiceRefused):
        return


def left_behind(listed: str) -> tuple[str, ...]:
    """The numbers of our own open sessions in what ``dumpsys package installs`` printed."""
    active = listed.partition("Active install sessions:")[2]
    active = re.split(r"^\S.*install sessions:", active, maxsplit=1, flags=re.MULTILINE)[0]
    blocks: dict[str, str] = {}
    number = ""
    for line in active.splitlines():
        if found := _SESSION.match(line):
            number = found[1]
        blocks[number] = f"{blocks.get(number, '')}\n{line}"
    return tuple(one for one, text in blocks.items() if one and _MARKED.search(text) and not _UNDER_WAY.search(text))


def _created(transport: Transport, open_stream: OpenStream, flags: Sequence[str], *, app: str) -> _Session:
    answer = ""
    for way in session_ways(transport.features):
        words = ("install-create", *flags, "--referrer", MARK)
        answer = ask(open_stream, way.service(*words), seconds=_SHORT_SECONDS)
        if number := session_number(answer):
            return _Session(open_stream, way, number)
        if answer.strip():
            break
    _need_answer(answer, transport.address, app)
    check_answer(answer, app=app, address=transport.address)
    raise ServiceRefused(
        f"The tablet at {transport.address} made no session to install {app} in; it answered: {answer.strip()[:200]}. "
        "Nothing was installed. Reboot it and retry.",
        address=transport.address,
    )


def _need_answer(answer: str, address: str, app: str) -> None:
    if not answer.strip():
        raise ServiceRefused(
            f"The tablet at {address} closed its package manager while it was given {app}. Nothing was installed. "
            "Retry; reboot the tablet if it happens again.",
            address=address,
        )


def _part_of(progress: Progress | None, before: int, total: int) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, _size: progress(before + done, total)
