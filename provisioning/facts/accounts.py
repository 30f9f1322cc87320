"""Which kinds of account are signed in, counted by type and user. Names and addresses are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors

_USER = re.compile(r"^User UserInfo\{(\d+):.*:[0-9a-f]+\}:\s*$")
_COUNT = re.compile(r"^\s+([^\s,]+),(\d+)\s*$")
_TOTAL = re.compile(r"^\s+Accounts: (\d+)\s*$")
_ACCOUNT = re.compile(r"^\s+Account \{name=.*, type=([^}]*)\}\s*$")


@dataclass(frozen=True)
class Accounts:
    """For each user (0 is the owner) how many accounts of each type."""

    by_user: Mapping[int, Mapping[str, int]]

    @property
    def by_type(self) -> dict[str, int]:
        """Counts by type over all users."""
        totals: dict[str, int] = {}
        for types in self.by_user.values():
            for kind, count in types.items():
                totals[kind] = totals.get(kind, 0) + count
        return dict(sorted(totals.items()))

    @property
    def total(self) -> int:
        return sum(self.by_type.values())


def parse_accounts(text: str) -> Accounts:
    """Either form of ``dumpsys account``: with ``--checkin`` bare counts, without it the whole dump.

    In the whole dump only the lines right under ``Accounts: N`` count: the same types occur again in the
    history and in the services cache of a tablet on which nobody is signed in.
    """
    users: dict[int, list[str]] = {}
    lines: list[str] | None = None
    for line in text.split("\n"):
        header = _USER.match(line)
        if header:
            lines = users.setdefault(int(header.group(1)), [])
        elif lines is not None:
            lines.append(line)
    if not users:
        refuse_errors(text)
        raise ValueError("the answer names no user")
    return Accounts({user: _counts(block) for user, block in sorted(users.items())})


def _counts(block: list[str]) -> dict[str, int]:
    total = next((n for n, line in enumerate(block) if _TOTAL.match(line)), None)
    if total is None:
        return _checkin(block)
    counts = _listed(block[total + 1 :])
    expected = _TOTAL.match(block[total])
    if expected is None or sum(counts.values()) != int(expected.group(1)):
        raise ValueError("the answer promises another number of accounts than it lists")
    return counts


def _checkin(block: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in block:
        match = _COUNT.match(line)
        if match:
            counts[match.group(1)] = counts.get(match.group(1), 0) + int(match.group(2))
        elif line.strip():
            raise ValueError(f"a line is neither a type nor a count, but {len(line.strip())} letters of something else")
    return counts


def _listed(lines: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in lines:
        if not line.strip():
            break
        match = _ACCOUNT.match(line)
        if match:
            counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    return counts


ACCOUNTS = Fact("accounts", Command("dumpsys account --checkin"), Accounts, parse_accounts, private=True)
