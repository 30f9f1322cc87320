"""The numbers on a SIM card and what belongs to it, tidied and looked over; all of them are text."""

from __future__ import annotations

import re
from enum import StrEnum

FEWEST_DIGITS_SEEN = 4
"""Printed on the card in such small letters that people read its last digits: fewer than these prove nothing."""
_PHONE = re.compile(r"\+?[0-9]{10,15}")
_PIN, _PUK = re.compile(r"[0-9]{4,8}"), re.compile(r"[0-9]{8}")
_BRITISH = re.compile(r"(?:\+44|0044|44(?=[1-9][0-9]{9}$))0?")
"""How a British number begins where it is written for the world; nobody dials the nought that some leave in it."""


class SimKind(StrEnum):
    """What carries the data."""

    SIM = "sim"
    ESIM = "esim"
    MIFI = "mifi"
    VOUCHER = "voucher"


class SecretKind(StrEnum):
    """What is kept sealed: `code` is what a voucher is worth, or what installs an eSIM."""

    PIN = "pin"
    PUK = "puk"
    CODE = "code"


def tidy_iccid(typed: str) -> str:
    """The digits, without the spaces and the F filler that some print-outs carry."""
    return "".join(typed.split()).replace("-", "").rstrip("Ff")


def iccid_problem(iccid: str) -> str | None:
    """Why this tidied number cannot be an ICCID, or None."""
    if iccid.isascii() and iccid.isdigit() and len(iccid) in (19, 20):
        return None
    return "Enter the 19 or 20 digits printed on the SIM card."


def number_problem(kind: SimKind, number: str) -> str | None:
    """Why this tidied number cannot be what is printed on one of this kind, or None."""
    if kind is not SimKind.VOUCHER:
        return iccid_problem(number)
    return None if 0 < len(number) <= 20 else "Enter the number printed on the voucher, at most 20 letters."


def tidy_phone(typed: str) -> str:
    """A mobile number without spaces; 07700 900123, +44 (0)7700 900123 and 0044 7700 900123 are one number."""
    written = typed.strip()
    abroad = written.startswith(("+", "00"))
    digits = re.sub(r"[\s()\-./]", "", written.replace("(0)", "") if abroad else written)
    if found := _BRITISH.match(digits):
        return "0" + digits[found.end() :]
    return "+" + digits[2:] if digits.startswith("00") else digits


def phone_problem(phone: str) -> str | None:
    """Why this tidied number cannot be a phone's; none at all is well."""
    return None if not phone or _PHONE.fullmatch(phone) else "Enter the phone number of the SIM, or leave it empty."


def secret_problem(kind: SecretKind, text: str) -> str | None:
    """Why this cannot be the secret, or None. A PIN has four to eight digits and a PUK eight (3GPP TS 31.101, 9.5)."""
    if kind is SecretKind.CODE:
        return None if 0 < len(text) <= 200 else "Enter the code, at most 200 letters."
    if kind is SecretKind.PIN:
        return None if _PIN.fullmatch(text) else "A PIN has four to eight digits."
    return None if _PUK.fullmatch(text) else "A PUK has eight digits."


def seen_matches(seen: str, iccid: str) -> bool | None:
    """Whether the digits somebody read in the tray are this card's: all of them, or its last ones.

    None when too few were read to tell.
    """
    digits = tidy_iccid(seen)
    if not digits.isdigit() or len(digits) < FEWEST_DIGITS_SEEN:
        return None
    return iccid.endswith(digits)


_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
"""How a spreadsheet shows a number of 19 digits that it was not told to leave alone."""


def iccid_in(typed: str) -> tuple[str, str]:
    """The number in a cell, tidied, and why it is none; empty when it is one."""
    if _ROUNDED.fullmatch(typed):
        return "", "A spreadsheet rounded this number; format its column as text and export it again."
    number = tidy_iccid(typed)
    return number[:20], "" if iccid_problem(number) is None else "This is no SIM number: it has 19 or 20 digits."
