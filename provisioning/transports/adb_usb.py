"""Reaching a tablet on a USB port of this computer, without an adb server, through adb-shell's USB transport.

Not tried with a cable here: tests run this code against a bus made of software.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import usb1
from adb_shell.exceptions import UsbReadFailedError, UsbWriteFailedError

from provisioning.errors import CannotConnect, UsbNotPermitted, UsbTaken
from provisioning.transports.bytelink import Buffer, ByteLink
from provisioning.transports.sighting import Sighting, State
from provisioning.transports.udev import HOW_TO_PERMIT

Bus = Callable[[], Iterable[Any]]
"""Gives the attached ADB interfaces (class 255, subclass 66, protocol 1) as adb-shell's `UsbTransport`, unopened."""

SYSFS = Path("/sys/bus/usb/devices")
LONGEST_WAIT_SECONDS = 24 * 3600.0
STALE_SECONDS = 0.01
"""How long a tablet may take to hand over what it still held for whoever was connected before."""
STALE_PACKETS = 64


def adb_interfaces() -> Iterable[Any]:
    """What is plugged in. Raises `CannotConnect` where libusb is missing: that is not the same as nothing."""
    try:
        from adb_shell.transport.usb_transport import UsbTransport  # loads libusb, which not every computer has
    except (ImportError, OSError) as error:
        raise CannotConnect(
            f"USB cannot be used on this computer, for libusb is missing. Install it (on Debian: apt-get install "
            f"libusb-1.0-0), or reach the tablet through an adb server. ({error})"
        ) from error
    found: Iterable[Any] = UsbTransport.find_all_adb_devices()
    return found


def attached_on_usb(bus: Bus = adb_interfaces, *, sysfs: Path = SYSFS) -> tuple[Sighting, ...]:
    """The tablets with USB debugging on that are plugged into this computer. None of them is opened.

    Serial and model are what the kernel read when the tablet was plugged in (Linux), else empty.
    """
    return tuple(_sighted(port_of(one), sysfs) for one in bus())


def port_of(transport: Any) -> str:
    """Linux's name of the port: ``1-4.2``."""
    first, *ports = transport.port_path
    return f"{first}-{'.'.join(str(port) for port in ports)}"


class UsbWire(ByteLink):
    """The two bulk endpoints of a tablet's ADB interface, found by the port it is plugged into."""

    def __init__(self, path: str, bus: Bus = adb_interfaces) -> None:
        self._path = path
        self._bus = bus
        self._transport: Any = None
        self._packet_bytes = 0
        self._unread = memoryview(b"")

    def connect(self, transport_timeout_s: float | None) -> None:
        transport = self._found()
        with self._opening():
            transport.connect(transport_timeout_s)
        self._transport = transport
        self._packet_bytes = max(end.getMaxPacketSize() for end in transport._setting.iterEndpoints())
        self._unread = memoryview(b"")
        self._forget_stale()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def readable(self) -> bool:
        return bool(self._unread)

    def read_into(self, view: memoryview, timeout_seconds: float) -> int:
        deadline = time.monotonic() + timeout_seconds
        while not self._unread:  # a transfer of no bytes only says that the one before it has ended
            self._unread = memoryview(self._read(len(view), deadline - time.monotonic()))
        count = min(len(view), len(self._unread))
        view[:count] = self._unread[:count]
        self._unread = self._unread[count:]
        return count

    def write_parts(self, parts: list[Buffer], timeout_seconds: float) -> None:
        """Each part is a transfer of its own, for a daemon reads a header and then a payload of the size it names.

        A transfer that fills its last packet is ended by one of no bytes (adb, client/usb_libusb.cpp).
        """
        deadline = time.monotonic() + timeout_seconds
        started = False
        for part in parts:
            data = bytes(part)
            if not data:
                continue
            self._write(data, deadline, started=started)
            started = True
            if len(data) % self._packet_bytes == 0:
                self._write(b"", deadline, started=True)

    def _read(self, wanted: int, seconds: float) -> bytes:
        # A buffer that is no multiple of the packet size could be overrun by the tablet's last packet.
        room = -(-wanted // self._packet_bytes) * self._packet_bytes
        try:
            data: bytes = self._open_transport().bulk_read(room, _seconds(seconds))
        except UsbReadFailedError as error:
            if not isinstance(error.usb_error, usb1.USBErrorTimeout):
                raise ConnectionResetError(error.args[0]) from error
            data = bytes(error.usb_error.received)
            if not data:
                raise TimeoutError("the tablet sent nothing in the time allowed") from error
        return data

    def _write(self, data: bytes, deadline: float, *, started: bool) -> None:
        try:
            while True:
                sent = self._open_transport().bulk_write(data, _seconds(deadline - time.monotonic()))
                data = data[sent:]
                if not data:
                    return
                started = True
        except UsbWriteFailedError as error:
            cause = error.__context__
            if not isinstance(cause, usb1.USBErrorTimeout):
                raise ConnectionResetError(error.args[0]) from error
            if started or cause.transferred:
                raise ConnectionAbortedError("the tablet took only half a packet in the time allowed") from error
            raise TimeoutError("the tablet took nothing in the time allowed") from error

    def _open_transport(self) -> Any:
        if self._transport is None:
            raise ConnectionError("the link is closed")
        return self._transport

    def _forget_stale(self) -> None:
        for _ in range(STALE_PACKETS):
            try:
                self._read(self._packet_bytes, STALE_SECONDS)
            except TimeoutError:
                return

    def _found(self) -> Any:
        attached = {port_of(one): one for one in self._bus()}
        if self._path not in attached:
            others = ", ".join(f"usb:{path}" for path in attached) or "none"
            raise CannotConnect(
                f"No tablet with USB debugging on is plugged into USB port {self._path} of this computer. Check the "
                f"cable (some only charge) and that USB debugging is on. Tablets on other ports: {others}.",
                address=f"usb:{self._path}",
            )
        return attached[self._path]

    @contextmanager
    def _opening(self) -> Iterator[None]:
        address = f"usb:{self._path}"
        try:
            yield
        except usb1.USBErrorAccess as error:
            raise UsbNotPermitted(
                f"This program may not open USB port {self._path}. {HOW_TO_PERMIT}", address=address
            ) from error
        except usb1.USBErrorBusy as error:
            raise UsbTaken(
                f"Another program holds the tablet on USB port {self._path}, most likely an adb server. Reach the "
                f"tablet through it, as adb:usb:{self._path}, or stop it with `adb kill-server`.",
                address=address,
            ) from error
        except usb1.USBError as error:
            raise CannotConnect(
                f"The tablet on USB port {self._path} could not be opened ({error}). Unplug it, plug it in again, and "
                "try once more.",
                address=address,
            ) from error


def _sighted(path: str, sysfs: Path) -> Sighting:
    serial, model = (_kernel_read(sysfs / path / name) for name in ("serial", "product"))
    return Sighting(f"usb:{path}", name=serial, serial=serial, state=State.UNOPENED, usb_path=path, model=model)


def _kernel_read(file: Path) -> str:
    try:
        return file.read_text(errors="replace").strip()
    except OSError:
        return ""


def _seconds(seconds: float) -> float:
    """libusb takes 0 for ever, and no endless number."""
    return min(max(seconds, 0.001), LONGEST_WAIT_SECONDS)
