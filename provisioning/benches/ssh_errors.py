"""Where paramiko's errors stop and ours begin; a test walks paramiko's exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from paramiko import ssh_exception
from paramiko.pkey import UnknownKeyType

from provisioning.errors import (
    BenchError,
    BenchSettingsInvalid,
    BenchSignInRefused,
    BenchUnreachable,
    CannotConnect,
    LinkLost,
    NothingListens,
    TransportError,
)

# RFC 4254, 5.1: why a server did not open a channel.
PROHIBITED, CONNECT_FAILED = 1, 2

KNOWN: dict[type[Exception], type[BenchError]] = {
    ssh_exception.PasswordRequiredException: BenchSettingsInvalid,
    ssh_exception.AuthenticationException: BenchSignInRefused,
    ssh_exception.ConfigParseError: BenchSettingsInvalid,
    ssh_exception.SSHException: BenchUnreachable,
    UnknownKeyType: BenchSettingsInvalid,
    EOFError: BenchUnreachable,
    OSError: BenchUnreachable,
}
"""Looked up along an exception's bases: most of paramiko's derive from SSHException, one from OSError."""

SENTENCES: dict[type[BenchError], str] = {
    BenchSettingsInvalid: "The SSH key or settings for bench {bench} cannot be used. Check the key file and its "
    "passphrase.",
    BenchSignInRefused: "Bench {bench} did not let us sign in. Add this program's public key to the bench user's "
    "authorized_keys, and check the user name.",
    BenchUnreachable: "Bench {bench} did not answer over SSH. Check that the machine is on and that its address and "
    "port are right.",
}


def translate(error: Exception, *, bench: str) -> BenchError | None:
    for base in type(error).__mro__:
        if ours := KNOWN.get(base):
            return ours(f"{SENTENCES[ours].format(bench=bench)} ({str(error) or type(error).__name__})", bench=bench)
    return None


@contextmanager
def bench_errors(bench: str) -> Iterator[None]:
    """What goes wrong between us and the bench, as `BenchError`."""
    try:
        yield
    except tuple(KNOWN) as error:
        ours = translate(error, bench=bench)
        assert ours is not None, "every class of KNOWN has a translation"
        raise ours from error


@contextmanager
def channel_errors(bench: str, address: str) -> Iterator[None]:
    """What goes wrong between the bench and a tablet, or with the bench under an open link, as `TransportError`.

    Time limits and broken links pass as TimeoutError and OSError, as `ByteLink` has it.
    """
    try:
        yield
    except ssh_exception.ChannelException as error:
        raise _not_opened(error, bench, address) from error
    except (ssh_exception.SSHException, EOFError) as error:
        raise LinkLost(
            f"The connection to bench {bench} ended while the tablet at {address} was in use ({error}). What was being "
            "done is not known; connect to the bench again and read the tablet's state.",
            address=address,
        ) from error


def _not_opened(error: ssh_exception.ChannelException, bench: str, address: str) -> TransportError:
    if error.code == PROHIBITED:
        return CannotConnect(
            f"Bench {bench} does not let us reach its tablets. Set AllowTcpForwarding to yes (or local) for this user "
            "in the bench's sshd_config.",
            address=address,
        )
    return NothingListens(
        f"Bench {bench} could not reach the tablet at {address}: {error.text}. Check that the tablet is on and on the "
        "bench's network, and that debugging over TCP is switched on.",
        address=address,
    )
