"""Captures a tablet into a support bundle, and reads the facts out of one as if the tablet were there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from provisioning.capture.bundle import Bundle, read_bundle, write_bundle
from provisioning.capture.manifest import probe_names
from provisioning.capture.masking import masked
from provisioning.capture.stand_ins import StandIns
from provisioning.facts.catalogue import ALL
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.reading import Clock, ask, understand, utc_now
from provisioning.transports.base import Transport


def capture(
    transport: Transport, target: Path, *, product_version: str, now: Clock = utc_now, key: bytes | None = None
) -> Observation:
    """Ask every probe in one round trip and write what came back, masked, to `target`; returns what it means.

    `key` makes the stand-ins; without one it is random and forgotten. Raises `TransportError`, and then nothing is
    written.
    """
    taken_at = now()
    answers = ask(transport, probe_names())
    told = masked(answers, StandIns(key or secrets.token_bytes(32)))
    write_bundle(target, told, taken_at=taken_at, product_version=product_version)
    return understand(ALL, told, taken_at)


def facts_in(bundle: Bundle, facts: Iterable[Fact[Any]] = ALL) -> Observation:
    """What the bundle's answers mean. A probe it does not hold is unreadable, never absent."""
    return understand(facts, bundle.answers_to(probe_names()), bundle.manifest.captured_at)


def inspect_bundle(source: Path) -> Observation:
    """The facts of the tablet a bundle was captured from. Raises `BundleUnusable`."""
    return facts_in(read_bundle(source))
