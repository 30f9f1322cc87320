"""getprop and setprop: the properties that a tablet of this model and version shows."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, Commands
from provisioning.virtual.tablet import Power, VirtualTablet


def properties_of(tablet: VirtualTablet) -> dict[str, str]:
    """Every property, by name."""
    model, state = tablet.personality, tablet.state
    fingerprint = (
        f"{model.brand}/{model.product}/{model.device}:{model.release}/VIRTUAL.{model.sdk}/1:user/release-keys"
    )
    found = {
        "dalvik.vm.heapsize": "512m",
        "gsm.sim.state": "ABSENT" if model.telephony else "",
        "gsm.version.baseband": "VIRTUAL-BASEBAND-1" if model.telephony else "",
        "init.svc.adbd": "running",
        "init.svc.bootanim": "stopped" if tablet.power is Power.ON else "running",
        "persist.sys.usb.config": "adb" if tablet.debugging_on else "mtp",
        "ro.boot.flash.locked": "1",
        "ro.boot.serialno": state.body.serial,
        "ro.boot.verifiedbootstate": "green",
        "ro.boot.veritymode": "enforcing",
        "ro.build.characteristics": "tablet",
        "ro.build.display.id": f"VIRTUAL.{model.sdk}",
        "ro.build.fingerprint": fingerprint,
        "ro.build.tags": "release-keys",
        "ro.build.type": "user",
        "ro.build.version.incremental": "1",
        "ro.build.version.release": model.release,
        "ro.build.version.sdk": str(model.sdk),
        "ro.build.version.security_patch": model.security_patch,
        "ro.crypto.state": "encrypted",
        "ro.crypto.type": "file" if model.sdk >= 28 else "block",
        "ro.debuggable": "0",
        "ro.product.brand": model.brand,
        "ro.product.cpu.abi": model.abis[0],
        "ro.product.cpu.abilist": ",".join(model.abis),
        "ro.product.device": model.device,
        "ro.product.locale": "en-GB",
        "ro.product.manufacturer": model.manufacturer,
        "ro.product.model": model.model,
        "ro.product.name": model.product,
        "ro.secure": "1",
        "ro.serialno": state.body.serial,
        "ro.sf.lcd_density": str(model.density),
        "sys.usb.state": "adb" if tablet.debugging_on else "mtp",
    }
    if model.persistent_data_block:
        found["ro.frp.pst"] = "/dev/block/by-name/frp"
    if tablet.power is Power.ON:
        found["sys.boot_completed"] = "1"
        found["dev.bootcomplete"] = "1"
    return found | dict(model.properties) | state.content.properties


def _getprop(call: Call) -> int:
    found = properties_of(call.tablet)
    if call.arguments:
        default = call.arguments[1] if len(call.arguments) > 1 else ""
        call.line(found.get(call.arguments[0], default))
    else:
        call.out("".join(f"[{name}]: [{value}]\n" for name, value in sorted(found.items())))
    return 0


def _setprop(call: Call) -> int:
    """The shell user may set `debug.` and `log.` properties; the rest fails as init's denial does."""
    name, value = (*call.arguments, "", "")[:2]
    if not name.startswith(("debug.", "log.")):
        call.error(f"Failed to set property '{name}' to '{value}'.\nSee dmesg for error reason.")
        return 1
    with call.tablet.changing() as state:
        state.content.properties[name] = value
    return 0


PROPERTIES: Commands = {"getprop": _getprop, "setprop": _setprop}
