"""Reads profiles from TOML files; every mistake is named with its file and place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from provisioning.errors import ProfileInvalid
from provisioning.profiles.profile import Profile, ResourceEntry

_FOLDER = Path(__file__).parent / "built_in"

BUILT_IN = ("standard", "large-clear")


@dataclass(frozen=True)
class _File:
    """The shape of a profile file."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    version: int
    title: str
    description: str
    resource: tuple[ResourceEntry, ...]


@cache
def _shape() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


def built_in_profile(name: str) -> Profile:
    """A profile that ships with the product. Raises `ProfileInvalid` for a name that none has."""
    if name not in BUILT_IN:
        raise ProfileInvalid(f"There is no built-in profile “{name}”. There are: {', '.join(BUILT_IN)}.")
    return load_profile(_FOLDER / f"{name}.toml")


def built_in_profiles() -> tuple[Profile, ...]:
    return tuple(built_in_profile(name) for name in BUILT_IN)


def load_profile(path: Path) -> Profile:
    """Read one profile file and the texts beside it. Raises `ProfileInvalid`."""
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileInvalid(f"{path.name} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileInvalid(f"{path.name} is not valid TOML: {error}") from error
    _read_texts(path, text, tables)
    try:
        file = _shape().validate_python(tables)
    except ValidationError as error:
        raise ProfileInvalid(_explain(path, text, tables, error)) from error
    _refuse_twins(path, file)
    return Profile(file.name, file.version, file.title, file.description, file.resource)


def _read_texts(path: Path, text: str, tables: dict[str, Any]) -> None:
    """A `file` resource may name a neighbouring file under `from_file` instead of carrying its text."""
    entries = tables.get("resource", [])
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict) or "from_file" not in entry:
            continue
        name = entry.pop("from_file")
        if not isinstance(name, str) or not re.fullmatch(r"[\w][\w.-]*", name):
            raise ProfileInvalid(f"{_place(path, text, number)}: from_file must name a file in the profile's folder")
        try:
            entry["text"] = (path.parent / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileInvalid(f"{_place(path, text, number)}: {name} cannot be read: {error}") from error


def _explain(path: Path, text: str, tables: dict[str, Any], error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place, problem = first["loc"], first["msg"].removeprefix("Value error, ")
    if len(place) >= 2 and place[0] == "resource" and isinstance(place[1], int):
        entry = tables["resource"][place[1]]
        kind = f" ({entry.get('kind', 'no kind')})" if isinstance(entry, dict) else ""
        keys = "".join(f", {part}" for part in place[3:])
        return f"{_place(path, text, place[1])}{kind}{keys}: {problem}"
    return f"{path.name}, {'.'.join(str(part) for part in place) or 'the file'}: {problem}"


def _place(path: Path, text: str, number: int) -> str:
    """``large-clear.toml line 40, resource 3``."""
    headers = [line for line, words in enumerate(text.split("\n"), 1) if words.strip().startswith("[[resource]]")]
    line = f" line {headers[number]}" if number < len(headers) else ""
    return f"{path.name}{line}, resource {number + 1}"


def _refuse_twins(path: Path, file: _File) -> None:
    seen: set[str] = set()
    for resource in file.resource:
        if resource.id in seen:
            raise ProfileInvalid(f"{path.name}: {resource.id} is asked for twice; a tablet can only be one of the two")
        seen.add(resource.id)
