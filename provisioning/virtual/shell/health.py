"""What a tablet tells of its wear: the vendor's health service."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call

HEALTH_SERVICE = "android.hardware.health.IHealth/default"
_HEALTH_SINCE = 33
_DESIGN_UAH = 5_100_000
_CONDITIONS = ("UNKNOWN", "GOOD", "OVERHEAT", "DEAD", "OVER_VOLTAGE", "UNSPECIFIED_FAILURE", "COLD")


def health_dump(call: Call) -> int:
    """The AIDL service of Android 13 on: healthd's own lines, and the whole record on one."""
    if call.sdk < _HEALTH_SINCE:
        call.error(f"Can't find service: {HEALTH_SERVICE}")
        return 0
    battery = call.tablet.state.body.battery
    full = _DESIGN_UAH * battery.asoc // 100
    usb = int(bool(battery.plugged))
    call.line(f"ac: 0 usb: {usb} wireless: 0 dock: 0 current_max: 500000 voltage_max: 5000000")
    call.line(f"status: {2 if usb else 3} health: {battery.health} present: 1")
    call.line(f"level: {battery.level} voltage: {battery.voltage} temp: {battery.temperature}")
    call.line(f"cycle count: {battery.cycles}\nFull charge: {full}\n")
    record = {
        "batteryHealth": _CONDITIONS[battery.health - 1],
        "batteryLevel": battery.level,
        "batteryCycleCount": battery.cycles,
        "batteryFullChargeUah": full,
        "batteryTechnology": "Li-ion",
        "diskStats": "[]",
        "storageInfos": "[StorageInfo{eol: 1, lifetimeA: 1, lifetimeB: 2, version: 1.0}]",
        "batteryFullChargeDesignCapacityUah": _DESIGN_UAH,
        "batteryHealthData": "(null)",
    }
    call.line("getHealthInfo -> HealthInfo{" + ", ".join(f"{key}: {value}" for key, value in record.items()) + "}")
    return 0
