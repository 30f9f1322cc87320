"""A tablet that lies at a hub which is not its own: how its holder is written down, and read again."""

from __future__ import annotations

from fleet.tablets.rules.states import Custody

_HUB = "hub "
SAYS_WHERE = ("finder", "sighting")
"""Kinds of entries in a tablet's log in which somebody says in their own words where it is."""


def hub_code(hub_id: int) -> str:
    """The holder's code for a hub, beside ``bench 1`` and ``courier 7``. At its own hub a tablet has no holder."""
    return f"{_HUB}{hub_id}"


def guest_hub(custody: Custody, holder: str) -> int | None:
    """The other hub where a tablet lies, on its way home; None for one that is anywhere else."""
    number = holder.removeprefix(_HUB)
    return int(number) if custody is Custody.HUB and holder.startswith(_HUB) and number.isdecimal() else None
