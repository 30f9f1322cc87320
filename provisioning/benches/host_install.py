"""Installing from a bench's own computer: the app's bytes are kept there, and its own adb hands them to the tablet."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.benches.app_cache import AppCache, CannotKeep
from provisioning.benches.host_program import Host
from provisioning.errors import LinkLost, TransportError
from provisioning.transports.adb_server import AdbServer
from provisioning.transports.adb_transport import AdbTransport
from provisioning.transports.base import Progress
from provisioning.transports.install import install_app
from provisioning.transports.install_answers import UNKNOWN_ANSWER, check_answer, read_refusal, says_success
from provisioning.transports.install_service import OpenStream, allowed_seconds

_log = logging.getLogger(__name__)

PROBE_SECONDS = 20.0

# `adb version` asks no server, so it starts and stops none.
PROBE = """
command -v sha256sum >/dev/null || command -v shasum >/dev/null || { echo "no sha256sum"; exit; }
command -v adb >/dev/null || { echo "no adb"; exit; }
adb version | head -n 1
"""
INSTALL = """
place=$1 number=$2
shift 2
exec adb -H "${place%:*}" -P "${place##*:}" -t "$number" "$@" </dev/null
"""
"""A host that is named, even 127.0.0.1, keeps adb from starting a server (adb, client/adb_client.cpp)."""
_VERSION = re.compile(r"Android Debug Bridge version \d+\.\d+\.(\d+)")
_WHO_SAYS = re.compile(r"^adb: failed to [^\n]*?: (?=Failure|\S*Exception|\S*Error)", re.MULTILINE)


@dataclass(frozen=True)
class AppsKept:
    """Whether a bench's computer keeps app files and hands them to tablets itself; `why` says why not."""

    here: bool
    why: str = ""


def apps_kept(host: Host, server: AdbServer) -> AppsKept:
    """Ask the bench's computer. Its adb is only used where it is of the server's version: another would stop it."""
    try:
        with host.running(PROBE, seconds=PROBE_SECONDS) as program:
            answer = program.rest().strip()
        found = _VERSION.search(answer)
        if found is None:
            return AppsKept(False, f"its computer answers: {answer[:200] or 'nothing'}")
        version = server.version()
    except (TransportError, OSError) as error:
        return AppsKept(False, str(error))
    if int(found[1]) != version:
        return AppsKept(False, f"its adb program is of version {found[1]} and its adb server of version {version}")
    return AppsKept(True)


@dataclass(frozen=True)
class HostInstaller:
    """An `adb_transport.Installer` for tablets of the adb server at `place` (``HOST:PORT``, seen from the bench)."""

    bench: str
    place: str
    host: Callable[[], Host]
    kept: Callable[[], AppsKept]
    folder: str = ""

    def __call__(
        self,
        transport: AdbTransport,
        open_stream: OpenStream,
        apks: Sequence[Path],
        *,
        grant_all: bool = False,
        progress: Progress | None = None,
    ) -> None:
        size = sum(apk.stat().st_size for apk in apks)
        counted = _Counted(size, progress)
        try:
            paths = self._kept_files(apks, counted.more)
        except CannotKeep as why:
            _log.warning("Bench %s keeps no app files, so each tablet's go through SSH: %s", self.bench, why)
            return install_app(transport, open_stream, apks, grant_all=grant_all, progress=progress)
        flags = ["-r", "--user", "0", *(["-g"] if grant_all else [])]
        verb = "install" if len(paths) == 1 else "install-multiple"
        words = [self.place, str(transport.transport_id), verb, *flags, *paths]
        with self.host().running(INSTALL, *words, seconds=allowed_seconds(size)) as program:
            answer = _WHO_SAYS.sub("", program.rest())
        _check(answer, app=apks[0].name, address=transport.address)
        return counted.whole()

    def _kept_files(self, apks: Sequence[Path], sent: Callable[[int], None]) -> list[str]:
        kept = self.kept()
        if not kept.here:
            raise CannotKeep(kept.why)
        cache = AppCache(self.host(), self.folder)
        return [cache.keep(apk, sent=sent) for apk in apks]


class _Counted:
    """Progress over all files: bytes that cross SSH, and the whole once the tablet has them."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._moved, self._progress = total, 0, progress

    def more(self, count: int) -> None:
        self._moved += count
        self._tell(self._moved)

    def whole(self) -> None:
        self._tell(self._total)

    def _tell(self, moved: int) -> None:
        if self._progress:
            self._progress(moved, self._total)


def _check(answer: str, *, app: str, address: str) -> None:
    """Raise what the package manager said. Words that are adb's and not Android's leave the outcome open."""
    if not says_success(answer) and read_refusal(answer)[0] == UNKNOWN_ANSWER:
        raise LinkLost(
            f"The bench's adb did not say whether {app} is installed on the tablet at {address}. Read its app list "
            f"before trying again. (It said: {' '.join(answer.split())[:200]})",
            address=address,
        )
    check_answer(answer, app=app, address=address)
