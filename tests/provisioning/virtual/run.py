"""Runs a script on a virtual tablet's shell without a wire."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass

from provisioning.virtual.shell.interpreter import Shell
from provisioning.virtual.shell.programs import find_program
from provisioning.virtual.shell.redirection import Channels
from provisioning.virtual.tablet import VirtualTablet


@dataclass(frozen=True)
class Ran:
    """What came of a script."""

    code: int
    out: str
    err: str


def eventually(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Look again and again until it holds. Raises AssertionError after a while."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.01)


def run_on(tablet: VirtualTablet, script: str, stdin: bytes = b"") -> Ran:
    out, err = io.BytesIO(), io.BytesIO()
    code = Shell(tablet, find_program).run(script, Channels(io.BytesIO(stdin), out, err))
    return Ran(code, out.getvalue().decode(), err.getvalue().decode())
