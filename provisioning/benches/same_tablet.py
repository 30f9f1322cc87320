"""Which sightings are one tablet, and which are two that only say so. Pure: nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from provisioning.transports.sighting import Sighting, State

SHARED_SERIALS = frozenset({"0123456789ABCDEF", "1234567890ABCDEF"})
"""Makers of cheap tablets give all of them one of these."""


@dataclass(frozen=True)
class SeenTablet:
    """One tablet, by every way in which it is seen; the best way to speak to it comes first."""

    sightings: tuple[Sighting, ...]

    @property
    def best(self) -> Sighting:
        return self.sightings[0]

    @property
    def usb_path(self) -> str:
        """Its physical socket, which the bench's slots are named after; empty where it is only on a network."""
        return next((one.usb_path for one in self.sightings if one.usb_path), "")

    @property
    def serial(self) -> str:
        return next((one.serial for one in self.sightings if one.serial), "")


def unify(sightings: Iterable[Sighting], *, serials: Mapping[str, str] | None = None) -> tuple[SeenTablet, ...]:
    """The tablets behind the sightings, in the order in which they were first seen.

    `serials` gives `ro.serialno` by address for sightings whose tablet has been read since; over a network that is the
    only way to know it. Two sightings are one tablet where they share a USB path or a network place, or where one of
    each kind shares a serial that nobody else has. One serial on two USB paths is two tablets, and a network sighting
    of that serial stays by itself, for it could be either.
    """
    known = serials or {}
    named = [replace(one, serial=known.get(one.address, one.serial)) for one in sightings]
    groups: dict[str, list[Sighting]] = {}
    for one in named:
        groups.setdefault(_place(one), []).append(one)
    for serial in {one.serial for one in named if one.serial and one.serial not in SHARED_SERIALS}:
        _join_by_serial(groups, serial)
    return tuple(SeenTablet(tuple(sorted(group, key=_preference))) for group in groups.values())


def _place(one: Sighting) -> str:
    """Where it is: the same text is the same tablet, whoever saw it."""
    return f"usb:{one.usb_path}" if one.usb_path else one.name


def _join_by_serial(groups: dict[str, list[Sighting]], serial: str) -> None:
    holders = [place for place, group in groups.items() if any(one.serial == serial for one in group)]
    on_usb = [place for place in holders if place.startswith("usb:")]
    elsewhere = [place for place in holders if place not in on_usb]
    announced = [place for place in elsewhere if "._adb" in place]
    if len(on_usb) > 1 or len(announced) > 1 or len(elsewhere) - len(announced) > 1:
        return  # two of a kind: a serial that several tablets share
    first, *others = holders or [""]
    for place in others:
        groups[first].extend(groups.pop(place))


def _preference(one: Sighting) -> tuple[bool, bool, bool]:
    """Ready before not, a cable before a network, a port nobody holds last: an adb server may hold it."""
    return (not one.ready, not one.usb_path, one.state is State.UNOPENED)
