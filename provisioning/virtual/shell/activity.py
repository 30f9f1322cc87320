"""`am`: starting activities, broadcasts that print success whatever happens, and the configuration."""

from __future__ import annotations

from provisioning.virtual.intents import HOME, Intent, exists, receivers, resolve, short, start
from provisioning.virtual.shell.call import Call, CommandError, Commands, Handler, JavaError
from provisioning.virtual.shell.languages import qualifier
from provisioning.virtual.shell.package.arguments import Arguments, take_apart
from provisioning.virtual.wiping import WipeRoute, wipe

_VALUED = frozenset(
    {
        "-a",
        "-c",
        "-n",
        "-d",
        "-t",
        "-p",
        "-f",
        "--user",
        "--es",
        "--ei",
        "--ez",
        "--el",
        "--display",
        "--receiver-permission",
    }
)
_BARE = frozenset({"-W", "-S", "-D", "--activity-clear-task", "--activity-new-task", "--include-stopped-packages"})
_PROTECTED_BROADCASTS = frozenset({"android.intent.action.BOOT_COMPLETED", "android.intent.action.PACKAGE_ADDED"})


def am(call: Call) -> int:
    verbs: dict[str, Handler] = {
        "start": _start,
        "start-activity": _start,
        "broadcast": _broadcast,
        "get-config": _get_config,
    }
    verbs |= {"force-stop": _quiet, "kill": _quiet, "kill-all": _quiet}
    verb = verbs.get((*call.arguments, "")[0])
    if verb is None:
        raise CommandError(f"Unknown command: {(*call.arguments, '')[0]}", 255)
    return verb(call.with_words(*call.arguments))


def _quiet(_: Call) -> int:
    return 0


def _read(call: Call) -> tuple[Arguments, Intent]:
    given = take_apart(call, bare=_BARE, valued=_VALUED)
    word = (*given.words, "")[0]
    component = given.flags.get("-n", word if "/" in word and ":" not in word else "")
    package = given.flags.get("-p", word if word and "/" not in word and ":" not in word else "")
    return given, Intent(given.flags.get("-a", ""), given.flags.get("-c", ""), component, package)


def _described(intent: Intent) -> str:
    parts = [f"act={intent.action}"] if intent.action else []
    parts += [f"cat=[{intent.category}]"] if intent.category else []
    parts += ["flg=0x10000000"] if not parts else []
    parts += [f"pkg={intent.package}"] if intent.package else []
    parts += [f"cmp={short(intent.component)}"] if intent.component else []
    return f"Intent {{ {' '.join(parts)} }}"


def _start(call: Call) -> int:
    """The exit code stayed 0 for failures until Android 12; the text says what happened."""
    given, intent = _read(call)
    call.line(f"Starting: {_described(intent)}")
    found = resolve(call.tablet, intent)
    if intent.component and not exists(call.tablet, intent.component):
        package, _, name = intent.component.partition("/")
        full = package + name if name.startswith(".") else name
        call.error(f"Error type 3\nError: Activity class {{{package}/{full}}} does not exist.")
        return int(call.sdk >= 31)
    if not found:
        call.error(f"Error: Activity not started, unable to resolve {_described(intent)}")
        return int(call.sdk >= 31)
    start(call.tablet, call.tablet.content.home if intent.category == HOME else found)
    if given.has("-W"):
        call.line(f"Status: ok\nLaunchState: COLD\nActivity: {found}\nTotalTime: 312\nWaitTime: 318\nComplete")
    return 0


def _broadcast(call: Call) -> int:
    """Only an owner app listens. As on real tablets, MASTER_CLEAR prints success and is refused in the log."""
    _, intent = _read(call)
    if intent.action in _PROTECTED_BROADCASTS:
        text = f"Permission Denial: not allowed to send broadcast {intent.action} from pid=4242, uid=2000"
        raise JavaError(f"java.lang.SecurityException: {text}")
    flags = " flg=0x400000" if call.sdk >= 29 else ""
    call.line(f"Broadcasting: Intent {{ act={intent.action}{flags} }}\nBroadcast completed: result=0")
    if receivers(call.tablet, intent):
        wipe(call.tablet, WipeRoute.DEVICE_OWNER)
    return 0


def _get_config(call: Call) -> int:
    model, content = call.tablet.personality, call.tablet.content
    density = content.override_density or model.density
    narrow = min(model.width, model.height) * 160 // density
    spoken = qualifier(content.properties.get("persist.sys.locale", "en-GB"))
    call.line(
        f"config: {spoken}-ldltr-sw{narrow}dp-w{narrow}dp-normal-notlong-notround-port-{density}dpi-finger-v{call.sdk}"
    )
    call.line(f"abi: {','.join(model.abis)}")
    return 0


ACTIVITY: Commands = {"am": am}
