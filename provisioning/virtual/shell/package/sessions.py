"""install-create, -write, -commit, -abandon: an app given in parts, and the list of what is open."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Any

from provisioning.virtual.apk.manifest import read_manifest
from provisioning.virtual.apk.refusal import InstallFailure
from provisioning.virtual.shell.call import Call, CommandError, Commands, JavaError
from provisioning.virtual.shell.package.arguments import Arguments, take_apart
from provisioning.virtual.shell.package.installing import (
    commit,
    copy_from_path,
    copy_from_stream,
    failed,
    flags,
    need_room,
    refuse_in_frp,
)
from provisioning.virtual.tablet import VirtualTablet


def _create(call: Call) -> int:
    given = flags(call)
    refuse_in_frp(call)
    need_room(call, int(given.flags.get("-S", "0")))
    number = str(secrets.randbelow(2_000_000_000))
    with call.tablet.changing() as state:
        state.content.sessions[number] = {"flags": given.flags, "files": {}}
    call.line(f"Success: created install session [{number}]")
    return 0


def _write(call: Call) -> int:
    given = take_apart(call, bare=frozenset(), valued=frozenset({"-S"}))
    number, name, *rest = (*given.words, "", "")
    session = _session(call, number)
    if not name:
        raise CommandError("Error: split name not specified", 1)
    target = _folder(call, number) / f"{len(session['files'])}.apk"
    try:
        _fill(call, target, given, (*rest, "")[0])
        size = target.stat().st_size
    except OSError as error:  # somebody gave the session up meanwhile
        raise CommandError(f"Error: failed to write; {error.strerror}", 1) from error
    with call.tablet.changing():
        session["files"][name] = target.name
    call.line(f"Success: streamed {size} bytes")
    return 0


def _fill(call: Call, target: Path, given: Arguments, source: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source not in {"", "-"}:
        copy_from_path(call, source, target)
    elif "-S" in given.flags:
        copy_from_stream(call, int(given.flags["-S"]), target)
    else:
        raise CommandError("Error: must specify an APK size", 1)


def _finish(call: Call) -> int:
    number = (*call.arguments, "")[0]
    session = _session(call, number)
    given = Arguments(dict(session["flags"]), ())
    try:
        staged = [_folder(call, number) / name for name in session["files"].values()]
        if not staged:
            return failed(call, InstallFailure("INSTALL_FAILED_INVALID_APK", "No packages staged"))
        return commit(call, [*staged, *_inherited(call, given, staged)], given)
    finally:
        _drop(call, number)


def _inherited(call: Call, given: Arguments, staged: list[Path]) -> list[Path]:
    """With ``-p PACKAGE`` the installed APKs stay, except those whose place a staged one takes."""
    package = call.tablet.content.packages.get(given.flags.get("-p", ""))
    if package is None:
        return []
    taken = {read_manifest(apk).split for apk in staged}
    names = ("", *package.splits)
    installed = zip(names, package.paths, strict=True)
    return [call.tablet.files.real(path) for name, path in installed if name not in taken]


def _abandon(call: Call) -> int:
    number = (*call.arguments, "")[0]
    _session(call, number)
    _drop(call, number)
    call.line("Success")
    return 0


def _session(call: Call, number: str) -> dict[str, Any]:
    session = call.tablet.content.sessions.get(number)
    if session is None:
        raise JavaError(f"java.lang.SecurityException: Caller has no access to session {number}")
    return session


def _folder(call: Call, number: str) -> Path:
    return call.tablet.files.real(f"/data/app/vmdl{number}.tmp")


def _drop(call: Call, number: str) -> None:
    with call.tablet.changing() as state:
        state.content.sessions.pop(number, None)
    shutil.rmtree(_folder(call, number), ignore_errors=True)


def describe_sessions(tablet: VirtualTablet) -> str:
    """``dumpsys package installs`` (shape read in AOSP: PackageInstallerService, SessionParams)."""
    lines = ["Active install sessions:"]
    for number, session in tablet.content.sessions.items():
        given = session["flags"]
        size, referrer = given.get("-S", "-1"), given.get("--referrer", "null")
        asked = f"sizeBytes={size} appPackageName=null originatingUri=null referrerUri={referrer} abiOverride=null"
        lines += [
            f"  Session {number}:",
            f"    userId=0 mOriginalInstallerUid=2000 stageDir=/data/app/vmdl{number}.tmp stageCid=null",
            f"    mode=1 installFlags=0x2 installLocation=1 {asked}",
            "    mClientProgress=0.0 mProgress=0.0 mSealed=false mPermissionsManuallyAccepted=false mDestroyed=false",
            "",
        ]
    return "\n".join([*lines, "", "Historical install sessions:", "", "Legacy install sessions:", "  {}", ""])


SESSIONS: Commands = {
    "install-create": _create,
    "install-write": _write,
    "install-commit": _finish,
    "install-abandon": _abandon,
}
