"""One virtual tablet: its state on disk, its screen and its power. Knows no protocol and no shell."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import IO

from provisioning.virtual import store
from provisioning.virtual.faults import Fault, Faults
from provisioning.virtual.files import FileTree
from provisioning.virtual.personality import Personality, load_personality
from provisioning.virtual.state import Battery, Content, State
from provisioning.virtual.wirelog import FILE_NAME, WireLog

BOOT_SECONDS = 0.3
TRADE_IN_PROPERTY = "persist.adb.tradeinmode"


class Power(StrEnum):
    """How far the tablet is in starting. ADB answers from STARTING on; Android's services only when ON."""

    OFF = "off"
    STARTING = "starting"
    ON = "on"


class TradeIn(IntEnum):
    """How far trade-in mode has come, as its property says (AOSP TradeInModeService, API 36)."""

    ENDED = -1
    OFF = 0
    REPORTING = 1
    EVALUATING = 2


class Screen(StrEnum):
    """What the screen shows under any prompt."""

    SETUP_WIZARD = "setup_wizard"
    HOME = "home"
    SETTINGS = "settings"
    RESET = "reset"
    RESET_BLOCKED = "reset_blocked"
    APP = "app"


@dataclass(frozen=True)
class KeyPrompt:
    """The "Allow USB debugging?" dialog."""

    key: str
    fingerprint: str
    allowed: Callable[[], None] = field(repr=False)


@dataclass(frozen=True)
class Touch:
    """Something a person did with a finger: what for, and how many taps it took."""

    deed: str
    taps: int


class VirtualTablet:
    """Open one with `VirtualTablet.open`; every change is on disk before anybody hears of it."""

    def __init__(self, directory: Path, state: State, lock_file: IO[str], boot_seconds: float) -> None:
        self.directory = directory
        self.personality: Personality = load_personality(state.personality)
        self.boot_seconds = boot_seconds
        self.faults = Faults()
        self.wire = WireLog(directory / FILE_NAME)
        self._state = state
        self._lock_file = lock_file
        self._changed = threading.Condition(threading.RLock())
        self._depth = 0
        self._power = Power.ON
        self._boot_thread: threading.Thread | None = None
        self.daemon_starts = 0
        self.touches: list[Touch] = []
        self._session_keys: list[str] = []
        self._prompt: KeyPrompt | None = None
        self._screen = self._first_screen()
        self._app = ""
        self.faked_battery: Battery | None = None
        self._closed = threading.Event()

    @classmethod
    def open(
        cls, directory: Path, personality: str = "", *, serial: str = "", boot_seconds: float = BOOT_SECONDS
    ) -> VirtualTablet:
        """The tablet kept in `directory`, or one fresh from the factory when there is none.

        `personality` and `serial` matter only for a fresh one. Raises `store.TabletInUse`, and ValueError for an
        unknown personality.
        """
        directory.mkdir(parents=True, exist_ok=True)
        lock_file = store.lock(directory)
        try:
            state = store.load(directory) or store.manufacture(directory, personality, serial)
            store.forget_old_generations(directory, state.content.generation)
        except BaseException:
            lock_file.close()
            raise
        tablet = cls(directory, state, lock_file, boot_seconds)
        tablet._offer_trade_in()
        return tablet

    def close(self) -> None:
        """Let go of the directory. What is on disk stays as it is."""
        self._closed.set()
        if self._boot_thread is not None:
            self._boot_thread.join()
        self._lock_file.close()

    # state

    @property
    def state(self) -> State:
        """The present state. Change it only inside `changing`."""
        return self._state

    @property
    def content(self) -> Content:
        return self._state.content

    @property
    def serial(self) -> str:
        return self._state.body.serial

    @property
    def files(self) -> FileTree:
        return FileTree(self.directory / store.generation_folder(self.content.generation))

    @contextlib.contextmanager
    def changing(self) -> Iterator[State]:
        """Change the state; on leaving, it is on disk whole, and then everybody who waits is woken."""
        with self._changed:
            self._depth += 1
            try:
                yield self._state
            finally:
                self._depth -= 1
            if self._depth == 0:
                store.save(self.directory, self._state)
                self._changed.notify_all()

    def wait_for(self, predicate: Callable[[], bool], seconds: float | None = None) -> bool:
        """Block until `predicate` holds, asking it again after every change; False when the time ran out."""
        with self._changed:
            return self._changed.wait_for(predicate, seconds)

    def nudge(self) -> None:
        """Wake everybody who waits, for a reason of their own."""
        with self._changed:
            self._changed.notify_all()

    def setting(self, table: str, key: str) -> str | None:
        return self.content.settings[table].get(key)

    def free_bytes(self) -> int:
        """What is left of the storage for a person and their apps."""
        limit = self.faults.amount(Fault.DISK_FULL)
        model = self.personality
        left = (model.storage_kb - model.system_used_kb) * 1024 - self.files.used_bytes()
        return max(0, left if limit is None else min(left, limit))

    def fake_battery(self, battery: Battery | None) -> None:
        """`dumpsys battery set`: show this instead of the truth until it is None again, or until a restart."""
        with self._changed:
            self.faked_battery = battery
            self._changed.notify_all()

    # power

    @property
    def power(self) -> Power:
        return self._power

    @property
    def debugging_on(self) -> bool:
        return self.setting("global", "adb_enabled") == "1"

    @property
    def reachable(self) -> bool:
        """Whether a daemon would answer on the tablet's port."""
        return self._power != Power.OFF and self.debugging_on and self.faults.amount(Fault.VANISH) is None

    def vanish(self) -> None:
        """Pull the cable: links die at once, the tablet itself goes on."""
        self.faults.arm(Fault.VANISH)
        self.nudge()

    def come_back(self) -> None:
        """Plug the cable in again."""
        self.faults.clear(Fault.VANISH)
        self.nudge()

    def reboot(self) -> None:
        """Go dark at once; start again after `boot_seconds`, Android's services last."""
        with self.changing() as state:
            state.body.boots += 1
            _count_start(state.content)
            self._power = Power.OFF
            self._session_keys.clear()
            self._prompt = None
            self.faked_battery = None
            previous, boot = self._boot_thread, state.body.boots
            self._boot_thread = threading.Thread(target=self._boot, args=(boot, previous), name="tablet boot")
            self._boot_thread.start()

    def _boot(self, boot: int, previous: threading.Thread | None) -> None:
        if previous is not None:
            previous.join()
        for power in (Power.STARTING, Power.ON):
            if self._closed.wait(self.boot_seconds / 2):
                return
            with self._changed:
                if self._state.body.boots != boot:
                    return
                self._power = power
                if power is Power.ON:
                    self._screen = self._first_screen()
                    self._offer_trade_in()
                self._changed.notify_all()

    # trade-in mode

    @property
    def trade_in(self) -> TradeIn:
        return TradeIn(int(self.content.properties.get(TRADE_IN_PROPERTY) or 0))

    @property
    def set_up(self) -> bool:
        """Whether either half of the first-run setup is done."""
        return "1" in {self.setting("global", "device_provisioned"), self.setting("secure", "user_setup_complete")}

    def _offer_trade_in(self) -> None:
        """Begins in the first-run setup with ADB off and no account (AOSP: adb_tradeinmode.md, TradeInModeService)."""
        begins = self.trade_in is TradeIn.OFF and not self.debugging_on
        if self.personality.trade_in and begins and not self.set_up and not self.content.accounts:
            with self.changing() as state:
                state.content.properties[TRADE_IN_PROPERTY] = str(TradeIn.REPORTING.value)
                state.content.settings["global"]["adb_enabled"] = "1"

    def end_trade_in(self) -> None:
        """The setup was finished or an account came: the mode ends, and ADB with it."""
        if self.trade_in is TradeIn.REPORTING:
            with self.changing() as state:
                state.content.properties[TRADE_IN_PROPERTY] = str(TradeIn.ENDED.value)
                state.content.settings["global"]["adb_enabled"] = "0"

    def evaluate(self) -> None:
        """Open ADB to anyone until the next start, which is then a reset. The daemon starts anew at once."""
        with self.changing() as state:
            state.body.erases_at_start = True
            state.content.properties[TRADE_IN_PROPERTY] = str(TradeIn.EVALUATING.value)
            self.daemon_starts += 1

    # keys

    def trusted_keys(self) -> list[str]:
        if self.faults.amount(Fault.UNAUTHORISED) is not None:
            return []
        return [*self.content.trusted_keys, *self._session_keys]

    @property
    def prompt(self) -> KeyPrompt | None:
        return self._prompt

    def show_prompt(self, prompt: KeyPrompt) -> None:
        """Ask the person whether this key may debug the tablet; a later question replaces an earlier one."""
        if self.faults.amount(Fault.UNAUTHORISED) is None:
            with self._changed:
                self._prompt = prompt
                self._changed.notify_all()

    def withdraw_prompt(self, prompt: KeyPrompt) -> None:
        """The link that asked is gone, so the question goes too."""
        with self._changed:
            if self._prompt is prompt:
                self._prompt = None
                self._changed.notify_all()

    def answer_prompt(self, *, allow: bool, always: bool) -> KeyPrompt | None:
        """Take the prompt off the screen with this answer. Returns it, or None when none was there."""
        with self.changing() as state:
            prompt, self._prompt = self._prompt, None
            if prompt is not None and allow:
                keys = state.content.trusted_keys if always else self._session_keys
                if prompt.key not in keys:
                    keys.append(prompt.key)
        if prompt is not None and allow:
            prompt.allowed()
        return prompt

    # screen

    @property
    def screen(self) -> Screen:
        return self._screen

    @property
    def app_in_front(self) -> str:
        """The component on the screen, where one was started by name."""
        return self._app

    def show(self, screen: Screen, app: str = "") -> None:
        with self._changed:
            self._screen, self._app = screen, app
            self._changed.notify_all()

    def press_home(self) -> None:
        """Back to the home screen; the setup wizard cannot be left that way."""
        self.show(self._first_screen())

    def _first_screen(self) -> Screen:
        return Screen.HOME if self.setting("global", "device_provisioned") == "1" else Screen.SETUP_WIZARD


def _count_start(content: Content) -> None:
    """Settings.Global.BOOT_COUNT (since API 24): how often Android has started since its last reset."""
    settings = content.settings["global"]
    settings["boot_count"] = str(int(settings.get("boot_count", "0")) + 1)
