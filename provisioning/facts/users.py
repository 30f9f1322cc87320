"""Which Android users live on the tablet, and which of them is a work profile. Their names are not kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors

# android.content.pm.UserInfo.FLAG_MANAGED_PROFILE
_MANAGED_PROFILE = 0x20
_USER = re.compile(r"^\s*UserInfo\{(\d+):.*:([0-9a-f]+)\}")


@dataclass(frozen=True)
class AndroidUser:
    number: int
    work_profile: bool


@dataclass(frozen=True)
class AndroidUsers:
    users: tuple[AndroidUser, ...]

    @property
    def work_profiles(self) -> tuple[int, ...]:
        return tuple(user.number for user in self.users if user.work_profile)


def parse_users(text: str) -> AndroidUsers:
    matches = [match for match in map(_USER.match, text.split("\n")) if match]
    if not matches:
        refuse_errors(text)
        raise ValueError("pm listed no user")
    users = (AndroidUser(int(m.group(1)), bool(int(m.group(2), 16) & _MANAGED_PROFILE)) for m in matches)
    return AndroidUsers(tuple(sorted(users, key=lambda user: user.number)))


USERS = Fact("users", Command("pm list users"), AndroidUsers, parse_users, private=True)
