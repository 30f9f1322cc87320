"""Which activity answers an intent on this tablet. Knows no command."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.virtual.state import Package
from provisioning.virtual.tablet import Screen, VirtualTablet

MAIN = "android.intent.action.MAIN"
HOME = "android.intent.category.HOME"
LAUNCHER = "android.intent.category.LAUNCHER"
CHOOSER = "android/com.android.internal.app.ResolverActivity"
OWNER_WIPE = "org.doorstep.owner.action.WIPE"
"""What an owner app of ours would answer; none is shipped (docs/wiping.md)."""
_SETTINGS = "com.android.settings"
RESET_PAGE = f"{_SETTINGS}/.Settings$FactoryResetActivity"

_BY_ACTION = {
    "com.android.settings.action.FACTORY_RESET": RESET_PAGE,
    "android.settings.PRIVACY_SETTINGS": f"{_SETTINGS}/.Settings$PrivacySettingsActivity",
    "android.settings.SETTINGS": f"{_SETTINGS}/.Settings",
    "android.settings.SYNC_SETTINGS": f"{_SETTINGS}/.Settings$AccountDashboardActivity",
    "android.settings.LOCALE_SETTINGS": f"{_SETTINGS}/.Settings$LocalePickerActivity",
    "android.settings.DATE_SETTINGS": f"{_SETTINGS}/.Settings$DateTimeSettingsActivity",
    "android.settings.DISPLAY_SETTINGS": f"{_SETTINGS}/.Settings$DisplaySettingsActivity",
    "android.settings.WIFI_SETTINGS": f"{_SETTINGS}/.Settings$WifiSettingsActivity",
    "android.settings.ZEN_MODE_SETTINGS": f"{_SETTINGS}/.Settings$ZenModeSettingsActivity",
    "android.settings.APPLICATION_DEVELOPMENT_SETTINGS": f"{_SETTINGS}/.Settings$DevelopmentSettingsActivity",
    "android.media.action.STILL_IMAGE_CAMERA": "com.android.camera2/com.android.camera.CameraLauncher",
}
_RESET_ACTION_SINCE = 28


@dataclass(frozen=True)
class Intent:
    """What somebody wants done."""

    action: str = ""
    category: str = ""
    component: str = ""
    package: str = ""


def answers(tablet: VirtualTablet, intent: Intent) -> list[str]:
    """Every component that would answer, as ``package/.Class``."""
    packages = [one for one in tablet.content.packages.values() if one.usable]
    if intent.component:
        return [short(intent.component)] if exists(tablet, intent.component) else []
    if intent.action in _BY_ACTION:
        found = _BY_ACTION[intent.action]
        too_old = intent.action.endswith("FACTORY_RESET") and tablet.personality.sdk < _RESET_ACTION_SINCE
        return [] if too_old or not exists(tablet, found) else [found]
    if intent.action and intent.action != MAIN:
        return []
    wanted = [one for one in packages if intent.package in {"", one.name}]
    return [f"{one.name}/{name}" for one in wanted for name in _activities(one, intent.category)]


def _activities(package: Package, category: str) -> tuple[str, ...]:
    if category == HOME:
        return package.home_activities
    return package.launcher_activities


def resolve(tablet: VirtualTablet, intent: Intent) -> str:
    """The one component that starts: the only one, the chosen home, the chooser, or nothing."""
    found = answers(tablet, intent)
    if intent.category == HOME and tablet.content.home in found:
        return tablet.content.home
    if len(found) > 1 and not intent.package:
        return CHOOSER
    return found[0] if found else ""


def receivers(tablet: VirtualTablet, intent: Intent) -> list[str]:
    """Every receiver declared for a broadcast, as ``package/.Class``: only a device owner's is known here."""
    owner = tablet.content.owner
    if owner is None or not owner.wipes_when_told or intent.action != OWNER_WIPE:
        return []
    package = owner.admin.partition("/")[0]
    return [f"{package}/.WipeReceiver"] if intent.package in {"", package} else []


def short(component: str) -> str:
    """``pkg/.Class`` for a class that lies in its package."""
    package, _, name = component.partition("/")
    return f"{package}/{name[len(package) :]}" if name.startswith(package + ".") else component


def exists(tablet: VirtualTablet, component: str) -> bool:
    """Whether an enabled package declares the activity. Of Settings, any page is taken to be there."""
    package_name, _, name = short(component).partition("/")
    package = tablet.content.packages.get(package_name)
    if package is None or not package.usable:
        return False
    known = {*package.home_activities, *package.launcher_activities}
    return name in known or (package_name == _SETTINGS and name.startswith(".Settings"))


def start(tablet: VirtualTablet, component: str) -> None:
    """Bring the activity to the screen."""
    package_name = component.partition("/")[0]
    owner = tablet.content.owner
    if component == tablet.content.home:
        tablet.show(Screen.HOME)
    elif component == RESET_PAGE:
        blocked = owner is not None and owner.blocks_reset
        tablet.show(Screen.RESET_BLOCKED if blocked else Screen.RESET, component)
    elif package_name == _SETTINGS:
        tablet.show(Screen.SETTINGS, component)
    else:
        tablet.show(Screen.APP, component)
