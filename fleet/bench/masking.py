"""What of a stored plan is told to others: everything but the texts it writes to a tablet, such as a meeting's link."""

from __future__ import annotations

from typing import Any

HIDDEN = "***"


def without_texts(stored: Any) -> Any:
    """The same plan or verification with the text of every push hidden."""
    if isinstance(stored, dict):
        hidden = {"text": HIDDEN} if stored.get("kind") == "push" else {}
        return {key: without_texts(value) for key, value in stored.items()} | hidden
    if isinstance(stored, list):
        return [without_texts(each) for each in stored]
    return stored
