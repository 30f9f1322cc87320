"""Dark mode and size: larger, but never so large that a tablet becomes a phone."""

from __future__ import annotations

import pytest

from provisioning.errors import FactUnreadable, Unsupported
from provisioning.facts.display import DISPLAY, Display
from provisioning.facts.home import NIGHT
from provisioning.resources.screen import DisplayDensity, NightMode
from tests.provisioning.observations import observed, on_android


def test_dark_mode_is_set_when_it_differs() -> None:
    (step,) = NightMode(mode="yes", reason="x").steps(observed())
    assert step.shown() == ("cmd uimode night yes",)
    assert NightMode(mode="no", reason="x").steps(observed()) == ()
    with pytest.raises(FactUnreadable):
        NightMode(mode="no", reason="x").steps(observed({NIGHT: None}))


def test_an_android_without_dark_mode_is_no_failure_even_where_asking_fails() -> None:
    with pytest.raises(Unsupported):
        NightMode(mode="no", reason="x").steps(observed({**on_android(25), NIGHT: None}))


def test_everything_is_made_larger_but_a_tablet_stays_a_tablet() -> None:
    (step,) = DisplayDensity(percent=115, reason="x").steps(observed())
    assert step.shown() == ("wm density 276",)
    (clamped,) = DisplayDensity(percent=150, reason="x").steps(observed())
    assert clamped.shown() == ("wm density 320",), "1200 pixels at 320 dots per inch are 600 dp, the least for a tablet"


def test_an_override_left_behind_is_reset() -> None:
    left = {DISPLAY: Display(1200, 1920, 240, None, None, 320)}
    (step,) = DisplayDensity(percent=100, reason="x").steps(observed(left))
    assert step.shown() == ("wm density reset",)


def test_a_size_nobody_can_use_is_refused() -> None:
    with pytest.raises(ValueError, match="80 to 150"):
        DisplayDensity(percent=300, reason="x")
