"""list packages / features / users / permissions, path, has-feature, and dump."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, CommandError, Commands
from provisioning.virtual.shell.features import features_listed
from provisioning.virtual.shell.package.arguments import take_apart
from provisioning.virtual.shell.package.details import describe
from provisioning.virtual.shell.users import users_listed
from provisioning.virtual.state import DISABLED_USER, Package

_LIST_BARE = frozenset({"-3", "-s", "-d", "-e", "-f", "-i", "-u", "-U", "-l", "-a", "--show-versioncode"})


def _list(call: Call) -> int:
    what = (*call.arguments, "")[0]
    inner = call.with_words("list", *call.arguments[1:])
    if what in {"packages", "package"}:
        return _list_packages(inner)
    if what == "features":
        call.out("".join(f"feature:{name}\n" for name in features_listed(call.tablet.personality)))
        return 0
    if what == "users":
        call.out(users_listed(call.tablet))
        return 0
    raise CommandError(f"Error: unknown list type '{what}'", 255)


def _list_packages(call: Call) -> int:
    given = take_apart(call, bare=_LIST_BARE, valued=frozenset({"--user", "--uid"}))
    part = (*given.words, "")[0]
    for package in sorted(call.tablet.content.packages.values(), key=lambda one: one.uid):
        wanted = (
            part in package.name
            and (not package.hidden or given.has("-u"))
            and (not given.has("-3") or not package.system)
            and (not given.has("-s") or package.system)
            and (not given.has("-d") or package.enabled == DISABLED_USER)
            and (not given.has("-e") or package.enabled != DISABLED_USER)
        )
        if wanted:
            call.line(_row(package, given.flags))
    return 0


def _row(package: Package, flags: dict[str, str]) -> str:
    row = "package:" + (f"{package.path}={package.name}" if "-f" in flags else package.name)
    if "--show-versioncode" in flags:
        row += f" versionCode:{package.version_code}"
    if "-i" in flags:
        row += f"  installer={package.installer or 'null'}"
    if "-U" in flags:
        row += f" uid:{package.uid}"
    return row


def _path(call: Call) -> int:
    given = take_apart(call, bare=frozenset(), valued=frozenset({"--user"}))
    package = call.tablet.content.packages.get((*given.words, "")[0])
    if package is None or package.hidden:
        return 1
    call.out("".join(f"package:{path}\n" for path in package.paths))
    return 0


def _has_feature(call: Call) -> int:
    names = {line.partition("=")[0] for line in features_listed(call.tablet.personality)}
    found = (*call.arguments, "")[0] in names
    call.line("true" if found else "false")
    return int(not found)


def _dump(call: Call) -> int:
    call.out(describe(call.tablet, (*call.arguments, "")[0]))
    return 0


LISTING: Commands = {"list": _list, "path": _path, "has-feature": _has_feature, "dump": _dump}
