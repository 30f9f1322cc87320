"""Frozen dataclasses to plain JSON values and back, and a digest that does not depend on key order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

Plain = dict[str, Any]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_plain(value: object) -> Any:
    """The JSON-ready form of a dataclass."""
    kind: Any = type(value)
    return _adapter(kind).dump_python(value, mode="json")


def from_plain(kind: type[T], data: object) -> T:
    """The dataclass a JSON value was made from; raises `pydantic.ValidationError` where it does not fit."""
    known: Any = kind
    value: T = _adapter(known).validate_json(json.dumps(data))
    return value


def canonical(data: Mapping[str, Any]) -> bytes:
    """One spelling for equal JSON values: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 over `canonical`, as 64 hex digits."""
    return hashlib.sha256(canonical(data)).hexdigest()
