"""Home: set the way each Android knows, and read back by component."""

from __future__ import annotations

import pytest

from provisioning.facts.home import HOME, HomeApp
from provisioning.resources.home_activity import HomeActivity
from tests.provisioning.observations import observed, on_android

LAUNCHER = HomeActivity(package="org.doorstep.home", activity=".Main", title="Doorstep Home", reason="Tiles")


@pytest.mark.parametrize(
    ("sdk", "command"),
    [
        (28, "cmd package set-home-activity --user 0 org.doorstep.home/.Main"),
        (29, "cmd role add-role-holder --user 0 android.app.role.HOME org.doorstep.home"),
        (35, "cmd role add-role-holder --user 0 android.app.role.HOME org.doorstep.home"),
    ],
)
def test_home_is_set_the_way_this_android_knows(sdk: int, command: str) -> None:
    (step,) = LAUNCHER.steps(observed(on_android(sdk)))
    assert step.shown() == (command,)


def test_home_that_is_right_needs_nothing_in_either_spelling() -> None:
    for component in ("org.doorstep.home/.Main", "org.doorstep.home/org.doorstep.home.Main"):
        assert LAUNCHER.steps(observed({HOME: HomeApp(component)})) == ()


def test_which_activity_of_the_app_answers_matters_only_before_home_became_a_role() -> None:
    other = {HOME: HomeApp("org.doorstep.home/.Other")}
    assert LAUNCHER.steps(observed({**other, **on_android(29)})) == ()
    assert LAUNCHER.steps(observed({**other, **on_android(28)}))


def test_a_chooser_is_not_a_home_screen() -> None:
    assert LAUNCHER.steps(observed({HOME: HomeApp(None)}))
