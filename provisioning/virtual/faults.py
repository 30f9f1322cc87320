"""Everything that can be made to go wrong with a virtual tablet, as values of one enum."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum

FOR_EVER = -1


class Fault(StrEnum):
    """One thing that goes wrong. `amount` means what the comment says; faults without one ignore it."""

    DROP_AFTER = "drop_after"  # the link ends once this many bytes have crossed it
    SLOW = "slow"  # every packet waits this many milliseconds
    UNAUTHORISED = "unauthorised"  # no key is ever accepted, and no prompt is shown
    DISK_FULL = "disk_full"  # only this many bytes are free
    REBOOT_IN_COMMAND = "reboot_in_command"  # the tablet restarts under the next command that starts
    VANISH = "vanish"  # nothing answers: the cable is out or the tablet is off
    INSTALL_LIES = "install_lies"  # an install reads the file, says Success and installs nothing
    SETTINGS_LIE = "settings_lie"  # `settings put` exits 0 and changes nothing
    GRANT_LIES = "grant_lies"  # `pm grant` is silent and grants nothing
    PUSH_CORRUPTS = "push_corrupts"  # a pushed file loses its last byte, and is answered OKAY
    WIPE_LIES = "wipe_lies"  # the reset restarts the tablet and leaves every byte where it was
    COMMANDS_MISSING = "commands_missing"  # every command answers exit 127


@dataclass
class _Armed:
    amount: int
    left: int


class Faults:
    """The faults armed on one tablet. They live in memory: reopening the tablet mends it."""

    def __init__(self) -> None:
        self._armed: dict[Fault, _Armed] = {}
        self._lock = threading.Lock()

    def arm(self, fault: Fault, amount: int = 0, *, times: int = FOR_EVER) -> None:
        """Make `fault` happen the next `times` times it can, or until it is cleared."""
        with self._lock:
            self._armed[fault] = _Armed(amount, times)

    def clear(self, fault: Fault | None = None) -> None:
        """Mend one fault, or all."""
        with self._lock:
            if fault is None:
                self._armed.clear()
            else:
                self._armed.pop(fault, None)

    def amount(self, fault: Fault) -> int | None:
        """The fault's amount, or None where it is not armed. Uses nothing up."""
        with self._lock:
            armed = self._armed.get(fault)
            return None if armed is None else armed.amount

    def strikes(self, fault: Fault) -> bool:
        """True if the fault happens this time; one of its times is used up."""
        with self._lock:
            armed = self._armed.get(fault)
            if armed is None:
                return False
            if armed.left > 0:
                armed.left -= 1
                if armed.left == 0:
                    del self._armed[fault]
            return True

    def spend(self, fault: Fault, amount: int) -> bool:
        """Take `amount` off an armed fault; True, and mended, once it is used up."""
        with self._lock:
            armed = self._armed.get(fault)
            if armed is None:
                return False
            armed.amount -= amount
            if armed.amount > 0:
                return False
            del self._armed[fault]
            return True


def parse_fault(text: str) -> tuple[Fault, int]:
    """Read ``slow=50`` or ``disk_full``. Raises ValueError that lists the faults there are."""
    name, _, amount = text.partition("=")
    try:
        return Fault(name), int(amount or 0)
    except ValueError as error:
        known = ", ".join(fault.value for fault in Fault)
        raise ValueError(
            f"'{text}' is no fault of a virtual tablet. Say NAME or NAME=NUMBER with one of: {known}."
        ) from error
