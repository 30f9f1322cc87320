"""Support bundles as files: a ZIP with `manifest.json` and one text file for every probe.

Whoever sends one may have damaged or forged it, so nothing is unpacked to disk and every size is bounded.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioning.capture.manifest import (
    MANIFEST_FILE,
    PROBE_FILE,
    SCHEMA_VERSION,
    Manifest,
    Probe,
    manifest_from_json,
    manifest_to_json,
    probe_names,
)
from provisioning.command import Command
from provisioning.errors import BundleUnusable
from provisioning.facts.reading import Answer

MOST_BYTES = 32 << 20
MOST_ENTRY_BYTES = 8 << 20
MOST_TOTAL_BYTES = 64 << 20
MOST_ENTRIES = 200
_PERSONAL_DATA = (
    "Account names, e-mail addresses, phone numbers, names of networks, people and devices, MAC addresses, IMEIs, "
    "serial numbers and the Android id are replaced by stand-ins; equal values have equal stand-ins in this bundle."
)


@dataclass(frozen=True)
class Bundle:
    """A bundle that was read: its manifest, and the answer to each probe in it by the probe's name."""

    manifest: Manifest
    answers: Mapping[str, Answer]

    def answers_to(self, names: Mapping[Command, str]) -> dict[Command, Answer]:
        """The answers to our own commands, each with its probe's name.

        The command's whole text decides. Where an earlier version asked in other words, the name does: a fact that
        would take such an old answer for something it is not needs a name of its own.
        """
        by_command = {probe.command: self.answers[probe.name] for probe in self.manifest.probes}
        return {
            command: by_command.get(command.shown()) or self.answers.get(name, _NOT_HELD)
            for command, name in names.items()
        }


_NOT_HELD = Answer("", None, "the bundle does not hold it")


def write_bundle(target: Path, answers: Mapping[Command, Answer], *, taken_at: datetime, product_version: str) -> None:
    """Write answers, which are masked already, so that `target` is whole or is not there."""
    files: dict[str, bytes] = {}
    probes: list[Probe] = []
    names = probe_names()
    for command, answer in answers.items():
        name = names[command]
        data = answer.text.encode("utf-8", "replace")
        too_long = len(data) > MOST_ENTRY_BYTES
        files[f"{name}.txt"] = b"" if too_long else data
        probes.append(_probe(name, command, answer, files[f"{name}.txt"], too_long=too_long))
    manifest = Manifest(SCHEMA_VERSION, "Doorstep", product_version, taken_at, _PERSONAL_DATA, tuple(probes))
    _write_whole(target, _zipped({MANIFEST_FILE: manifest_to_json(manifest), **files}, taken_at))


def _probe(name: str, command: Command, answer: Answer, data: bytes, *, too_long: bool) -> Probe:
    return Probe(
        name=name,
        command=command.shown(),
        exit_code=None if too_long else answer.exit_code,
        file=f"{name}.txt",
        sha256=hashlib.sha256(data).hexdigest(),
        why_not="its answer was too long for a bundle" if too_long else answer.why_not,
    )


def _zipped(files: Mapping[str, bytes], taken_at: datetime) -> bytes:
    """A ZIP whose bytes depend on nothing but its content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, taken_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _write_whole(target: Path, data: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read_bundle(source: Path) -> Bundle:
    """Raises `BundleUnusable` for anything that is not a whole bundle of ours, and `OSError` for no file."""
    with source.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BundleUnusable(f"{source.name} is larger than {MOST_BYTES >> 20} MiB, which no support bundle is.")
    with _damage_in_words(source.name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = _entries(archive)
        if MANIFEST_FILE not in entries:
            raise BundleUnusable(f"{source.name} holds no {MANIFEST_FILE}, so it is not a support bundle.")
        manifest = manifest_from_json(_content(archive, entries[MANIFEST_FILE]))
        return Bundle(manifest, {probe.name: _answer(archive, entries, probe) for probe in manifest.probes})


@contextmanager
def _damage_in_words(name: str) -> Iterator[None]:
    """Everything `zipfile` is known to raise over bytes that somebody else chose, as our own error."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise BundleUnusable(
            f"{name} is damaged or is not a support bundle ({str(error) or type(error).__name__}). Ask for it again."
        ) from error


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, once all of them look as ours do."""
    listed = archive.infolist()
    if len(listed) > MOST_ENTRIES:
        raise BundleUnusable(f"The bundle holds {len(listed)} files; a support bundle has at most {MOST_ENTRIES}.")
    for entry in listed:
        if entry.filename != MANIFEST_FILE and not PROBE_FILE.fullmatch(entry.filename):
            raise BundleUnusable(
                f"The bundle holds a file called “{entry.filename[:80]}”, which no bundle of ours has."
            )
        if entry.file_size > MOST_ENTRY_BYTES:
            raise BundleUnusable(f"{entry.filename} in the bundle is larger than {MOST_ENTRY_BYTES >> 20} MiB.")
    if sum(entry.file_size for entry in listed) > MOST_TOTAL_BYTES:
        raise BundleUnusable(
            f"The bundle unpacks to more than {MOST_TOTAL_BYTES >> 20} MiB, which no bundle of ours does."
        )
    entries = {entry.filename: entry for entry in listed}
    if len(entries) < len(listed):
        raise BundleUnusable("The bundle holds two files of one name, so it cannot be trusted.")
    return entries


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes, whatever length it claims to have."""
    with archive.open(entry) as file:
        data = file.read(MOST_ENTRY_BYTES + 1)
    if len(data) > MOST_ENTRY_BYTES:
        raise BundleUnusable(f"{entry.filename} in the bundle is larger than {MOST_ENTRY_BYTES >> 20} MiB.")
    return data


def _answer(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], probe: Probe) -> Answer:
    if probe.file not in entries or probe.file == MANIFEST_FILE:
        return Answer("", None, f"the bundle lists it but {probe.file[:80]} is missing")
    data = _content(archive, entries[probe.file])
    if hashlib.sha256(data).hexdigest() != probe.sha256:
        raise BundleUnusable(
            f"{probe.file} in the bundle is not what its manifest says it is: it was changed or damaged. "
            "Ask for the bundle again."
        )
    return Answer(data.decode("utf-8", "replace"), probe.exit_code, probe.why_not)
