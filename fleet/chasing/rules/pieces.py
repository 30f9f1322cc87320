"""How many text messages a text is: phones cut it, and each piece is paid for (3GPP TS 23.038 and 23.040).

Plain Python, no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Letters of the extension table; each takes two places, which stay together."""
_SEPTETS, _SEPTETS_OF_MANY = 160, 153
_UNITS, _UNITS_OF_MANY = 70, 67


@dataclass(frozen=True)
class Pieces:
    """`places` are septets (GSM-7) or 16-bit units (UCS-2). `outside` are the letters that keep a text from GSM-7."""

    count: int
    coding: str
    places: int
    outside: str = ""


def pieces(text: str) -> Pieces:
    """How a text is cut when it goes out by SMS."""
    outside = "".join(sorted(set(text) - _BASIC - _EXTENDED))
    if outside:
        sizes = [1 if ord(letter) < 0x10000 else 2 for letter in text]
        return _cut(sizes, "UCS-2", _UNITS, _UNITS_OF_MANY, outside)
    return _cut([2 if letter in _EXTENDED else 1 for letter in text], "GSM-7", _SEPTETS, _SEPTETS_OF_MANY, "")


def _cut(sizes: Iterable[int], coding: str, one: int, of_many: int, outside: str) -> Pieces:
    """What takes two places is never cut in half, so a piece may stay one place short."""
    places = list(sizes)
    total = sum(places)
    if total <= one:
        return Pieces(1, coding, total, outside)
    count, used = 1, 0
    for size in places:
        if used + size > of_many:
            count, used = count + 1, 0
        used += size
    return Pieces(count, coding, total, outside)
