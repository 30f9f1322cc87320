"""What is wrong with an answer, in words for the person who gave it: forms, files and programs are told alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_MISSING = "Enter an answer."
_WORDS = {
    "missing": _MISSING,
    "int": "Enter a whole number, such as 12.",
    "float": "Enter a number, such as 12.5.",
    "decimal": "Enter a number, such as 12.50.",
    "bool": "Answer yes or no.",
    "date": "Enter a day as year, month and day, such as 2027-06-12.",
    "datetime": "Enter a day and a time, such as 2027-06-12T14:30:00Z.",
    "timezone": "Say the time zone too, such as 2027-06-12T14:30:00Z.",
    "time": "Enter a time of day, such as 14:30.",
    "string_type": "Enter words here.",
    "string_unicode": "This has a character that no text has.",
    "extra_forbidden": "Nothing is asked by this name. Look for a mistake in it.",
    "list_type": "Give a list here.",
    "dict_type": "Give an object with names and values here.",
    "model_type": "Give an object with names and values here.",
    "model_attributes_type": "Give an object with names and values here.",
}
"""By the type of a fault as pydantic names it, or by what that begins with before an underscore.
Source: docs.pydantic.dev, "Validation Errors"."""
_BOUNDS = {
    "greater_than_equal": "Enter {ge} or more.",
    "greater_than": "Enter more than {gt}.",
    "less_than_equal": "Enter {le} or less.",
    "less_than": "Enter less than {lt}.",
    "string_too_long": "Write at most {max_length} characters.",
    "too_long": "Give at most {max_length}.",
    "too_short": "Give at least {min_length}.",
    "decimal_max_digits": "Write this number with at most {max_digits} digits.",
    "decimal_max_places": "Write at most {decimal_places} digits behind the point.",
    "multiple_of": "Enter a multiple of {multiple_of}.",
}


def plainly(fault: ErrorDetails) -> str:
    """One sentence that says how to answer. A check of ours speaks for itself."""
    kind, about = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return fault["msg"].removeprefix("Value error, ")
    if kind in ("enum", "literal_error"):
        return f"Choose one of these: {str(about['expected']).replace(chr(39), '')}."
    if kind in _BOUNDS:
        return _BOUNDS[kind].format_map(_readable(about))
    if kind == "string_too_short":
        least = int(about["min_length"])
        return _MISSING if least == 1 else f"Write at least {least} characters."
    return _WORDS.get(kind) or _WORDS.get(kind.partition("_")[0]) or f"{fault['msg'].rstrip('.')}."


def _readable(about: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in about.items()}
