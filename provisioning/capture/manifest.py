"""The list of contents of a support bundle: which probe was asked how, what came back, and in which file it lies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from provisioning.command import Command
from provisioning.errors import BundleUnusable
from provisioning.facts.catalogue import ALL

SCHEMA_VERSION = 1
MANIFEST_FILE = "manifest.json"
PROBE_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}\.txt")


@dataclass(frozen=True)
class Probe:
    """One command and how it ended. `exit_code` is None where no answer came, and `why_not` says why."""

    name: str
    command: str
    exit_code: int | None
    file: str
    sha256: str
    why_not: str = ""


@dataclass(frozen=True)
class Manifest:
    """`personal_data` says in words what was done with it, for whoever opens the bundle by hand."""

    schema_version: int
    product: str
    product_version: str
    captured_at: AwareDatetime
    personal_data: str
    probes: tuple[Probe, ...]


_ADAPTER = TypeAdapter(Manifest)


def probe_names() -> dict[Command, str]:
    """A name for every command that facts ask, after the first fact that asks it."""
    names: dict[Command, str] = {}
    for fact in ALL:
        names.setdefault(fact.command, fact.name.replace("/", "-"))
    return names


def manifest_to_json(manifest: Manifest) -> bytes:
    return _ADAPTER.dump_json(manifest, indent=2) + b"\n"


def manifest_from_json(data: bytes) -> Manifest:
    """Raises `BundleUnusable` with the place that does not fit."""
    try:
        manifest = _ADAPTER.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "its beginning"
        raise BundleUnusable(f"The bundle's {MANIFEST_FILE} cannot be used: {place}: {first['msg']}.") from error
    if manifest.schema_version != SCHEMA_VERSION:
        raise BundleUnusable(
            f"The bundle is of format {manifest.schema_version}; this version of Doorstep reads format "
            f"{SCHEMA_VERSION}. Read it with the version that made it, {manifest.product_version}, or a later one."
        )
    _refuse_double(probe.name for probe in manifest.probes)
    _refuse_double(probe.command for probe in manifest.probes)
    return manifest


def _refuse_double(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BundleUnusable(f"The bundle's {MANIFEST_FILE} lists “{name[:80]}” twice, so it cannot be trusted.")
        seen.add(name)
