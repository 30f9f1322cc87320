"""No error of adb-shell's, of a socket or of struct passes the transports' edge."""

from __future__ import annotations

import inspect
import socket
import struct

import pytest
from adb_shell import exceptions

from provisioning.errors import CommandTimedOut, LinkLost, TransportError
from provisioning.transports.adb_errors import KNOWN, SENTENCES, translate, translated

LIBRARY_ERRORS = [kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, Exception)]


def made(kind: type[Exception]) -> Exception:
    return kind("detail", OSError()) if kind is exceptions.UsbReadFailedError else kind("detail")


def test_adb_shell_still_has_the_exceptions_we_know() -> None:
    assert len(LIBRARY_ERRORS) == 14


@pytest.mark.parametrize("kind", LIBRARY_ERRORS, ids=lambda kind: str(kind.__name__))
def test_every_exception_of_adb_shell_has_its_own_translation(kind: type[Exception]) -> None:
    assert kind in KNOWN
    with pytest.raises(TransportError, match="tcp:host:1") as caught, translated("tcp:host:1", "a thing"):
        raise made(kind)
    assert caught.value.address == "tcp:host:1"
    assert type(caught.value.__cause__) is kind


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (TimeoutError(), CommandTimedOut),
        (ConnectionResetError("gone"), LinkLost),
        (BrokenPipeError(), LinkLost),
        (socket.gaierror("no such host"), LinkLost),
        (struct.error("short"), LinkLost),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "bad"), LinkLost),
    ],
)
def test_errors_of_the_socket_are_translated_by_what_they_mean(error: Exception, ours: type[TransportError]) -> None:
    assert type(translate(error, address="a", doing="b")) is ours


def test_a_fault_in_this_program_is_seen_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), translated("a", "b"):
        raise ZeroDivisionError
    assert translate(ZeroDivisionError(), address="a", doing="b") is None


def test_every_translation_has_a_whole_sentence() -> None:
    for ours in set(KNOWN.values()):
        sentence = SENTENCES[ours].format(address="tcp:h:1", doing="x")
        assert sentence[0].isupper()
        assert sentence.endswith(".")
