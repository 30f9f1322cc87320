"""install, uninstall, install-existing, and what installing shares with sessions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from provisioning.virtual.apk.refusal import InstallFailure
from provisioning.virtual.installer import install_apks
from provisioning.virtual.shell.call import Call, CommandError, Commands, JavaError
from provisioning.virtual.shell.guards import install_blocked
from provisioning.virtual.shell.package.arguments import Arguments, take_apart

_BARE = frozenset(
    {"-r", "-R", "-t", "-d", "-g", "-f", "-l", "--dont-kill", "--instant", "--full", "--preload", "--force-uuid"}
)
_VALUED = frozenset({"-i", "-S", "--user", "--abi", "--originating-uri", "--referrer", "-p", "--pkg"})
_SINCE: tuple[tuple[int, frozenset[str], frozenset[str]], ...] = (
    (29, frozenset({"--restrict-permissions", "--apex", "--staged"}), frozenset({"--install-reason"})),
    (30, frozenset({"--force-queryable", "--skip-verification", "--incremental"}), frozenset()),
    (31, frozenset({"--no-wait"}), frozenset({"--staged-ready-timeout"})),
    (34, frozenset({"--bypass-low-target-sdk-block", "--update-ownership", "--skip-enable"}), frozenset()),
)
_COPY_BYTES = 1024 * 1024


def flags(call: Call) -> Arguments:
    bare, valued = _BARE, _VALUED
    for sdk, more_bare, more_valued in _SINCE:
        if call.sdk >= sdk:
            bare, valued = bare | more_bare, valued | more_valued
    return take_apart(call, bare=bare, valued=valued)


def failed(call: Call, failure: InstallFailure) -> int:
    """A<=8.1 and later alike print the reason; the exit code is 1 from A9 on."""
    call.line(f"Failure [{failure}]")
    return 1


def _install(call: Call) -> int:
    given = flags(call)
    refuse_in_frp(call)
    if install_blocked(call):
        return failed(call, InstallFailure("INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user"))
    with _draft(call) as draft:
        if given.words and given.words[0] != "-":
            copy_from_path(call, given.words[0], draft)
        elif "-S" in given.flags:
            copy_from_stream(call, int(given.flags["-S"]), draft)
        else:
            raise CommandError("Error: must either specify a package size or an APK file", 1)
        return commit(call, [draft], given)


def refuse_in_frp(call: Call) -> None:
    settings = call.tablet.content.settings
    if "1" in {settings["global"].get("secure_frp_mode"), settings["secure"].get("secure_frp_mode")}:
        raise JavaError("java.lang.SecurityException: Can't install packages while in secure FRP")


@contextmanager
def _draft(call: Call) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=call.tablet.directory, prefix="vmdl") as folder:
        yield Path(folder) / "base.apk"


def copy_from_path(call: Call, path: str, draft: Path) -> None:
    whole = call.tablet.files.canonical(path, at=call.around.folder)
    if call.sdk >= 30 and not whole.startswith("/data/local/tmp/"):
        raise CommandError(f"Error: Unable to open file: {path}\nConsider using a file under /data/local/tmp/", 1)
    try:
        source = call.tablet.files.readable(whole)
        shutil.copyfile(source, draft)
    except OSError as error:
        raise CommandError(f"Error: Unable to open file: {path}", 1) from error
    need_room(call, draft.stat().st_size)


def copy_from_stream(call: Call, size: int, draft: Path) -> None:
    need_room(call, size)
    left = size
    with draft.open("wb") as file:
        while left:
            data = call.stdin.read(min(left, _COPY_BYTES))
            if not data:
                raise CommandError("Error: failed to write; Unexpected EOF", 1)
            file.write(data)
            left -= len(data)


def need_room(call: Call, size: int) -> None:
    if size > call.tablet.free_bytes():
        raise JavaError("java.io.IOException: Requested internal only, but not enough space")


def commit(call: Call, apks: Sequence[Path], given: Arguments) -> int:
    """Install the staged APKs and say how that ended."""
    try:
        package = install_apks(
            call.tablet,
            apks,
            installer=given.flags.get("-i"),
            replace_existing="-R" not in given.flags,
            allow_test="-t" in given.flags,
            grant_all="-g" in given.flags,
            allow_old_target="--bypass-low-target-sdk-block" in given.flags,
        )
    except InstallFailure as failure:
        call.tablet.wire.add("install", result=f"Failure [{failure}]")
        return failed(call, failure)
    call.tablet.wire.add("install", package=package.name, version_code=package.version_code, result="Success")
    call.line("Success")
    return 0


# removing


def _uninstall(call: Call) -> int:
    given = take_apart(call, bare=frozenset({"-k"}), valued=frozenset({"--user", "--versionCode"}))
    name = (*given.words, "")[0]
    package = call.tablet.content.packages.get(name)
    if package is None or package.hidden:
        user = given.flags.get("--user", "0")
        return failed(call, InstallFailure(f"not installed for {user}"))
    owner = call.tablet.content.owner
    if owner is not None and owner.admin.partition("/")[0] == name:
        return failed(call, InstallFailure("DELETE_FAILED_DEVICE_POLICY_MANAGER"))
    with call.tablet.changing() as state:
        if package.system:
            state.content.packages[name] = replace(package, hidden=True)
        else:
            del state.content.packages[name]
            shutil.rmtree(call.tablet.files.real(package.path).parent, ignore_errors=True)
    call.tablet.wire.add("uninstall", package=name)
    call.line("Success")
    return 0


def _install_existing(call: Call) -> int:
    given = take_apart(call, bare=frozenset({"--wait", "--full", "--instant"}), valued=frozenset({"--user"}))
    name = (*given.words, "")[0]
    package = call.tablet.content.packages.get(name)
    if package is None:
        raise CommandError(f"android.content.pm.PackageManager$NameNotFoundException: Package {name} doesn't exist", 1)
    with call.tablet.changing() as state:
        state.content.packages[name] = replace(package, hidden=False)
    call.line(f"Package {name} installed for user: {given.flags.get('--user', '0')}")
    return 0


INSTALLING: Commands = {
    "install": _install,
    "uninstall": _uninstall,
    "install-existing": _install_existing,
}
