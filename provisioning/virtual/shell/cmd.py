"""`cmd SERVICE …`: finds the service, or says that this Android has none of that name."""

from __future__ import annotations

from provisioning.virtual.shell.activity import am
from provisioning.virtual.shell.call import Call, Commands, Handler
from provisioning.virtual.shell.display import wm
from provisioning.virtual.shell.owners import dpm
from provisioning.virtual.shell.package import package_service
from provisioning.virtual.shell.services import SERVICES
from provisioning.virtual.shell.settings import settings_command
from provisioning.virtual.tablet import Power

NO_SERVICE = 20
_ALL: dict[str, tuple[int, Handler]] = {
    "activity": (24, am),
    "device_policy": (31, dpm),
    "package": (24, package_service),
    "settings": (24, settings_command),
    "window": (24, wm),
    **SERVICES,
}


def cmd(call: Call) -> int:
    name = (*call.arguments, "")[0]
    if name == "-l":
        names = sorted(one for one, (since, _) in _ALL.items() if call.sdk >= since)
        call.out("Currently running services:\n" + "".join(f"  {one}\n" for one in names))
        return 0
    since, handler = _ALL.get(name, (0, None))
    if handler is None or call.sdk < since or call.tablet.power is not Power.ON:
        call.error(f"cmd: Can't find service: {name}")
        return NO_SERVICE
    return handler(call.with_words(*call.arguments))


CMD: Commands = {"cmd": cmd}
