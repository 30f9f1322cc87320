"""No error of paramiko's passes the benches' edge."""

from __future__ import annotations

import inspect

import pytest
from paramiko import ssh_exception
from paramiko.rsakey import RSAKey

from provisioning.benches.ssh_errors import SENTENCES, bench_errors, channel_errors
from provisioning.errors import BenchError, CannotConnect, LinkLost, TransportError

LIBRARY_ERRORS = [kind for _, kind in inspect.getmembers(ssh_exception, inspect.isclass) if issubclass(kind, Exception)]


def made(kind: type[Exception]) -> Exception:
    """One of each, with the arguments its own class asks for."""
    key = RSAKey.generate(1024)
    arguments: dict[str, tuple[object, ...]] = {
        "BadAuthenticationType": ("no", ["publickey"]),
        "BadHostKeyException": ("bench", key, key),
        "ChannelException": (2, "Connect failed"),
        "NoValidConnectionsError": ({("127.0.0.1", 22): OSError("refused")},),
        "PartialAuthentication": (["publickey"],),
        "ProxyCommandFailure": ("nc", "no"),
    }
    return kind(*arguments.get(kind.__name__, ("detail",)))


def test_paramiko_still_has_its_exceptions() -> None:
    assert len(LIBRARY_ERRORS) >= 14


@pytest.mark.parametrize("kind", LIBRARY_ERRORS, ids=lambda kind: str(kind.__name__))
def test_every_exception_becomes_a_bench_error_that_names_the_bench(kind: type[Exception]) -> None:
    with pytest.raises(BenchError, match="Sample bench") as caught, bench_errors("Sample bench"):
        raise made(kind)
    assert type(caught.value) in SENTENCES


@pytest.mark.parametrize("kind", LIBRARY_ERRORS, ids=lambda kind: str(kind.__name__))
def test_every_exception_under_an_open_link_becomes_one_of_the_links(kind: type[Exception]) -> None:
    # OSError passes through here and is translated with the socket errors of every other link.
    with pytest.raises((TransportError, OSError)), channel_errors("Sample bench", "192.0.2.7:5555"):
        raise made(kind)


def test_why_a_channel_was_not_opened_is_told_apart() -> None:
    for code, words in ((1, "AllowTcpForwarding"), (2, "on the bench's network"), (4, "on the bench's network")):
        with pytest.raises(CannotConnect, match=words), channel_errors("Sample bench", "192.0.2.7:5555"):
            raise ssh_exception.ChannelException(code, "because")


def test_a_connection_that_ends_is_a_lost_link() -> None:
    with pytest.raises(LinkLost, match="read the tablet's state"), channel_errors("Sample bench", "192.0.2.7:5555"):
        raise EOFError
