"""One app in depth: version, signer, permissions, whether it is switched on (`dumpsys package NAME`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_SIGNER = re.compile(r"signatures=PackageSignatures\{\S+ (?:version:\d+, signatures:)?\[([0-9a-f, ]*)\]")
_USER = re.compile(r"^\s+User (\d+): (.*)$")
_PERMISSION = re.compile(r"^\s+([A-Za-z][\w.]*): granted=(true|false)")
_ENABLED = frozenset({0, 1})


@dataclass(frozen=True)
class AppDetails:
    """An app that is installed for user 0.

    `signer` is Android's 32-bit hash of the signing certificate in hex: a fingerprint, not a proof.
    `permissions` says for each permission Android keeps state about whether it is granted.
    """

    version_code: int
    version_name: str | None
    enabled: bool
    signer: str | None
    requested: tuple[str, ...]
    permissions: Mapping[str, bool]
    first_installed: str | None


@dataclass(frozen=True)
class AppLookup:
    """`details` is None where the tablet says plainly that user 0 has no such app."""

    details: AppDetails | None


@lru_cache(maxsize=512)
def app_details(package: str) -> Fact[AppLookup]:
    """The fact about one package, named ``app/<package>``."""
    return Fact(
        f"app/{package}",
        Command("dumpsys package", Quoted(package)),
        AppLookup,
        lambda text: parse_app(text, package),
    )


def parse_app(text: str, package: str) -> AppLookup:
    block = _first_block(text, package)
    if block is None:
        refuse_errors(text)
        if f"Unable to find package: {package}" in text or "Unable to find package " + package in text:
            return AppLookup(None)
        raise ValueError(f"dumpsys printed {shown(text)}")
    states = _user_0(block)
    if states is None:
        raise ValueError("the answer does not say how the app stands for user 0")
    if "installed=true" not in states[0]:
        return AppLookup(None)
    version = re.search(r"^\s+versionCode=(\d+)", block, re.MULTILINE)
    enabled = re.search(r"\benabled=(\d)", states[0])
    if version is None or enabled is None:
        raise ValueError("the answer has no version or does not say whether the app is switched on")
    name = re.search(r"^\s+versionName=(.*)$", block, re.MULTILINE)
    signer = _SIGNER.search(block)
    first = re.search(r"^\s+firstInstallTime=(.*)$", block, re.MULTILINE)
    return AppLookup(
        AppDetails(
            version_code=int(version.group(1)),
            version_name=name.group(1).strip() if name else None,
            enabled=int(enabled.group(1)) in _ENABLED,
            signer=signer.group(1).strip() or None if signer else None,
            requested=_requested(block),
            permissions=_granted(block, states),
            first_installed=first.group(1).strip() if first else None,
        )
    )


def _first_block(text: str, package: str) -> str | None:
    """The first ``Package [NAME]`` block; under “Hidden system packages” a second one tells of the factory version."""
    start = re.search(rf"^(\s*)Package \[{re.escape(package)}\] .*$", text, re.MULTILINE)
    if start is None:
        return None
    depth = len(start.group(1))
    lines = []
    for line in text[start.end() + 1 :].split("\n"):
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        lines.append(line)
    return "\n".join(lines)


def _user_0(block: str) -> list[str] | None:
    """The line ``User 0: …`` and those under it, up to the next user's."""
    found: list[str] | None = None
    for line in block.split("\n"):
        user = _USER.match(line)
        if user and found is not None:
            break
        if user and user.group(1) == "0":
            found = [line]
        elif found is not None:
            found.append(line)
    return found


def _requested(block: str) -> tuple[str, ...]:
    lines = block.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip() == "requested permissions:"), None)
    if start is None:
        return ()
    depth = len(lines[start]) - len(lines[start].lstrip())
    names = []
    for line in lines[start + 1 :]:
        if len(line) - len(line.lstrip()) <= depth:
            break
        names.append(line.strip().partition(":")[0])
    return tuple(sorted(names))


def _granted(block: str, user_0: list[str]) -> dict[str, bool]:
    """Install-time permissions stand before the first user's lines, run-time ones among user 0's."""
    before_users = re.split(r"^\s+User \d+: ", block, maxsplit=1, flags=re.MULTILINE)[0].split("\n")
    matches = (_PERMISSION.match(line) for line in (*before_users, *user_0))
    return {match.group(1): match.group(2) == "true" for match in matches if match}
