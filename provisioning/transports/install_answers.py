"""What Android's package manager answers to an install or to one step of a session."""

from __future__ import annotations

import re

from provisioning.errors import InstallRefused
from provisioning.transports.install_reasons import sentence_for

_FAILURE = re.compile(r"^Failure \[([A-Z0-9_]+)(?::\s*(.*?))?\]\s*$", re.MULTILINE | re.DOTALL)
_EXCEPTION = re.compile(r"^(?:[\w.$]+\.)?(\w+(?:Exception|Error))(?::\s*(.*))?$", re.MULTILINE)
_NOT_ENOUGH_SPACE = re.compile(r"not enough space|No space left on device", re.IGNORECASE)
_SUCCESS = re.compile(r"^Success\b", re.MULTILINE)
_SESSION_NUMBER = re.compile(r"^Success: created install session \[(\d+)\]", re.MULTILINE)

UNKNOWN_ANSWER = "INSTALL_ANSWER_UNKNOWN"
"""Our own code for words that are none of Android's."""


def says_success(answer: str) -> bool:
    return bool(_SUCCESS.search(answer))


def check_answer(answer: str, *, app: str, address: str) -> None:
    """Return when the package manager said Success, else raise `InstallRefused` with its code.

    The exit code is not looked at: up to Android 6 it is 0 for failures, and streams have none.
    """
    if says_success(answer):
        return
    code, detail = read_refusal(answer)
    raise InstallRefused(
        f"The tablet at {address} refused {app}: {sentence_for(code)} (Android says: {code}"
        f"{': ' + detail if detail else ''})",
        code=code,
        detail=detail,
        address=address,
    )


def session_number(answer: str) -> str | None:
    """The number of the session that was made; None where none was."""
    found = _SESSION_NUMBER.search(answer)
    return found[1] if found else None


def read_refusal(answer: str) -> tuple[str, str]:
    """Android's code and detail out of what a refused install printed."""
    if _NOT_ENOUGH_SPACE.search(answer):
        return "INSTALL_FAILED_INSUFFICIENT_STORAGE", _first_line(answer)
    if match := _FAILURE.search(answer):
        return match[1], (match[2] or "").strip()
    if match := _EXCEPTION.search(answer):
        return match[1], (match[2] or "").strip()
    return UNKNOWN_ANSWER, _first_line(answer)


def _first_line(answer: str) -> str:
    return next((line.strip() for line in answer.splitlines() if line.strip()), "")
