"""One Wi-Fi network as the adb shell may see it: saved, in use, and whether the shell may add it.

Only the network that is asked about is looked for: what else is saved is the business of the person it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact

_MISSING = re.compile(r"Can't find service: wifi|No shell command implementation|Unknown command: \S+")
_ROW = re.compile(r"^(\d+)\s+(\S.*?)\s{2,}\S+.*$", re.MULTILINE)

_COMMAND = Command(
    "sh -c",
    Quoted(
        "echo ==networks;cmd wifi list-networks;echo ==status;cmd wifi status;echo ==help;cmd wifi help;"
        "echo ==info;dumpsys wifi|grep -m1 mWifiInfo;true"
    ),
)


@dataclass(frozen=True)
class WifiNetwork:
    """`saved` is None where this Android does not tell the shell, `number` what Android calls the saved network by.

    `may_add` is whether this tablet's Wi-Fi lets the adb shell add a network: its help lists the command only then.
    """

    saved: bool | None
    number: str | None
    connected: bool
    may_add: bool


def parse_wifi(text: str, name: str) -> WifiNetwork:
    """Four answers, each after a marker of its own."""
    parts = re.split(r"^==(?:networks|status|help|info)\s*$", text, flags=re.MULTILINE)
    if len(parts) != 5:
        raise ValueError("the Wi-Fi commands did not all answer")
    _, networks, status, usage, info = parts
    saved, number = _saved(networks, name)
    return WifiNetwork(saved, number, _connected(status, info) == name, "connect-network" in usage)


def _saved(text: str, name: str) -> tuple[bool | None, str | None]:
    if re.search(r"^No networks", text, re.MULTILINE):
        return False, None
    header = re.search(r"^Network Id\s+SSID\s+Security type", text, re.MULTILINE)
    if header:
        rows = {found.strip().strip('"'): number for number, found in _ROW.findall(text[header.end() :])}
        return name in rows, rows.get(name)
    if _MISSING.search(text) or "SecurityException" in text or not text.strip():
        return None, None
    raise ValueError("the Wi-Fi service did not list its networks")


def _connected(status: str, info: str) -> str | None:
    by_service = re.search(r'^Wifi is connected to "(.*)"', status, re.MULTILINE)
    if by_service:
        return by_service.group(1)
    by_dump = re.search(r'SSID: "?([^,"]+)"?,', info)
    return by_dump.group(1).strip() if by_dump else None


@lru_cache(maxsize=32)
def wifi_network(name: str) -> Fact[WifiNetwork]:
    """The fact about one network, named ``wifi/<name>``."""
    return Fact(f"wifi/{name}", _COMMAND, WifiNetwork, lambda text: parse_wifi(text, name), private=True)
