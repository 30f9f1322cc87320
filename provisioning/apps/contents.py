"""Bundletool's table of contents (``toc.pb``): which APKs of a bundle go together, and which come only on demand.

Field numbers: google/bundletool, commands.proto and targeting.proto.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SPLIT_APK, _STANDALONE_APK, _ASSET_SLICE = 3, 4, 7
_INSTALL_TIME = 1
_DENSITY_ALIASES = {1: 0, 2: 120, 3: 160, 4: 213, 5: 240, 6: 320, 7: 480, 8: 640}

Fields = Mapping[int, list[int | bytes]]


@dataclass(frozen=True)
class Listed:
    """An APK by its path in the bundle."""

    path: str
    on_demand: bool


@dataclass(frozen=True)
class ListedVariant:
    """APKs that go together. `density` is 0 where any screen will do."""

    min_sdk: int
    density: int
    apks: tuple[Listed, ...]


def read_contents(data: bytes) -> tuple[ListedVariant, ...]:
    """Every variant of split or standalone APKs, with the asset packs each split one needs. Raises ValueError."""
    whole = _fields(data)
    packs = tuple(
        Listed(path, on_demand=False)
        for pack in map(_fields, _messages(whole, 3))
        if _number(_message(pack, 1), 4, _INSTALL_TIME) == _INSTALL_TIME
        for path in _paths(pack, {_ASSET_SLICE})
    )
    found = [_variant(_fields(variant), packs) for variant in _messages(whole, 1)]
    return tuple(variant for variant in found if variant.apks)


def _variant(variant: Fields, packs: tuple[Listed, ...]) -> ListedVariant:
    sets = [_fields(one) for one in _messages(variant, 2)]
    split = tuple(Listed(path, _on_demand(one)) for one in sets for path in _paths(one, {_SPLIT_APK}))
    alone = tuple(Listed(path, on_demand=False) for one in sets for path in _paths(one, {_STANDALONE_APK}))
    targeting = _message(variant, 1)
    sdk = _message(_message(_message(targeting, 1), 1), 1)
    density = _message(_message(targeting, 3), 1)
    return ListedVariant(
        min_sdk=_number(sdk, 1, 1),
        density=_number(density, 2, 0) or _DENSITY_ALIASES.get(_number(density, 1, 0), 0),
        apks=(*split, *packs) if split else alone,
    )


def _on_demand(apk_set: Fields) -> bool:
    module = _message(apk_set, 1)
    return _number(module, 6, _INSTALL_TIME) != _INSTALL_TIME or bool(_number(module, 2, 0))


def _paths(apk_set: Fields, kinds: set[int]) -> list[str]:
    described = [_fields(one) for one in _messages(apk_set, 2)]
    return [str(_bytes(one, 2), "utf-8") for one in described if kinds & set(one)]


# the wire format of protocol buffers, as far as it is needed


def _fields(data: bytes) -> Fields:
    found: defaultdict[int, list[int | bytes]] = defaultdict(list)
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            found[key >> 3].append(value)
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in {_FIXED64, _FIXED32}:
            size = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"field kind {kind} at byte {at}")
        if at + size > len(data):
            raise ValueError(f"{size} bytes were announced at byte {at} and {len(data) - at} are left")
        found[key >> 3].append(data[at : at + size])
        at += size
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError(f"a number has no end at byte {at}")


def _messages(fields: Fields, number: int) -> list[bytes]:
    return [value for value in fields.get(number, []) if isinstance(value, bytes)]


def _bytes(fields: Fields, number: int) -> bytes:
    return next(iter(_messages(fields, number)), b"")


def _message(fields: Fields, number: int) -> Fields:
    return _fields(_bytes(fields, number))


def _number(fields: Fields, number: int, default: int) -> int:
    return next((value for value in fields.get(number, []) if isinstance(value, int)), default)
