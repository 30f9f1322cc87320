"""How far the tablet's first-run setup has come, and whether factory reset protection is holding it."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_SWITCH = {"1": True, "0": False, "null": False}


@dataclass(frozen=True)
class SetupState:
    """Both are false in the setup wizard of a tablet that was just reset."""

    device_provisioned: bool
    user_setup_complete: bool


@dataclass(frozen=True)
class ResetProtection:
    """`active` means the tablet asks for an earlier owner's account before it can be used."""

    active: bool


def _two_switches(text: str) -> tuple[bool, bool]:
    refuse_errors(text)
    words = text.split()
    if len(words) != 2 or not set(words) <= set(_SWITCH):
        raise ValueError(f"settings printed {shown(text)}")
    return _SWITCH[words[0]], _SWITCH[words[1]]


def parse_setup(text: str) -> SetupState:
    return SetupState(*_two_switches(text))


def parse_reset_protection(text: str) -> ResetProtection:
    """The key stands in the secure table up to Android 13 and in the global one from 14: either counts."""
    return ResetProtection(any(_two_switches(text)))


SETUP = Fact(
    "setup",
    Command("sh -c", Quoted("settings get global device_provisioned;settings get secure user_setup_complete")),
    SetupState,
    parse_setup,
)
RESET_PROTECTION = Fact(
    "reset_protection",
    Command("sh -c", Quoted("settings get secure secure_frp_mode;settings get global secure_frp_mode")),
    ResetProtection,
    parse_reset_protection,
)
