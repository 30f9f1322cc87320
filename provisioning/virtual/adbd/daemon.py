"""Listens on the tablet's TCP port while the tablet lets it, and drops every link when it stops."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Protocol

from provisioning.virtual.adbd.device import Device
from provisioning.virtual.adbd.link import Link

LAST_WORDS_SECONDS = 0.05
"""After debugging is switched off a daemon lives a moment longer, in which a command's answer still gets out."""


class Host(Protocol):
    """The machine's say on when its daemon runs."""

    def epoch(self) -> int | None:
        """A number that changes whenever running links must die; None while the daemon is not running at all."""
        ...

    def wait(self, predicate: Callable[[], bool]) -> None:
        """Block until `predicate` holds; it is asked again after every change and every `nudge`."""
        ...

    def nudge(self) -> None: ...

    def device(self) -> Device: ...

    def abrupt(self) -> bool:
        """True when the machine vanished without a moment for last words."""
        ...


class AdbDaemon:
    """The daemon of one machine. `start` returns once the port is bound, if the machine lets it listen."""

    def __init__(self, host: Host, address: str, port: int, *, legacy_close: bool = False) -> None:
        self._host = host
        self._address = address
        self.port = port
        self._legacy_close = legacy_close
        self._epoch: int | None = None
        self._closing = False
        self._listener: socket.socket | None = None
        self._accepting: threading.Thread | None = None
        self._links: dict[Link, threading.Thread] = {}
        self._lock = threading.Lock()
        self._supervisor = threading.Thread(target=self._supervise, name="adbd supervisor")
        self._last_words = threading.Event()

    def start(self) -> None:
        """Reserve the port (0 takes any free one), then listen as the machine says."""
        self._reserve_port()
        self._follow()
        self._supervisor.start()

    def close(self) -> None:
        """Stop listening, drop every link and wait for every thread."""
        self._closing = True
        self._last_words.set()
        self._host.nudge()
        self._supervisor.join()
        self._stop_listening()
        self._drop_links()

    def _reserve_port(self) -> None:
        if self.port:
            return
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((self._address, 0))
            self.port = probe.getsockname()[1]

    def _supervise(self) -> None:
        while not self._closing:
            self._host.wait(lambda: self._closing or self._host.epoch() != self._epoch)
            if not self._closing:
                self._follow()

    def _follow(self) -> None:
        """Be as the machine says: stopped, or listening for its present epoch."""
        if self._epoch is not None:
            self._stop_listening()
            if not self._host.abrupt():
                self._last_words.wait(LAST_WORDS_SECONDS)
            self._drop_links()
        self._epoch = self._host.epoch()
        if self._epoch is not None:
            self._listen()

    def _listen(self) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self._address, self.port))
            listener.listen(16)
        except OSError:
            listener.close()
            raise
        self._listener = listener
        self._accepting = threading.Thread(target=self._accept, args=(listener,), name="adbd accept")
        self._accepting.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            link = Link(sock, self._host.device(), legacy_close=self._legacy_close)
            thread = threading.Thread(target=self._run_link, args=(link,), name="adbd link")
            with self._lock:
                self._links[link] = thread
            thread.start()

    def _run_link(self, link: Link) -> None:
        try:
            link.run()
        finally:
            with self._lock:
                self._links.pop(link, None)

    def _stop_listening(self) -> None:
        if self._listener is not None and self._accepting is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._accepting.join()
            self._listener.close()
            self._listener = self._accepting = None

    def _drop_links(self) -> None:
        with self._lock:
            running = dict(self._links)
        for link in running:
            link.shut()
        for thread in running.values():
            thread.join()
