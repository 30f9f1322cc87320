"""What `dumpsys package NAME` prints of one package (shape read in AOSP API 26 to 34)."""

from __future__ import annotations

import datetime
import zlib
import zoneinfo

from provisioning.virtual.permissions import is_known, is_runtime
from provisioning.virtual.state import Package
from provisioning.virtual.tablet import VirtualTablet


def describe(tablet: VirtualTablet, name: str) -> str:
    """The block of one package, or the line that says there is none."""
    package = tablet.content.packages.get(name)
    if package is None:
        return f"Unable to find package: {name}\n"
    sdk = tablet.personality.sdk
    lines = ["Packages:", f"  Package [{name}] ({zlib.crc32(name.encode()):07x}):"]
    lines += [f"    {line}" for line in _facts(package, sdk, _when(tablet, package))]
    lines += _permissions(package, sdk)
    lines += _user(package, sdk, _when(tablet, package))
    return "\n".join(lines) + "\n\n"


def _when(tablet: VirtualTablet, package: Package) -> str:
    zone = zoneinfo.ZoneInfo(tablet.content.properties.get("persist.sys.timezone", "UTC"))
    return f"{datetime.datetime.fromtimestamp(package.installed_at, zone):%Y-%m-%d %H:%M:%S}"


def _facts(package: Package, sdk: int, when: str) -> list[str]:
    past = ", past signatures:[]" if sdk >= 28 else ""
    version = " version:2, signatures:" if sdk >= 28 else " "
    facts = [
        f"userId={package.uid}",
        f"codePath={package.path.rpartition('/')[0]}",
        f"versionCode={package.version_code} minSdk={package.min_sdk} targetSdk={package.target_sdk}",
        f"versionName={package.version_name}",
        f"splits=[{', '.join(('base', *package.splits))}]",
        f"flags=[ {'SYSTEM ' if package.system else ''}HAS_CODE ALLOW_CLEAR_USER_DATA ]",
        f"timeStamp={when}",
    ]
    if sdk < 33:
        facts.append(f"firstInstallTime={when}")
    facts += [
        f"lastUpdateTime={when}",
        f"installerPackageName={package.installer or 'null'}",
        f"signatures=PackageSignatures{{7c9f1d2{version}[{package.signer_hash}]{past}}}",
        f"installPermissionsFixed=true pkgFlags=[ {'SYSTEM ' if package.system else ''}HAS_CODE ]",
    ]
    return facts


def _permissions(package: Package, sdk: int) -> list[str]:
    lines = ["    requested permissions:"] if package.requested else []
    lines += [f"      {name}" for name in package.requested]
    install = [name for name in package.requested if is_known(name, sdk) and not is_runtime(name, sdk)]
    lines += ["    install permissions:"] if install else []
    return lines + [f"      {name}: granted={str(name in package.granted).lower()}" for name in install]


def _user(package: Package, sdk: int, when: str) -> list[str]:
    state = (
        f"    User 0: ceDataInode={1000 + package.uid} installed={str(not package.hidden).lower()} hidden=false "
        f"suspended=false distractionFlags=0 stopped=false notLaunched=false enabled={package.enabled} instant=false "
        "virtual=false"
    )
    lines = [state, "      gids=[3003]"]
    if sdk >= 33:
        lines.append(f"      firstInstallTime={when}")
    runtime = [name for name in package.requested if is_runtime(name, sdk)]
    lines += ["      runtime permissions:"] if runtime else []
    for name in runtime:
        granted = name in package.granted
        flags = "USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED"
        lines.append(f"        {name}: granted={str(granted).lower()}, flags=[ {flags}]")
    return lines
