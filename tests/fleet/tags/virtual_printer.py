"""A label printer made of software: listens on a real port, answers ~HS as Zebra's guide has it, and keeps what came.

Its faults are values: each is reached by a test. It shares no code with what sends to it.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    NONE = "none"
    PAPER_OUT = "paper out"
    HEAD_OPEN = "head open"
    PAUSED = "paused"
    SILENT = "says nothing of itself"
    STALLS = "stops taking after the first bytes"
    DROPS = "hangs up in the middle of a job"
    DROPS_AT_ONCE = "hangs up before anything was sent"
    PAPER_OUT_LATER = "runs out of labels while it prints"
    GARBLED = "answers something that is no status"


@dataclass
class VirtualPrinter:
    """What it was sent, job by job, without the questions about its state."""

    port: int
    fault: Fault = Fault.NONE
    jobs: list[bytes] = field(default_factory=list)
    asked: int = 0
    came: threading.Event = field(default_factory=threading.Event)


STATUS = (
    "\x02030,{paper},{pause},0245,000,0,0,0,000,0,0,0\x03\r\n"
    "\x02001,0,{head},0,1,2,4,0,{left:08d},1,000\x03\r\n"
    "\x021234,0\x03\r\n"
)
ENOUGH = 200
"""Bytes after which a faulty printer has had enough."""


@contextmanager
def virtual_printer(fault: Fault = Fault.NONE) -> Iterator[VirtualPrinter]:
    """One that listens until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        if fault is Fault.STALLS:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        printer = VirtualPrinter(server.getsockname()[1], fault)
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, printer, over), daemon=True)
        thread.start()
        yield printer
        over.set()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)
    assert not thread.is_alive()


def refusing_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _serve(server: socket.socket, printer: VirtualPrinter, over: threading.Event) -> None:
    while not over.is_set():
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line, suppress(ConnectionError):
            _take(line, printer, over)


def _take(line: socket.socket, printer: VirtualPrinter, over: threading.Event) -> None:
    if printer.fault is Fault.DROPS_AT_ONCE:
        return _reset(line)
    job = b""
    while True:
        more = line.recv(1024)
        if not more:
            break
        while b"~HS" in more:
            more = more.replace(b"~HS", b"", 1)
            printer.asked += 1
            _answer(line, printer, begun=bool(job))
        job += more
        if len(job) > ENOUGH and printer.fault is Fault.DROPS:
            return _reset(line)
        if len(job) > ENOUGH and printer.fault is Fault.STALLS:
            over.wait(10)
            return None
    if job:
        printer.jobs.append(job)
        printer.came.set()
    return None


def _answer(line: socket.socket, printer: VirtualPrinter, *, begun: bool) -> None:
    if printer.fault is Fault.SILENT:
        return
    if printer.fault is Fault.GARBLED:
        line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        return
    paper = printer.fault is Fault.PAPER_OUT or (printer.fault is Fault.PAPER_OUT_LATER and begun)
    head, pause = printer.fault is Fault.HEAD_OPEN, printer.fault is Fault.PAUSED
    answer = STATUS.format(paper=int(paper), pause=int(pause), head=int(head), left=0)
    line.sendall(answer.encode())


def _reset(line: socket.socket) -> None:
    """Hang up as a printer does that loses its power: with a reset, and nothing said."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
