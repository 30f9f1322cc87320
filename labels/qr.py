"""QR codes: the one place that chooses version, error correction, mask and quiet zone.

`qrcode` encodes the text and knows where modules go; choosing among the eight masks is done here on whole symbols
(`labels.qr_masks`), which takes a hundredth of the time and never ends with a worse symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_H
from qrcode.util import create_data

from labels.errors import AddressUnfit
from labels.qr_masks import penalty

QUIET_ZONE = 4
"""Light modules round a symbol, as the standard asks."""
ADDRESS_LIMIT = 35
"""Characters that version 3 (29 modules) holds in capitals at level H; libraries.md 4.2 has the measurements."""
CODE_LENGTH = 7
"""Characters of a code as printed, for example K7F3-QX."""

_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]*")
_MASKS = range(8)


@dataclass(frozen=True)
class Symbol:
    """A finished QR symbol without its quiet zone. Bit ``row * size + column`` of `bits` is set where it is dark."""

    text: str
    version: int
    mask: int
    size: int
    bits: int

    def rows(self) -> tuple[tuple[bool, ...], ...]:
        """The matrix from the top, True where dark."""
        return tuple(tuple(character == "1" for character in row) for row in self._rows_as_text())

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Every unbroken stretch of dark modules in a row, as (column, row, length), from the top left."""
        for number, row in enumerate(self._rows_as_text()):
            start = row.find("1")
            while start >= 0:
                end = row.find("0", start)
                end = self.size if end < 0 else end
                yield start, number, end - start
                start = row.find("1", end)

    def _rows_as_text(self) -> list[str]:
        text = format(self.bits, f"0{self.size * self.size}b")[::-1]
        return [text[start : start + self.size] for start in range(0, len(text), self.size)]


def tag_url(base: str, code: str) -> str:
    """The address printed on a label: in capitals, so that it needs the fewest modules at level H.

    `base` is scheme and host of the installation, `code` the code as it is printed. Raises AddressUnfit.
    """
    origin = _origin_in_capitals(base)
    url = f"{origin}/T/{code.upper()}"
    if len(url) > ADDRESS_LIMIT:
        longest = ADDRESS_LIMIT - len(f"/T/{code}")
        raise AddressUnfit(
            f"No label was printed. {url} is {len(url)} characters long and a label's QR code holds {ADDRESS_LIMIT} "
            f"at its strongest error correction. Choose a public address of at most {longest} characters; "
            f"{origin} has {len(origin)}."
        )
    if not _ALPHANUMERIC.fullmatch(url):
        raise AddressUnfit(
            f"No label was printed. {url} has a character that a compact QR code cannot hold. "
            "Use a host name of letters, digits, dots and hyphens."
        )
    return url


def check_public_base(base: str, code_length: int = CODE_LENGTH) -> None:
    """Refuse, with a sentence, a public address whose labels could not all be printed as version 3 at level H."""
    tag_url(base, "X" * code_length)


def _origin_in_capitals(base: str) -> str:
    parts = urlsplit(base.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise AddressUnfit(
            f"No label was printed. The public address {base!r} must begin with https:// and a host name, "
            "for example https://tablets.example."
        )
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise AddressUnfit(
            f"No label was printed. The public address {base!r} must end after the host name, because everything in "
            "a label's address is printed in capitals and only a host name may be."
        )
    return f"{parts.scheme}://{parts.netloc}".upper()


def make_symbol(text: str) -> Symbol:
    """The smallest symbol that holds `text` at error correction H, in the easiest of its eight masks."""
    code = QRCode(error_correction=ERROR_CORRECT_H)
    code.add_data(text, optimize=0)
    version = code.best_fit()
    template = _template(version)
    placed = template.place(create_data(version, ERROR_CORRECT_H, code.data_list))
    candidates = [blank ^ placed for blank in template.blanks]
    mask = min(_MASKS, key=lambda number: penalty(candidates[number], template.size))
    return Symbol(text, version, mask, template.size, candidates[mask])


class _Template(NamedTuple):
    """What every symbol of a version shares. `blanks` are the eight masked symbols for codewords of zeros."""

    size: int
    blanks: tuple[int, ...]
    bit_order: tuple[int, ...]

    def place(self, codewords: list[int]) -> int:
        """The codewords' bits where `qrcode` would put them, unmasked, as one integer; 0 in all other modules."""
        bits = "0" + format(int.from_bytes(bytes(codewords), "big"), f"0{len(codewords) * 8}b")
        return int("".join(itemgetter(*self.bit_order)(bits)), 2)


@lru_cache(maxsize=40)
def _template(version: int) -> _Template:
    """Ask `qrcode` itself where each data bit goes, by drawing the binary digits of every bit's own number.

    A symbol is its masked blank with the data bits flipped in, so the difference of two drawings shows the data.
    """
    words = len(create_data(version, ERROR_CORRECT_H, []))
    size = version * 4 + 17
    blanks = tuple(_drawn(version, mask, [0] * words) for mask in _MASKS)
    numbers = range(1, words * 8 + 1)
    order = [0] * (size * size)
    for digit in range((words * 8).bit_length()):
        flags = "".join("1" if number >> digit & 1 else "0" for number in numbers)
        drawn = _drawn(version, 0, list(int(flags, 2).to_bytes(words, "big"))) ^ blanks[0]
        for module in range(size * size):
            order[module] |= (drawn >> module & 1) << digit
    return _Template(size, blanks, tuple(reversed(order)))


def _drawn(version: int, mask: int, codewords: list[int]) -> int:
    code = QRCode(version=version, error_correction=ERROR_CORRECT_H)
    code.data_cache = codewords
    code.makeImpl(False, mask)
    modules = [bool(module) for row in code.modules for module in row]
    return sum(1 << number for number, dark in enumerate(modules) if dark)


def symbol_svg(symbol: Symbol, *, title: str) -> str:
    """An inline SVG for a page: one path, its own light ground and quiet zone, and a name for screen readers."""
    across = symbol.size + 2 * QUIET_ZONE
    path = "".join(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z" for x, y, length in symbol.runs())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {across}" role="img" '
        f'aria-label={quoteattr(title)} shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{across}v{across}H0z"/><path fill="#000" d="{path}"/></svg>'
    )
