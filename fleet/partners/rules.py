"""What may stand in an organisation's record."""

from __future__ import annotations

import re

_OUTWARD = re.compile(r"(GIR|[A-Z]{1,2}[0-9][0-9A-Z]?)")


def outward_problem(outward: str) -> str | None:
    """Why this is not the first half of a postcode, or None. Looser than BS 7666, which real postcodes break."""
    return None if _OUTWARD.fullmatch(outward) else f"{outward} is not the first half of a postcode, such as N19."


NATIONS = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
"""Whose bank holidays a hub keeps."""

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,24}")


def phone_problem(phone: str) -> str | None:
    """Why nobody could ring this, or None. Short codes and other countries' numbers are good numbers too."""
    return None if _PHONE.fullmatch(phone) else "Enter a phone number as one dials it, such as 020 7946 0000."
