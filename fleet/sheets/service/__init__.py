"""What may be asked of this room: a whole kind of record as a file, and a file of records kept whole or not at all."""

from fleet.sheets.service.coming import (
    COMING_JOB,
    FORGET_JOB,
    NOBODY_SAID,
    empty_files,
    found_in,
    get_coming,
    given_up,
    is_long,
    keep_it,
    latest_of,
    progress_of,
    sealed_found,
    send,
    stop,
    text_of,
    try_again,
)
from fleet.sheets.service.importing import FileRefused, keep, look
from fleet.sheets.service.taking_out import lines, take_out

__all__ = [
    "COMING_JOB",
    "FORGET_JOB",
    "NOBODY_SAID",
    "FileRefused",
    "empty_files",
    "found_in",
    "get_coming",
    "given_up",
    "is_long",
    "keep",
    "keep_it",
    "latest_of",
    "lines",
    "look",
    "progress_of",
    "sealed_found",
    "send",
    "stop",
    "take_out",
    "text_of",
    "try_again",
]
