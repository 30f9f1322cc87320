"""The code on a label: five random characters and one that checks them; and how what people type is read.

The alphabet has 32 characters, without the four that are misread most: no I, O, 0 or 1. The check character makes a
weighted sum over the field of 32 elements come to nothing. No weight is nought and all differ, so that each single
wrong character and each exchange of two of them is caught, without exception.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 6
FIRST_GROUP = 4
"""Characters before the dash: K7F3-QX."""

_REDUCTION = 0b100101
"""x^5 + x^2 + 1, irreducible over the field of two elements: it makes five bits a field of 32."""
_WEIGHTS = (30, 19, 4, 20, 13, 1)
"""One for each position, all different, none nought; the check character's is 1. Among the many that would do, these
make the codes in our pictures and guides (K7F3-QX, M2P9-TA, B8D4-RW, H3N6-YC) real ones."""

_NEVER_USED = {"I": "1, J or L", "1": "7, J or L", "O": "Q or D", "0": "Q or D"}
_LOOK_ALIKE = (
    "5S",
    "2Z",
    "8B",
    "6G",
    "UV",
    "VY",
    "VW",
    "QD",
    "MN",
    "KX",
    "XY",
    "7T",
    "EF",
    "PR",
    "3E",
    "38",
    "4A",
    "CG",
)


@dataclass(frozen=True)
class Reading:
    """What somebody typed or scanned: a good code, or the sentence that says what to look at again."""

    code: str = ""
    problem: str = ""

    @property
    def good(self) -> bool:
        return not self.problem


def new_code() -> str:
    """A random code, its check character included. Whether it is free is the database's to say."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def check_character(body: str) -> str:
    """The sixth character for the first five."""
    total = 0
    for character, weight in zip(body, _WEIGHTS[:-1], strict=True):
        total ^= _times(ALPHABET.index(character), weight)
    return ALPHABET[total]


def fits(code: str) -> bool:
    """Whether six characters of the alphabet check."""
    return check_character(code[:-1]) == code[-1]


def shown(code: str) -> str:
    """The code as people see it: K7F3-QX."""
    return f"{code[:FIRST_GROUP]}-{code[FIRST_GROUP:]}"


def looks_like_code(text: str) -> bool:
    """Whether this was meant as a code from a label: its address, or six letters with or without the dash."""
    bare = _bare(text)
    return len(bare) == LENGTH and bare.isalnum() and bare.isascii()


def parse(text: str) -> Reading:
    """Read a code as people type it: any capitals, spaces, dashes, or the whole address that the QR code holds."""
    bare = _bare(text)
    if _another_address(text):
        return Reading(problem="This is the address of something else. Scan the square on our label, or type the code.")
    if not bare:
        return Reading(problem="Type the code under the square on the label, such as K7F3-QX.")
    if len(bare) != LENGTH:
        return Reading(problem=f"A code has {LENGTH} characters, such as K7F3-QX; this has {len(bare)}.")
    for place, character in enumerate(bare, start=1):
        if character in _NEVER_USED:
            return Reading(
                problem=f"No code has the letters I and O or the digits 0 and 1. Look again at character {place}: "
                f"it reads {character}, and may be {_NEVER_USED[character]}."
            )
        if character not in ALPHABET:
            return Reading(problem=f"Character {place} is {character!r}; a code has only letters and digits.")
    return Reading(code=bare) if fits(bare) else Reading(problem=_what_to_look_at(bare))


def _bare(text: str) -> str:
    """The code's characters alone. Of an address only what follows its last slash counts."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    return "".join(character for character in last.upper() if character not in " -\u2010\u2011\u2012\u2013\u2014_.")


def _another_address(text: str) -> bool:
    """Whether this is an address, and not one that our labels carry (…/T/K7F3-QX)."""
    parts = text.strip().rstrip("/").upper().split("/")
    return len(parts) > 1 and parts[-2] != "T"


def _what_to_look_at(code: str) -> str:
    likely = _likely_slips(code)
    begins = f"{shown(code)} does not check: one character was misread, or two changed places. "
    if not likely:
        return begins + "Look at each character again, or scan the label."
    return begins + "Look again at " + ", or at ".join(likely[:3]) + "."


def _likely_slips(code: str) -> list[str]:
    """The slips that would explain a code that does not check: a look-alike misread, or neighbours exchanged."""
    slips = []
    for place, character in enumerate(code):
        for pair in _LOOK_ALIKE:
            if character in pair:
                other = pair.replace(character, "")
                if fits(code[:place] + other + code[place + 1 :]):
                    slips.append(f"character {place + 1} (is it {other}, not {character}?)")
    for place in range(LENGTH - 1):
        left, right = code[place], code[place + 1]
        if left != right and fits(code[:place] + right + left + code[place + 2 :]):
            slips.append(f"characters {place + 1} and {place + 2} (is it {right}{left}?)")
    return slips


def _times(left: int, right: int) -> int:
    """The product of two elements of the field of 32."""
    product = 0
    for bit in range(5):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= _REDUCTION << (bit - 5)
    return product
