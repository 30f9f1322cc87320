"""A network printer's raw port (9100): asks a ZPL printer how it is, then sends the job, with a limit to every wait."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fleet.tags.rules.printing import Condition, Language
from fleet.tags.rules.status import ASK_ZPL, SILENT, WHOLE_ANSWER, Said, lines_in, zpl_status
from fleet.tags.wires.outcome import Patience, PrinterTrouble

_CHUNK = 16_384
_OWN_BUFFER = 65_536
"""Kept small, so that what counts as sent has left this computer, but for so many bytes."""
_LEFT_AT_ONCE = "hung up before it had taken anything. Is another computer printing on it?"
_BUSY = Said(
    Condition.UNKNOWN, "It took everything, but does not answer any more: see whether the last label comes out."
)


def ask_raw(host: str, port: int, *, language: Language, patience: Patience) -> Said:
    """What the printer says of itself. Raises `PrinterTrouble` when it is not there."""
    with _line(host, port, patience) as line:
        if language is not Language.ZPL:
            return Said(Condition.UNKNOWN, "It is there. Printers of this kind are not asked how they are.")
        return _asked(line, patience)


def send_raw(host: str, port: int, data: bytes, *, language: Language, patience: Patience) -> Said:
    """Send a job; what the printer said of itself afterwards.

    Raises `PrinterTrouble` when it is away, wants hands first, stops taking, or hangs up.
    """
    with _line(host, port, patience) as line:
        before = _asked(line, patience) if language is Language.ZPL else SILENT
        if before.condition is Condition.HANDS:
            raise PrinterTrouble(before.words, condition=Condition.HANDS)
        _pour(line, data, patience)
        try:
            after = _asked(line, patience) if before.condition is Condition.READY else _taken(line, patience)
        except OSError as error:
            raise _hung_up(len(data), len(data)) from error
    if before.condition is Condition.READY and after == SILENT:
        return _BUSY
    if after.condition is Condition.HANDS:
        return Said(Condition.HANDS, f"{after.words} What it has not printed comes out once that is done.")
    return after


@contextmanager
def _line(host: str, port: int, patience: Patience) -> Iterator[socket.socket]:
    try:
        line = socket.create_connection((host, port), timeout=patience.connect)
    except TimeoutError as error:
        raise _away("does not answer. Is it switched on, and in this network?") from error
    except ConnectionRefusedError as error:
        raise _away("is there, but takes no jobs at this port. Is another computer printing on it?") from error
    except ConnectionError as error:
        raise _away(_LEFT_AT_ONCE) from error
    except OSError as error:
        raise _away("cannot be reached from this computer. Look at its cable and its address.") from error
    with line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _OWN_BUFFER)
        try:
            yield line
        except OSError as error:
            raise _away(_LEFT_AT_ONCE) from error


def _asked(line: socket.socket, patience: Patience) -> Said:
    """Raises `ConnectionError` when the printer hangs up instead of answering."""
    try:
        line.sendall(ASK_ZPL)  # behind a job that it still takes, if it is busy
    except TimeoutError:
        return SILENT
    line.settimeout(patience.answer)
    ends, answer = time.monotonic() + patience.answer, b""
    while lines_in(answer) < WHOLE_ANSWER and time.monotonic() < ends:
        try:
            more = line.recv(1024)
        except TimeoutError:
            break
        if not more:
            raise ConnectionResetError
        answer += more
    return zpl_status(answer)


def _pour(line: socket.socket, data: bytes, patience: Patience) -> None:
    line.settimeout(patience.stall)
    sent, view = 0, memoryview(data)
    while sent < len(data):
        try:
            sent += line.send(view[sent : sent + _CHUNK])
        except TimeoutError as error:
            words = f"It stopped taking the job after {sent} of {len(data)} bytes. Look at it: is it out of labels?"
            raise PrinterTrouble(words, condition=Condition.HANDS, sent=sent) from error
        except OSError as error:
            raise _hung_up(sent, len(data)) from error


def _taken(line: socket.socket, patience: Patience) -> Said:
    """Say that this was all, and see that the printer does not throw it away."""
    line.shutdown(socket.SHUT_WR)
    line.settimeout(patience.answer)
    try:
        while line.recv(1024):
            pass
    except TimeoutError:
        pass  # many keep the line open; only a reset would tell that they lost something
    return Said(Condition.UNKNOWN, "It took everything. Printers of this kind do not say what came out: have a look.")


def _away(words: str) -> PrinterTrouble:
    return PrinterTrouble(f"The printer {words}", condition=Condition.AWAY)


def _hung_up(sent: int, total: int) -> PrinterTrouble:
    words = f"It hung up after {sent} of {total} bytes, and did not say what became of them."
    return PrinterTrouble(words, condition=Condition.UNKNOWN, sent=sent)
