"""What a batch holds, how bytes may reach a printer, and a print job's life as one table. Plain Python, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from fleet.addresses import Standing, may_speak_to


class BatchKind(StrEnum):
    """What the labels of a batch are: tablets' own, blanks that wait to be claimed, or for what goes with a tablet."""

    TABLET = "tablet"
    BLANK = "blank"
    CHARGER = "charger"
    KIT_BAG = "kit_bag"
    SIM_ENVELOPE = "sim_envelope"


GOES_WITH_IT = frozenset({BatchKind.CHARGER, BatchKind.KIT_BAG, BatchKind.SIM_ENVELOPE})
"""Labels that carry a tablet's code and are not its own: nothing is proved by printing or scanning them."""


class Way(StrEnum):
    """How bytes reach a printer. `browser` sends nothing: a person prints the PDF."""

    RAW = "raw"
    CUPS = "cups"
    BROWSER = "browser"


class Language(StrEnum):
    """What a printer understands."""

    PDF = "pdf"
    ZPL = "zpl"
    BROTHER_QL = "brother_ql"
    DYMO = "dymo"
    DYMO_550 = "dymo_550"


class Condition(StrEnum):
    """What a printer was last known to be. Silence is `unknown`, never `ready`."""

    UNKNOWN = "unknown"
    READY = "ready"
    HANDS = "hands"
    AWAY = "away"


class PrintJobState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SET_ASIDE = "set_aside"


class PrintMove(StrEnum):
    BEGIN = "begin"
    ARRIVE = "arrive"
    FAIL = "fail"
    SEND_AGAIN = "send_again"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class PrintTransition:
    """One row of a print job's table."""

    move: PrintMove
    sources: tuple[PrintJobState, ...]
    target: PrintJobState
    words: str
    who: str
    when: str = ""


_QUEUED, _SENDING, _FAILED = PrintJobState.QUEUED, PrintJobState.SENDING, PrintJobState.FAILED

PRINT_MOVES: tuple[PrintTransition, ...] = (
    PrintTransition(PrintMove.BEGIN, (_QUEUED,), _SENDING, "Being sent", "a worker"),
    PrintTransition(PrintMove.ARRIVE, (_SENDING,), PrintJobState.SENT, "Sent", "the worker that sends it"),
    PrintTransition(
        PrintMove.FAIL,
        (_QUEUED, _SENDING),
        _FAILED,
        "Could not be sent",
        "a worker",
        "the printer did not take it, or its worker died: then nobody knows how much came out, and a person looks",
    ),
    PrintTransition(
        PrintMove.SEND_AGAIN, (_FAILED,), _QUEUED, "To be sent again", "who prints", "nothing of it had left"
    ),
    PrintTransition(
        PrintMove.SET_ASIDE,
        (_QUEUED, _SENDING, _FAILED),
        PrintJobState.SET_ASIDE,
        "Set aside",
        "who prints",
        "no worker has it",
    ),
)
BY_PRINT_MOVE: dict[PrintMove, PrintTransition] = {row.move: row for row in PRINT_MOVES}

WAITING = (PrintJobState.QUEUED, PrintJobState.SENDING, PrintJobState.FAILED)
"""States in which labels still wait for a printer."""

RAW_PORT = 9100
_QUEUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}")


def host_problem(host: str, *, demo: bool) -> str:
    """Why bytes may not be sent to this host, as a sentence; empty when they may.

    No name is looked up: who answers for a name can change after it was looked at.
    """
    try:
        address = ip_address(host.strip())
    except ValueError:
        return "Enter the printer's IP address, such as 192.168.1.40. Its settings page or a test print shows it."
    if not may_speak_to(address, Standing.OWN_NETWORK, demo=demo):
        return "Only printers in your own network can be used: 10.…, 172.16.… to 172.31.…, and 192.168.…."
    return ""


def port_problem(port: int) -> str:
    """Why this port will not do, as a sentence; empty when it will."""
    return "" if 1024 <= port <= 65535 else f"Enter a port from 1024 to 65535. Most printers listen on {RAW_PORT}."


def queue_problem(queue: str) -> str:
    """Why this cannot be a queue of the computer's print system, as a sentence; empty when it can."""
    if _QUEUE.fullmatch(queue):
        return ""
    return "Enter the queue's name as `lpstat -p` shows it: letters, digits, dots, dashes and underscores."


def nudge_problem(tenths: int) -> str:
    """Why a sheet cannot be nudged so far, as a sentence; empty when it can."""
    return (
        "" if abs(tenths) <= 100 else "Enter at most 10 mm either way. A printer further off has the wrong paper set."
    )


def way_problem(way: Way, language: Language) -> str:
    """Why this way and this language do not go together, as a sentence; empty when they do."""
    if way is Way.BROWSER and language is not Language.PDF:
        return "A browser prints PDF. Choose PDF, or how the computer itself reaches the printer."
    return ""
