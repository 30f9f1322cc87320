"""App files kept on a bench's own computer by their SHA-256, so that each crosses SSH once.

The check and the upload are one script under one lock there, so that any number of connections, from any number of
programs, send a file once. What is kept is checked each time before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from provisioning.benches.host_program import Host, HostProgram
from provisioning.digest import sha256_of
from provisioning.transports.install_service import allowed_seconds

SENT_AT_ONCE = 256 * 1024
UNUSED_DAYS = 90

# $1: the folder, empty for the usual one. $2: the digest. $3: days without use after which a file is thrown away.
# Answers "have PATH", or "send" and then, once standard input has ended, "kept PATH" or "damaged".
_KEEP = """
set -eu
umask 077
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/doorstep/apps}
mkdir -p "$folder"
cd "$folder"
digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-64; }
whole() { [ -f "$1" ] && [ "$(digest <"$1")" = "$2" ]; }
find . -type f -mtime "+$3" ! -name "$2.*" -exec rm -f {} +
if command -v flock >/dev/null; then exec 9>"$2.lock"; flock 9; fi
if whole "$2.apk" "$2"; then touch "$2.apk"; echo "have $PWD/$2.apk"; exit 0; fi
part="$2.$$.part"
trap 'rm -f "$part"' EXIT
trap 'exit 1' HUP INT PIPE TERM
echo send
cat >"$part"
if whole "$part" "$2"; then mv "$part" "$2.apk"; echo "kept $PWD/$2.apk"; else echo damaged; fi
"""


class CannotKeep(Exception):
    """The bench's computer did not keep the file; the text is its reason. No tablet was touched."""


class AppCache:
    """The folder of app files on one bench's computer."""

    def __init__(self, host: Host, folder: str = "") -> None:
        self._host = host
        self._folder = folder

    def keep(self, apk: Path, *, sent: Callable[[int], None]) -> str:
        """The file's path on the bench, where its bytes are whole. `sent` is told of each number of bytes that cross.

        Raises `CannotKeep` where the folder cannot be written or the bytes arrive damaged.
        """
        digest = sha256_of(apk)
        seconds = allowed_seconds(apk.stat().st_size)
        with self._host.running(_KEEP, self._folder, digest, str(UNUSED_DAYS), seconds=seconds) as program:
            answer = program.line()
            if answer == "send":
                _send(program, apk, sent)
                answer = program.line()
            word, _, path = answer.partition(" ")
            if word not in {"have", "kept"}:
                raise CannotKeep(f"{answer} {program.rest()}".strip())
        return path


def _send(program: HostProgram, apk: Path, sent: Callable[[int], None]) -> None:
    with apk.open("rb") as source:
        while data := source.read(SENT_AT_ONCE):
            if not program.write(data):
                return  # it has ended, on a full disk for example; its last line says why
            sent(len(data))
    program.no_more_input()
