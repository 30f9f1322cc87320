"""`dumpsys SERVICE`: what each service tells of itself, for the services a bench asks."""

from __future__ import annotations

from provisioning.virtual.intents import HOME, MAIN, Intent, resolve
from provisioning.virtual.shell.accessibility import accessibility_dump
from provisioning.virtual.shell.battery import battery_dump
from provisioning.virtual.shell.call import Call, CommandError, Commands
from provisioning.virtual.shell.health import HEALTH_SERVICE, health_dump
from provisioning.virtual.shell.owners import policy_dump
from provisioning.virtual.shell.package.details import describe
from provisioning.virtual.shell.package.sessions import describe_sessions
from provisioning.virtual.shell.users import user_info
from provisioning.virtual.tablet import Power, Screen


def dumpsys(call: Call) -> int:
    words = list(call.arguments)
    while words and words[0] in {"-t", "-T", "--priority"}:
        words = words[2:]
    if call.tablet.power is not Power.ON:
        raise CommandError(f"Can't find service: {(*words, '')[0]}", 0)
    if words[:1] == ["-l"]:
        call.out("Currently running services:\n" + "".join(f"  {name}\n" for name in sorted(_DUMPS)))
        return 0
    dump = _DUMPS.get((*words, "")[0])
    if dump is None:
        call.error(f"Can't find service: {(*words, '')[0]}")
        return 0
    return dump(call.with_words(*words))


def _account(call: Call) -> int:
    accounts = call.tablet.content.accounts
    if "--checkin" in call.arguments:
        types = sorted({account.type for account in accounts})
        counts = [f"  {one},{sum(account.type == one for account in accounts)}\n" for one in types]
        call.out(f"User {user_info(call.tablet)}:\n" + "".join(counts) + "\n")
        return 0
    lines = [f"User {user_info(call.tablet)}:", f"  Accounts: {len(accounts)}"]
    lines += [f"    Account {{name={account.name}, type={account.type}}}" for account in accounts]
    lines += ["", "  AccountId, Action_Type, timestamp, UID, TableName, Key", "  Accounts History"]
    lines += [
        f"  {at},action_account_add,2021-01-01 00:00:00,1000,accounts,{at}" for at, _ in enumerate(accounts, start=1)
    ] or ["  -1,action_called_account_add,2021-01-01 00:00:00,1000,accounts,0"]
    lines += ["", "  Active Sessions: 0", "", "  RegisteredServicesCache: 2 services"]
    for type_, uid in (("com.google", 10123), ("com.osp.app.signin", 10124)):
        lines.append(
            f"    ServiceInfo: AuthenticatorDescription {{type={type_}}}, ComponentInfo{{{type_}/.Login}}, uid {uid}"
        )
    lines += ["", "  Account visibility:", ""] if call.sdk >= 29 else [""]
    call.out("\n".join(lines) + "\n")
    return 0


def _diskstats(call: Call) -> int:
    model = call.tablet.personality
    free, total = call.tablet.free_bytes() // 1024, model.storage_kb
    call.line("Latency: 1ms [512B Data Write]")
    if call.sdk >= 29:
        call.line("Recent Disk Write Speed (kB/s) = 48211")
    call.line(f"Data-Free: {free}K / {total}K total = {free * 100 // total}% free")
    call.line("Cache-Free: 380120K / 396716K total = 95% free")
    call.line("System-Free: 8K / 3119124K total = 0% free")
    if call.sdk >= 34:
        call.line("Metadata-Free: 14012K / 14020K total = 99% free")
    call.line("File-based Encryption: true")
    call.line(f"App Size: {model.system_used_kb * 400}\nApp Data Size: 120913920\nApp Cache Size: 55148544")
    return 0


def _package(call: Call) -> int:
    name = (*call.arguments, "")[0]
    if name == "installs":
        call.out(describe_sessions(call.tablet))
        return 0
    if name in {"", "packages"}:
        call.out("".join(describe(call.tablet, one) for one in call.tablet.content.packages))
        return 0
    call.out(describe(call.tablet, name))
    return 0


def _power(call: Call) -> int:
    stay = call.tablet.setting("global", "stay_on_while_plugged_in") or "0"
    call.line("POWER MANAGER (dumpsys power)\n\nPower Manager State:")
    call.line(f"  mWakefulness=Awake\n  mStayOnWhilePluggedInSetting={stay}\nDisplay Power: state=ON")
    return 0


def _activity(call: Call) -> int:
    home = resolve(call.tablet, Intent(MAIN, HOME))
    front = call.tablet.app_in_front or home
    label = "mResumedActivity: " if call.sdk < 31 else "topResumedActivity="
    call.line("ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)")
    call.line(f"    {label}ActivityRecord{{4f2a1c7 u0 {front} t12}}")
    call.line(f"  mGlobalConfiguration={{{call.tablet.setting('system', 'font_scale')} ?mcc?mnc [en_GB] ldltr}}")
    return 0


def _window(call: Call) -> int:
    wizard = call.tablet.screen is Screen.SETUP_WIZARD
    call.line(f"WINDOW MANAGER POLICY STATE (dumpsys window policy)\n    mShowingLockscreen=false setup={wizard}")
    secure = str(bool(call.tablet.content.lock_pin)).lower()
    call.line(f"    KeyguardServiceDelegate\n      showing=false\n      secure={secure}")
    return 0


def _idle(call: Call) -> int:
    """`whitelist +PKG`, `-PKG`, `=PKG`, or the list."""
    words = call.arguments
    if words[:1] != ("whitelist",):
        call.line("  Settings:\n    light_after_inactive_to=+4m0s0ms")
        return 0
    for word in words[1:]:
        _change_whitelist(call, word)
    if len(words) == 1:
        listed = call.tablet.content.idle_whitelist
        call.line("system-excidle,com.android.shell,2000")
        call.out("".join(f"user,{name},{call.tablet.content.packages[name].uid}\n" for name in listed))
    return 0


def _change_whitelist(call: Call, word: str) -> None:
    sign, name = word[:1], word[1:]
    listed = call.tablet.content.idle_whitelist
    if sign == "=":
        call.line(str(name in listed).lower())
    elif sign not in {"+", "-"}:
        call.line(f"Package must be prefixed with +, -, or =: {word}")
    elif name not in call.tablet.content.packages:
        call.line(f"Unknown package: {name}")
    else:
        with call.tablet.changing() as state:
            others = [one for one in listed if one != name]
            state.content.idle_whitelist = [*others, name] if sign == "+" else others
        call.line(f"{'Added' if sign == '+' else 'Removed'}: {name}")


def _wifi(call: Call) -> int:
    call.line("Wi-Fi is enabled" if call.tablet.setting("global", "wifi_on") == "1" else "Wi-Fi is disabled")
    name = call.tablet.content.wifi_in_use
    joined = f'"{name}"' if name else "<none>"
    call.line(f"mWifiInfo SSID: {joined}, BSSID: <none>, MAC: {call.tablet.state.body.wifi_mac}")
    return 0


def _camera(call: Call) -> int:
    call.line(
        'Number of camera devices: 2\nDevice 0 maps to "0"\n  Facing: Back\nDevice 1 maps to "1"\n  Facing: Front'
    )
    return 0


_DUMPS: Commands = {
    HEALTH_SERVICE: health_dump,
    "account": _account,
    "accessibility": accessibility_dump,
    "activity": _activity,
    "battery": battery_dump,
    "device_policy": policy_dump,
    "deviceidle": _idle,
    "diskstats": _diskstats,
    "media.camera": _camera,
    "package": _package,
    "power": _power,
    "wifi": _wifi,
    "window": _window,
}
DUMPSYS: Commands = {"dumpsys": dumpsys}
