"""Puts one tablet on a port: as a context for tests and benches, and as a command that runs until it is stopped."""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO

from provisioning.virtual.adbd.daemon import AdbDaemon
from provisioning.virtual.console import obey, seen
from provisioning.virtual.device import TabletHost
from provisioning.virtual.faults import Fault
from provisioning.virtual.scripted import Script, ScriptedPerson
from provisioning.virtual.tablet import BOOT_SECONDS, VirtualTablet

LOOPBACK = "127.0.0.1"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def listening(tablet: VirtualTablet, *, host: str = LOOPBACK, port: int = 0) -> Iterator[int]:
    """Let the tablet answer ADB on a port (0 takes any free one) and yield the port."""
    daemon = AdbDaemon(TabletHost(tablet), host, port, legacy_close=tablet.personality.legacy_wire)
    daemon.start()
    try:
        yield daemon.port
    finally:
        daemon.close()


def serve_tablet(
    directory: Path,
    personality: str,
    *,
    port: int = 0,
    host: str = LOOPBACK,
    serial: str = "",
    script: Script | None = None,
    faults: Sequence[tuple[Fault, int]] = (),
    boot_seconds: float = BOOT_SECONDS,
    say: Callable[[str], object] = print,
    keyboard: TextIO | None = None,
) -> None:
    """Serve one tablet until SIGINT or SIGTERM. Blocks; call it from the main thread.

    With a `script` a person acts by themselves; with a `keyboard` each of its lines is a deed (`console.obey`).
    Raises `TabletInUse`, OSError when the port is taken, ValueError for an unknown personality.
    """
    with contextlib.ExitStack() as stack:
        tablet = VirtualTablet.open(directory, personality, serial=serial, boot_seconds=boot_seconds)
        stack.callback(tablet.close)
        for fault, amount in faults:
            tablet.faults.arm(fault, amount)
        port = stack.enter_context(listening(tablet, host=host, port=port))
        if script is not None:
            stack.enter_context(ScriptedPerson(tablet, script))
        woken = stack.enter_context(_stop_socket())
        say(_greeting(tablet, f"{host}:{port}", by_itself=script is not None, by_keyboard=keyboard is not None))
        say(seen(tablet))
        _obey_until_stopped(tablet, woken, keyboard, say)


def _greeting(tablet: VirtualTablet, address: str, *, by_itself: bool, by_keyboard: bool) -> str:
    """What this is, where to connect, whose hands it has, and how to end it."""
    model, release = tablet.personality.model, tablet.personality.release
    hands = " A person made of software taps what its screen asks for." if by_itself else ""
    hands += " Type help for what your own hands can do." if by_keyboard else ""
    return (
        f"{model} (Android {release}), a tablet made of software, answers ADB at {address}. "
        f"Connect with: --connect tcp:{address}, or adb connect {address}.{hands} Ctrl-C ends it."
    )


@contextlib.contextmanager
def _stop_socket() -> Iterator[socket.socket]:
    """A socket that becomes readable when the process is asked to stop."""
    reading, writing = socket.socketpair()
    with reading, writing:
        writing.setblocking(False)
        before = {number: signal.signal(number, _noted) for number in _STOP_SIGNALS}
        earlier = signal.set_wakeup_fd(writing.fileno())
        try:
            yield reading
        finally:
            signal.set_wakeup_fd(earlier)
            for number, handler in before.items():
                signal.signal(number, handler)


def _noted(number: int, frame: FrameType | None) -> None:
    """Nothing to do here: the wake-up socket tells the loop."""


def _obey_until_stopped(
    tablet: VirtualTablet, stop: socket.socket, keyboard: TextIO | None, say: Callable[[str], object]
) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(stop, selectors.EVENT_READ)
        if keyboard is not None:
            with contextlib.suppress(PermissionError):  # a plain file or /dev/null cannot be waited for
                selector.register(keyboard, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if stop in ready:
                return
            line = keyboard.readline() if keyboard is not None else ""
            if not line and keyboard is not None:
                selector.unregister(keyboard)
            elif answer := obey(tablet, line):
                say(answer)
