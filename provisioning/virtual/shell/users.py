"""Android users: `pm list users` and the way every dump writes user 0."""

from __future__ import annotations

from provisioning.virtual.tablet import VirtualTablet


def user_info(tablet: VirtualTablet) -> str:
    """`UserInfo{id:name:flags}`; the flags of user 0 grew at Android 10 and 14 (AOSP UserInfo.java)."""
    sdk = tablet.personality.sdk
    flags = 0x13 if sdk < 29 else 0xC13 if sdk < 34 else 0x4C13
    return f"UserInfo{{0:Owner:{flags:x}}}"


def users_listed(tablet: VirtualTablet) -> str:
    return f"Users:\n\t{user_info(tablet)} running\n"
