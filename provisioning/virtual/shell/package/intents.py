"""resolve-activity, query-activities, set-home-activity."""

from __future__ import annotations

from provisioning.virtual.intents import HOME, MAIN, Intent, answers, receivers, resolve, short
from provisioning.virtual.shell.call import Call, CommandError, Commands
from provisioning.virtual.shell.package.arguments import take_apart

_MATCH = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault={default}"
_VALUED = frozenset({"-a", "-c", "-n", "-d", "-t", "-p", "--user", "--query-flags"})


def _read(call: Call) -> tuple[Intent, bool, bool]:
    given = take_apart(call, bare=frozenset({"--brief", "--components"}), valued=_VALUED)
    word = (*given.words, "")[0]
    is_component = "/" in word
    intent = Intent(
        given.flags.get("-a", ""),
        given.flags.get("-c", ""),
        given.flags.get("-n", word if is_component else ""),
        given.flags.get("-p", "" if is_component else word),
    )
    return intent, given.has("--brief"), given.has("--components")


def _print(call: Call, component: str, *, indent: str, brief: bool) -> None:
    if brief:
        default = "false" if component.startswith("android/") else "true"
        call.line(indent + _MATCH.format(default=default))
    call.line(indent + component)


def _resolve(call: Call) -> int:
    intent, brief, components = _read(call)
    found = resolve(call.tablet, intent)
    if not found:
        call.line("No activity found")
        return 0
    if brief or components:
        _print(call, found, indent="", brief=brief)
        return 0
    package, _, name = found.partition("/")
    full = package + name if name.startswith(".") else name
    call.line(_MATCH.format(default="true"))
    call.line(f"ActivityInfo:\n  name={full}\n  packageName={package}\n  enabled=true exported=true")
    return 0


def _query(call: Call) -> int:
    intent, brief, components = _read(call)
    found = answers(call.tablet, intent)
    if not found:
        call.line("No activities found")
        return 0
    if components:
        call.out("".join(f"{component}\n" for component in found))
        return 0
    call.line(f"{len(found)} activities found:")
    for at, component in enumerate(found):
        call.line(f"  Activity #{at}:")
        _print(call, component, indent="    ", brief=brief)
    return 0


def _query_receivers(call: Call) -> int:
    intent, _, _ = _read(call)
    found = receivers(call.tablet, intent)
    call.out("".join(f"{component}\n" for component in found) or "No receivers found\n")
    return 0


def _set_home(call: Call) -> int:
    """Up to Android 9 a component; from 10 the home role, which takes a package too."""
    given = take_apart(call, bare=frozenset(), valued=frozenset({"--user"}))
    wanted = (*given.words, "")[0]
    if "/" not in wanted and call.sdk < 29:
        raise CommandError("Error: component name not specified or invalid", 1)
    if not choose_home(call, wanted):
        call.error("Error: Failed to set default home.")
        return 1
    call.line("Success")
    return 0


def choose_home(call: Call, wanted: str) -> bool:
    """Make a package or component the home; False where it has no home activity."""
    homes = answers(call.tablet, Intent(MAIN, HOME))
    found = [one for one in homes if one == short(wanted) or one.partition("/")[0] == wanted]
    if not found:
        return False
    with call.tablet.changing() as state:
        state.content.home = found[0]
        state.content.roles["android.app.role.HOME"] = [found[0].partition("/")[0]]
    return True


INTENTS: Commands = {
    "resolve-activity": _resolve,
    "query-activities": _query,
    "query-intent-activities": _query,
    "query-receivers": _query_receivers,
    "set-home-activity": _set_home,
}
