"""How the tablet greets and interrupts: its lock screen, its buttons, and what may make a sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from provisioning.errors import NeedsPerson, Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.lock_screen import LOCK_SCREEN, LockScreen, LockState
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES
from provisioning.facts.settings import SETTINGS_GLOBAL, SETTINGS_SECURE
from provisioning.resources.resource import Resource
from provisioning.resources.step import Step, run

# Gestures came with Android 10; before it every tablet has buttons.
_GESTURES_SINCE_SDK = 29
_THREE_BUTTONS = "com.android.internal.systemui.navbar.threebutton"
# `cmd notification set_dnd` came with Android 11 (android.md 5.11).
_DND_SINCE_SDK = 30
# Settings.Global.ZEN_MODE_*: a mirror that Android keeps for reading.
_ZEN = {"off": "0", "priority": "1", "none": "2", "alarms": "3"}


@dataclass(frozen=True, kw_only=True)
class SwipeRemoved(Resource[LockScreen]):
    """A PIN or pattern stays whatever this says: only its owner can take it away."""

    kind: Literal["no_lock_screen"] = "no_lock_screen"

    @property
    def id(self) -> str:
        return "lock_screen"

    @property
    def sentence(self) -> str:
        return "The tablet wakes to its home screen without a swipe"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (LOCK_SCREEN,)

    def read(self, observed: Observation) -> LockScreen:
        return observed.value(LOCK_SCREEN)

    def decide(self, state: LockScreen) -> tuple[Step, ...]:
        if state.state is LockState.REMOVED:
            return ()
        if state.state is LockState.NOT_TOLD:
            raise Unsupported("This tablet's Android has no command for its lock screen.")
        return (self.step(f"{self.sentence}.", run("locksettings set-disabled true")),)


@dataclass(frozen=True)
class ButtonsState:
    """`mode` is Android's own word for it (0 is three buttons); None where it was never written."""

    mode: str | None
    offered: bool
    sdk: int


@dataclass(frozen=True, kw_only=True)
class ThreeButtons(Resource[ButtonsState]):
    kind: Literal["three_buttons"] = "three_buttons"

    @property
    def id(self) -> str:
        return "navigation"

    @property
    def sentence(self) -> str:
        return "Back, Home and Recent are three buttons at the bottom of the screen"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (SETTINGS_SECURE, ENABLED_PACKAGES, IDENTITY)

    def read(self, observed: Observation) -> ButtonsState:
        return ButtonsState(
            observed.value(SETTINGS_SECURE).get("navigation_mode"),
            _THREE_BUTTONS in observed.value(ENABLED_PACKAGES),
            observed.value(IDENTITY).sdk,
        )

    def decide(self, state: ButtonsState) -> tuple[Step, ...]:
        if state.sdk < _GESTURES_SINCE_SDK or state.mode == "0":
            return ()
        if not state.offered:
            raise Unsupported("This maker's Android has no command for its buttons: see Settings → Display.")
        return (self.step(f"{self.sentence}.", run("cmd overlay enable-exclusive --category", _THREE_BUTTONS)),)


@dataclass(frozen=True)
class QuietState:
    mode: str
    sdk: int


@dataclass(frozen=True, kw_only=True)
class DoNotDisturb(Resource[QuietState]):
    """``off``: everything may sound; ``priority``: only what a person has allowed; ``none``: nothing at all."""

    mode: Literal["off", "priority", "none", "alarms"]
    kind: Literal["do_not_disturb"] = "do_not_disturb"

    @property
    def id(self) -> str:
        return "do_not_disturb"

    @property
    def sentence(self) -> str:
        words = {
            "off": "Calls and messages may make a sound",
            "priority": "Only what matters makes a sound",
            "none": "Nothing makes a sound",
            "alarms": "Only alarms make a sound",
        }
        return words[self.mode]

    def facts(self) -> tuple[Fact[Any], ...]:
        return (SETTINGS_GLOBAL, IDENTITY)

    def read(self, observed: Observation) -> QuietState:
        return QuietState(observed.value(SETTINGS_GLOBAL).get("zen_mode") or "0", observed.value(IDENTITY).sdk)

    def decide(self, state: QuietState) -> tuple[Step, ...]:
        if state.mode == _ZEN[self.mode]:
            return ()
        if state.sdk < _DND_SINCE_SDK:
            words = "off" if self.mode == "off" else "on"
            raise NeedsPerson(
                f"On the tablet, under Sound, switch “Do not disturb” {words}.",
                screen="android.settings.ZEN_MODE_SETTINGS",
            )
        return (self.step(f"{self.sentence}.", run("cmd notification set_dnd", self.mode)),)
