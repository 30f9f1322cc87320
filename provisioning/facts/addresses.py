"""E-mail addresses, which a tablet's last user leaves in all kinds of places and which are never put down."""

from __future__ import annotations

import re
from typing import Any

# Not the versions of Android's services, which look much the same: android.hardware.audio@5.0-impl.so.
E_MAIL = re.compile(r"[\w.+'%-]+@(?!\d+\.\d)[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")


def without_addresses(value: Any) -> Any:
    """The same JSON value with every address in its texts as ``***``; keys stay as they are."""
    if isinstance(value, str):
        return E_MAIL.sub("***", value)
    if isinstance(value, dict):
        return {key: without_addresses(part) for key, part in value.items()}
    return [without_addresses(part) for part in value] if isinstance(value, list) else value
