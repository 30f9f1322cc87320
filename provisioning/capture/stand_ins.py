"""Stand-ins for personal values: equal values get equal ones within a bundle, and no one can work back from them."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from provisioning.facts.identity import SHARED_SERIALS

_E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_MARK = "\0"
_MARKED = re.compile(r"\0(\d+)\0")
_SHORTEST_SECRET = 6
_FEWEST_SIGNS = 4


@dataclass(frozen=True)
class StandIns:
    """Makes stand-ins under one random key, which is thrown away with the bundle's writing."""

    key: bytes = field(repr=False)

    def of(self, value: str) -> str:
        """A stand-in of the same shape as the value, so that what understood the one understands the other."""
        digest = hmac.new(self.key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        if _MAC.fullmatch(value):
            octets = ["02", "00", "00", *re.findall("..", digest[:6])]
            return (":" if ":" in value else "-").join(octets)
        if _E_MAIL.fullmatch(value):
            return f"masked-{digest[:8]}@example.invalid"
        if value.isdecimal() and len(value) >= _SHORTEST_SECRET:
            return ("00" + str(int(digest, 16)))[: len(value)]
        if re.fullmatch(r"[0-9a-f]{8,32}", value):
            return digest[: len(value)]
        return f"MASKED{digest[:8].upper()}"


def distinctive(value: str) -> bool:
    """Whether a value stands for one thing wherever it occurs: long and varied enough, and not shared by many units."""
    return len(value) >= _SHORTEST_SECRET and len(set(value)) >= _FEWEST_SIGNS and value not in SHARED_SERIALS


class Hiding:
    """Puts values out of sight while a text is searched further, so that none is masked twice, then shows stand-ins."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self._values: list[str] = []

    def hide(self, value: str) -> str:
        """A mark that no pattern takes for anything; a value that holds such a mark is hidden already."""
        if _MARK in value:
            return value
        self._values.append(value)
        return f"{_MARK}{len(self._values) - 1}{_MARK}"

    def reveal(self, text: str) -> str:
        return _MARKED.sub(lambda found: self._stand_ins.of(self._values[int(found.group(1))]), text)
