"""What to tell a person when an adb server has the tablet in no state to be spoken to."""

from __future__ import annotations

from collections.abc import Sequence

from provisioning.errors import (
    CannotConnect,
    NotAuthorised,
    SeveralTablets,
    TabletNotReady,
    TransportError,
    UsbNotPermitted,
)
from provisioning.transports.sighting import Sighting, State
from provisioning.transports.udev import HOW_TO_PERMIT

_STUCK = "Unplug it and plug it in again; if that does not help, switch USB debugging off and on."
_ELSEWHERE = "Start Android on it (hold the power button), then try again."
_ADVICE: dict[State, str] = {
    State.OFFLINE: f"the adb server sees it but gets no answer. {_STUCK}",
    State.CONNECTING: f"the adb server has not finished greeting it. {_STUCK}",
    State.AUTHORISING: f"the adb server has not finished greeting it. {_STUCK}",
    State.RECOVERY: f"it is in recovery. {_ELSEWHERE}",
    State.RESCUE: f"it is in rescue mode. {_ELSEWHERE}",
    State.SIDELOAD: f"it waits for an update to be sent (sideload). {_ELSEWHERE}",
    State.BOOTLOADER: f"it is in its bootloader. {_ELSEWHERE}",
    State.DETACHED: "the adb server has let go of it for another program. Run `adb attach`, or plug it in again.",
    State.HOST: "it behaves as a computer and not as a tablet. Check the cable.",
}


def not_ready(seen: Sighting, *, address: str, place: str) -> TransportError:
    """Why the tablet cannot be used as it is."""
    if seen.state is State.UNAUTHORISED:
        return NotAuthorised(
            f"The tablet at {address} has not accepted the key of the adb server at {place} yet. On its screen tick "
            "Always allow from this computer and tap Allow, then try again. If it shows no question, wake its screen "
            "and plug it in again.",
            address=address,
        )
    if seen.state is State.NOT_PERMITTED:
        return UsbNotPermitted(
            f"The adb server at {place} may not open the USB port of the tablet at {address}. {HOW_TO_PERMIT}",
            address=address,
        )
    advice = _ADVICE.get(seen.state, f"adb gives its state in words we do not know. {_STUCK}")
    return TabletNotReady(
        f"The tablet at {address} cannot be used as it is: {advice} (adb says: {seen.state})",
        state=seen.state,
        address=address,
    )


def no_such_tablet(seen: Sequence[Sighting], *, address: str, place: str) -> CannotConnect:
    known = ", ".join(one.address for one in seen) or "none"
    return CannotConnect(
        f"The adb server at {place} sees no tablet at {address}. Check the cable and that USB debugging is on. "
        f"Tablets it sees: {known}.",
        address=address,
    )


def several(found: Sequence[Sighting], *, address: str, place: str) -> SeveralTablets:
    return SeveralTablets(
        f"The adb server at {place} sees {len(found)} tablets that say they are {address}. Some makers give every "
        f"tablet one serial. Choose one by its USB port: {', '.join(one.address for one in found)}.",
        address=address,
    )


def too_old(*, address: str, place: str) -> CannotConnect:
    return CannotConnect(
        f"The adb server at {place} is too old: it gives the tablet at {address} no number, without which two tablets "
        "could be taken for each other. Install Android's platform tools 28 or newer there.",
        address=address,
    )
