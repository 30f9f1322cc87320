"""Several virtual tablets at once, each on its own port with a person beside it. What it keeps survives a kill."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from provisioning.virtual.cast import TabletCast, prepare
from provisioning.virtual.scripted import Script, ScriptedPerson
from provisioning.virtual.serve import LOOPBACK, listening
from provisioning.virtual.tablet import BOOT_SECONDS, VirtualTablet

PORTS_FILE = "ports.json"
ARRIVED_FILE = "arrived"
"""Says that a tablet has its past, so that a kill while it was being made up leads to making it up again."""


@dataclass(frozen=True)
class Slot:
    """One place on the bench: its tablet, and where ADB reaches it."""

    name: str
    tablet: VirtualTablet
    host: str
    port: int

    @property
    def address(self) -> str:
        return f"tcp:{self.host}:{self.port}"


class VirtualBench:
    """Open one with `VirtualBench.open`, and use it as a context."""

    def __init__(self, slots: Sequence[Slot], stack: ExitStack) -> None:
        self.slots = tuple(slots)
        self._stack = stack

    @classmethod
    def open(
        cls,
        directory: Path,
        cast: Sequence[TabletCast],
        *,
        host: str = LOOPBACK,
        ports: Sequence[int] = (),
        script: Script | None = None,
        boot_seconds: float = BOOT_SECONDS,
    ) -> VirtualBench:
        """The bench kept in `directory`, as it was left, or fresh with this cast.

        `ports` go to the tablets in order; those left out keep the port they had, or get any free one.
        """
        with ExitStack() as stack:
            known = _known_ports(directory)
            slots: list[Slot] = []
            for at, one in enumerate(cast):
                port = ports[at] if at < len(ports) else known.get(one.name, 0)
                slots.append(_open_slot(stack, directory / one.name, one, host, port, script, boot_seconds))
            _remember_ports(directory, {slot.name: slot.port for slot in slots})
            return cls(slots, stack.pop_all())

    def __enter__(self) -> VirtualBench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Send the people home, stop the daemons, let go of the tablets."""
        self._stack.close()

    def slot(self, name: str) -> Slot:
        """The slot of this name. Raises KeyError."""
        return {slot.name: slot for slot in self.slots}[name]

    @property
    def addresses(self) -> dict[str, str]:
        """Where each tablet answers, by name."""
        return {slot.name: slot.address for slot in self.slots}


def _open_slot(
    stack: ExitStack,
    directory: Path,
    cast: TabletCast,
    host: str,
    port: int,
    script: Script | None,
    boot_seconds: float,
) -> Slot:
    tablet = VirtualTablet.open(directory, cast.personality, serial=cast.serial, boot_seconds=boot_seconds)
    stack.callback(tablet.close)
    if not (directory / ARRIVED_FILE).exists():
        prepare(tablet, cast)
        (directory / ARRIVED_FILE).touch()
    port = stack.enter_context(listening(tablet, host=host, port=port))
    stack.enter_context(ScriptedPerson(tablet, script))
    return Slot(cast.name, tablet, host, port)


def _known_ports(directory: Path) -> dict[str, int]:
    path = directory / PORTS_FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _remember_ports(directory: Path, ports: dict[str, int]) -> None:
    draft = directory / f"{PORTS_FILE}.draft"
    draft.write_text(json.dumps(ports), encoding="utf-8")
    draft.replace(directory / PORTS_FILE)
