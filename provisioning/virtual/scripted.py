"""A person who stands at a tablet and does what its screen asks, after the delay that people have."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from provisioning.virtual import person
from provisioning.virtual.tablet import Power, Screen, TradeIn, VirtualTablet

DELAY_SECONDS = 0.05


@dataclass(frozen=True)
class Script:
    """What this person does of their own accord."""

    delay_seconds: float = DELAY_SECONDS
    accepts_keys: bool = True
    always: bool = True
    erases: bool = True
    sets_up: bool = True
    waits_in_trade_in: bool = False
    """Leaves a tablet alone while it reports by itself from its first-run setup."""
    pin: str = ""


class ScriptedPerson:
    """Watches one tablet on a thread of its own, woken by changes alone. Use it as a context."""

    def __init__(self, tablet: VirtualTablet, script: Script | None = None) -> None:
        self._tablet = tablet
        self._script = script or Script()
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"person at {tablet.serial}")

    def __enter__(self) -> ScriptedPerson:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._tablet.nudge()
        self._thread.join()

    def _watch(self) -> None:
        while not self._leaving.is_set():
            self._tablet.wait_for(lambda: self._leaving.is_set() or self._deed() is not None)
            if self._leaving.wait(self._script.delay_seconds):
                return
            deed = self._deed()
            # Between seeing and tapping the screen may change; people then look again.
            with contextlib.suppress(person.NotOnScreen, person.SetupBlocked):
                if deed is not None:
                    deed()

    def _deed(self) -> Callable[[], None] | None:
        """What the screen asks for, if this person answers it."""
        tablet, script = self._tablet, self._script
        if tablet.power is not Power.ON:
            return None
        if tablet.prompt is not None and script.accepts_keys:
            return lambda: person.accept_key(tablet, always=script.always)
        if tablet.screen is Screen.RESET and script.erases and tablet.content.lock_pin in {"", script.pin}:
            return lambda: person.tap_erase_everything(tablet, pin=script.pin)
        if tablet.screen is Screen.SETUP_WIZARD and self._sets_up():
            return self._set_up
        return None

    def _sets_up(self) -> bool:
        reports = self._tablet.trade_in in {TradeIn.REPORTING, TradeIn.EVALUATING}
        waits = reports and self._script.waits_in_trade_in
        return self._script.sets_up and not waits and not self._tablet.state.body.frp_account

    def _set_up(self) -> None:
        person.finish_setup_wizard(self._tablet)
        person.switch_on_debugging(self._tablet)
