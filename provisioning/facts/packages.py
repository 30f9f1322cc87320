"""Which apps are there for user 0: those somebody installed, those switched on, those switched off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown

_LINE = re.compile(
    r"^package:(?P<name>[^\s=]+)(?: +versionCode:(?P<version>\d+))?(?:.*? installer=(?P<installer>\S+))?"
)


@dataclass(frozen=True)
class InstalledApp:
    """`installer` is the package that installed it; None for an app that came over ADB."""

    package: str
    version_code: int | None
    installer: str | None


@dataclass(frozen=True)
class InstalledApps:
    """Apps outside the system image, sorted by package. A maker's preloads may be among them."""

    apps: tuple[InstalledApp, ...]

    @property
    def packages(self) -> tuple[str, ...]:
        return tuple(app.package for app in self.apps)


@dataclass(frozen=True)
class PackageNames:
    """Package names, sorted."""

    names: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def parse_installed_apps(text: str) -> InstalledApps:
    """No line at all is a tablet without such apps; any other line is an answer we do not know."""
    return InstalledApps(tuple(sorted(map(_app, _lines(text)), key=lambda app: app.package)))


def parse_package_names(text: str) -> PackageNames:
    return PackageNames(tuple(sorted(_app(line).package for line in _lines(text))))


def parse_enabled_packages(text: str) -> PackageNames:
    """Every running Android has some enabled packages, so an empty list is an answer that was lost."""
    names = parse_package_names(text)
    if not names.names:
        raise ValueError("the list of enabled packages is empty, which no running Android has")
    return names


def _lines(text: str) -> list[str]:
    refuse_errors(text)
    return [line for line in text.split("\n") if line.strip()]


def _app(line: str) -> InstalledApp:
    match = _LINE.match(line.strip())
    if match is None:
        raise ValueError(f"pm printed {shown(line)}")
    version, installer = match["version"], match["installer"]
    return InstalledApp(match["name"], int(version) if version else None, None if installer == "null" else installer)


# `--user 0` always: from Android 13 the default is all users, which a work profile turns into a SecurityException.
THIRD_PARTY_APPS = Fact(
    "third_party_apps",
    Command("pm list packages -3 --user 0 --show-versioncode -i"),
    InstalledApps,
    parse_installed_apps,
)
DISABLED_PACKAGES = Fact(
    "disabled_packages", Command("pm list packages -d --user 0"), PackageNames, parse_package_names
)
ENABLED_PACKAGES = Fact(
    "enabled_packages", Command("pm list packages -e --user 0"), PackageNames, parse_enabled_packages
)
