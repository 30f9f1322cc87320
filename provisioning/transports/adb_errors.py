"""Where adb-shell's, the socket's and the struct module's errors stop and ours begin.

adb-shell's fourteen exception classes have no common base, so they are listed one by one; a test walks its module.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from adb_shell import exceptions as adb

from provisioning.errors import CannotConnect, CommandTimedOut, LinkLost, ServiceRefused, TransferFailed, TransportError
from provisioning.transports.adb_device import NeedsPairing
from provisioning.transports.link import StreamClosed

KNOWN: dict[type[Exception], type[TransportError]] = {
    adb.AdbCommandFailureException: TransferFailed,
    adb.AdbConnectionError: LinkLost,
    adb.AdbTimeoutError: CommandTimedOut,
    adb.DeviceAuthError: CannotConnect,
    adb.DevicePathInvalidError: TransferFailed,
    adb.InvalidChecksumError: LinkLost,
    adb.InvalidCommandError: LinkLost,
    adb.InvalidResponseError: LinkLost,
    adb.InvalidTransportError: CannotConnect,
    adb.PushFailedError: TransferFailed,
    adb.TcpTimeoutException: CommandTimedOut,
    adb.UsbDeviceNotFoundError: CannotConnect,
    adb.UsbReadFailedError: LinkLost,
    adb.UsbWriteFailedError: LinkLost,
    NeedsPairing: CannotConnect,
    StreamClosed: ServiceRefused,
    TimeoutError: CommandTimedOut,
    OSError: LinkLost,
    struct.error: LinkLost,
    ValueError: LinkLost,
}
"""Looked up along an exception's bases, so that TimeoutError is found before its base OSError."""

SENTENCES: dict[type[TransportError], str] = {
    CannotConnect: "No tablet could be reached at {address}. Check the cable, the network and USB debugging.",
    CommandTimedOut: "The tablet at {address} gave no answer in time to: {doing}. What it did is not known; read its "
    "state before doing it again.",
    LinkLost: "The link to the tablet at {address} ended during: {doing}. What it did is not known; reconnect and read "
    "its state before doing it again.",
    ServiceRefused: "The tablet at {address} closed the service needed for: {doing}. Check that USB debugging is still "
    "on and that the tablet is not in trade-in or recovery mode.",
    TransferFailed: "The tablet at {address} did not carry out: {doing}.",
}


def translate(error: Exception, *, address: str, doing: str) -> TransportError | None:
    """Our error for a library's, or None for one that is a fault in this program and must be seen as it is."""
    if isinstance(error, NeedsPairing):
        return CannotConnect(
            f"The tablet at {address} asks for a paired connection (Wireless debugging), which works through an adb "
            "server only: run `adb pair HOST:PORT` with the code on its screen, then `adb connect HOST:PORT`, and give "
            "adb:HOST:PORT as its address.",
            address=address,
        )
    for base in type(error).__mro__:
        if ours := KNOWN.get(base):
            detail = f" ({error})" if str(error) else ""
            return ours(SENTENCES[ours].format(address=address, doing=doing) + detail, address=address)
    return None


@contextmanager
def translated(address: str, doing: str) -> Iterator[None]:
    """Everything inside raises `TransportError` for what goes wrong on the link."""
    try:
        yield
    except TransportError:
        raise
    except tuple(KNOWN) as error:
        ours = translate(error, address=address, doing=doing)
        assert ours is not None, "every class of KNOWN has a translation"
        raise ours from error
