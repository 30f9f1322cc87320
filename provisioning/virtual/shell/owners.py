"""Device owners: `dpm` and `dumpsys device_policy`."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, CommandError, Commands, JavaError
from provisioning.virtual.state import Owner

_SERVICE_SINCE = 31
"""From Android 12 `dpm` goes to `cmd device_policy`, and `list-owners` exists."""


def dpm(call: Call) -> int:
    verb = (*call.arguments, "")[0]
    inner = call.with_words(*call.arguments)
    if verb == "list-owners" and call.sdk >= _SERVICE_SINCE:
        return _list(inner)
    if verb == "set-device-owner":
        return _set_owner(inner)
    if verb == "remove-active-admin":
        admin = call.arguments[-1]
        raise JavaError(f"java.lang.SecurityException: Attempt to remove non-test admin ComponentInfo{{{admin}}} 0")
    raise CommandError(
        f"Error: unknown command '{verb}'" if call.sdk < _SERVICE_SINCE else f"Unknown command: {verb}", 1
    )


def _list(call: Call) -> int:
    owner = call.tablet.content.owner
    if owner is None:
        call.line("no owners")
    else:
        call.line(f"1 owner:\nUser  0: admin={owner.admin},DeviceOwner")
    return 0


def _set_owner(call: Call) -> int:
    admin = call.arguments[-1]
    end = "." if call.sdk >= _SERVICE_SINCE else ""
    if call.tablet.content.owner is not None:
        text = f"Trying to set the device owner (ComponentInfo{{{admin}}}), but device owner is already set{end}"
        raise JavaError(f"java.lang.IllegalStateException: {text}")
    if admin.partition("/")[0] not in call.tablet.content.packages:
        raise JavaError(f"java.lang.IllegalArgumentException: Unknown admin: ComponentInfo{{{admin}}}")
    if call.tablet.content.accounts and call.tablet.setting("secure", "user_setup_complete") == "1":
        text = "Not allowed to set the device owner because there are already some accounts on the device"
        raise JavaError(f"java.lang.IllegalStateException: {text}{end}")
    with call.tablet.changing() as state:
        state.content.owner = Owner(admin)
    call.line(f"Success: Device owner set to package {admin}\nActive admin set to component {admin}")
    return 0


def policy_dump(call: Call) -> int:
    owner = call.tablet.content.owner
    lines = ["Current Device Policy Manager state:"]
    if owner is not None:
        package, _, name = owner.admin.partition("/")
        full = package + name if name.startswith(".") else name
        lines += [
            "  Device Owner: ",
            f"    admin=ComponentInfo{{{package}/{full}}}",
            f"    name={owner.organisation}",
            f"    package={package}",
            "    User ID: 0",
            "",
        ]
    lines += ["  Enabled Device Admins (User 0, provisioningState: 0):"]
    lines += ["    com.google.android.gms/.mdm.receivers.MdmDeviceAdminReceiver:", "      uid=10123"]
    call.out("\n".join(lines) + "\n")
    return 0


OWNERS: Commands = {"dpm": dpm}
