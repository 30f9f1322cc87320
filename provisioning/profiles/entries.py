"""Every kind of resource that a data file may ask for, found by the word under `kind`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from provisioning.resources.accessibility_service import AccessibilityService
from provisioning.resources.app import AppInstalled
from provisioning.resources.background import AppOperationSet, BatteryUnrestricted
from provisioning.resources.bench_folder import BenchFolderEmpty
from provisioning.resources.comfort import DoNotDisturb, SwipeRemoved, ThreeButtons
from provisioning.resources.device_owner import DeviceOwner
from provisioning.resources.file_content import FileContent
from provisioning.resources.home_activity import HomeActivity
from provisioning.resources.language import Language, LanguageOfApp
from provisioning.resources.package_off import PackageDisabled
from provisioning.resources.permission import PermissionGranted
from provisioning.resources.screen import DisplayDensity, NightMode
from provisioning.resources.setting import Setting
from provisioning.resources.tiles import HomeTiles
from provisioning.resources.time_zone import TimeZone
from provisioning.resources.volume_level import VolumeLevel
from provisioning.resources.wifi import WifiForgotten, WifiKnown

AnyResource = (
    Setting
    | AppInstalled
    | PermissionGranted
    | FileContent
    | HomeActivity
    | HomeTiles
    | PackageDisabled
    | NightMode
    | DisplayDensity
    | AccessibilityService
    | VolumeLevel
    | TimeZone
    | Language
    | LanguageOfApp
    | WifiKnown
    | WifiForgotten
    | BatteryUnrestricted
    | AppOperationSet
    | DeviceOwner
    | SwipeRemoved
    | ThreeButtons
    | DoNotDisturb
    | BenchFolderEmpty
)

ResourceEntry = Annotated[AnyResource, Field(discriminator="kind")]
