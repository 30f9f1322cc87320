"""Running a script on the bench's own computer, through SSH: for keeping app files there, not for tablets."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from provisioning.errors import CannotConnect, LinkLost

SESSIONS_AT_ONCE = 8
"""sshd lets one connection have ten (MaxSessions in sshd_config)."""
_READ_BYTES = 4096


class HostProgram:
    """One running script: bytes go in, lines come out, and at its end an exit code."""

    def __init__(self, channel: paramiko.Channel, bench: str) -> None:
        self._channel = channel
        self._bench = bench
        self._unread = b""

    def line(self) -> str:
        """Its next line; empty at the end."""
        while b"\n" not in self._unread:
            data = self._channel.recv(_READ_BYTES)
            if not data:
                break
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode(errors="replace").strip()

    def rest(self) -> str:
        """All that is left of its output. Raises `LinkLost` where no exit code follows: it may not have ended."""
        while data := self._channel.recv(_READ_BYTES):
            self._unread += data
        if self._channel.recv_exit_status() == -1:
            raise LinkLost(f"The connection to bench {self._bench} ended before its answer did.")
        return self._unread.decode(errors="replace")

    def write(self, data: bytes) -> bool:
        """False once it takes no more."""
        try:
            self._channel.sendall(data)
        except TimeoutError:
            raise
        except OSError:
            return False
        return True

    def no_more_input(self) -> None:
        self._channel.shutdown_write()


class Host:
    """The bench's computer behind one SSH connection."""

    def __init__(self, connection: paramiko.Transport, bench: str) -> None:
        self._connection = connection
        self.bench = bench
        self._places = threading.BoundedSemaphore(SESSIONS_AT_ONCE)

    @contextmanager
    def running(self, script: str, *words: str, seconds: float) -> Iterator[HostProgram]:
        """Run `script` with `words` as $1, $2 … in the bench's sh; its errors come with its output.

        Raises TimeoutError, OSError, or `TransportError` when the bench has gone or runs no programs for us.
        """
        command = " ".join(shlex.quote(word) for word in ("sh", "-c", script, "doorstep", *words))
        with self._places, self._translated():
            channel = self._connection.open_session(timeout=seconds)
            try:
                channel.settimeout(seconds)
                channel.set_combine_stderr(True)
                channel.exec_command(command)
                yield HostProgram(channel, self.bench)
            finally:
                channel.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except paramiko.ChannelException as error:
            raise CannotConnect(f"Bench {self.bench} runs no programs for this user ({error.text}).") from error
        except (paramiko.SSHException, EOFError) as error:
            raise LinkLost(
                f"The connection to bench {self.bench} ended while its computer was at work for us ({error}). What was "
                "being done is not known; read the tablet's state before doing it again."
            ) from error
