"""The print system of this computer (CUPS), through its own programs `lp` and `lpstat`."""

from __future__ import annotations

import os
import shutil
import subprocess

from fleet.tags.rules.printing import Condition
from fleet.tags.rules.status import Said, cups_status
from fleet.tags.wires.outcome import Patience, PrinterTrouble


def ask_cups(queue: str, *, patience: Patience) -> Said:
    """How the queue is. Raises `PrinterTrouble` when there is no print system, or no such queue."""
    ran = _run("lpstat", "-p", queue, patience=patience)
    if ran.returncode != 0:
        raise PrinterTrouble(f"The print system knows no queue {queue}.", condition=Condition.AWAY)
    return cups_status(ran.stdout.decode("utf-8", "replace"))


def send_cups(queue: str, data: bytes, *, title: str, as_it_is: bool, patience: Patience) -> Said:
    """Hand a job to the queue; `as_it_is` for a printer's own language. It is printed when the queue gets to it.

    Raises `PrinterTrouble` when the print system does not take it.
    """
    options = ("-o", "raw") if as_it_is else ()
    ran = _run("lp", "-d", queue, "-t", title, *options, patience=patience, data=data)
    if ran.returncode != 0:
        why = ran.stderr.decode("utf-8", "replace").strip().removeprefix("lp:").strip()[:160] or "no reason given"
        raise PrinterTrouble(f"The print system did not take it: {why}.", condition=Condition.HANDS)
    return Said(Condition.UNKNOWN, "The print system has it, and prints it when its queue gets there.")


def _run(
    program: str, *words: str, patience: Patience, data: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    found = shutil.which(program)
    if found is None:
        words_for_it = (
            f"This computer has no print system: the program `{program}` is not there. Install CUPS where the worker "
            "runs, or give the printer's own address."
        )
        raise PrinterTrouble(words_for_it, condition=Condition.AWAY)
    try:
        return subprocess.run(
            [found, *words],
            input=data or b"",
            capture_output=True,
            timeout=patience.stall,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired as error:
        said = f"The print system did not take it within {patience.stall:.0f} seconds."
        raise PrinterTrouble(said, condition=Condition.AWAY, sent=len(data or b"")) from error
