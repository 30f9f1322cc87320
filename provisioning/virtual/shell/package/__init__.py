"""`pm` and `cmd package`: what is installed, installing, switching off, granting, and which app answers an intent."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, Commands
from provisioning.virtual.shell.package.installing import INSTALLING
from provisioning.virtual.shell.package.intents import INTENTS
from provisioning.virtual.shell.package.listing import LISTING
from provisioning.virtual.shell.package.managing import MANAGING
from provisioning.virtual.shell.package.sessions import SESSIONS
from provisioning.virtual.tablet import Power

_VERBS: Commands = {**INSTALLING, **SESSIONS, **INTENTS, **LISTING, **MANAGING}


def package_service(call: Call) -> int:
    """Run one verb; `call.words[0]` is the service's name."""
    if call.tablet.power is not Power.ON:
        call.error("cmd: Can't find service: package")
        return 20
    if not call.arguments or call.arguments[0] in {"help", "-h"}:
        call.line("Package manager (package) commands:\n  help\n    Print this help text.")
        return 0
    handler = _VERBS.get(call.arguments[0])
    if handler is None:
        call.error(f"Unknown command: {call.arguments[0]}")
        call.tablet.wire.add("unknown-command", command=" ".join(call.words))
        return 255
    return handler(call.with_words(*call.arguments))


def pm(call: Call) -> int:
    """`pm VERB …` is a thin script over `cmd package VERB …`."""
    return package_service(call.with_words("package", *call.arguments))
