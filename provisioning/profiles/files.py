"""Reads TOML data files into frozen dataclasses; every mistake is named with its file and place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from provisioning.errors import ProfileInvalid

T = TypeVar("T")


@cache
def _shape(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read_file(path: Path, kind: type[T]) -> T:
    """The value of one file. A `resource` may name a neighbouring file under `from_file` instead of carrying its text.

    Raises `ProfileInvalid`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileInvalid(f"{path.name} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileInvalid(f"{path.name} is not valid TOML: {error}") from error
    _read_texts(path, text, tables)
    shape: Any = kind
    try:
        value: T = _shape(shape).validate_python(tables)
    except ValidationError as error:
        raise ProfileInvalid(_explain(path, text, tables, error)) from error
    return value


def place(path: Path, text: str, table: str, number: int) -> str:
    """``large-clear.toml line 40, resource 3``."""
    header = f"[[{table}]]"
    headers = [line for line, words in enumerate(text.split("\n"), 1) if words.strip().startswith(header)]
    line = f" line {headers[number]}" if number < len(headers) else ""
    return f"{path.name}{line}, {table} {number + 1}"


def _read_texts(path: Path, text: str, tables: dict[str, Any]) -> None:
    entries = tables.get("resource", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict):
            continue
        if "origins" in entry:
            raise ProfileInvalid(f"{place(path, text, 'resource', number)}, origins: it is worked out, never written")
        if "from_file" not in entry:
            continue
        name = entry.pop("from_file")
        if not isinstance(name, str) or not re.fullmatch(r"[\w][\w.-]*", name):
            where = place(path, text, "resource", number)
            raise ProfileInvalid(f"{where}: from_file must name a file in the profile's folder")
        try:
            entry["text"] = (path.parent / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileInvalid(f"{place(path, text, 'resource', number)}: {name} cannot be read: {error}") from error


def _explain(path: Path, text: str, tables: Mapping[str, Any], error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where, problem = first["loc"], first["msg"].removeprefix("Value error, ")
    if len(where) >= 2 and isinstance(where[0], str) and isinstance(where[1], int):
        entry = tables[where[0]][where[1]]
        kind = f" ({entry.get('kind', 'no kind')})" if isinstance(entry, dict) and where[0] == "resource" else ""
        keys = "".join(f", {part}" for part in where[3 if kind else 2 :])
        return f"{place(path, text, where[0], where[1])}{kind}{keys}: {problem}"
    return f"{path.name}, {'.'.join(str(part) for part in where) or 'the file'}: {problem}"
