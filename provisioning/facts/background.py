"""What an app may do while nobody looks: the battery's list of exceptions, and one app operation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_MODES = ("allow", "ignore", "deny", "default", "foreground", "ask")


@dataclass(frozen=True)
class Unrestricted:
    """Packages that may go on while the tablet sleeps, the system's own among them."""

    packages: tuple[str, ...]


@dataclass(frozen=True)
class AppOperation:
    """`mode` is None where nothing was ever decided; `known` is whether this Android has the operation at all."""

    mode: str | None
    known: bool


def parse_unrestricted(text: str) -> Unrestricted:
    """``kind,package,uid`` lines. ``system-excidle`` exempts from light dozing alone, so it does not count."""
    refuse_errors(text)
    rows = re.findall(r"^(system-excidle|system|user),([\w.]+),\d+\s*$", text, re.MULTILINE)
    if not rows:
        raise ValueError(f"deviceidle printed {shown(text)}")
    return Unrestricted(tuple(sorted({package for kind, package in rows if kind != "system-excidle"})))


def parse_app_operation(text: str) -> AppOperation:
    """An app's own decision comes before one for its user id; the platform's default is nobody's decision."""
    if re.search(r"Unknown operation string|Error: Unknown op", text):
        return AppOperation(None, known=False)
    decided = re.findall(rf"^(Uid mode: )?[A-Z][A-Z_0-9]+: ({'|'.join(_MODES)})\b", text, re.MULTILINE)
    if decided:
        uid = next((mode for prefix, mode in decided if prefix), None)
        return AppOperation(uid or decided[0][1], known=True)
    if re.search(r"^No operations\.|No UID for|Default mode:", text, re.MULTILINE):
        return AppOperation(None, known=True)
    refuse_errors(text)
    raise ValueError(f"appops printed {shown(text)}")


UNRESTRICTED = Fact("unrestricted", Command("dumpsys deviceidle whitelist"), Unrestricted, parse_unrestricted)


@lru_cache(maxsize=256)
def app_operation(package: str, operation: str) -> Fact[AppOperation]:
    """The fact about one app and operation, named ``app_operation/<package>/<operation>``."""
    return Fact(
        f"app_operation/{package}/{operation}",
        Command("cmd appops get --user 0", Quoted(package), Quoted(operation)),
        AppOperation,
        parse_app_operation,
        frozenset({0, 1, 255}),
    )
