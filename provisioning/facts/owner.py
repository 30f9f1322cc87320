"""Whether an organisation manages the tablet: its device owner and profile owners."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors

_COUNT = re.compile(r"^(\d+) owners?:\s*$", re.MULTILINE)
_LISTED = re.compile(r"^User +(\d+): admin=([^/\s]+)/[^,\s]*,(\S+)\s*$", re.MULTILINE)
_PROFILE = re.compile(r"^\s*Profile Owner \(User (\d+)\):")
_ADMIN = re.compile(r"admin=ComponentInfo\{([^/}]+)/")


@dataclass(frozen=True)
class ProfileOwner:
    user: int
    package: str


@dataclass(frozen=True)
class Ownership:
    """Packages that manage the whole tablet or one profile of it; None and empty where nobody does."""

    device_owner: str | None
    profile_owners: tuple[ProfileOwner, ...]


def parse_ownership(text: str) -> Ownership:
    """``dpm list-owners`` (Android 12 on) followed by ``dumpsys device_policy``; each must not contradict the other.

    Plain admins such as Find My Device, listed under “Enabled Device Admins”, own nothing.
    """
    listed, policy = _from_list(text), _from_policy(text)
    if listed is None and policy is None:
        refuse_errors(text)
        raise ValueError("neither dpm nor device_policy told who manages the tablet")
    if listed is not None and policy is not None and listed.device_owner != policy.device_owner:
        raise ValueError("dpm and device_policy name different device owners")
    owners = listed or policy
    assert owners is not None
    return owners


def _from_list(text: str) -> Ownership | None:
    if re.search(r"^no owners\s*$", text, re.MULTILINE):
        return Ownership(None, ())
    count = _COUNT.search(text)
    if count is None:
        return None
    found = _LISTED.findall(text)
    if len(found) != int(count.group(1)):
        raise ValueError("dpm promises another number of owners than it lists")
    device = next((package for _, package, kinds in found if "DeviceOwner" in kinds.split(",")), None)
    profiles = tuple(
        ProfileOwner(int(user), package) for user, package, kinds in found if "DeviceOwner" not in kinds.split(",")
    )
    return Ownership(device, profiles)


def _from_policy(text: str) -> Ownership | None:
    lines = text.split("\n")
    if not any(line.startswith("Current Device Policy Manager state:") for line in lines):
        return None
    if "DUMP TIMEOUT" in text:
        raise ValueError("device_policy did not finish telling who manages the tablet")
    device: str | None = None
    profiles: list[ProfileOwner] = []
    for number, line in enumerate(lines):
        profile = _PROFILE.match(line)
        if line.strip() == "Device Owner:":
            device = _admin_under(lines, number)
        elif profile:
            profiles.append(ProfileOwner(int(profile.group(1)), _admin_under(lines, number)))
    return Ownership(device, tuple(profiles))


def _admin_under(lines: list[str], number: int) -> str:
    for line in lines[number + 1 : number + 6]:
        match = _ADMIN.search(line)
        if match:
            return match.group(1)
    raise ValueError("device_policy announces an owner but does not name it")


# The whole dump holds every policy and may run to some hundred kilobytes; the tablet picks out the lines we read.
_LINES = "Policy Manager state|Owner|admin=|service:|DUMP"
OWNERSHIP = Fact(
    "ownership",
    Command(
        "sh -c",
        Quoted('dpm list-owners;dumpsys device_policy|grep -E "Policy Manager state|Owner|admin=|service:|DUMP"'),
    ),
    Ownership,
    parse_ownership,
    frozenset({0, 1, 255}),
)
