"""`dumpsys battery`: the layouts of plain Android by version, and Samsung's own lines."""

from __future__ import annotations

from dataclasses import replace

from provisioning.virtual.shell.call import Call
from provisioning.virtual.state import Battery

_CHARGING, _DISCHARGING, _FULL = 2, 3, 5


def battery_dump(call: Call) -> int:
    """The dump, and `unplug`, `set` and `reset`, which fake values until `reset`."""
    words = call.arguments
    if words[:1] == ("reset",):
        call.tablet.fake_battery(None)
    elif words[:1] == ("unplug",):
        call.tablet.fake_battery(replace(_battery(call), plugged=""))
    elif words[:2] == ("set", "level"):
        call.tablet.fake_battery(replace(_battery(call), level=int(words[2])))
    else:
        call.out("\n".join(_lines(call)) + "\n")
    return 0


def _battery(call: Call) -> Battery:
    return call.tablet.faked_battery or call.tablet.state.body.battery


def _lines(call: Call) -> list[str]:
    battery, samsung = _battery(call), call.tablet.personality.battery_layout == "samsung"
    lines = ["Current Battery Service state:"]
    if call.tablet.faked_battery is not None:
        lines.append("  (UPDATES STOPPED -- use 'reset' to restart)")
    lines += [f"  {source} powered: {str(battery.plugged == source.lower()).lower()}" for source in ("AC", "USB")]
    lines.append(f"  Wireless powered: {str(battery.plugged == 'wireless').lower()}")
    if call.sdk >= 34:
        lines.append("  Dock powered: false")
    return lines + _values(call, battery) + (_samsung(battery) if samsung else [])


def _values(call: Call, battery: Battery) -> list[str]:
    status = _FULL if battery.level >= 100 and battery.plugged else _CHARGING if battery.plugged else _DISCHARGING
    plugged, late = bool(battery.plugged), call.sdk >= 35
    sent = " Time when the latest updated value of the {} was sent via battery changed broadcast: +3s391ms"
    lines = [f"  Max charging current: {500000 if plugged else 0}"]
    lines += [sent.format("Max charging current")] if late else []
    lines += [
        f"  Max charging voltage: {5000000 if plugged else 0}",
        f"  Charge counter: {battery.level * 51000}",
        f"  status: {status}",
        f"  health: {battery.health}",
        "  present: true",
        f"  level: {battery.level}",
        "  scale: 100",
        f"  voltage: {battery.voltage}",
    ]
    if late:
        lines.append(sent.format("voltage"))
        lines.append(f" The last voltage value sent via the battery changed broadcast: {battery.voltage}")
    lines += [f"  temperature: {battery.temperature}", "  technology: Li-ion"]
    return lines + (["  Charging state: 0", "  Charging policy: 0", "  Capacity level: -1"] if late else [])


def _samsung(battery: Battery) -> list[str]:
    return [
        "  batteryMiscEvent: 0",
        "FEATURE_WIRELESS_FAST_CHARGER_CONTROL: true",
        "LLB CAL: 20231225",
        "BatteryInfoBackUp",
        f"  mSavedBatteryAsoc: {battery.asoc}",
        f"  mSavedBatteryUsage: {battery.cycles * 100}",
        "  mProtectBatteryMode: 0",
    ]
