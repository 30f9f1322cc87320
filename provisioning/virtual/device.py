"""Joins one tablet to the daemon: answers the daemon's questions from the tablet's state, files and shell."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from provisioning.virtual.adbd import packet
from provisioning.virtual.adbd.auth import HostKey
from provisioning.virtual.adbd.device import Banner, ByteSink, ByteSource, Device, Entry, Hung, Inbox
from provisioning.virtual.adbd.wire import LinkDown
from provisioning.virtual.faults import Fault
from provisioning.virtual.features import features_of
from provisioning.virtual.inbox import TabletInbox
from provisioning.virtual.shell import call as shell_call
from provisioning.virtual.shell.call import Call, Output, report_java_error
from provisioning.virtual.shell.interpreter import Shell
from provisioning.virtual.shell.programs import find_program
from provisioning.virtual.shell.redirection import Channels
from provisioning.virtual.tablet import KeyPrompt, TradeIn, VirtualTablet
from provisioning.virtual.wiping import restart

_DAEMON_STARTS_PER_BOOT = 1_000
# AOSP packages/modules/adb, daemon/tradeinmode.cpp: the one service that trade-in mode leaves open.
_TRADE_IN_SERVICE = re.compile(r"shell[^:]*:tradeinmode(\s*|\s[A-Za-z0-9_\-\s]*)")


class TabletHost:
    """When the tablet's daemon runs (`adbd.daemon.Host`)."""

    def __init__(self, tablet: VirtualTablet) -> None:
        self._tablet = tablet

    def epoch(self) -> int | None:
        if not self._tablet.reachable:
            return None
        return self._tablet.state.body.boots * _DAEMON_STARTS_PER_BOOT + self._tablet.daemon_starts

    def wait(self, predicate: Callable[[], bool]) -> None:
        self._tablet.wait_for(predicate)

    def nudge(self) -> None:
        self._tablet.nudge()

    def device(self) -> Device:
        return TabletDevice(self._tablet)

    def abrupt(self) -> bool:
        return self._tablet.faults.amount(Fault.VANISH) is not None


class TabletDevice:
    """One tablet as the daemon sees it (`adbd.device.Device`)."""

    def __init__(self, tablet: VirtualTablet) -> None:
        self._tablet = tablet
        self._boots = tablet.state.body.boots
        self._pause = threading.Event()

    def banner(self) -> Banner:
        model = self._tablet.personality
        legacy = model.legacy_wire
        return Banner(
            model.product,
            model.model,
            model.device,
            features=features_of(model),
            version=packet.VERSION_WITH_CHECKSUMS if legacy else packet.VERSION_SKIPPING_CHECKSUMS,
            max_payload=packet.LEGACY_PAYLOAD_BYTES if legacy else packet.PAYLOAD_BYTES,
        )

    def lets_anyone_in(self) -> bool:
        return self._tablet.trade_in in {TradeIn.REPORTING, TradeIn.EVALUATING}

    def permits(self, service: str) -> bool:
        return self._tablet.trade_in is not TradeIn.REPORTING or bool(_TRADE_IN_SERVICE.fullmatch(service))

    def trusted_keys(self) -> Iterable[HostKey]:
        return [HostKey(text) for text in self._tablet.trusted_keys()]

    def ask_about(self, key: HostKey, allowed: Callable[[], None]) -> Callable[[], None]:
        prompt = KeyPrompt(key.text, key.fingerprint, allowed)
        self._tablet.show_prompt(prompt)
        return lambda: self._tablet.withdraw_prompt(prompt)

    def toll(self, size: int) -> None:
        faults = self._tablet.faults
        delay = faults.amount(Fault.SLOW)
        if delay:
            self._pause.wait(delay / 1000)
        if faults.spend(Fault.DROP_AFTER, size):
            self.note("fault", fault=Fault.DROP_AFTER.value)
            raise LinkDown("the cable was pulled")

    def _need_same_life(self) -> None:
        """A link of the life before a restart still exists for a moment, but nothing runs for it any more."""
        if self._tablet.state.body.boots != self._boots:
            raise Hung

    def run(self, script: str, stdin: ByteSource, stdout: ByteSink, stderr: ByteSink) -> int:
        self._need_same_life()
        out, err = Output(stdout), Output(stderr)
        if stderr is stdout:
            err = out
        if self._tablet.faults.strikes(Fault.REBOOT_IN_COMMAND):
            restart(self._tablet)
            raise Hung
        try:
            code = Shell(self._tablet, find_program).run(script, Channels(stdin, out, err))
        except shell_call.Hung as error:
            raise Hung from error
        out.flush()
        err.flush()
        return code

    def run_words(self, words: tuple[str, ...], stdin: ByteSource, stdout: ByteSink, stderr: ByteSink) -> int | None:
        if "abb_exec" not in features_of(self._tablet.personality):
            return None
        self._need_same_life()
        out = Output(stdout)
        call = Call(self._tablet, ("cmd", *words), stdin, out, out if stderr is stdout else stderr)
        handler = find_program("cmd")
        if handler is None:
            return None
        try:
            code = handler(call)
        except shell_call.CommandError as error:
            call.error(error.text)
            code = error.code
        except shell_call.JavaError as error:
            code = report_java_error(call, error)
        except shell_call.Hung as error:
            raise Hung from error
        out.flush()
        return code

    def look(self, path: str, *, follow: bool) -> Entry:
        return _entry(self._tablet.files.readable(path), path)

    def list(self, path: str) -> list[Entry]:
        folder = self._tablet.files.listable(path)
        dots = [_entry(folder, "."), _entry(folder, "..")]
        return dots + [_entry(item, item.name) for item in sorted(folder.iterdir())]

    def receive(self, path: str, mode: int) -> Inbox:
        return TabletInbox(self._tablet, path, mode)

    def fetch(self, path: str) -> Path:
        real = self._tablet.files.readable(path)
        if real.is_dir():
            raise OSError(21, os.strerror(21), path)
        return real

    def reboot(self, target: str) -> None:
        restart(self._tablet)
        raise Hung

    def note(self, kind: str, **details: object) -> None:
        self._tablet.wire.add(kind, **details)


def _entry(real: Path, name: str) -> Entry:
    info = real.lstat()
    return Entry(
        name.rstrip("/").rpartition("/")[2] or "/",
        info.st_mode,
        info.st_size,
        int(info.st_mtime),
        info.st_ino,
        info.st_nlink,
    )
