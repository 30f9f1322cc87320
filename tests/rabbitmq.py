"""A real RabbitMQ node of the tests' own: one process, everything in one folder, loopback ports, no epmd, no plugins.

Debian's own command insists on its user and its folders; the script that it wraps does not.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
PATIENCE_SECONDS = 60
_NODE = "doorstep@localhost"
_QUIET_ERLANG = "+S 1:1 +SDio 1 +A 1 +sbwt none +sbwtdcpu none +sbwtdio none"
"""One scheduler that never waits busily: the machine belongs to the other tests too."""


class RabbitMQ:
    """A node with its data in `folder`, which it finds again there; to be killed when done, and it dies with us."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Gives back control once the node takes connections."""
        assert SCRIPT.exists(), "RabbitMQ is not installed: run `make test-parts`."
        internal = str(_free_port())
        with (self._folder / "out").open("wb") as out:
            self._process = subprocess.Popen(
                [SCRIPT, "-sname", _NODE, "-start_epmd", "false", "-erl_epmd_port", internal, *_LOOPBACK_ONLY],
                env=_environment(self._folder, self.port),
                stdin=subprocess.PIPE,  # an Erlang shell whose input ends, ends
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        _wait_until_started(self._process, self.port, self._folder)

    def stop(self) -> None:
        """In order: killed, it forgets queues of the last seconds, or keeps them in a state that it cannot mend."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=PATIENCE_SECONDS)
        self._process.communicate()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """In the middle of whatever it does: connections are still accepted, and nobody is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


_LOOPBACK_ONLY = ("-kernel", "inet_dist_use_interface", "{127,0,0,1}")


def _environment(folder: Path, port: int) -> dict[str, str]:
    settings = folder / "rabbitmq.conf"
    settings.write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\n"
        "log.console = false\n"
        "vm_memory_high_watermark.absolute = 256MB\n"
        "disk_free_limit.absolute = 1MB\n"
    )
    (folder / "plugins").write_text("[].\n")
    (folder / "no-more-settings").touch()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_NODENAME": _NODE,
        "RABBITMQ_CONFIG_FILE": str(settings),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "no-more-settings"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "feature-flags"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{_QUIET_ERLANG} -setcookie {secrets.token_hex(16)}",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_started(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            said = (folder / "out").read_text(errors="replace")
            assert process.poll() is None, f"RabbitMQ ended: {said[-2000:]}"
            assert time.monotonic() < deadline, f"RabbitMQ did not start in time: {said[-2000:]}"
            time.sleep(0.05)
        else:
            return
